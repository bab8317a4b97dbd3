/** The number whose softplus is `x` > 0: ln(eˣ − 1), for large x x itself. */
export function inverseSoftplus(x: number): number {
  return x + Math.log(-Math.expm1(-x));
}
