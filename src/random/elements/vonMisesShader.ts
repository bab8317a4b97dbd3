/**
 * Von Mises draws on GPUs; src/random/elements/vonMises.ts says how. With tangents of its own: those of a GPU may be
 * good to 2^-11.
 */
import {LARGEST_CONCENTRATION, PI_BELOW, ROUNDS} from './noise.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {shaderStream} from '../../kernels/elementwise/shaderStream.js';
import {openUniformShader, smallCosShader, smallSinShader} from './noiseShader.js';

/** tan π(u − 1/2), u uniform on (0, 1), from one word: to full relative precision near 0 and near the poles. */
const cauchy: ShaderFunction = {
  name: 'streamCauchy',
  uses: [shaderStream, smallCosShader, smallSinShader],
  source: () => `
fn streamCauchy() -> f32 {
  let w: u32 = streamNext();
  let low: bool = w < 2147483648u;
  var m: u32 = w;
  if (!low) { m = 4294967295u ^ w; }
  var size: f32 = 0.0;
  if (m < 1073741824u) {
    let x: f32 = (f32(m) + 0.5) * ${literal(Math.PI * 2 ** -32)};
    size = smallCos(x) / smallSin(x);
  } else {
    let x: f32 = (f32(2147483648u - m) - 0.5) * ${literal(Math.PI * 2 ** -32)};
    size = smallSin(x) / smallCos(x);
  }
  if (low) { return 0.0 - size; }
  return size;
}`,
};

/** 2 arctan t. */
const twiceArctan: ShaderFunction = {
  name: 'twiceArctan',
  source: () => `
fn twiceArctan(t: f32) -> f32 {
  let size: f32 = abs(t);
  let large: bool = size > 1.0;
  var x: f32 = size;
  if (large) { x = 1.0 / size; }
  let h: f32 = x / (1.0 + sqrt(1.0 + x * x));
  let s: f32 = h * h;
  var angle: f32 = 4.0 * h * ${horner(
    's',
    Array.from({length: 9}, (_, i) => (i % 2 === 0 ? 1 : -1) / (2 * i + 1)),
  )};
  if (large) { angle = ${literal(Math.PI)} - angle; }
  if (t < 0.0) { return 0.0 - angle; }
  return angle;
}`,
};

export const vonMisesSamplerShader: ShaderFunction = {
  name: 'sampleVonMises',
  uses: [cauchy, twiceArctan, openUniformShader],
  source: () => `
fn standardVonMises(concentration: f32) -> f32 {
  if (isnan(concentration)) { return NAN; }
  let k: f32 = 2.0 * min(concentration, ${literal(LARGEST_CONCENTRATION)});
  let root: f32 = sqrt(1.0 + k * k);
  let lift: f32 = 1.0 + 1.0 / (root + k);
  let beta: f32 = sqrt(lift / (1.0 + root + k));
  for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
    let t: f32 = beta * streamCauchy();
    let c: f32 = 0.5 * lift + k * (t * t / (1.0 + t * t));
    if (log(streamUniform()) <= log(c) + 1.0 - c) { return twiceArctan(t); }
  }
  return NAN;
}

fn sampleVonMises(loc: f32, concentration: f32) -> f32 {
  let angle: f32 = loc + standardVonMises(concentration);
  let turns: f32 = floor(angle * ${literal(0.5 / Math.PI)} + 0.5);
  return clamp(angle - ${literal(2 * Math.PI)} * turns, ${literal(-PI_BELOW)}, ${literal(PI_BELOW)});
}`,
};
