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

/** B₂ₖ / 2k, those of its derivative. */
const STIRLING_SLOPE = BERNOULLI.map((b, i) => b / (2 * i + 2));

/** From here on x ↦ x + 1 is not needed before an asymptotic series with the numbers above. */
const FAR = 10;

/** Σ B₂ₖ / (2k (2k − 1) x^(2k−1)), the error of Stirling's formula, for x >= FAR (Abramowitz & Stegun 6.1.41). */
function stirlingSeries(x: number): number {
  const r = 1 / x;
  const r2 = r * r;
  let sum = 0;
  for (let i = STIRLING.length - 1; i >= 0; i--) sum = sum * r2 + STIRLING[i]!;
  return r * sum;
}

/** Its derivative. */
function stirlingSlopeSeries(x: number): number {
  const r = 1 / x;
  const r2 = r * r;
  let sum = 0;
  for (let i = STIRLING_SLOPE.length - 1; i >= 0; i--) sum = sum * r2 + STIRLING_SLOPE[i]!;
  return -r2 * sum;
}

/** Of numbers below, a product of FAR and some more ratios to what is hardly above 0 is a number. */
const LARGEST_IN_POWERS = 1e20;

/** Of a result closer to 0 more digits are wanted than are left of one made of logarithms of products. */
const NEAR_ZERO = 1e-5;

/** The derivative of order n of (x + ½) ln(1 + 1/x) − 1, the step of the error of Stirling's formula. */
function stirlingStep(n: number, x: number): number {
  if (n === 0) return (x + 0.5) * Math.log1p(1 / x) - 1;
  if (n === 1) return Math.log1p(1 / x) - 0.5 * (1 / x + 1 / (x + 1));
  if (n === 2) return 0.5 * (1 / (x * (x + 1))) ** 2;
  const trapezoid = ((n - 1) / 2) * (x ** -n + (x + 1) ** -n) - (x ** (1 - n) - (x + 1) ** (1 - n));
  return signOfPower(n) * factorial(n - 2) * trapezoid;
}

/** The derivative of order n of ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x > 0: far out that of the series. */
export function stirlingErrorDerivative(n: number, x: number): number {
  if (!(x > 0) || !(n <= HIGHEST_ORDER)) return x === 0 ? signOfPower(n) * Infinity : NaN;
  let near = 0;
  for (; x < FAR + n; x++) near += stirlingStep(n, x);
  if (n === 0) return near + stirlingSeries(x);
  if (n === 1) return near + stirlingSlopeSeries(x);
  const r = 1 / x;
  const r2 = r * r;
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
  return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_2PI - 0.5) + stirlingSeries(x) - Math.log(product);
}

/** ψ(x), the derivative of ln Γ; −∞ at 0, NaN at −1, −2, … */
export function digamma(x: number): number {
  if (x <= 0) {
    if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
    return Number.isInteger(x) ? NaN : digamma(1 - x) - cotPi(0, x);
  }
  if (x === Infinity) return Infinity;
  const far = stepsBelowFar(x);
  const y = x + far;
  return Math.log(y) - 0.5 / y + stirlingSlopeSeries(y) - reciprocals(x, far);
}

/** The least n with x + n >= FAR. */
const stepsBelowFar = (x: number): number => (x < FAR ? Math.ceil(FAR - x) : 0);

/** 1/x + 1/(x + 1) + … of so many terms, as one fraction: divisions take longer than products. */
function reciprocals(x: number, terms: number): number {
  let [above, below] = [0, 1];
  for (let i = 0; i < terms; i++) {
    above = above * (x + i) + below;
    below *= x + i;
  }
  return above / below;
}

/** ψ⁽ⁿ⁾(x), the derivative of order n of ψ, n at most 100. */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x);
  if (!(n > 0 && n <= HIGHEST_ORDER) || !Number.isInteger(n) || Number.isNaN(x)) return NaN;
  if (x > 0) return -signOfPower(n) * factorial(n) * hurwitz(n, x);
  if (Number.isInteger(x)) return -signOfPower(n) * Infinity;
  return signOfPower(n) * polygamma(n, 1 - x) - cotPi(n, x);
}

/** ζ(n + 1, x) by the formula of Euler and Maclaurin. */
function hurwitz(n: number, x: number): number {
  let sum = 0;
  for (; x < FAR + n; x++) sum += x ** -(n + 1);
  sum += x ** -n / n + x ** -(n + 1) / 2;
  let weight = (n + 1) / 2; // (n + 1)(n + 2)…(n + 2k − 1) / (2k)!
  for (let k = 1; k <= BERNOULLI.length; k++) {
    sum += BERNOULLI[k - 1]! * weight * x ** -(n + 2 * k);
    weight *= ((n + 2 * k) * (n + 2 * k + 1)) / ((2 * k + 1) * (2 * k + 2));
  }
  return sum;
}

