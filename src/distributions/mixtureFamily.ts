/** What mixtures share: Σ_k w_k p_k, from the weights and the components' values stacked along one axis. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {safeLog} from '../math/elementary.js';
import {guard, settle, unlessNaN} from '../math/guards.js';
import {logSumExp, logWeighedSum} from '../math/logSumExp.js';
import {oneHotOf, select} from '../math/numerics.js';
import {split, type Key} from '../random/key.js';
import type {Categorical} from './categorical.js';
import {classWeights} from './classMask.js';
import type {Constraint} from './constraints.js';
import {Distribution, type OptionalMethod} from './distribution.js';
import {sizeOfValue} from './outside.js';
import {moversOf} from './ends.js';

export abstract class MixtureFamily extends Distribution {
  /** The distribution of the component. */
  protected abstract get weights(): Categorical;
  /** A component, or one that stands for all: what every component has the mixture can build on. */
  protected abstract get every(): readonly Distribution[];
  /** f of every component at x [sample…, batch…, event…], stacked along a last axis: [sample…, batch…, K]. */
  protected abstract atAll(x: tf.Tensor, f: (d: Distribution, x: tf.Tensor) => tf.Tensor): tf.Tensor;
  /** f of every component, [batch…, event…] each, stacked along the axis before the event. */
  protected abstract ofAll(f: (d: Distribution) => tf.Tensor): tf.Tensor;
  /** Draws of every component, [sample…, batch…, K, event…]. */
  protected abstract drawAll(leading: Shape, key: Key): tf.Tensor;

  get support(): Constraint {
    const [first] = this.every;
    const rule = [...new Set(this.every.map(d => d.support.rule))].join(' or ');
    const {eventRank} = first!.support;
    return {
      name: 'union', rule, eventRank,
      // the densities of the parts, and with them jumps, move with each
      boundBy: this.every.flatMap(d => moversOf(d.support)),
      check: (v, shape) => this.every.some(d => d.support.check(v, shape)),
      contains: x => tf.any(this.atAll(x, (d, t) => d.support.contains(t)), -1),
    };
  }

  get isDiscrete() {
    return this.every.every(d => d.isDiscrete);
  }

  get isReparameterized(): boolean {
    return false;
  }

  override has(method: OptionalMethod): boolean {
    const needs: Partial<Record<OptionalMethod, OptionalMethod[]>> = {
      cdf: ['cdf'], logCdf: ['cdf'], survival: ['cdf'], mean: ['mean'], variance: ['mean', 'variance'], stddev: ['mean', 'variance'],
    };
    super.has(method); // throws for what is no method
    return needs[method]?.every(m => this.every.every(d => d.has(m))) ?? false;
  }

  protected _sample(shape: Shape, key: Key) {
    const [pick, rest] = split(key) as [Key, Key]; // two by default
    const leading = shape.slice(0, shape.length - this.batchShape.length - this.eventShape.length);
    const {weights, batchShape} = this;
    const index = (sameShape(weights.batchShape, batchShape) ? weights : weights.broadcastBatch(batchShape)).sample(leading, {key: pick});
    const all = this.drawAll(leading, rest);
    const event = this.eventShape.length;
    const chosen = oneHotOf(index, this.components);
    const mask = tf.reshape(chosen, [...chosen.shape, ...this.eventShape.map(() => 1)]);
    const drawn = tf.sum(select(tf.greater(mask, 0), all, 0), all.rank - event - 1);
    if (this.dtype !== 'float32') return tf.cast(drawn, this.dtype);
    const {logits, probs} = weights.parameters;
    const given = logits ?? probs;
    const total = isTensor(given) ? tf.sum(given, -1) : null;
    return total === null ? drawn : unlessNaN(drawn, tf.reshape(total, [...total.shape, ...this.eventShape.map(() => 1)])); // NaN weights choose nothing
  }

  /** What is not finite lies in no part, and derivatives of some parts are infinite there: 0 stands for it until its density is thrown away. */
  protected _logProb(x: tf.Tensor) {
    return guard('Real', this.weighed(this.atAll(settle('Real', x), (d, t) => d.logProb(t))), sizeOfValue(this.eventShape, x));
  }

  /** The components have seen to it. */
  protected override get isTotal() {
    return true;
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.sum(tf.mul(tf.exp(this.logWeights()), this.atAll(x, (d, t) => d.cdf(t))), -1);
  }

  protected override _survival(x: tf.Tensor) {
    return tf.sum(tf.mul(tf.exp(this.logWeights()), this.atAll(x, (d, t) => d.survival(t))), -1);
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.weighed(this.atAll(x, (d, t) => d.logCdf(t)));
  }

  protected override _mean() {
    return this.average(this.ofAll(d => d.mean()));
  }

  // E var + var E, the second about the mean, which loses nothing
  protected override _variance() {
    const means = this.ofAll(d => d.mean());
    const axis = means.rank - this.eventShape.length - 1;
    const spread = tf.square(tf.sub(means, tf.expandDims(this.average(means), axis)));
    return this.average(tf.add(this.ofAll(d => d.variance()), spread));
  }

  /** How many components there are. */
  get components(): number {
    return this.weights.classes;
  }

  /** ln Σ w_k e^{a_k} along the last axis. */
  private weighed(a: tf.Tensor): tf.Tensor {
    const {by, value} = classWeights(this.weights);
    return by === 'logits' ? logSumExp(tf.add(tf.logSoftmax(value), a)) : logWeighedSum(value, a);
  }

  /** ln w, [batch…, K]. */
  protected logWeights(): tf.Tensor {
    const {by, value} = classWeights(this.weights);
    return by === 'logits' ? tf.logSoftmax(value) : safeLog(value);
  }

  /** The mean over components of [batch…, K, event…]. */
  private average(t: tf.Tensor): tf.Tensor {
    const w = tf.exp(this.logWeights());
    const axis = t.rank - this.eventShape.length - 1;
    return tf.sum(tf.mul(t, tf.reshape(w, [...w.shape, ...this.eventShape.map(() => 1)])), axis);
  }
}
