/** Samplers of discrete values. */
import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../util/tensors.js';
import type {HostNumbers} from '../util/numbers.js';
import {nonNegative, unitInterval} from '../constraints/numberSets.js';
import {isHostParam, readElementParam, type ElementParam} from './elements/elementParam.js';
import {belowInfinity, notNaN} from '../constraints/limits.js';
import {indicatorBelow, sigmoidOf} from '../functions/guards/index.js';
import {indexer, periodOf} from '../util/indexer.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {checkOneOf} from '../util/options.js';
import type {Key} from '../keys/key.js';
import {exponentialNoise, gumbelNoise, UNIFORM_BITS, uniformNoise, wordsOf} from './noise.js';
import {racesOnHost} from './races.js';
import {drawnOnHost} from './drawnOnHost.js';
import {relativeWeights} from './relativeWeights.js';
import {onlyOne, startDraw, type RandomOptions, type RandomParam} from './drawOptions.js';

/** A probability, or the probabilities of classes, in one of two forms: exactly one must be given. */
export interface LogitsOrProbs extends RandomOptions {
  /** Log-odds, any number; of classes unnormalised logarithms, where −∞ leaves a class out. */
  logits?: RandomParam;
  /** In [0, 1]; of classes weights >= 0, which need not sum to 1. */
  probs?: RandomParam;
}

/** The parameter of `bernoulli`, and the type of its draws. */
export interface BernoulliOptions extends LogitsOrProbs {
  /** Default 'float32'. */
  dtype?: 'float32' | 'int32' | 'bool';
}

/**
 * 1 with probability `probs` or σ(logits), else 0: [u < p], of `shape`, to which the parameter broadcasts. Numbers and
 * arrays give the same on every backend.
 * @example
 * ```ts
 * st.random.bernoulli([2, 3], {probs: [0, 1, 1]}); // [[0, 1, 1], [0, 1, 1]]
 * ```
 */
export function bernoulli(shape: number | number[], options: BernoulliOptions): tf.Tensor {
  const who = 'random.bernoulli';
  const at = startDraw(who, shape, options, ['logits', 'probs', 'dtype']);
  const {dtype = 'float32'} = options;
  checkOneOf(who, 'dtype', dtype, ['float32', 'int32', 'bool']);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  return tf.tidy(() => {
    const parameter = readElementParam(who, name, value, at.shape, name === 'logits' ? notNaN : unitInterval);
    return drawBernoulli(name, parameter, at.shape, at.key, dtype);
  });
}

/**
 * [u < p], p = probs or σ(logits), NaN (in float32) where p is, no checks. The host draws from numbers, the same on
 * every backend, its device from a tensor. Call it in a tidy.
 */
export function drawBernoulli(
  name: 'logits' | 'probs',
  parameter: ElementParam,
  shape: Shape,
  key: Key,
  dtype: tf.DataType,
): tf.Tensor {
  if (!isHostParam(parameter)) {
    const drawn = indicatorBelow(uniformNoise(shape, key), name === 'logits' ? sigmoidOf(parameter) : parameter);
    return ofType(drawn, dtype);
  }
  return drawnOnHost([key], shape, dtype, own => {
    const n = sizeOf(shape);
    const out = dtype === 'bool' ? new Uint8Array(n) : dtype === 'int32' ? new Int32Array(n) : new Float32Array(n);
    fillBernoulli(out, wordsOf(own, n), unitsBelow(name, parameter.values), parameter.shape, shape);
    return out;
  });
}

/** Uniform numbers have 24 bits; below which whole number of their units a draw is 1: none where p is NaN. */
function unitsBelow(name: 'logits' | 'probs', values: HostNumbers['values']): Int32Array {
  const bounds = new Int32Array(values.length);
  for (let i = 0; i < bounds.length; i++) {
    const p = name === 'logits' ? 1 / (1 + Math.exp(-values[i]!)) : values[i]!;
    bounds[i] = Math.ceil(p * 2 ** UNIFORM_BITS);
  }
  return bounds;
}

function fillBernoulli(
  out: Float32Array | Int32Array | Uint8Array,
  words: Uint32Array,
  bounds: Int32Array,
  own: Shape,
  shape: Shape,
): void {
  const shift = 32 - UNIFORM_BITS;
  const period = periodOf(own, shape);
  if (period === 1) {
    const bound = bounds[0]!;
    for (let i = 0; i < out.length; i++) out[i] = words[i]! >>> shift < bound ? 1 : 0;
  } else if (period > 0) {
    for (let i = 0, j = 0; i < out.length; i++) {
      out[i] = words[i]! >>> shift < bounds[j]! ? 1 : 0;
      if (++j === period) j = 0;
    }
  } else {
    const at = indexer(own, shape);
    for (let i = 0; i < out.length; i++) out[i] = words[i]! >>> shift < bounds[at(i)]! ? 1 : 0;
  }
}

/**
 * Class indices, int32 of `shape`: the class that comes first in a race of exponential clocks of rates `probs`, or
 * e^logits, which is the class of greatest logit plus Gumbel noise. The last axis of the parameter holds the classes,
 * the others broadcast to `shape`. Arrays give the same on every backend.
 * @example
 * ```ts
 * st.random.categorical([3], {probs: [0, 1]}); // [1, 1, 1]
 * ```
 */
export function categorical(shape: number | number[], options: LogitsOrProbs): tf.Tensor {
  const who = 'random.categorical';
  const at = startDraw(who, shape, options, ['logits', 'probs']);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  return tf.tidy(() => {
    const constraint = name === 'logits' ? belowInfinity : nonNegative;
    const given = readElementParam(who, name, value, at.shape, constraint, 1);
    return drawCategorical(name, relativeWeights(name, given), at.shape, at.key);
  });
}

/**
 * As `categorical`, of `relativeWeights` or probabilities, no checks. The host draws from arrays, its device from a tensor.
 * Call it in a tidy.
 */
export function drawCategorical(name: 'logits' | 'probs', parameter: ElementParam, shape: Shape, key: Key): tf.Tensor {
  if (isHostParam(parameter))
    return drawnOnHost([key], shape, 'int32', own => racesOnHost(name, parameter, shape, own));
  const full = [...shape, parameter.shape[parameter.rank - 1]!];
  const finish =
    name === 'logits' ? tf.add(parameter, gumbelNoise(full, key)) : tf.div(parameter, exponentialNoise(full, key));
  return argMaxLast(finish);
}

/** The index of the greatest element along the last axis, int32. (tf.argMax of a vector has shape [1] on webgpu.) */
export function argMaxLast(x: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.argMax(x, -1), x.shape.slice(0, -1));
}
