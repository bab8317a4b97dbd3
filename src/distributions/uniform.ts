/** The continuous uniform distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {uniformNoise} from '../random/noise.js';
import {bounded, checkBounds} from './boundedSupport.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {uniformKl} from '../functions/scaleKl/index.js';
import {select} from '../math/numerics.js';

/** Parameters of `Uniform`; they broadcast to [batch…]. As tensors they move the support. */
export interface UniformConfig extends DistributionConfig {
  /** The lower end; any finite number. */
  low: Param;
  /** Greater than low. */
  high: Param;
}

export interface Uniform {
  /** Does not exist: every value has the same density. */
  mode(this: never): never;
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * p(x) = 1 / (high − low) on [low, high]. Samples are in [low, high], high only by rounding.
 * @example
 * ```ts
 * new st.Uniform({low: 0, high: 4}).cdf(1); // 0.25
 * ```
 */
export class Uniform extends Distribution {
  constructor(config: UniformConfig) {
    super('Uniform', config, {low: real, high: real});
    checkBounds(this.name, this.parameters, this.validateArgs);
  }

  get support(): Constraint {
    return bounded(['low', this.parameters['low']!], ['high', this.parameters['high']!]);
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    const [low, high] = [this.param('low'), this.param('high')];
    // u <= 1 − 2^−24 takes the rounded range to the float32 below it at least, which is at most the exact range: never
    // above high
    return tf.add(low, tf.mul(tf.sub(high, low), uniformNoise(shape, key)));
  }

  protected _logProb(x: tf.Tensor) {
    return tf.add(tf.neg(tf.log(this.range())), tf.zerosLike(x));
  }

  protected override _cdf(x: tf.Tensor) {
    return this.fraction(tf.sub(x, this.param('low')));
  }

  protected override _survival(x: tf.Tensor) {
    return this.fraction(tf.sub(this.param('high'), x));
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.add(tf.mul(this.param('low'), tf.sub(1, p)), tf.mul(this.param('high'), p));
  }

  protected override _mean() {
    return tf.add(tf.mul(this.param('low'), 0.5), tf.mul(this.param('high'), 0.5));
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    return tf.div(this.range(), Math.sqrt(12));
  }

  protected override _entropy() {
    return tf.log(this.range());
  }

  private range(): tf.Tensor {
    return tf.sub(this.param('high'), this.param('low'));
  }

  /** part / (high − low), held in [0, 1]. */
  private fraction(part: tf.Tensor): tf.Tensor {
    const ratio = tf.div(part, this.range());
    return select(tf.less(ratio, 0), 0, select(tf.greater(ratio, 1), 1, ratio));
  }

  override klRules(): KlRule[] {
    return [
      klRule<Uniform, Uniform>('Uniform', 'Uniform', (q, p) =>
        uniformKl([q.param('low'), q.param('high')], [p.param('low'), p.param('high')]),
      ),
    ];
  }
}
