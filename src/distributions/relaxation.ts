/** The continuous variable behind a discrete one. */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../util/numbers.js';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {keyOrNext} from '../random/drawOptions.js';

/**
 * z with b = H(z) for a discrete value b, as REBAR (Tucker et al. 2017) and RELAX (Grathwohl et al. 2018) need it.
 * Everything is differentiable in the parameters, twice.
 */
export interface Relaxation {
  /**
   * z without its noise: the logits of a Bernoulli, the log-probabilities of a categorical, of shape [batch…, event…]
   * as z. Finite.
   */
  location(): tf.Tensor;
  /** z ~ p(z | θ), of shape [sample…, batch…, event…], with a last axis of classes for a categorical. */
  sample(shape: number[], options?: {key?: Key}): tf.Tensor;
  /** b = H(z), in the family's own value layout (0 or 1, class index, one-hot) and dtype. */
  harden(z: tf.Tensor): tf.Tensor;
  /** z̃ ~ p(z | b, θ), so that H(z̃) = b, of z's shape. */
  conditional(b: tf.Tensor, options?: {key?: Key}): tf.Tensor;
  /** σ(z/λ) or softmax(z/λ), with λ the temperature. */
  soften(z: tf.Tensor, temperature: tf.Tensor | number): tf.Tensor;
}

/** The key that the options give, or the next of the default stream. */
export function readNoiseKey(who: string, options: {key?: Key}): Key {
  checkKeys(who, options, ['key']);
  return keyOrNext(who, options.key);
}

/** z/λ as float32, checked. Call it in a tidy. */
export function atTemperature(family: string, z: tf.Tensor, temperature: tf.Tensor | number): tf.Tensor {
  const who = `${family}.relaxation.soften`;
  const [x, by] = [floatTensor(who, 'z', z), floatTensor(who, 'the temperature', temperature)];
  check(x.rank > 0 || family === 'Bernoulli', who, 'z must have a last axis of classes', z);
  broadcastShapes(who, [x.shape, by.shape]);
  return tf.div(x, by);
}

/** A discrete value of `shape` or of one that broadcasts with it, as float32. Call it in a tidy. */
export function hardValue(family: string, b: tf.Tensor, shape: Shape): tf.Tensor {
  const who = `${family}.relaxation.conditional`;
  const x = floatTensor(who, 'b', b);
  broadcastShapes(who, [x.shape, shape]);
  return x;
}
