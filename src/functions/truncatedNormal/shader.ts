/** Truncated normal distributions for GPUs, as src/functions/truncatedNormal/scalar.ts has them. */
import {CUT, NODES} from './scalar.js';
import {literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {log1pShader, logShader} from '../elementary/shader.js';

/** ∫ (t/w)ⁿ exp(−at − t²/2) dt from 0 to l; where a² would overflow, the end of the range is that of exp(−at). */
const sideShader: ShaderFunction = {
  name: 'truncatedSide',
  source: () => `
fn truncatedTerm(n: i32, a: f32, t: f32, w: f32) -> f32 {
  var term: f32 = exp(-t * (a + 0.5 * t));
  for (var i: i32 = 0; i < n; i = i + 1) { term = term * (t / w); }
  return term;
}
fn truncatedSide(n: i32, a: f32, l: f32, w: f32) -> f32 {
  if (!(l > 0.0)) { return 0.0; }
  var end: f32 = ${literal(CUT)} / a;
  if (a < 1e9) { end = ${literal(2 * CUT)} / (a + sqrt(a * a + ${literal(2 * CUT)})); }
  end = min(end, l);
  return end * (${NODES.map(([x, weight]) => `${literal(weight)} * truncatedTerm(n, a, end * ${literal(x)}, w)`).join('\n    + ')});
}
fn truncatedMass(a: f32, l: f32) -> f32 {
  return truncatedSide(0, a, l, 1.0);
}`,
};

export const truncatedLogMeanShader: ShaderFunction = {
  name: 'truncatedLogMean',
  uses: [sideShader],
  source: () => `
fn truncatedLogMean(s: f32, p: f32, q: f32) -> f32 {
  return log((truncatedMass(abs(s), p) + truncatedMass(abs(s), q)) / (p + q));
}`,
};

export const truncatedMomentShader: ShaderFunction = {
  name: 'truncatedMoment',
  uses: [sideShader],
  source: () => `
fn truncatedMoment(order: f32, s: f32, p: f32, q: f32) -> f32 {
  let n: i32 = i32(order);
  let a: f32 = abs(s);
  let w: f32 = p + q;
  let odd: bool = order - 2.0 * floor(0.5 * order) > 0.5;
  let lower: f32 = truncatedSide(n, a, p, w);
  return (truncatedSide(n, a, q, w) + select(lower, -lower, odd)) / (truncatedMass(a, p) + truncatedMass(a, q));
}`,
};

export const truncatedLogCdfShader: ShaderFunction = {
  name: 'truncatedLogCdf',
  uses: [sideShader, log1pShader, logShader],
  source: () => `
fn truncatedLogCdf(d: f32, fromLow: f32, s: f32, p: f32, q: f32) -> f32 {
  if (!(fromLow > 0.0)) { return -INFINITY; }
  if (!(d < q)) { return 0.0; }
  let a: f32 = abs(s);
  let below: f32 = truncatedMass(a, p);
  let above: f32 = truncatedMass(a, q);
  let all: f32 = below + above;
  let near: f32 = truncatedMass(a, abs(d));
  if (d < 0.0) {
    if (above + near < 0.5 * all) { return log1p(-(above + near) / all); }
    return d * (a - 0.5 * d) + log(truncatedMass(a - d, fromLow) / all);
  }
  let upper: f32 = exp(-d * (a + 0.5 * d)) * truncatedMass(a + d, q - d);
  if (upper < 0.5 * all) { return log1p(-upper / all); }
  return safeLog((below + near) / all);
}`,
};

export const truncatedQuantileShader: ShaderFunction = {
  name: 'truncatedQuantile',
  uses: [sideShader],
  source: () => `
fn truncatedPlace(a: f32, l: f32, near: f32, tail: f32) -> f32 {
  var t: f32 = near;
  if (near <= tail) {
    for (var i: i32 = 0; i < 12; i = i + 1) {
      let step: f32 = (near - truncatedMass(a, t)) * exp(t * (a + 0.5 * t));
      t = t + step;
      if (abs(step) <= 1e-7 * t) { break; }
    }
    return min(t, l);
  }
  if (!(tail > 0.0)) { return l; }
  let fall: f32 = log((near + tail) / tail);
  var far: f32 = fall / a;
  if (a < 1e9) { far = 2.0 * fall / (a + sqrt(a * a + 2.0 * fall)); }
  t = min(l * (near / (near + tail)), far);
  for (var i: i32 = 0; i < 16; i = i + 1) {
    let rest: f32 = truncatedMass(a + t, l - t);
    if (!(rest > 0.0)) { break; }
    let step: f32 = rest * (log(rest / tail) - t * (a + 0.5 * t));
    t = t + step;
    if (abs(step) <= 1e-7 * t) { break; }
  }
  return max(0.0, min(t, l));
}
fn truncatedQuantile(v: f32, s: f32, p: f32, q: f32) -> f32 {
  let a: f32 = abs(s);
  let below: f32 = truncatedMass(a, p);
  let above: f32 = truncatedMass(a, q);
  let all: f32 = below + above;
  let part: f32 = abs(v) * all;
  if (v >= 0.0) {
    if (part < below) { return -truncatedPlace(a, p, below - part, part); }
    return truncatedPlace(a, q, part - below, all - part);
  }
  if (part < above) { return truncatedPlace(a, q, above - part, part); }
  return -truncatedPlace(a, p, part - above, all - part);
}`,
};

export const truncatedShiftShader: ShaderFunction = {
  name: 'truncatedShift',
  uses: [sideShader],
  source: () => `
fn truncatedShift(d: f32, s: f32, p: f32, q: f32) -> f32 {
  let mirrored: bool = s < 0.0 || (s == 0.0 && d < 0.0);
  let a: f32 = abs(s);
  let lower: f32 = select(p, q, mirrored);
  let upper: f32 = select(q, p, mirrored);
  let t: f32 = min(max(select(d, -d, mirrored), 0.0), upper);
  let before: f32 = truncatedMass(a, lower) + truncatedMass(a, t);
  let beyond: f32 = truncatedMass(a + t, upper - t);
  let firstBefore: f32 = truncatedSide(1, a, t, 1.0) - truncatedSide(1, a, lower, 1.0);
  let firstBeyond: f32 = truncatedSide(1, a + t, upper - t, 1.0) + t * beyond;
  return (beyond * firstBefore - before * firstBeyond) / (truncatedMass(a, lower) + truncatedMass(a, upper));
}`,
};
