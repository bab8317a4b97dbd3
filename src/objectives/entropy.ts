/** Entropies, and the expected log-ratio of a density and a distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkFunction} from '../util/options.js';
import {Distribution} from '../distributions/distribution.js';
import {magicBox} from '../distributions/expectationUnder.js';
import {atDraws, checkDraws, drawsFrom, drawsWithLogProb, type DrawOptions} from './draws.js';
import {readForm, type ELBOForm} from './forms.js';

/** Whether an entropy is taken in closed form or at draws, and at which. */
export interface EntropyOptions extends DrawOptions {
  /** `analyticEntropy`, `sample`, or `default`: the closed form where there is one. */
  form?: ELBOForm;
}

const refused = {form: 'analyticKl', because: 'needs a prior: use elbo or klDivergence'} as const;

/**
 * H[p] = −E_p[ln p(z)] in nats, `[batch…]`: in closed form, or −(1/S) Σ_s ln p(z_s) over draws. Differentiable in p
 * without bias: along the draws where p is reparameterised, else by the score.
 * @throws where the form `analyticEntropy` has no closed form, or is given draws; where draws are needed, unless
 * exactly one of `z` and `samples` is given
 */
export function entropyShannon(p: Distribution, options: EntropyOptions = {}): tf.Tensor {
  const who = 'entropyShannon';
  checkDraws(who, p, options, ['form']);
  const form = readForm(who, options.form, refused);
  if (form === 'analyticEntropy') {
    check(
      options.samples === undefined && options.z === undefined,
      who,
      'form "analyticEntropy" takes no draws: leave z and samples out',
    );
  }
  return tf.tidy(() => analytic(who, p, form) ?? sampled(p, drawsWithLogProb(who, p, options)));
}

/**
 * E_q[ln p(z) − ln q(z)], `[batch…]`: E_q[ln p] by the mean over draws z from q, the entropy of q as in
 * `entropyShannon`. With ln p(z) of a distribution it is −KL(q ‖ p), with ln p(x, z) of a joint one the ELBO.
 * Differentiable in p and q without bias.
 * @param logP ln p(z) from draws `[samples, batch…, event…]` to `[samples, batch…]`
 * @throws unless exactly one of `z` and `samples` is given
 */
export function elboRatio(logP: (z: tf.Tensor) => tf.Tensor, q: Distribution, options: EntropyOptions = {}): tf.Tensor {
  const who = 'elboRatio';
  checkFunction(who, 'logP', logP, 'of draws');
  checkDraws(who, q, options, ['form']);
  const form = readForm(who, options.form, refused);
  return tf.tidy(() => {
    const exact = analytic(who, q, form);
    const drawn = exact === null ? drawsWithLogProb(who, q, options) : {z: drawsFrom(who, q, options)};
    const cross = meanAt(q, drawn.z, atDraws(who, 'logP', logP, q, drawn.z));
    return tf.add('logProb' in drawn ? sampled(q, drawn) : exact!, cross); // one of them was made
  });
}

function analytic(who: string, p: Distribution, form: ELBOForm): tf.Tensor | null {
  if (form === 'sample' || (form === 'default' && !p.has('entropy'))) return null;
  check(
    p.has('entropy'),
    who,
    `form "analyticEntropy" needs a closed form of the entropy, and there is none for ${p.familyName}`,
  );
  return p.entropy();
}

function sampled(p: Distribution, {z, logProb}: {z: tf.Tensor; logProb: tf.Tensor}): tf.Tensor {
  return tf.neg(meanAt(p, z, logProb));
}

/** The mean of f(z), `[samples, batch…]`, over draws from q. */
function meanAt(q: Distribution, z: tf.Tensor, f: tf.Tensor): tf.Tensor {
  const box = magicBox(q, z);
  return tf.mean(box === null ? f : tf.mul(f, tf.exp(box)), 0);
}
