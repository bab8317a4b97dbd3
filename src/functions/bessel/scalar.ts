/**
 * Modified Bessel functions of numbers, scaled by e^{−|x|}, to double precision: for small |x| Kummer's series with the
 * factor e^{−2|x|} (DLMF 10.39.5, all terms positive), for large |x| the expansion in 1/|x| (DLMF 10.40.1).
 */
import {HIGHEST_ORDER} from '../elementary/scalar.js';

/** Where the expansion in 1/x takes over; there its smallest term is e^{−2x}. */
const FAR = 18;
const FAR_TERMS = 30;
const NEAR_TERMS = 500;
const PRECISION = 1e-17;

/**
 * The sum of at most `most` terms, the first 1 and term k + 1 being term k times ratio(k), until they no longer count.
 */
function series(most: number, ratio: (k: number) => number): number {
  let term = 1;
  let sum = 1;
  for (let k = 0; k < most && Math.abs(term) > PRECISION * sum; k++) {
    term *= ratio(k);
    sum += term;
  }
  return sum;
}

/** 1/π ∫ (1 − cos θ)ⁿ e^{−|x|(1 − cos θ)} dθ over [0, π]: (−1)ⁿ times derivative n of e^{−x} I₀(x), for x >= 0. */
export function i0eMoment(x: number, n: number): number {
  if (n > HIGHEST_ORDER) return NaN;
  const a = Math.abs(x);
  if (Number.isNaN(a)) return NaN;
  let factor = 1;
  if (a < FAR) {
    for (let m = 1; m <= n; m++) factor *= (2 * m - 1) / m;
    return factor * Math.exp(-2 * a) * series(NEAR_TERMS, k => ((k + 0.5) / ((n + 1 + k) * (k + 1))) * 2 * a);
  }
  for (let m = 0; m < n; m++) factor *= (m + 0.5) / a;
  return (
    (factor * series(FAR_TERMS, k => ((2 * k + 1) * (k + 0.5 + n)) / (4 * (k + 1) * a))) / Math.sqrt(2 * Math.PI * a)
  );
}

/** e^{−|x|} I₀(x). */
export function i0e(x: number): number {
  return i0eMoment(x, 0);
}

/** e^{−|x|} I₁(x). */
export function i1e(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(a)) return NaN;
  if (a < FAR) return 0.5 * x * Math.exp(-2 * a) * series(NEAR_TERMS, k => ((k + 1.5) / ((k + 3) * (k + 1))) * 2 * a);
  return (
    (Math.sign(x) * series(FAR_TERMS, k => ((2 * k + 1) ** 2 - 4) / (8 * (k + 1) * a))) / Math.sqrt(2 * Math.PI * a)
  );
}
