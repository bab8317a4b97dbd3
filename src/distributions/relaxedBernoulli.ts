/** The relaxed Bernoulli (binary concrete) distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {openUnitInterval, positive} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {OPEN_UNIT_INTERVAL, settle} from '../functions/guards/index.js';
import {select} from '../math/numerics.js';
import {softplus} from '../functions/logarithms/index.js';
import type {Key} from '../keys/key.js';
import {logisticNoise} from '../random/noise.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {insideUnitInterval} from './insideUnitInterval.js';
import type {PreImage} from './preImage.js';
import {logitsOrProbs, Success, type SuccessConfig} from './success.js';

/** The float32 numbers nearest to 0 and 1 that no backend rounds to them. */
const [LEAST, GREATEST] = [1.2e-38, 1 - 2 ** -24];

/** The temperature, and the parameter of the Bernoulli variable that is relaxed; they broadcast to [batch…]. */
export interface RelaxedBernoulliConfig extends DistributionConfig, SuccessConfig {
  /** λ > 0: towards 0 samples become those of a Bernoulli variable, towards ∞ they become ½. */
  temperature: Param;
}

export interface RelaxedBernoulli {
  /** Has no closed form. */
  mean(this: never): never;
  /** Has no closed form. */
  variance(this: never): never;
  /** Has no closed form. */
  stddev(this: never): never;
  /** Has no closed form. */
  mode(this: never): never;
  /** Has no closed form. */
  entropy(this: never): never;
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * x = σ((logits + l)/λ) with l standard logistic, in (0, 1). With z = λ logit(x) − logits:
 * p(x) = λ σ(z) σ(−z) / (x (1 − x)) (Maddison, Mnih, Teh 2017, appendix B; Jang, Gu, Poole 2017).
 */
export class RelaxedBernoulli extends Distribution {
  constructor(config: RelaxedBernoulliConfig) {
    super('RelaxedBernoulli', config, {temperature: positive, ...logitsOrProbs}, {oneOf: [['logits', 'probs']]});
  }

  get support() {
    return openUnitInterval;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  /** The logit of x. Rounding keeps samples off 0 and 1, where their derivative would be lost anyway. */
  override preImage(): PreImage {
    return {
      rank: 0,
      map: ['logistic'],
      base: {
        cdf: logit => tf.sigmoid(this.standardise(logit)),
        logProb: logit => this.logDensityAt(logit, tf.scalar(0)),
      },
      sample: (shape, key) => this.logitAt(logisticNoise(shape, key)),
      value: logit => insideUnitInterval(tf.sigmoid(logit), logit),
      logProb: logit => this.logDensityAt(logit, logOfBoth(logit)),
      inverse: x => {
        const inside = tf.clipByValue(x, LEAST, GREATEST);
        return tf.sub(safeLog(inside), log1p(tf.neg(inside)));
      },
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const {sample, value} = this.preImage();
    return value(sample(shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    const inside = tf.clipByValue(x, LEAST, GREATEST);
    const [logX, log1mX] = [safeLog(inside), log1p(tf.neg(inside))];
    return this.logDensityAt(tf.sub(logX, log1mX), tf.add(logX, log1mX));
  }

  protected override _cdf(x: tf.Tensor) {
    return this.within(x, 0, 1, z => tf.sigmoid(z));
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.within(x, -Infinity, 0, z => tf.neg(softplus(tf.neg(z))));
  }

  protected override _survival(x: tf.Tensor) {
    return this.within(x, 1, 0, z => tf.sigmoid(tf.neg(z)));
  }

  protected override _quantile(p: tf.Tensor) {
    const at = settle(OPEN_UNIT_INTERVAL, p);
    const inside = this.place(tf.sub(safeLog(at), log1p(tf.neg(at))));
    return select(tf.equal(p, 0), 0, select(tf.equal(p, 1), 1, inside));
  }

  /** σ((logits + l)/λ). */
  private place(l: tf.Tensor): tf.Tensor {
    return tf.sigmoid(this.logitAt(l));
  }

  private logitAt(l: tf.Tensor): tf.Tensor {
    return tf.div(tf.add(this.logits(), l), this.param('temperature'));
  }

  /** ln p, of logit(x) and ln x (1 − x). */
  private logDensityAt(logit: tf.Tensor, measure: tf.Tensor): tf.Tensor {
    return tf.add(tf.log(this.param('temperature')), tf.sub(logOfBoth(this.standardise(logit)), measure));
  }

  /** z = λ·logit − logits, standard logistic where the logit is that of a sample. */
  private standardise(logit: tf.Tensor): tf.Tensor {
    return tf.sub(tf.mul(this.param('temperature'), logit), this.logits());
  }

  /** f(z) where 0 < x < 1, else `below` or `above`. */
  private within(x: tf.Tensor, below: number, above: number, f: (z: tf.Tensor) => tf.Tensor): tf.Tensor {
    const inside = tf.clipByValue(x, LEAST, GREATEST);
    const value = f(this.standardise(tf.sub(safeLog(inside), log1p(tf.neg(inside)))));
    return select(tf.lessEqual(x, 0), below, select(tf.greaterEqual(x, 1), above, value));
  }

  private logits(): tf.Tensor {
    const by = this.given('logits') ? 'logits' : 'probs';
    return new Success(by, this.param(by)).finiteLogits();
  }
}

/** ln σ(z) σ(−z), where the smaller term is never lost. */
function logOfBoth(z: tf.Tensor): tf.Tensor {
  return tf.neg(tf.add(softplus(z), softplus(tf.neg(z))));
}
