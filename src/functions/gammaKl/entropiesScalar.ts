/**
 * Entropies in double precision, by what Γ differs from Stirling's formula, so that large parameters leave nothing to
 * cancel.
 */
import {stirlingErrorDerivative} from '../gamma/scalar.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** a + ln Γ(a) + (1 − a) ψ(a): of the gamma distribution of rate 1. */
export function gammaEntropy(a: number): number {
  if (!(a > 0)) return NaN;
  return (
    0.5 * Math.log(a) +
    HALF_LOG_2PI +
    stirlingErrorDerivative(0, a) +
    (a - 1) * (0.5 / a - stirlingErrorDerivative(1, a))
  );
}

/** From here on the series below are enough for 10⁻⁹. */
const FAR = 6;

/**
 * ½ ln ν + ln B(ν/2, ½) + ½(ν + 1)(ψ((ν + 1)/2) − ψ(ν/2)): of Student's distribution of scale 1. With x = ν/2, e = ln
 * Γ(x + ½) − ln Γ(x) − ½ ln x and s = ψ(x + ½) − ψ(x) it is ½ ln 2π − e + (x + ½) s.
 */
export function studentTEntropy(df: number): number {
  if (!(df > 0)) return NaN;
  const x = 0.5 * df;
  let [e, s, y] = [0, 0, x];
  for (; y < FAR; y++) {
    e -= Math.log1p(0.5 / y);
    s += 0.5 / (y * (y + 0.5));
  }
  const r = 1 / y;
  const r2 = r * r;
  e += 0.5 * Math.log(y / x) - r * (1 / 8 - r2 * (1 / 192 - r2 * (1 / 640 - r2 * (17 / 14336))));
  s += r * (1 / 2 + r * (1 / 8 - r2 * (1 / 64 - r2 * (1 / 128 - r2 * (17 / 2048)))));
  return HALF_LOG_2PI - e + (x + 0.5) * s;
}
