/** A model of Normals, on which bounds have closed forms. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {read} from '../helpers/near.js';
import {square} from '../estimators/problems.js';

const LN2PI = Math.log(2 * Math.PI);
export type Bound = (logLikelihood: tf.Tensor, options: {variationalWithPrior: st.LatentsWithPriors}) => tf.Tensor;
// z ~ N(0, 1), x = 1.3 given z ~ N(z, 1), q = N(m, s).
export const X = 1.3;
export const [m, s] = [0.1, 0.9];
export const evidence = -0.5 * Math.log(4 * Math.PI) - X ** 2 / 4;
export const logNormal = (mean: tf.Tensor): tf.Tensor => tf.sub(tf.mul(square(mean, X), -0.5), 0.5 * LN2PI);

/** The bound of n replicates of K samples of q = N(m, s). */
export async function values(bound: Bound, n: number, k: number, seed = 1): Promise<number[]> {
  return read(
    tf.tidy(() => {
      const node = new st.DistributionTensor(new st.Normal({loc: tf.fill([n], m), scale: s}), {
        valueType: st.sampleValue(k),
        key: st.random.key(seed),
      });
      return bound(logNormal(node.value), {variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]]});
    }),
  );
}

export function moments(of: number[]): {mean: number; error: number} {
  const mean = of.reduce((a, b) => a + b, 0) / of.length;
  return {mean, error: Math.sqrt(of.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / of.length};
}

/** ln p(x) − D_α(q ‖ posterior), the posterior being N(x/2, 1/√2), in the closed form for two Normals. */
export function renyiExact(alpha: number): number {
  const variance = (1 - alpha) * s ** 2 + alpha * 0.5;
  const divergence =
    alpha === 1
      ? Math.log(Math.SQRT1_2 / s) + (s ** 2 + (m - X / 2) ** 2) - 0.5
      : Math.log(Math.SQRT1_2 / s) +
        Math.log(0.5 / variance) / (2 * (alpha - 1)) +
        (alpha * (m - X / 2) ** 2) / (2 * variance);
  return evidence - divergence;
}
