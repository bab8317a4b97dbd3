/** The gamma function's family in double precision. */
import {HIGHEST_ORDER, log1pmx} from '../elementary/scalar.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** B₂ₖ for k = 1, 2, …: the Bernoulli numbers. */
export const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
] as const;

/** B₂ₖ / (2k (2k − 1)), the coefficients of Stirling's series. */
const STIRLING = BERNOULLI.map((b, i) => b / ((2 * i + 2) * (2 * i + 1)));

/** From here on x ↦ x + 1 is not needed before an asymptotic series with the numbers above. */
const FAR = 10;

/** The derivative of order n of (x + ½) ln(1 + 1/x) − 1, the step of the error of Stirling's formula. */
function stirlingStep(n: number, x: number): number {
  if (n === 0) return (x + 0.5) * Math.log1p(1 / x) - 1;
  if (n === 1) return Math.log1p(1 / x) - 0.5 * (1 / x + 1 / (x + 1));
  if (n === 2) return 0.5 * (1 / (x * (x + 1))) ** 2;
  const trapezoid = ((n - 1) / 2) * (x ** -n + (x + 1) ** -n) - (x ** (1 - n) - (x + 1) ** (1 - n));
  return signOfPower(n) * factorial(n - 2) * trapezoid;
}

/**
 * The derivative of order n of ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x > 0: Σ B₂ₖ / (2k (2k − 1) x^(2k−1)) far
 * out (Abramowitz & Stegun 6.1.41).
 */
export function stirlingErrorDerivative(n: number, x: number): number {
  if (!(x > 0) || !(n <= HIGHEST_ORDER)) return x === 0 ? signOfPower(n) * Infinity : NaN;
  let near = 0;
  for (; x < FAR + n; x++) near += stirlingStep(n, x);
  const r = 1 / x;
  const r2 = r * r;
  if (n <= 1) {
    let sum = 0;
    for (let i = STIRLING.length - 1; i >= 0; i--) sum = sum * r2 + (n === 0 ? 1 : 2 * i + 1) * STIRLING[i]!;
    return near + (n === 0 ? r : -r2) * sum;
  }
  let rising = factorial(n) * r ** (n + 1); // (2k − 1)(2k)…(2k + n − 2) x^−(2k−1+n)
  let far = 0;
  STIRLING.forEach((c, i) => {
    const k = i + 1;
    far += c * rising;
    rising *= (r2 * (2 * k + n - 1) * (2 * k + n)) / ((2 * k - 1) * (2 * k));
  });
  return near + signOfPower(n) * far;
}

/** ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x > 0. */
export function stirlingError(x: number): number {
  return stirlingErrorDerivative(0, x);
}

/** ln |Γ(x)|; ∞ at 0, −1, −2, … */
export function lgamma(x: number): number {
  if (x <= 0) {
    if (Number.isInteger(x)) return Infinity;
    return Math.log(Math.PI / Math.abs(x * sinPi(x))) - lgamma(-x);
  }
  if (x === Infinity) return Infinity;
  let product = 1;
  for (; x < FAR; x++) product *= x;
  return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_2PI - 0.5) + stirlingError(x) - Math.log(product);
}

/** ψ(x), the derivative of ln Γ; −∞ at 0, NaN at −1, −2, … */
export function digamma(x: number): number {
  if (x <= 0) {
    if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
    return Number.isInteger(x) ? NaN : digamma(1 - x) - cotPi(0, x);
  }
  if (x === Infinity) return Infinity;
  let near = 0;
  for (; x < FAR; x++) near += 1 / x;
  return Math.log(x) - 0.5 / x + stirlingErrorDerivative(1, x) - near;
}

/** ψ⁽ⁿ⁾(x), the derivative of order n of ψ, n at most 100. */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x);
  if (!(n > 0 && n <= HIGHEST_ORDER) || !Number.isInteger(n) || Number.isNaN(x)) return NaN;
  if (x > 0) return -signOfPower(n) * factorial(n) * hurwitz(n, x, (m, y) => y ** -m);
  if (Number.isInteger(x)) return -signOfPower(n) * Infinity;
  return signOfPower(n) * polygamma(n, 1 - x) - cotPi(n, x);
}

/** ψ⁽ⁿ⁾(x + d) − ψ⁽ⁿ⁾(x), for x > 0 and x + d > 0, without the cancellation. */
export function polygammaDifference(n: number, x: number, d: number): number {
  if (!(x > 0) || !(x + d > 0) || !(n >= 0 && n <= HIGHEST_ORDER)) return NaN;
  if (d === Infinity) return n === 0 ? Infinity : -polygamma(n, x);
  return (
    -signOfPower(n) *
    factorial(n) *
    hurwitz(n, x, (m, y) => (m === 0 ? -Math.log1p(d / y) : y ** -m * Math.expm1(-m * Math.log1p(d / y))))
  );
}

