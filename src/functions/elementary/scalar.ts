/** Elementary functions of numbers, to double precision. */

/** The largest order of a derivative that is computed; beyond it factorials leave the range of numbers. */
export const HIGHEST_ORDER = 100;

/** Coefficients 1/3, 1/5, … of (artanh s − s)/s³ in s², enough for |s| <= 1/3. */
const ARTANH_TERMS = 16;

/** ln(1 + x) − x. With s = x/(2 + x): ln(1 + x) = 2 artanh s and 2s − x = −x s, so nothing cancels near 0. */
export function log1pmx(x: number): number {
  if (!(x > -0.5 && x < 1)) return x === Infinity ? -Infinity : Math.log1p(x) - x;
  const s = x / (2 + x);
  const t = s * s;
  let sum = 0;
  for (let k = ARTANH_TERMS; k > 0; k--) sum = 1 / (2 * k + 1) + t * sum;
  return s * (2 * t * sum - x);
}

/** e^x − 1 − x; near 0, where that cancels, by its series. */
export function expm1mx(x: number): number {
  if (Math.abs(x) > 0.3) return Math.expm1(x) - x;
  let sum = 0;
  for (let k = Math.abs(x) < 0.01 ? 7 : 14; k > 2; k--) sum = ((1 + sum) * x) / k;
  return 0.5 * x * x * (1 + sum);
}

/** x ln y, 0 where x is 0. */
export function xlogy(x: number, y: number): number {
  if (x === 0) return Number.isNaN(y) ? NaN : 0;
  return x * Math.log(y);
}

/** x ln(1 + y), 0 where x is 0. */
export function xlog1py(x: number, y: number): number {
  if (x === 0) return Number.isNaN(y) ? NaN : 0;
  return x * Math.log1p(y);
}

/** ln(1 − e^{−|x|}) (Mächler 2012, equation 7). */
export function log1mexp(x: number): number {
  const a = Math.abs(x);
  return a < Math.LN2 ? Math.log(-Math.expm1(-a)) : Math.log1p(-Math.exp(-a));
}

/** Below this exponential what log1mexpExp and logNegLog1mexp leave out is less than a rounding. */
const SMALL = -36;

/** ln(1 − e^{−e^x}): x − e^x/2 + … of a small e^x. */
export function log1mexpExp(x: number): number {
  return x < SMALL ? x : log1mexp(Math.exp(x));
}

/** ln(−ln(1 − e^x)) for x <= 0: x + e^x/2 + … of a small e^x. */
export function logNegLog1mexp(x: number): number {
  return x < SMALL ? x : Math.log(-log1mexp(x));
}

/** ln(e^a + e^b). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2; // infinities too
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** ln(e^x − 1) for x >= 0. */
export function softplusInverse(x: number): number {
  return x < 1 ? Math.log(Math.expm1(x)) : x + Math.log1p(-Math.exp(-x));
}
