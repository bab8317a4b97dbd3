/** The distribution of a number that is not random. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {stopGradient} from '../math/stopGradient.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {grow} from '../math/grow.js';

/** The parameter of `Deterministic`. */
export interface DeterministicConfig extends DistributionConfig {
  /** The one value, [batch…]; any finite number. */
  loc: Param;
}

/**
 * All mass at loc: a sample is loc, and its derivative with respect to loc is 1. `logProb` is of mass: 0 at loc, else
 * −∞.
 */
export class Deterministic extends Distribution {
  constructor(config: DeterministicConfig) {
    super('Deterministic', config, {loc: real});
  }

  get support(): Constraint {
    const {loc} = this.parameters;
    const check: Constraint['check'] = v => real.check(v) && (typeof loc !== 'number' || v === loc);
    return {
      name: 'point',
      rule: 'equal to loc',
      eventRank: 0,
      check,
      contains: x => tf.equal(x, stopGradient(this.param('loc'))),
      boundBy: Object.values(this.tensors()),
    };
  }

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape) {
    return tf.add(this.param('loc'), tf.zeros(shape));
  }

  // 0, and linked to loc so that its derivative is 0 rather than missing
  protected _logProb(x: tf.Tensor) {
    return tf.mul(tf.sub(x, this.param('loc')), 0);
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.cast(tf.greaterEqual(stopGradient(x), stopGradient(this.param('loc'))), 'float32');
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.add(this.param('loc'), tf.zerosLike(p));
  }

  protected override _mean() {
    return this.param('loc');
  }

  protected override _variance() {
    return tf.zeros(this.batchShape);
  }

  protected override _mode() {
    return this.param('loc');
  }

  protected override _entropy() {
    return tf.zeros(this.batchShape);
  }

  protected override _enumerateSupport() {
    return grow(tf.expandDims(this.param('loc'), 0), [1, ...this.batchShape]);
  }

  override klRules(): KlRule[] {
    return [klRule<Deterministic, Distribution>('Deterministic', '*', (q, p) => tf.neg(p.logProb(q.param('loc'))))];
  }
}
