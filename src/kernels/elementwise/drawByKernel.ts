/** Drawing numbers by sampler kernels. */
import * as tf from '@tensorflow/tfjs-core';
import type {KeyWords} from '../../util/recorder.js';
import {toShape, type Shape} from '../../util/shapes.js';
import {fillDraws} from '../../keys/elementSampler.js';
import type {Kind} from './runners.js';
import type {SamplerKernel} from './definition.js';
import {runElementwise} from './register.js';

/**
 * Draws float32 numbers of `shape`, to which the inputs broadcast, by a sampler kernel: element i from its own stream
 * of words. Constants: no derivative passes. The same key gives the same numbers on every backend, to rounding.
 */
export function drawByKernel(
  kernel: SamplerKernel,
  inputs: Readonly<Record<string, tf.Tensor>>,
  shape: Shape,
  {words}: {readonly words: KeyWords},
): tf.Tensor {
  const make = tf.customGrad(() => ({
    value: runElementwise(
      samplers,
      kernel,
      inputs,
      toShape(kernel.kernelName, shape),
      {shape, key: words}, // itself: a recorder knows keys by their words
      true,
    ),
    gradFunc: () => [],
  }));
  return tf.tidy(() => make());
}

const samplers: Kind<SamplerKernel> = {
  gradientOf: () => null,
  shapeOf: (_, __, attrs) => attrs['shape'] as number[], // set by `drawByKernel`, as the key is
  fill: ({draw}, values, shapes, shape, out, key) => fillDraws(draw, values, shapes, shape, key!, out),
  draws: {
    start: 'streamStart', // of shaderStream.ts
    webgl: {
      uniforms: [{name: 'streamKey', type: 'ivec2'}],
      begin: 'streamStart(uint(streamKey.x), uint(streamKey.y), uint(getOutputCoords()));',
      ifNaN: '{ setOutput(uintBitsToFloat(0x7fc00000u)); return; }',
    },
    webgpu: {
      uniforms: 'streamKeys : vec2<i32>,',
      begin: 'let started: bool = streamStart(u32(uniforms.streamKeys.x), u32(uniforms.streamKeys.y), u32(index));',
      ifNaN: '{ setOutputAtIndex(index, uniforms.NAN); return; }',
    },
  },
};
