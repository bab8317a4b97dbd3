import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {multiSampleBound} from '../graph/multiSampleBound.js';
import {weighLatents, type BoundOptions} from './logWeights.js';

/**
 * L_K = ln (1/K) Σ_k w_k, w_k = p(x|z_k) p(z_k) / q(z_k) (Burda et al. 2016, eq. 8): `[K, batch…]` to `[batch…]`, K
 * samples along the leading axis. E L_K rises with K from the ELBO to ln p(x). Maximise it: return its negative as a
 * cost of its own.
 *
 * `vimco` and `dreg` know this bound; the plain gradient of `pathwise` with respect to q loses its signal as K grows
 * (Rainforth et al. 2018), that of `dreg` does not.
 * @param logLikelihood ln p(x|z), `[K, batch…]`
 * @throws where no node has an axis of samples, K is 0, or a latent has no prior
 * @example
 * ```ts
 * const prior = new st.Normal({loc: 0, scale: 1});
 * const q = new st.Normal({loc: [0, 0], scale: 1});
 * const z = new st.DistributionTensor(q, {valueType: st.sampleValue(8)});
 * const logLikelihood = new st.Normal({loc: z.value, scale: 1}).logProb(0);
 * st.importanceWeightedBound(logLikelihood, {variationalWithPrior: [[z, prior]]}).shape; // [2]
 * ```
 */
export function importanceWeightedBound(logLikelihood: tf.Tensor, options: BoundOptions = {}): tf.Tensor {
  const who = 'importanceWeightedBound';
  checkKeys(who, options, ['variationalWithPrior']);
  return tf.tidy(() => multiSampleBound(weighLatents(who, logLikelihood, options.variationalWithPrior).logWeights));
}
