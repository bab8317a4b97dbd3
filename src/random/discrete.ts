/** Samplers of discrete values. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import type {Key} from './key.js';
import {exponentialNoise, gumbelNoise, uniformNoise} from './noise.js';
import {belowInfinity, nonNegative, notNaN, probability, readParam} from './elements/parameters.js';
import {onlyOne, start, type RandomOptions, type RandomParam} from './options.js';

export interface LogitsOrProbs extends RandomOptions {
  logits?: RandomParam;
  probs?: RandomParam;
}

export interface BernoulliOptions extends LogitsOrProbs {
  /** Default 'float32'. */
  dtype?: 'float32' | 'int32' | 'bool';
}

/** 1 with probability `probs` or σ(logits), else 0: [u < p], of `shape`, to which the parameter broadcasts. */
export function bernoulli(shape: number | number[], options: BernoulliOptions): tf.Tensor {
  const who = 'random.bernoulli';
  const at = start(who, shape, options, ['logits', 'probs', 'dtype']);
  const {dtype = 'float32'} = options;
  check(['float32', 'int32', 'bool'].includes(dtype), who, 'dtype must be "float32", "int32" or "bool"', dtype);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  return tf.tidy(() => {
    const parameter = readParam(who, name, value, at.shape, name === 'logits' ? notNaN : probability);
    return drawBernoulli(name === 'logits' ? tf.sigmoid(parameter) : parameter, at.shape, at.key, dtype);
  });
}

/** [u < probs], no checks. */
export function drawBernoulli(probs: tf.Tensor, shape: number[], key: Key, dtype: tf.DataType): tf.Tensor {
  return tf.cast(tf.less(uniformNoise(shape, key), probs), dtype);
}

/**
 * Class indices, int32 of `shape`: the class that comes first in a race of exponential clocks of rates `probs`, or e^logits, which is
 * the class of greatest logit plus Gumbel noise. The last axis of the parameter holds the classes, the others broadcast to `shape`.
 */
export function categorical(shape: number | number[], options: LogitsOrProbs): tf.Tensor {
  const who = 'random.categorical';
  const at = start(who, shape, options, ['logits', 'probs']);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  return tf.tidy(() => drawCategorical(name, readParam(who, name, value, at.shape, name === 'logits' ? belowInfinity : nonNegative, 1), at.shape, at.key));
}

/** As `categorical`, no checks. */
export function drawCategorical(name: 'logits' | 'probs', parameter: tf.Tensor, shape: number[], key: Key): tf.Tensor {
  const full = [...shape, parameter.shape[parameter.rank - 1]!];
  const finish = name === 'logits' ? tf.add(parameter, gumbelNoise(full, key)) : tf.div(parameter, exponentialNoise(full, key));
  return argMaxLast(finish);
}

/** The index of the greatest element along the last axis, int32. (tf.argMax of a vector has shape [1] on webgpu.) */
export function argMaxLast(x: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.argMax(x, -1), x.shape.slice(0, -1));
}
