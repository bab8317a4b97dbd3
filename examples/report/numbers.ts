/** Numbers as reports hold and show them. */

/** To seven digits, which is what float32 has. */
export function round(x: number): number {
  return Number(x.toPrecision(7));
}

/** A number with so many digits behind the point; a dash where there is none. */
export function fixed(x: number | null, digits: number): string {
  return x !== null && Number.isFinite(x) ? x.toFixed(digits) : '-';
}
