/** Numbers as reports hold and show them. */

/** To seven digits, which is what float32 has. */
export function round(x: number): number {
  return Number(x.toPrecision(7));
}
