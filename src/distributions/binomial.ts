/** The binomial distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {nonNegativeInteger} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {binomialTails} from '../functions/countTails/index.js';
import {grow} from '../math/grow.js';
import {guardBetween, settleBetween} from '../functions/guards/index.js';
import {binomialLogMass} from '../functions/masses/index.js';
import {binomialLogMassOfProbs} from '../functions/successes/index.js';
import {select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';
import {binomial} from '../random/counts.js';
import type {Key} from '../keys/key.js';
import type {OptionalMethod, Param} from './distribution.js';
import {wholeCount} from '../constraints/limits.js';
import {checkSameCount, type IntegerConfig} from './integerDistribution.js';
import {integerQuantile} from './integerQuantile.js';
import {klRule, type KlRule} from './klRule.js';
import {logitsOrProbs, type SuccessConfig} from './success.js';
import {SuccessCount} from './successCount.js';

/** Parameters of `Binomial`; they broadcast to [batch…]. */
export interface BinomialConfig extends IntegerConfig, SuccessConfig {
  /** The number of trials n, a whole number in [0, 2^24]; of tensors that is not checked. */
  totalCount: Param;
}

export interface Binomial {
  /** Does not exist in closed form. */
  entropy(this: never): never;
}

/**
 * The number of successes in n trials: P(k) = C(n, k) p^k (1 − p)^{n − k}, with n = totalCount and p = probs =
 * σ(logits).
 */
export class Binomial extends SuccessCount {
  protected readonly tails = binomialTails;

  constructor(config: BinomialConfig) {
    super('Binomial', config, {totalCount: wholeCount, ...logitsOrProbs}, [['logits', 'probs']]);
  }

  override get support(): Constraint {
    const total = this.parameters['totalCount'];
    const whole = nonNegativeInteger;
    return {
      ...whole,
      name: 'counts',
      rule: 'a whole number in [0, totalCount]',
      check: v => whole.check(v) && (typeof total !== 'number' || (v as number) <= total), // whole takes numbers only
      contains: x => tf.logicalAnd(whole.contains(x), tf.lessEqual(x, stopGradient(this.total()))),
      guard: (value, x) => guardBetween(whole.guard!(value, x), x, 0, this.total()), // it has one
      settle: x => settleBetween(whole.settle!(x), 0, stopGradient(this.total())), // as well
    };
  }

  /** All values can be listed where totalCount was given as one number. */
  override has(method: OptionalMethod): boolean {
    return super.has(method) && (method !== 'enumerateSupport' || typeof this.parameters['totalCount'] === 'number');
  }

  protected _sample(shape: Shape, key: Key) {
    const totalCount = this.parameters['totalCount']!; // it was given
    // the constructor has seen to the dtype
    return binomial(shape, {...this.parameters, totalCount, dtype: this.dtype as 'float32' | 'int32', key});
  }

  protected _logProb(x: tf.Tensor) {
    return this.given('logits')
      ? binomialLogMass(x, this.total(), this.param('logits'))
      : binomialLogMassOfProbs(x, this.total(), this.param('probs'));
  }

  protected override _quantile(p: tf.Tensor) {
    return integerQuantile(p, {
      cdf: k => this.cdfAt(k),
      mean: this._mean(),
      stddev: tf.sqrt(this._variance()),
      greatest: this.total(),
    });
  }

  protected override _mean() {
    return tf.mul(this.total(), this.success.probs());
  }

  protected override _variance() {
    return tf.mul(this._mean(), this.success.complement());
  }

  /** ⌊(n + 1) p⌋, at most n; where (n + 1) p is whole, the number before it is a mode as well. */
  protected override _mode() {
    const [total, p] = [stopGradient(this.total()), stopGradient(this.success.probs())];
    const all = tf.floor(tf.mul(tf.add(total, 1), p));
    return this.typed(tf.minimum(all, total));
  }

  protected override _enumerateSupport() {
    const total = this.parameters['totalCount'] as number; // `has` has shown that
    const values = tf.reshape(tf.range(0, total + 1), [total + 1, ...this.batchShape.map(() => 1)]);
    return this.typed(grow(values, [total + 1, ...this.batchShape]));
  }

  override klRules(): KlRule[] {
    // n times that of one trial, for equal n; there is no closed form else
    return [
      klRule<Binomial, Binomial>('Binomial', 'Binomial', (q, p) => {
        checkSameCount('Binomial', q, p);
        const n = select(tf.equal(q.total(), p.total()), q.total(), NaN);
        return tf.mul(n, q.success.divergenceTo(p.success));
      }),
    ];
  }
}
