/** The logarithm of Student's density and its derivatives in double precision. */

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** Up to here h ↦ h + 1 comes before the asymptotic series. */
const FAR = 12;

/** Coefficients of h^−1, h^−3, … in ln Γ(h + ½) − ln Γ(h) − ½ ln h. */
export const HALF_STEP = [-1 / 8, 1 / 192, -1 / 640, 17 / 14336, -31 / 18432] as const;

/** The derivative of order n of c(h) = ln Γ(h + ½) − ln Γ(h) − ½ ln h, n <= 2, for h > 0: it goes to 0 as −1/(8h). */
export function halfStep(n: 0 | 1 | 2, h: number): number {
  if (h === Infinity) return 0;
  if (!(h > 0)) return NaN;
  let near = 0;
  for (; h < FAR; h++) {
    // c(h) − c(h + 1) = ½ ln(h (h + 1) / (h + ½)²) = ½ ln(1 − ¼/(h + ½)²)
    const m = h + 0.5;
    if (n === 0) near += 0.5 * Math.log1p(-0.25 / (m * m));
    else if (n === 1) near += 0.25 / (m * h * (h + 1));
    else near += -0.25 * (1 / (m * m * h * (h + 1)) + 2 / (h * h * (h + 1) * (h + 1)));
  }
  const r = 1 / h;
  let far = 0;
  HALF_STEP.forEach((c, i) => {
    const order = 2 * i + 1;
    const rising = n === 0 ? 1 : n === 1 ? -order : order * (order + 1);
    far += c * rising * r ** (order + n);
  });
  return near + far;
}

/** z²/ν. */
const ratio = (z: number, df: number): number => (df === Infinity ? 0 : (z * z) / df);

/** ln Γ((ν + 1)/2) − ln Γ(ν/2) − ½ ln(νπ) − (ν + 1)/2 · ln(1 + z²/ν), for ν > 0; the normal density where ν is ∞. */
export function studentTLogDensity(z: number, df: number): number {
  if (!(df > 0) || Number.isNaN(z)) return NaN;
  if (df === Infinity) return -HALF_LOG_2PI - (z * z) / 2;
  return halfStep(0, df / 2) - HALF_LOG_2PI - ((df + 1) / 2) * Math.log1p(ratio(z, df));
}

/** −(ν + 1) z / (ν + z²), its derivative by z. */
export function studentTSlope(z: number, df: number): number {
  if (df === Infinity) return -z;
  return Math.abs(z) === Infinity ? 0 : (-(df + 1) * z) / (df + z * z);
}

/** Its derivative by ν. */
export function studentTScore(z: number, df: number): number {
  if (df === Infinity) return 0;
  const w = ratio(z, df);
  const share = w === Infinity ? 1 : w / (1 + w);
  // w/(1 + w) − ln(1 + w) = −w²/2 + 2w³/3 − …
  const bend = w < 1e-3 ? -w * w * (1 / 2 - w * (2 / 3 - w * (3 / 4 - w * (4 / 5)))) : share - Math.log1p(w);
  return 0.5 * (halfStep(1, df / 2) + bend + share / df);
}

/** The second derivative by ν. */
export function studentTScoreByDf(z: number, df: number): number {
  if (df === Infinity) return 0;
  const w = ratio(z, df);
  const share = w === Infinity ? 1 : w / (1 + w);
  return 0.25 * halfStep(2, df / 2) + (0.5 * (share * share - (share * (2 - share)) / df)) / df;
}