/** ψ⁽ⁿ⁾(x + d) − ψ⁽ⁿ⁾(x), for x > 0 and x + d > 0, without the cancellation. */
export function polygammaDifference(n: number, x: number, d: number): number {
  if (!(x > 0) || !(x + d > 0) || !(n >= 0 && n <= HIGHEST_ORDER)) return NaN;
  if (d === 0) return 0;
  if (d < 0) return -polygammaDifference(n, x + d, -d); // the series below needs the smaller of the two to be large
  if (d === Infinity) return n === 0 ? Infinity : -polygamma(n, x);
  return n === 0 ? digammaStep(x, d) : signOfPower(n) * factorial(n) * hurwitzFall(n, x, d);
}

/** ψ(x + d) − ψ(x), for x, d > 0. */
function digammaStep(x: number, d: number): number {
  let near = 0;
  for (; x < FAR; x++) near += d / x / (x + d);
  const [r, s] = [1 / x, 1 / (x + d)];
  const [r2, s2] = [r * r, s * s];
  const step = d * r * s;
  const step2 = step * (r + s); // r² − s²
  let [power, fall, far] = [1, 0, 0]; // of s and of r: s^(2k), r^(2k) − s^(2k)
  for (let k = 0; k < BERNOULLI.length; k++) {
    fall = r2 * fall + power * step2;
    power *= s2;
    far += STIRLING_SLOPE[k]! * fall;
  }
  return near + Math.log1p(d * r) + 0.5 * step + far;
}

/** ζ(n + 1, x) − ζ(n + 1, x + d), for n, d > 0: as hurwitz, but with r^m − s^m in the place of r^m. */
function hurwitzFall(n: number, x: number, d: number): number {
  let sum = 0;
  for (; x < FAR + n; x++) sum += powerFall(n + 1, 1 / x, 1 / (x + d), d / x / (x + d));
  const [r, s] = [1 / x, 1 / (x + d)];
  const step = d * r * s;
  const before = powerFall(n, r, s, step);
  let power = s ** n;
  let fall = r * before + power * step; // r^(n + 1) − s^(n + 1)
  power *= s;
  sum += before / n + fall / 2;
  const [s2, step2] = [s * s, step * (r + s)];
  fall = r * fall + power * step;
  power *= s;
  let weight = (n + 1) / 2;
  for (let k = 1; k <= BERNOULLI.length; k++) {
    sum += BERNOULLI[k - 1]! * weight * fall;
    weight *= ((n + 2 * k) * (n + 2 * k + 1)) / ((2 * k + 1) * (2 * k + 2));
    fall = r * r * fall + power * step2;
    power *= s2;
  }
  return sum;
}

/** r^m − s^m, for r > s > 0 and step = r − s: nothing cancels. */
function powerFall(m: number, r: number, s: number, step: number): number {
  let [power, fall] = [1, 0];
  for (let k = 0; k < m; k++) {
    fall = r * fall + power * step;
    power *= s;
  }
  return fall;
}

/**
 * ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), for a, b > 0, without the cancellation: by Stirling's formula, to where
 * it holds by B(a, b) = B(a + 1, b) (a + b)/a and its twin in b.
 */
export function lbeta(a: number, b: number): number {
  if (a > b) return lbeta(b, a);
  if (!(a > 0) || !(b > 0)) return a === 0 && b >= 0 ? Infinity : NaN;
  if (b === Infinity) return -Infinity;
  if (a === 1 || b === 1) return 0 - Math.log(a === 1 ? b : a);
  if (b < LARGEST_IN_POWERS) {
    let product = 1;
    let [p, q, sum] = [a, b, a + b];
    for (; q < FAR; q++, sum++) product *= sum / q;
    for (; p < FAR; p++, sum++) product *= sum / p;
    const value = farLbeta(p, q, stirlingSeries(p) + (stirlingSeries(q) - stirlingSeries(sum))) + Math.log(product);
    if (Math.abs(value) > NEAR_ZERO) return value;
  }
  return farLbeta(a, b, stirlingError(a) + (stirlingError(b) - stirlingError(a + b)));
}

/** ln B(a, b) by Stirling's formula, given the sum of its errors; a <= b, or nearly. */
function farLbeta(a: number, b: number, errors: number): number {
  const sum = a + b;
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
  if (a < FAR) return Math.log(x) - digamma(a);
  const u = (x - a) / a;
  const logarithm = Math.abs(u) < 0.5 ? Math.log1p(u) : Math.log(x) - Math.log(a);
  return logarithm + 0.5 / a - stirlingSlopeSeries(a);
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
