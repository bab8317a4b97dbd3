/** How likely images are by what a generator draws: density by windows. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean ln p of images, where p is a mixture of Normals around as many centres, whose deviation is the best one for
 * others (Goodfellow et al. 2014, section 5); all are `[n, 784]`.
 */
export function parzen(images: tf.Tensor2D, centres: tf.Tensor2D, others: tf.Tensor2D): number {
  const density = (x: tf.Tensor2D, width: number): number =>
    tf.tidy(() => {
      const [a, b] = [x, centres].map(t => tf.sum(tf.square(t), 1, true)) as [tf.Tensor, tf.Tensor]; // one of each
      const apart = tf.add(tf.sub(a, tf.mul(tf.matMul(x, centres, false, true), 2)), tf.transpose(b));
      const normalizer = Math.log(centres.shape[0]) + x.shape[1] * Math.log(width * Math.sqrt(2 * Math.PI));
      return (tf.mean(tf.logSumExp(tf.mul(apart, -0.5 / width ** 2), 1)).arraySync() as number) - normalizer; // a scalar
    });
  const widths = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4].map(width => ({width, fit: density(others, width)}));
  return density(images, widths.reduce((best, next) => (next.fit > best.fit ? next : best)).width);
}
