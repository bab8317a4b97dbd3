/**
 * Parameters of samplers of single numbers: numbers stay on the host, where they are checked, tensors on their device,
 * where they are not.
 */
import * as tf from '@tensorflow/tfjs-core';
import {draw} from '../../kernels/elementwise/apply.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {check, describe, fail} from '../../util/errors.js';
import {checkTensor, hostNumbers, placeOf, type HostNumbers} from '../../util/numbers.js';
import {sameShape, sizeOf, tryBroadcast, type Shape} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';
import type {Key} from '../../keys/key.js';
import type {RandomParam} from '../options.js';
import {fillDraws, type ElementSampler} from '../../keys/elementSampler.js';

/** A parameter given as a number or an array. */
export type HostParam = HostNumbers;

/** A single number. */
export const hostParam = (value: number): HostParam => ({values: new Float32Array([value]), shape: []});

export type ElementParam = tf.Tensor | HostParam;

/** What the elements of a parameter must be; `rule` completes "rate must be …". */
export interface Rule {
  readonly rule: string;
  readonly test: (v: number) => boolean;
  /** The test excludes infinities and NaN, which are then called by this name. */
  readonly finite?: true;
}

export const positive: Rule = {rule: '> 0', test: v => v > 0 && v < Infinity, finite: true};
export const nonNegative: Rule = {rule: '>= 0', test: v => v >= 0 && v < Infinity, finite: true};
export const finite: Rule = {rule: 'finite', test: Number.isFinite, finite: true};
export const belowInfinity: Rule = {rule: 'below Infinity', test: v => v < Infinity};
export const aboveMinusInfinity: Rule = {rule: 'above -Infinity', test: v => v > -Infinity};
export const notNaN: Rule = {rule: 'a number', test: v => !Number.isNaN(v)};
export const probability: Rule = {rule: 'in [0, 1]', test: v => v >= 0 && v <= 1};
export const belowOne: Rule = {rule: 'in [0, 1)', test: v => v >= 0 && v < 1};
export const positiveProbability: Rule = {rule: 'in (0, 1]', test: v => v > 0 && v <= 1};
export const count: Rule = {
  rule: 'a whole number in [0, 2^24]',
  test: v => Number.isInteger(v) && v >= 0 && v <= 2 ** 24,
};

/**
 * A parameter whose shape, less its last `eventRank` axes, broadcasts to `shape`. Throws with the first element that
 * breaks the rule and its position; tensors are not read. A cast tensor belongs to the tidy around.
 */
export function readElementParam(
  who: string,
  name: string,
  value: RandomParam,
  shape: Shape,
  rule: Rule,
  eventRank = 0,
): ElementParam {
  const read = readParameter(who, name, value);
  check(read.shape.length >= eventRank, who, `${name} must have at least ${eventRank} axis`, value);
  const own = read.shape.slice(0, read.shape.length - eventRank);
  const all = tryBroadcast([own, shape]);
  check(all !== null && sameShape(all, shape), who, `${name} must broadcast to the shape [${shape.join(',')}]`, value);
  if (isHostParam(read)) {
    const at = read.values.findIndex(v => !rule.test(v));
    if (at >= 0) {
      const bad = typeof value === 'number' ? value : read.values[at]!;
      fail(
        who,
        `${name} must be ${rule.finite && !Number.isFinite(bad) ? 'finite' : rule.rule}, got ${describe(bad)}${placeOf(at, read.shape)}`,
      );
    }
  }
  return read;
}

/**
 * A parameter that has been checked elsewhere, for the functions named draw…: numbers and arrays stay on the host, so
 * that the draws are identical on every backend. A cast tensor belongs to the tidy around.
 */
export function elementParam(value: RandomParam): ElementParam {
  return readParameter('draw', 'a parameter', value);
}

function readParameter(who: string, name: string, value: RandomParam): ElementParam {
  return isTensor(value) ? tf.cast(checkTensor(who, name, value), 'float32') : hostNumbers(who, name, value);
}

/** As `readElementParam`, as a float32 tensor. Call it in a tidy. */
export function readParam(
  who: string,
  name: string,
  value: RandomParam,
  shape: Shape,
  rule: Rule,
  eventRank = 0,
): tf.Tensor {
  return tensorOf(readElementParam(who, name, value, shape, rule, eventRank));
}

/** The parameter as a tensor; a new one belongs to the tidy around. */
export const tensorOf = (p: ElementParam): tf.Tensor => (isHostParam(p) ? tf.tensor(p.values, p.shape, 'float32') : p);

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
  if (parameters.every(isHostParam)) return tf.tensor(hostDraws(sampler, parameters, shape, key), shape, 'float32');
  return tf.tidy(() =>
    draw(sampler, Object.fromEntries(sampler.inputs.map((name, i) => [name, tensorOf(parameters[i]!)])), shape, key),
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
  const draws = hostDraws(sampler, parameters, shape, key);
  const large = draws.findIndex(v => v >= 2 ** 31);
  if (large >= 0) fail(who, `a draw does not fit dtype "int32"; use "float32"`, draws[large]);
  return tf.tensor(Int32Array.from(draws), shape, 'int32');
}

export const isHostParam = (p: ElementParam): p is HostParam => 'values' in p;

/** Float32 draws of numbers alone. */
export function hostDraws(
  sampler: ElementSampler,
  parameters: readonly HostParam[],
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
