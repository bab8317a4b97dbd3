/** The autoencoder that DRAW is compared with, and the codes of both. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {bernoulliLogProb, linear, logitsOf} from '../frame/bits.js';

export interface Sizes {
  readonly glimpses: number;
  readonly units: number;
  readonly latents: number;
  readonly window: number;
}

/** p(z). */
export const standard = (latents: number): st.Distribution =>
  st.independent(new st.Normal({loc: tf.zeros([latents]), scale: 1}));

/** q(z) of an encoder's output. */
export function codeOf(outputs: tf.Tensor): st.Distribution {
  const [loc, raw] = tf.split(outputs, 2, -1) as [tf.Tensor, tf.Tensor]; // two were asked for
  return st.independent(new st.Normal({loc, scale: tf.softplus(tf.add(raw, 0.5))}));
}

/** An autoencoder with one code, and layers so wide that it has as many parameters. */
export function plainModel({units, latents, window: size}: Sizes, mean: tf.Tensor) {
  const lstms = 4 * units * (2 * size * size + 2 * units + 1) + 4 * units * (latents + units + 1);
  const parameters = lstms + (units + 1) * (10 + 2 * latents + size * size) + 784;
  const width = Math.max(8, Math.round((parameters - 784) / (2 * 784 + 3 * latents)));
  const [toHidden, toCode] = [linear(784, width), linear(width, 2 * latents)];
  const [fromCode, toPixels] = [linear(latents, width), linear(width, 784, logitsOf(mean))];
  const decode = (z: tf.Tensor): tf.Tensor => toPixels(tf.relu(fromCode(z)));
  const bound = (x: tf.Tensor): tf.Tensor => {
    const q = codeOf(toCode(tf.relu(toHidden(x))));
    const z = new st.DistributionTensor(q, {estimator: 'pathwise', name: 'z'}).value;
    return tf.sub(bernoulliLogProb(decode(z), x), st.klDivergence(q, standard(latents)));
  };
  return {bound, imagine: (n: number) => [decode(standard(latents).sample([n]))]};
}
