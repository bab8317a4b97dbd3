import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {isUpstream} from '../math/derivatives.js';
import {select} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {multiSampleBound, normalizedWeights} from '../graph/multiSampleBound.js';
import type {DistributionTensor} from '../graph/distributionTensor.js';
import {linkOf} from '../graph/nodeLink.js';
import {inGradientScope} from '../graph/tape.js';
import {weighLatents, type BoundOptions} from './logWeights.js';

/** What `reweightedWakeSleep` gives, each of shape `[batch…]`. */
export interface WakeSleep {
  /** The importance-weighted bound on ln p(x), a constant: for reports. */
  readonly bound: tf.Tensor;
  /** To minimise with respect to p. */
  readonly modelLoss: tf.Tensor;
  /** To minimise with respect to q: the wake-phase update. */
  readonly inferenceLoss: tf.Tensor;
}

/**
 * Reweighted wake-sleep: with K samples z_k ~ q and w̃ = w / Σ w, w_k = p(x|z_k) p(z_k) / q(z_k), all held constant,
 *
 *     modelLoss = −Σ_k w̃_k ln p(x, z_k),    inferenceLoss = −Σ_k w̃_k ln q(z_k|x)
 *
 * (Bornschein and Bengio 2015, section 2). Their gradients estimate those of −ln p(x) and of KL(p(z|x) ‖ q) with a bias
 * of order 1/K, also where z is discrete. Return one as a cost, or their sum, or train each with an optimizer of its
 * own. `sleepLoss` has the sleep-phase update.
 *
 * The gradients are these losses', so make the nodes without an estimator: `{estimator: null, valueType: sampleValue(K,
 * {stopGradient: true})}`.
 * @param logLikelihood ln p(x|z), `[K, batch…]`
 * @throws where a node has an estimator or passes gradients, no node has an axis of samples, K is 0, or a latent has no
 * prior
 */
export function reweightedWakeSleep(logLikelihood: tf.Tensor, options: BoundOptions = {}): WakeSleep {
  const who = 'reweightedWakeSleep';
  checkKeys(who, options, ['variationalWithPrior']);
  return tf.tidy(() => {
    const {latents, logJoint, logProposal, logWeights} = weighLatents(who, logLikelihood, options.variationalWithPrior);
    latents.forEach(({node}) => checkConstant(who, node));
    const weights = normalizedWeights(logWeights);
    const loss = (logProb: tf.Tensor): tf.Tensor =>
      // a sample that the model leaves out has weight 0 and a log-probability of −∞
      tf.neg(tf.sum(tf.mul(weights, select(tf.greater(weights, 0), logProb, 0)), 0));
    return {bound: detach(multiSampleBound(logWeights)), modelLoss: loss(logJoint), inferenceLoss: loss(logProposal)};
  });
}

/** The draws of `node` must be constants for whatever differentiates the losses. */
function checkConstant(who: string, node: DistributionTensor): void {
  const {term, parents} = linkOf(who, node);
  const rule =
    `node ${JSON.stringify(node.name)} must be made with {estimator: null, valueType: sampleValue(K, ` +
    '{stopGradient: true})}, for the losses hold its gradient';
  check(term === null, who, `${rule}; it has the estimator ${JSON.stringify(term?.estimator.name)}`);
  if (inGradientScope() && parents.some(parent => isUpstream(parent, node.value)))
    fail(who, `${rule}; its value passes gradients to its parameters`);
}
