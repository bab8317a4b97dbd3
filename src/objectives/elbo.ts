/** The evidence lower bound. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkKeys, checkBoolean} from '../util/options.js';
import {checkAlive} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';
import {Distribution} from '../distributions/distribution.js';
import {closedFormKl} from '../distributions/kl.js';
import type {DistributionTensor} from '../graph/distributionTensor.js';
import {warnOnce} from '../graph/estimatorStore.js';
import {linkOf} from '../graph/nodeLink.js';
import {inGradientScope} from '../graph/tape.js';
import {TermAxes} from './termAxes.js';
import {readForm, type ELBOForm} from './forms.js';
import {findLatents, findNodes, logPrior, priorFollowsDraw, type Latent, type LatentsWithPriors} from './latents.js';

/** What every form of the bound is told of its terms. */
interface ElboTermOptions {
  /** One of `ELBOForms`. */
  form?: ELBOForm;
  /**
   * Whether the batch axes of latents are those of the model: one latent for each example. False for latents that all
   * examples share, such as the weights of a Bayesian network: their terms are summed over their batch, and every
   * element of the model gets the sum, so give it the log-likelihood of all data. Default true.
   */
  keepBatchDim?: boolean;
}

/** How `elbo` is put together, and of which latents. */
export interface ElboOptions extends ElboTermOptions {
  /**
   * The latents and their priors. Default: every node upstream of the log-likelihood, with the prior registered for it.
   */
  variationalWithPrior?: LatentsWithPriors;
}

/** How `elboWithLogJoint` is put together, and of which latents. */
export interface ElboWithLogJointOptions extends ElboTermOptions {
  /** The latents. Default: every node upstream of `logJoint`. */
  variational?: readonly DistributionTensor[];
}

/**
 * ELBO = E_q[ln p(x|z) + ln p(z) − ln q(z)] <= ln p(x), at one draw of each latent or at as many as its node has: of
 * the shape of `logLikelihood`, `[sample…, batch…]`. Maximise it: return its negative as a cost. With several latents,
 * q(z) is the product of their (conditional) densities and p(z) of their priors. For each latent `form` takes −KL(q ‖
 * p), or ln p(z) + H[q], or ln p(z) − ln q(z).
 *
 * The gradient is what the estimators of the nodes make of it; ln q(z) is the node's own `logProb()`, so `stl` and
 * `dreg` have their effect in the form `sample`.
 *
 * Source: Jordan et al. 1999; the forms are those of Hoffman et al. 2013, section 2.2, and of `elbo` in
 * tf.contrib.bayesflow.
 * @param logLikelihood ln p(x|z), `[sample…, batch…]`
 * @throws for an unknown form, a latent without a prior, and with `analyticKl` where a pair has no closed form or a
 * prior depends on the latent's own draw
 * @example
 * ```ts
 * const prior = new st.Normal({loc: 0, scale: 1});
 * const z = new st.DistributionTensor(new st.Normal({loc: [1], scale: 1}), {valueType: st.meanValue()});
 * const logLikelihood = new st.Normal({loc: z.value, scale: 1}).logProb([1]);
 * st.elbo(logLikelihood, {variationalWithPrior: [[z, prior]]}); // [-1.4189]
 * ```
 */
export function elbo(logLikelihood: tf.Tensor, options: ElboOptions = {}): tf.Tensor {
  const who = 'elbo';
  checkKeys(who, options, ['variationalWithPrior', 'form', 'keepBatchDim']);
  const form = readForm(who, options.form);
  return assemble(who, checkModel(who, 'logLikelihood', logLikelihood), options, () => {
    const latents = findLatents(who, logLikelihood, options.variationalWithPrior);
    return latents.map(latent => ({latent, term: withPrior(who, form, latent, latents.length)}));
  });
}

/**
 * The ELBO of a model that gives ln p(x, z): ln p(x, z) + H[q], with the entropy of each latent in closed form
 * (`analyticEntropy`) or −ln q(z) at the draw (`sample`). As `elbo` otherwise.
 * @param logJoint ln p(x, z), `[sample…, batch…]`
 * @throws for the form `analyticKl`, which needs the prior apart
 */
