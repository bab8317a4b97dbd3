/** The continuous variable behind a discrete one. */
import * as tf from '@tensorflow/tfjs-core';
import type {Key} from '../random/key.js';

/**
 * z with b = H(z) for a discrete value b, as REBAR (Tucker et al. 2017) and RELAX (Grathwohl et al. 2018) need it.
 * Everything is differentiable in the parameters, twice.
 */
export interface Relaxation {
  /** z without its noise: the logits of a Bernoulli, the log-probabilities of a categorical, of shape [batch…, event…] as z. Finite. */
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
