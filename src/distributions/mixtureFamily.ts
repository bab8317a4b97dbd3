/** What mixtures share: Σ_k w_k p_k, from the weights and the components' values stacked along one axis. */
import * as tf from '@tensorflow/tfjs-core';
import {moversOf} from '../constraints/ends.js';
import type {Constraint} from '../constraints/constraint.js';
import {sameShape, type Shape} from '../util/shapes.js';
import {isTensor, ofType} from '../util/tensors.js';
import {safeLog} from '../functions/elementary/index.js';
import {guard, REAL, settle, unlessNaN} from '../functions/guards/index.js';
import {logSumExp, logWeighedSum} from '../functions/logarithms/index.js';
import {oneHotOf, select} from '../math/numerics.js';
import {split, type Key} from '../keys/key.js';
import type {Categorical} from './categorical.js';
import {classWeights} from './classMask.js';
import {Distribution, type OptionalMethod} from './distribution.js';
import {sizeOfValue} from './outside.js';
import {sharesMap, type PreImage} from './preImage.js';

/** A mixture: what follows from the weights and from a method of each component. */
export abstract class MixtureFamily extends Distribution {
  /** The distribution of the component. */
  protected abstract get weights(): Categorical;
  /** A component, or one that stands for all: what every component has the mixture can build on. */
  protected abstract get every(): readonly Distribution[];
  /**
   * f of every component at x [sample…, batch…, event…], stacked along a last axis: [sample…, batch…, K]; `rank`: the
   * axes of an event, by default those of a value.
   */
  protected abstract atAll(x: tf.Tensor, f: (d: Distribution, x: tf.Tensor) => tf.Tensor, rank?: number): tf.Tensor;
  /** f of every component, [batch…, event…] each, stacked along the axis before the event. */
  protected abstract ofAll(f: (d: Distribution) => tf.Tensor): tf.Tensor;
  /**
   * `of` every component, given with a batch shape that is the mixture's or has the components as its last axis, and a
   * key, along `axis`: [sample…, batch…, K, event…].
   */
  protected abstract drawAll(key: Key, axis: number, of: (d: Distribution, key: Key) => tf.Tensor): tf.Tensor;

  get support(): Constraint {
    const [first] = this.every;
    const rule = [...new Set(this.every.map(d => d.support.rule))].join(' or ');
    const {eventRank} = first!.support;
    return {
      name: 'union',
      rule,
      eventRank,
      // the densities of the parts, and with them jumps, move with each
      boundBy: this.every.flatMap(d => moversOf(d.support)),
      check: (v, shape) => this.every.some(d => d.support.check(v, shape)),
      contains: x =>
        tf.any(
          this.atAll(x, (d, t) => d.support.contains(t)),
          -1,
        ),
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
      cdf: ['cdf'],
      logCdf: ['cdf'],
      survival: ['cdf'],
      mean: ['mean'],
      variance: ['mean', 'variance'],
      stddev: ['mean', 'variance'],
    };
    super.has(method); // throws for what is no method
    return needs[method]?.every(m => this.every.every(d => d.has(m))) ?? false;
  }

  /**
   * That of the components, where one map makes all their values; what was drawn from one of them can then be asked of
   * the others.
   */
  override preImage(): PreImage | null {
    const forms = this.every.map(d => d.preImage('fixed'));
    const [first] = forms;
    if (first == null || !forms.every(form => form !== null && sharesMap(first, form))) return null;
    return {
      ...first,
      base: null,
      sample: (shape, key) => {
        const leading = this.leadingOf(shape);
        return this.choose(leading, key, first.rank, (d, k) =>
          d.preImage('fixed')!.sample([...leading, ...d.batchShape, ...d.eventShape], k),
        ); // of the families above
      },
      logProb: x => this.weighed(this.atAll(x, (d, t) => d.preImage('fixed')!.logProb(t), first.rank)), // as above
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const leading = this.leadingOf(shape);
    const drawn = this.choose(leading, key, this.eventShape.length, (d, k) => d.sample(leading, {key: k}));
    return ofType(drawn, this.dtype);
  }

  private leadingOf(shape: Shape): Shape {
    return shape.slice(0, shape.length - this.batchShape.length - this.eventShape.length);
  }

  /** Of the draws that `of` makes of each component, with so many axes a value, one each, as the weights have it. */
  private choose(leading: Shape, key: Key, rank: number, of: (d: Distribution, key: Key) => tf.Tensor): tf.Tensor {
    const [pick, rest] = split(key) as [Key, Key]; // two by default
    const {weights, batchShape} = this;
    const index = (sameShape(weights.batchShape, batchShape) ? weights : weights.broadcastBatch(batchShape)).sample(
      leading,
      {key: pick},
    );
    const all = this.drawAll(rest, leading.length + batchShape.length, of);
    const one = new Array<number>(rank).fill(1);
    const chosen = oneHotOf(index, this.components);
    const mask = tf.reshape(chosen, [...chosen.shape, ...one]);
    const drawn = tf.sum(select(tf.greater(mask, 0), all, 0), all.rank - rank - 1);
    if (this.dtype !== 'float32') return drawn;
    const {logits, probs} = weights.parameters;
    const given = logits ?? probs;
    const total = isTensor(given) ? tf.sum(given, -1) : null;
    // NaN weights choose nothing
    return total === null ? drawn : unlessNaN(drawn, tf.reshape(total, [...total.shape, ...one]));
  }

  /**
   * What is not finite lies in no part, and derivatives of some parts are infinite there: 0 stands for it until its
   * density is thrown away.
   */
  protected _logProb(x: tf.Tensor) {
    return guard(
      REAL,
      this.weighed(this.atAll(settle(REAL, x), (d, t) => d.logProb(t))),
      sizeOfValue(this.eventShape, x),
    );
  }

  /** The components have seen to it. */
  protected override get isTotal() {
    return true;
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.sum(
      tf.mul(
        tf.exp(this.logWeights()),
        this.atAll(x, (d, t) => d.cdf(t)),
      ),
      -1,
    );
  }

  protected override _survival(x: tf.Tensor) {
    return tf.sum(
      tf.mul(
        tf.exp(this.logWeights()),
        this.atAll(x, (d, t) => d.survival(t)),
      ),
      -1,
    );
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
    return this.average(
      tf.add(
        this.ofAll(d => d.variance()),
        spread,
      ),
    );
  }

  /** How many components there are. */
  get components(): number {
    return this.weights.classes;
  }

  /** ln Σ w_k e^{a_k} along the last axis. */
  protected weighed(a: tf.Tensor): tf.Tensor {
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
