/** The negative binomial distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {negativeBinomialTails} from '../functions/countTails/index.js';
import {negativeBinomialLogMass} from '../functions/masses/index.js';
import {negativeBinomialLogMassOfProbs} from '../functions/successes/index.js';
import {select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';
import {negativeBinomial} from '../random/counts.js';
import type {Key} from '../keys/key.js';
import type {Param} from './distribution.js';
import {checkSameCount, type IntegerConfig} from './integerDistribution.js';
import {integerQuantile} from './integerQuantile.js';
import {klRule, type KlRule} from './klRule.js';
import {properProbability} from '../constraints/limits.js';
import {logitsOrProbs, type SuccessConfig} from './success.js';
import {SuccessCount} from './successCount.js';

/** `probs` is in [0, 1) here. */
export interface NegativeBinomialConfig extends IntegerConfig, SuccessConfig {
  /** The number of failures r > 0 at which counting stops; it need not be whole. */
  totalCount: Param;
}

export interface NegativeBinomial {
  /** Does not exist in closed form. */
  entropy(this: never): never;
  /** Does not exist: there is no greatest value. */
  enumerateSupport(this: never): never;
}

/**
 * The number of successes before failure r: P(k) = Γ(k + r) / (k! Γ(r)) (1 − p)^r p^k, with r = totalCount and p =
 * probs = σ(logits), the probability of a success. Counts above 2^24 are rounded to float32.
 */
export class NegativeBinomial extends SuccessCount {
  protected readonly tails = negativeBinomialTails;

  constructor(config: NegativeBinomialConfig) {
    super('NegativeBinomial', config, {totalCount: positive, ...logitsOrProbs, probs: properProbability}, [
      ['logits', 'probs'],
    ]);
  }

  protected _sample(shape: Shape, key: Key) {
    const totalCount = this.parameters['totalCount']!; // it was given
    // the constructor has seen to the dtype
    return negativeBinomial(shape, {...this.parameters, totalCount, dtype: this.dtype as 'float32' | 'int32', key});
  }

  protected _logProb(x: tf.Tensor) {
    return this.given('logits')
      ? negativeBinomialLogMass(x, this.total(), this.param('logits'))
      : negativeBinomialLogMassOfProbs(x, this.total(), this.param('probs'));
  }

  protected override _quantile(p: tf.Tensor) {
    return integerQuantile(p, {cdf: k => this.cdfAt(k), mean: this._mean(), stddev: this._stddev()});
  }

  protected override _mean() {
    return tf.mul(this.total(), this.success.odds());
  }

  protected override _variance() {
    return tf.div(this._mean(), this.success.complement());
  }

  /** The root of each factor, since the variance may exceed float32 where this does not. */
  protected override _stddev() {
    return tf.mul(tf.sqrt(this._mean()), tf.sqrt(tf.reciprocal(this.success.complement())));
  }

  /** ⌊(r − 1) p / (1 − p)⌋, 0 for r <= 1; where that is whole and not 0, the number before it is a mode as well. */
  protected override _mode() {
    const [total, odds] = [stopGradient(this.total()), stopGradient(this.success.odds())];
    return this.typed(tf.floor(tf.mul(tf.maximum(tf.sub(total, 1), 0), odds)));
  }

  override klRules(): KlRule[] {
    // for equal r, the divergence of one trial for each of the r/(1 − p) trials to be expected; there is no closed form
    // else
    return [
      klRule<NegativeBinomial, NegativeBinomial>('NegativeBinomial', 'NegativeBinomial', (q, p) => {
        checkSameCount('NegativeBinomial', q, p);
        return select(
          tf.equal(q.total(), p.total()),
          tf.mul(q.total(), q.success.divergencePerFailure(p.success)),
          NaN,
        );
      }),
    ];
  }
}
