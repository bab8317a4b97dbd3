/** Drawing numbers from parameters: on the host from numbers alone, else on the device where the tensors are. */
import * as tf from '@tensorflow/tfjs-core';
import {drawByKernel} from '../../kernels/elementwise/drawByKernel.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {fillDraws, type ElementSampler} from '../../keys/elementSampler.js';
import type {Key} from '../../keys/key.js';
import {fail} from '../../util/errors.js';
import type {HostNumbers} from '../../util/numbers.js';
import {sizeOf, type Shape} from '../../util/shapes.js';
import {drawnOnHost} from '../drawnOnHost.js';
import {isHostParam, tensorOf, type ElementParam} from './elementParam.js';

/**
 * Draws float32 numbers of `shape`. From numbers alone the host draws, in double precision: the same on every backend.
 * If a parameter is a tensor, its backend draws, without being waited for: on cpu and wasm the same numbers again, on
 * GPUs the same to rounding.
 */
export function drawElements(
  sampler: SamplerKernel,
  parameters: readonly ElementParam[],
  shape: Shape,
  key: Key,
): tf.Tensor {
  if (parameters.every(isHostParam))
    return drawnOnHost([key], shape, 'float32', own => hostDraws(sampler, parameters, shape, own));
  return tf.tidy(() =>
    drawByKernel(
      sampler,
      Object.fromEntries(sampler.inputs.map((name, i) => [name, tensorOf(parameters[i]!)])),
      shape,
      key,
    ),
  );
}

/** As `drawElements`, int32; throws if a draw made on the host does not fit. */
export function drawIntegers(
  who: string,
  sampler: SamplerKernel,
  parameters: readonly ElementParam[],
  shape: Shape,
  key: Key,
): tf.Tensor {
  if (!parameters.every(isHostParam))
    return tf.tidy(() => tf.cast(drawElements(sampler, parameters, shape, key), 'int32'));
  return drawnOnHost([key], shape, 'int32', own => {
    const draws = hostDraws(sampler, parameters, shape, own);
    const large = draws.findIndex(v => v >= 2 ** 31);
    if (large >= 0) fail(who, `a draw does not fit dtype "int32"; use "float32"`, draws[large]);
    return Int32Array.from(draws);
  });
}

/** Float32 draws of numbers alone. */
export function hostDraws(
  sampler: ElementSampler,
  parameters: readonly HostNumbers[],
  shape: Shape,
  key: Key,
): Float32Array {
  const out = new Float32Array(sizeOf(shape));
  fillDraws(
    sampler.draw,
    parameters.map(p => p.values),
    parameters.map(p => p.shape),
    shape,
    key.words,
    out,
  );
  return out;
}
