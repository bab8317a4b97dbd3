/** The Rademacher distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {checkReplacements} from './declaration.js';
import {sign} from '../constraints/numberSets.js';
import {hostParam} from '../random/elements/elementParam.js';
import type {Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {select} from '../math/numerics.js';
import {drawBernoulli} from '../random/discrete.js';
import type {Key} from '../keys/key.js';
import {Distribution, type DistributionConfig} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';

/** What `Rademacher` takes; it has no parameters. */
export interface RademacherConfig extends DistributionConfig {
  /** The dtype of samples; 'float32' by default. */
  dtype?: 'float32' | 'int32';
}

/** −1 or 1, each with probability ½. It has no parameters, and its batch shape is []. */
export class Rademacher extends Distribution {
  constructor(config: RademacherConfig = {}) {
    super('Rademacher', config, {}, {dtypes: ['float32', 'int32']});
  }

  get support() {
    return sign;
  }

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): false {
    return false;
  }

  /** Without parameters there are no tensors to replace. */
  override withTensors(tensors: Record<string, tf.Tensor>): this {
    checkReplacements('Rademacher.withTensors', tensors, []);
    return this;
  }

  override broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    return this.with({batchShape: merge && full.length > 1 ? [full[0]! * full[1]!, ...full.slice(2)] : full});
  }

  protected _sample(shape: Shape, key: Key) {
    const heads = drawBernoulli('probs', hostParam(0.5), shape, key, 'float32');
    return tf.cast(tf.sub(tf.mul(heads, 2), 1), this.dtype);
  }

  protected _logProb(x: tf.Tensor) {
    return tf.fill(x.shape, -Math.LN2);
  }

  protected override _cdf(x: tf.Tensor) {
    return this.step(x, 0, 0.5, 1);
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.step(x, -Infinity, -Math.LN2, 0);
  }

  protected override _survival(x: tf.Tensor) {
    return this.step(x, 1, 0.5, 0);
  }

  protected override _quantile(p: tf.Tensor) {
    return select(tf.lessEqual(p, 0.5), -1, 1);
  }

  protected override _mean() {
    return tf.zeros(this.batchShape);
  }

  protected override _variance() {
    return tf.ones(this.batchShape);
  }

  /** Both values are modes; this is the smaller. */
  protected override _mode() {
    return tf.cast(tf.fill(this.batchShape, -1), this.dtype);
  }

  protected override _entropy() {
    return tf.fill(this.batchShape, Math.LN2);
  }

  protected override _enumerateSupport() {
    const values = tf.reshape(tf.tensor1d([-1, 1], this.dtype as 'float32' | 'int32'), [
      2,
      ...this.batchShape.map(() => 1),
    ]);
    return grow(values, [2, ...this.batchShape]); // the constructor has seen to the dtype
  }

  /** What holds below −1, from −1 on, and from 1 on. */
  private step(x: tf.Tensor, below: number, between: number, above: number): tf.Tensor {
    return select(tf.less(x, -1), below, select(tf.less(x, 1), between, above));
  }

  override klRules(): KlRule[] {
    return [klRule<Rademacher, Rademacher>('Rademacher', 'Rademacher', () => tf.scalar(0))];
  }
}
