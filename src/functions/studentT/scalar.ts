/** Student's cdf, its derivatives by the degrees of freedom ν and its inverse in double precision. */
import {betaPointOf, logShare} from '../incompleteBeta/scalar.js';
import type {Point} from '../incompleteBeta/tailScalar.js';
import {log1mexp} from '../elementary/scalar.js';
import {logNdtr, ndtri} from '../normal/scalar.js';
import {studentTLogDensity, studentTScore, studentTScoreByDf} from './densityScalar.js';
import {tailNodes, type Exponent} from '../incompleteBeta/quadratureScalar.js';

/** From here on the distribution is the normal one to double precision. */
const NORMAL = 1e17;

/** ν/(ν + z²) and z²/(ν + z²). */
function shares(z: number, df: number): Point {
  const w = Math.abs(z) / Math.sqrt(df);
  const y = w > 1 ? 1 / (1 + 1 / w / w) : (w * w) / (1 + w * w);
  return {x: w > 1 ? 1 / (w * w) / (1 + 1 / (w * w)) : 1 / (1 + w * w), y};
}

/** ln P(T < −|z|) = ln(½ I_x(ν/2, ½)), x = ν/(ν + z²). */
function logHalfTail(z: number, df: number): number {
  if (df > NORMAL) return logNdtr(-Math.abs(z));
  const at = shares(z, df);
  if (at.x === 0) return Math.abs(z) === Infinity ? -Infinity : studentTLogDensity(z, df) + Math.log(Math.abs(z) / df);
  if (at.y === 0) return -Math.LN2;
  return logShare(df / 2, 0.5, at, false) - Math.LN2;
}

/** ln P(T < z). */
export function studentTLogCdf(z: number, df: number): number {
  if (!(df > 0) || Number.isNaN(z)) return NaN;
  return z <= 0 ? logHalfTail(z, df) : log1mexp(logHalfTail(z, df));
}

/** P(T < z). */
export function studentTCdf(z: number, df: number): number {
  if (!(df > 0) || Number.isNaN(z)) return NaN;
  return z <= 0 ? Math.exp(logHalfTail(z, df)) : -Math.expm1(logHalfTail(z, df));
}

/** The z with P(T < z) = p. */
export function studentTQuantile(p: number, df: number): number {
  if (!(df > 0 && p >= 0 && p <= 1)) return NaN;
  if (df > NORMAL) return ndtri(p);
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (p === 0.5) return 0;
  const logit = betaPointOf(
    df / 2,
    0.5,
    p < 0.5 ? Math.log(2 * p) : Math.log(2 * (1 - p)),
    Math.log(2 * Math.abs(p - 0.5)),
  );
  return Math.sign(p - 0.5) * Math.sqrt(df) * Math.exp(-logit / 2); // z²/ν = (1 − x)/x
}

/** Up to here the integral from 0, farther out that of the tail: so the derivatives keep one sign. */
const CENTRE = 1.5;

/** Farther out the logarithm of the density is a line in ln t; t² is still a number. */
const FAR = 1e150;

/**
 * ∫ f(t, 0) p(t)/p(z) dt over t < −|z|, for even f, as an integral from 0, where its total is 0, if |z| is small.
 * Beyond 1e150 f(1e150, b) stands for f(1e150 e^b).
 */
function relativeIntegral(f: (t: number, beyond: number) => number, z: number, df: number): number {
  const size = Math.abs(z);
  let sum = 0;
  if (size < CENTRE) {
    const here = studentTLogDensity(z, df);
    // Takahasi & Mori (1974): tanh-sinh
    for (let i = -32; i <= 32; i++) {
      const e = Math.exp(-Math.PI * Math.sinh(i / 10));
      const t = size / (1 + e);
      sum -=
        (((f(t, 0) * Math.exp(studentTLogDensity(t, df) - here) * size * Math.PI * Math.cosh(i / 10)) / 10) * e) /
        (1 + e) /
        (1 + e);
    }
    return sum;
  }
  // t = −|z| e^s
  const {y} = shares(z, df);
  const exponent: Exponent = s => {
    if (s > 300) return [df * s + ((df + 1) / 2) * Math.log(y), df];
    const e = Math.expm1(2 * s);
    return [((df + 1) / 2) * Math.log1p(y * e) - s, ((df + 1) * (y * e + y)) / (1 + y * e) - 1];
  };
  const slope = df * y * (1 - 1 / size / size);
  tailNodes(exponent, slope, 2 * (df + 1) * y * (1 - y), Math.max(0.5, 0.3 / df), (s, weight) => {
    const beyond = Math.max(s + Math.log(size / FAR), 0);
    sum += weight * Math.exp(-exponent(s)[0]) * f(beyond > 0 ? FAR : size * Math.exp(s), beyond);
  });
  return size * sum;
}

const clamped = (z: number): number => Math.max(-1e100, Math.min(1e100, z));

/** ∂P(T < z)/∂ν over the density at z. */
function relativeSlope(z: number, df: number): number {
  if (df > NORMAL || z === 0) return 0;
  return -Math.sign(z) * relativeIntegral((t, beyond) => studentTScore(t, df) - beyond, clamped(z), df);
}

/** ∂²P(T < z)/∂ν² over the density at z. */
export function studentTRelativeBend(z: number, df: number): number {
  if (!(df > 0) || Number.isNaN(z)) return NaN;
  if (df > NORMAL || z === 0) return 0;
  return (
    -Math.sign(z) *
    relativeIntegral((t, beyond) => (studentTScore(t, df) - beyond) ** 2 + studentTScoreByDf(t, df), clamped(z), df)
  );
}

/** dz/dν at a fixed quantile. */
export function studentTSampleDerivative(df: number, z: number): number {
  if (!(df > 0) || Number.isNaN(z)) return NaN;
  return -relativeSlope(z, df);
}

/** The density over P(T < z). */
export function studentTHazard(z: number, df: number): number {
  return Math.exp(studentTLogDensity(z, df) - studentTLogCdf(z, df));
}

/** ∂P(T < z)/∂ν and ∂²P(T < z)/∂ν². */
export const studentTCdfSlope = (z: number, df: number): number =>
  Math.exp(studentTLogDensity(z, df)) * relativeSlope(z, df);
export const studentTCdfBend = (z: number, df: number): number =>
  Math.exp(studentTLogDensity(z, df)) * studentTRelativeBend(z, df);

/** ∂ ln P(T < z)/∂ν and ∂² ln P(T < z)/∂ν². */
export const studentTLogCdfSlope = (z: number, df: number): number => studentTHazard(z, df) * relativeSlope(z, df);
export function studentTLogCdfBend(z: number, df: number): number {
  return studentTHazard(z, df) * studentTRelativeBend(z, df) - studentTLogCdfSlope(z, df) ** 2;
}