export function elboWithLogJoint(logJoint: tf.Tensor, options: ElboWithLogJointOptions = {}): tf.Tensor {
  const who = 'elboWithLogJoint';
  checkKeys(who, options, ['variational', 'form', 'keepBatchDim']);
  const form = readForm(who, options.form, {
    form: 'analyticKl',
    because: 'needs the prior apart from the likelihood: use elbo',
  });
  return assemble(who, checkModel(who, 'logJoint', logJoint), options, () =>
    findNodes(who, logJoint, options.variational).map(latent => ({latent, term: entropyOf(who, form, latent.node)})),
  );
}

/** A log-probability of the model as it must be. */
export function checkModel(who: string, what: string, model: unknown): tf.Tensor {
  check(
    isTensor(model) && model.dtype === 'float32',
    who,
    `${what} must be a float32 tensor of shape [sample…, batch…]`,
    model,
  );
  checkAlive(who, what, model);
  return model;
}

const DOUBT =
  'tfjs-stochastic: outside a gradient scope there is no tape to tell whether a prior that was made after its ' +
  'latent depends on the draw, so elbo of several latents takes ln p(z) − ln q(z) at the draw where inside it ' +
  'may take the closed form. Name the form for the same numbers in both places, or make the priors before the ' +
  'latents.';

/** −KL(q ‖ p), or another tensor of the same mean. */
function withPrior(who: string, form: ELBOForm, latent: Latent, latents: number): tf.Tensor {
  const {node, prior} = latent;
  if (form === 'analyticKl' || form === 'default') {
    const conditional = !priorFollowsDraw(latent, latents);
    const kl = conditional ? closedFormKl(node.distribution, prior) : null;
    if (kl !== null) return tf.neg(kl);
    if (form === 'default' && !inGradientScope() && closedFormKl(node.distribution, prior) !== null) warnOnce(DOUBT);
    if (form === 'analyticKl') {
      const name = `node ${JSON.stringify(node.name)}`;
      fail(
        who,
        conditional
          ? `form "analyticKl" needs a closed form of the divergence at ${name}, and there is none for ` +
              `(${node.distribution.familyName}, ${prior.familyName})`
          : `form "analyticKl" does not hold at ${name}: its prior depends on its own draw, through another ` +
              'latent; take the form "sample" or "analyticEntropy"',
      );
    }
  }
  return tf.add(logPrior(latent), entropyOf(who, form, node));
}

/** H[q], or −ln q(z). */
function entropyOf(who: string, form: ELBOForm, node: DistributionTensor): tf.Tensor {
  const {distribution} = node;
  if (form === 'sample' || (form === 'default' && !distribution.has('entropy'))) return tf.neg(node.logProb());
  check(
    distribution.has('entropy'),
    who,
    `form "analyticEntropy" needs a closed form of the entropy at node ${JSON.stringify(node.name)}, and there ` +
      `is none for ${distribution.familyName}`,
  );
  return node.entropy();
}

/** What a latent adds to the bound. */
interface LatentTerm {
  readonly latent: Latent<Distribution | null>;
  readonly term: tf.Tensor;
}

/** The model plus the terms of its latents. */
function assemble(
  who: string,
  model: tf.Tensor,
  {keepBatchDim = true}: ElboTermOptions,
  parts: () => LatentTerm[],
): tf.Tensor {
  checkBoolean(who, 'keepBatchDim', keepBatchDim);
  return tf.tidy(() => {
    const all = parts();
    const axes = new TermAxes(
      who,
      model,
      all.map(({latent}) => latent.node),
      !keepBatchDim,
    );
    const terms = all.map(({latent: {node}, term}) => {
      if (keepBatchDim) return axes.place(node, term);
      check(
        linkOf(who, node).sampleRank !== null,
        who,
        `keepBatchDim: false needs sample axes apart from the batch at node ${JSON.stringify(node.name)}: use ` +
          'sampleValue',
      );
      return axes.sum(node, term);
    });
    return terms.reduce((sum, term) => tf.add(sum, term), model);
  });
}
