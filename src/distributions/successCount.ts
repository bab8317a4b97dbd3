/**
 * What the binomial and the negative binomial distributions share: they count successes, up to a number of trials or of
 * failures.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {CountTails, Tails} from '../functions/countTails/index.js';
import {IntegerDistribution} from './integerDistribution.js';
import {Success} from './success.js';

/** Counts of successes: their distribution functions, from `tails`. */
export abstract class SuccessCount extends IntegerDistribution {
  /** The distribution functions of the family. */
  protected abstract readonly tails: CountTails;

  protected cdfAt(k: tf.Tensor) {
    return this.tail('cdf', k);
  }

  protected logCdfAt(k: tf.Tensor) {
    return this.tail('logCdf', k);
  }

  protected survivalAt(k: tf.Tensor) {
    return this.tail('survival', k);
  }

  private tail(part: keyof Tails, k: tf.Tensor): tf.Tensor {
    const by = this.given('logits') ? 'logits' : 'probs';
    return this.tails[by === 'logits' ? 'ofLogits' : 'ofProbs'][part](k, this.total(), this.param(by));
  }

  /** The parameter `totalCount`. */
  protected total(): tf.Tensor {
    return this.param('totalCount');
  }

  /** The probability of a success, in the form in which it was given. */
  protected get success(): Success {
    const by = this.given('logits') ? 'logits' : 'probs';
    return new Success(by, this.param(by));
  }
}
