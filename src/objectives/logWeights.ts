/** Importance weights of the latents' draws. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {linkOf} from '../graph/nodeLink.js';
import {TermAxes} from './termAxes.js';
import {checkModel} from './elbo.js';
import {findLatents, logPrior, type Latent, type LatentsWithPriors} from './latents.js';

/** The latents that a bound over K samples is of. */
export interface BoundOptions {
  /**
   * The latents and their priors. Default: every node upstream of the log-likelihood, with the prior registered for it.
   */
  variationalWithPrior?: LatentsWithPriors;
}

/** K draws along the leading axis, each of shape `[K, …]`. */
export interface Weighted {
  readonly latents: readonly Latent[];
  /** ln p(x|z) + ln p(z). */
  readonly logJoint: tf.Tensor;
  /** ln q(z), by the nodes' own `logProb()`. */
  readonly logProposal: tf.Tensor;
  /** ln p(x, z) − ln q(z). */
  readonly logWeights: tf.Tensor;
}

/**
 * Reads the latents of a bound over K samples. Call it in a tidy.
 * @throws unless the log-likelihood has the axis of samples in front
 */
export function weighLatents(who: string, logLikelihood: unknown, listed: LatentsWithPriors | undefined): Weighted {
  const model = checkModel(who, 'logLikelihood', logLikelihood);
  const latents = findLatents(who, model, listed);
  const ranks = latents.map(({node}) => linkOf(who, node).sampleRank);
  check(
    model.rank > 0 && ranks.some(rank => rank !== null && rank > 0),
    who,
    'needs K samples along a leading axis of their own: make the nodes with sampleValue(K), or with an ' +
      'estimator that draws several',
    model,
  );
  check(model.shape[0] > 0, who, 'K, the size of the leading axis, must be at least 1', 0);
  const sum = (terms: tf.Tensor[]): tf.Tensor => terms.reduce((a, b) => tf.add(a, b));
  const axes = new TermAxes(
    who,
    model,
    latents.map(({node}) => node),
  );
  const logPriors = sum(latents.map(latent => axes.place(latent.node, logPrior(latent))));
  const logProposal = sum(latents.map(({node}) => axes.place(node, node.logProb())));
  const logJoint = tf.add(model, logPriors);
  return {latents, logJoint, logProposal, logWeights: tf.sub(logJoint, logProposal)};
}