/** ζ(n + 1, x), where power(m, y) stands for y^−m, or −ln y where m is 0, by the formula of Euler and Maclaurin. */
function hurwitz(n: number, x: number, power: (m: number, y: number) => number): number {
  let sum = 0;
  for (; x < FAR + n; x++) sum += power(n + 1, x);
  sum += power(n, x) / Math.max(n, 1) + power(n + 1, x) / 2;
  let weight = (n + 1) / 2; // (n + 1)(n + 2)…(n + 2k − 1) / (2k)!
  BERNOULLI.forEach((b, i) => {
    const k = i + 1;
    sum += b * weight * power(n + 2 * k, x);
    weight *= ((n + 2 * k) * (n + 2 * k + 1)) / ((2 * k + 1) * (2 * k + 2));
  });
  return sum;
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), for a, b > 0, without the cancellation. */
export function lbeta(a: number, b: number): number {
  if (a > b) return lbeta(b, a);
  if (!(a > 0) || !(b > 0)) return a === 0 && b >= 0 ? Infinity : NaN;
  if (b === Infinity) return -Infinity;
  const sum = a + b;
  const errors = stirlingError(a) + (stirlingError(b) - stirlingError(sum));
  return errors + HALF_LOG_2PI - 0.5 * Math.log(b) + (a - 0.5) * Math.log(a / sum) + b * Math.log1p(-a / sum);
}

/** (a − 1) ln x − x − ln Γ(a), the logarithm of the gamma density, for a > 0 and x >= 0. */
export function gammaLogDensity(x: number, a: number): number {
  if (!(a > 0) || !(x >= 0)) return NaN;
  if (x === 0) return a === 1 ? 0 : a < 1 ? Infinity : -Infinity;
  if (x === Infinity) return -Infinity;
  if (a < FAR) return (a - 1) * Math.log(x) - x - lgamma(a);
  return gammaExponent(x, a) - Math.log(x) + 0.5 * Math.log(a) - HALF_LOG_2PI - stirlingError(a);
}

/** x^(a−1) e^−x / Γ(a), the gamma density. */
export function gammaDensity(x: number, a: number): number {
  return Math.exp(gammaLogDensity(x, a));
}

/** a (ln(x/a) − (x/a − 1)), which is −a (x/a − 1)²/2 near a; for x > 0. */
export function gammaExponent(x: number, a: number): number {
  const u = (x - a) / a;
  return u > -0.9 ? a * log1pmx(u) : a * (Math.log(x) - Math.log(a)) - (x - a);
}

/** k·logRate − e^logRate − ln Γ(k + 1), the logarithm of Poisson's probabilities; −∞ where k < 0. */
export function poissonLogMass(k: number, logRate: number): number {
  if (k < 0) return -Infinity;
  const rate = Math.exp(logRate);
  if (k === 0) return -rate;
  if (logRate === -Infinity || k === Infinity || logRate === Infinity)
    return k === Infinity && logRate === Infinity ? NaN : -Infinity;
  if (k < FAR) return k * logRate - rate - lgamma(k + 1);
  const u = (rate - k) / k;
  const exponent = u > -0.9 ? k * log1pmx(u) : k * (logRate - Math.log(k)) - (rate - k);
  return exponent - 0.5 * Math.log(k) - HALF_LOG_2PI - stirlingError(k);
}

/** k − e^logRate, the derivative of poissonLogMass by logRate. */
export function poissonScore(k: number, logRate: number): number {
  return k - Math.exp(logRate);
}

/** (a − 1)/x − 1, the derivative of gammaLogDensity by x; for x >= 0. */
export function gammaScore(x: number, a: number): number {
  return x === 0 && a === 1 ? -1 : (a - 1 - x) / x;
}

/** ln x − ψ(a), the derivative of gammaLogDensity by a; for x >= 0 and a > 0. */
export function logMinusDigamma(x: number, a: number): number {
  if (!(a > 0) || !(x >= 0)) return NaN;
  const u = (x - a) / a;
  const logarithm = Math.abs(u) < 0.5 ? Math.log1p(u) : Math.log(x) - Math.log(a);
  return logarithm + 0.5 / a - stirlingErrorDerivative(1, a);
}

/** π cot(πx), differentiated n times. */
function cotPi(n: number, x: number): number {
  const r = x - Math.round(x);
  const s = Math.sin(Math.PI * r);
  const c = Math.cos(Math.PI * r);
  if (n === 0) return (Math.PI * c) / s;
  if (n === 1) return -((Math.PI / s) ** 2);
  if (n === 2) return 2 * c * (Math.PI / s) ** 3;
  if (n === 3) return -2 * (1 + 2 * c * c) * (Math.PI / s) ** 4;
  if (n === 4) return 8 * c * (2 + c * c) * (Math.PI / s) ** 5;
  let sum = 0;
  for (let k = -100; k <= 100; k++) sum += (r + k) ** (-n - 1); // π cot(πx) = Σ 1/(x + k)
  return signOfPower(n) * factorial(n) * sum;
}

/** sin(πx), exact at integers. */
function sinPi(x: number): number {
  return Math.sin(Math.PI * (x - 2 * Math.round(x / 2)));
}

const signOfPower = (n: number): number => (n % 2 === 0 ? 1 : -1);

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}
