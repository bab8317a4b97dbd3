/**
 * The error function's family and the standard normal distribution, for numbers, to double precision.
 *
 * erf and erfc: W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969), with the
 * coefficients of his SPECFUN. The quantile: M. J. Wichura, Algorithm AS 241, Appl. Statist. 37 (1988), PPND16.
 */
import {HIGHEST_ORDER} from '../elementary/scalar.js';

/** Σ c_k x^k, coefficients in rising order. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = coefficients[k]! + x * sum;
  return sum;
}

/** A quotient of polynomials, coefficients in rising order. */
export interface Rational {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

const quotient = (x: number, {above, below}: Rational): number => polynomial(x, above) / polynomial(x, below);

export const ERF_SMALL = 0.46875;
export const ERFC_LARGE = 4;

/** erf(x)/x in x², for |x| <= 0.46875. */
export const ERF: Rational = {
  above: [
    3.20937758913846947e3, 3.77485237685302021e2, 1.13864154151050156e2, 3.1611237438705656, 1.85777706184603153e-1,
  ],
  below: [2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2, 2.36012909523441209e1, 1],
};

/** e^{x²} erfc(x) in x, for 0.46875 <= x <= 4. */
export const ERFCX: Rational = {
  above: [
    1.23033935479799725e3, 2.05107837782607147e3, 1.71204761263407058e3, 8.8195222124176909e2, 2.98635138197400131e2,
    6.61191906371416295e1, 8.88314979438837594, 5.64188496988670089e-1, 2.15311535474403846e-8,
  ],
  below: [
    1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3, 3.29079923573345963e3, 1.62138957456669019e3,
    5.37181101862009858e2, 1.17693950891312499e2, 1.57449261107098347e1, 1,
  ],
};

/** (1/√π − x e^{x²} erfc(x)) x² in 1/x², for x >= 4. */
export const ERFCX_FAR: Rational = {
  above: [
    6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1,
    3.05326634961232344e-1, 1.63153871373020978e-2,
  ],
  below: [
    2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725, 2.56852019228982242, 1,
  ],
};

/** Φ⁻¹(½ + q)/q in 0.180625 − q², for |q| <= 0.425. */
const QUANTILE_MIDDLE: Rational = {
  above: [
    3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
  ],
  below: [
    1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852854561e3,
  ],
};

/** |Φ⁻¹(p)| in √(−ln p) − 1.6, where that root is at most 5. */
const QUANTILE_TAIL: Rational = {
  above: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
  ],
  below: [
    1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
    1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
};

/** |Φ⁻¹(p)| in √(−ln p) − 5, farther out. */
const QUANTILE_FAR: Rational = {
  above: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
    2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  below: [
    1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
};

const SQRT_2PI = Math.sqrt(2 * Math.PI);
const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** e^{−x²}. */
export function expNegSquare(x: number): number {
  return Math.exp(-x * x);
}

/** e^{−x²/2}/√(2π). */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_2PI;
}

/** e^{x²} erfc(x). */
export function erfcx(x: number): number {
  if (x < -ERF_SMALL) return 2 * Math.exp(x * x) - erfcx(-x);
  if (x <= ERF_SMALL) return Math.exp(x * x) * (1 - x * quotient(x * x, ERF));
  if (x <= ERFC_LARGE) return quotient(x, ERFCX);
  const z = 1 / (x * x);
  return (1 / Math.sqrt(Math.PI) - z * quotient(z, ERFCX_FAR)) / x;
}

/** 2/√π ∫₀ˣ e^{−t²} dt. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a <= ERF_SMALL) return x * quotient(x * x, ERF);
  return Math.sign(x) * (1 - erfc(a));
}

/** 1 − erf(x). */
export function erfc(x: number): number {
  if (Math.abs(x) <= ERF_SMALL) return 1 - x * quotient(x * x, ERF);
  if (x < 0) return 2 - erfc(-x);
  return Math.exp(-x * x) * erfcx(x);
}

/** Φ(x). */
export function ndtr(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** ln Φ(x). */
export function logNdtr(x: number): number {
  if (x > -1) return Math.log1p(-0.5 * erfc(x * Math.SQRT1_2));
  return x === -Infinity ? x : Math.log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x;
}

/** Φ⁻¹(½ + q), where `tail` = ½ − |q| is given too. */
function quantile(q: number, tail: number): number {
  if (Math.abs(q) <= 0.425) return q * quotient(0.180625 - q * q, QUANTILE_MIDDLE);
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Infinity : NaN;
  const r = Math.sqrt(-Math.log(tail));
  return Math.sign(q) * (r <= 5 ? quotient(r - 1.6, QUANTILE_TAIL) : quotient(r - 5, QUANTILE_FAR));
}

/** Φ⁻¹(p). */
export function ndtri(p: number): number {
  return quantile(p - 0.5, p < 0.5 ? p : 1 - p);
}

/** The x whose erf is y. */
export function erfinv(y: number): number {
  return quantile(0.5 * y, 0.5 - 0.5 * Math.abs(y)) * Math.SQRT1_2;
}

/** √(2π) e^{z²/2} at z = Φ⁻¹(p): the derivative of Φ⁻¹. */
export function ndtriSlope(p: number): number {
  return 1 / normalDensity(ndtri(p));
}

/** √π/2 e^{x²} at x = erfinv(y): the derivative of erfinv. */
export function erfinvSlope(y: number): number {
  return 1 / (TWO_OVER_SQRT_PI * expNegSquare(erfinv(y)));
}

/** From here on the derivatives of erfcx come from a continued fraction, which no cancellation spoils. */
export const ERFCX_FRACTION = 1.5;
const FRACTION_TERMS = 60;

/** Derivative n of erfcx over derivative n − 1, n >= 1, at x >= 1.5: −2n/(2x − …) from f⁽ⁿ⁺¹⁾ = 2x f⁽ⁿ⁾ + 2n f⁽ⁿ⁻¹⁾. */
function erfcxRatio(x: number, n: number): number {
  let m = n + FRACTION_TERMS;
  let ratio = x - Math.sqrt(x * x + 2 * m); // what the ratios tend to
  while (--m >= n) ratio = (2 * m) / (ratio - 2 * x);
  return ratio;
}

/** Derivative n of erfcx at x. */
export function erfcxDerivative(x: number, n: number): number {
  if (n > HIGHEST_ORDER) return NaN;
  let value = erfcx(x);
  if (x >= ERFCX_FRACTION) {
    for (let m = 1; m <= n; m++) value *= x > 1e100 ? 0 : erfcxRatio(x, m);
    return value;
  }
  let previous = 0;
  for (let m = 0; m < n; m++)
    [previous, value] = [value, 2 * x * value + (m === 0 ? -TWO_OVER_SQRT_PI : 2 * m * previous)];
  return value;
}

/** φ(x)/Φ(x), the derivative of ln Φ. */
export function hazard(x: number): number {
  return x > 0 ? normalDensity(x) / ndtr(x) : 2 / SQRT_2PI / erfcx(-x * Math.SQRT1_2);
}

/** x + φ(x)/Φ(x), about −1/x far below 0. */
export function hazardExcess(x: number): number {
  const u = -x * Math.SQRT1_2;
  if (u < ERFCX_FRACTION) return x + hazard(x);
  return x < -1e100 ? 0 : -erfcxRatio(u, 1) * Math.SQRT1_2;
}
