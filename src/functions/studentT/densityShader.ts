/** Student's density and its derivatives for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import {log1pShader} from '../elementary/shader.js';

/** ln Γ(h + ½) − ln Γ(h) − ½ ln h: steps up to 4, then the asymptotic series. */
const halfStep0Shader: ShaderFunction = {
  name: 'studentHalfStep0',
  uses: [log1pShader],
  source: () => `
fn studentHalfStep0(h: f32) -> f32 {
  var sum: f32 = 0.0;
  var y: f32 = h;
  for (var i: i32 = 0; i < 5; i = i + 1) {
    if (y >= 4.0) { break; }
    let m: f32 = y + 0.5;
    sum = sum + 0.5 * select(log1p(-0.25 / (m * m)), log(y * (y + 1.0) / (m * m)), y < 0.5);
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  let t: f32 = r * r;
  return sum + r * ${horner('t', [-1 / 8, 1 / 192, -1 / 640, 17 / 14336, -31 / 18432])};
}`,
};

const halfStep1Shader: ShaderFunction = {
  name: 'studentHalfStep1',
  source: () => `
fn studentHalfStep1(h: f32) -> f32 {
  var sum: f32 = 0.0;
  var y: f32 = h;
  for (var i: i32 = 0; i < 5; i = i + 1) {
    if (y >= 4.0) { break; }
    sum = sum + 0.25 / ((y + 0.5) * y * (y + 1.0));
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  let t: f32 = r * r;
  return sum + t * ${horner('t', [1 / 8, -3 / 192, 5 / 640, (-7 * 17) / 14336, (9 * 31) / 18432])};
}`,
};

/** The second derivative, at h = ν/2. */
export const halfStepBendShader: ShaderFunction = {
  name: 'studentHalfStepBend',
  source: () => `
fn studentHalfStepBend(df: f32) -> f32 {
  var sum: f32 = 0.0;
  var y: f32 = 0.5 * df;
  for (var i: i32 = 0; i < 5; i = i + 1) {
    if (y >= 4.0) { break; }
    let m: f32 = y + 0.5;
    let p: f32 = 1.0 / (y * (y + 1.0));
    sum = sum - 0.25 * (p / (m * m) + 2.0 * p * p);
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  let t: f32 = r * r;
  return sum + r * t * ${horner('t', [-2 / 8, 12 / 192, -30 / 640, (56 * 17) / 14336, (-90 * 31) / 18432])};
}`,
};

/** ln(1 + z²/ν), where z² may overflow. */
const logRatioShader: ShaderFunction = {
  name: 'studentLogRatio',
  uses: [log1pShader],
  source: () => `
fn studentLogRatio(z: f32, df: f32) -> f32 {
  if (abs(z) > 1e15) { return max(2.0 * log(abs(z)) - log(df), 0.0); }
  return log1p((z / df) * z);
}`,
};

export const studentTLogDensityShader: ShaderFunction = {
  name: 'studentTLogDensity',
  uses: [halfStep0Shader, logRatioShader],
  source: () => `
fn studentTLogDensity(z: f32, df: f32) -> f32 {
  if (isnan(z) || !(df > 0.0)) { return NAN; }
  if (df > 1e30) { return ${literal(-0.5 * Math.log(2 * Math.PI))} - 0.5 * z * z; }
  return studentHalfStep0(0.5 * df) - ${literal(0.5 * Math.log(2 * Math.PI))} - 0.5 * (df + 1.0) * studentLogRatio(z, df);
}`,
};

/** −(ν + 1) z / (ν + z²). */
export const studentTSlopeShader: ShaderFunction = {
  name: 'studentTSlope',
  source: () => `
fn studentTSlope(z: f32, df: f32) -> f32 {
  if (df > 1e30) { return -z; }
  if (abs(z) > 1e15) { return -((df + 1.0) / (df / z + z)); }
  return -((df + 1.0) / (df + z * z)) * z;
}`,
};

/** The derivative of studentTLogDensity by ν. */
export const studentTScoreShader: ShaderFunction = {
  name: 'studentTScore',
  uses: [halfStep1Shader, logRatioShader],
  source: () => `
fn studentTScore(z: f32, df: f32) -> f32 {
  if (df > 1e18) { return 0.0; }
  let w: f32 = select((z / df) * z, 1e30, abs(z) > 1e15);
  let share: f32 = w / (1.0 + w);
  var bend: f32 = share - studentLogRatio(z, df);
  if (w < 0.1) { bend = -w * w * ${horner('w', [1 / 2, -2 / 3, 3 / 4, -4 / 5, 5 / 6, -6 / 7, 7 / 8])}; }
  return 0.5 * (studentHalfStep1(0.5 * df) + bend + share / df);
}`,
};
