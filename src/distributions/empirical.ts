/** The empirical distribution of observed values. */
import * as tf from '@tensorflow/tfjs-core';
import {shapeOfNumbers} from '../util/numbers.js';
import type {Constraint} from '../constraints/constraint.js';
import {check} from '../util/errors.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {checkInteger} from '../util/options.js';
import {detach, stopGradient} from '../math/stopGradient.js';
import {unlessNaN} from '../functions/guards/index.js';
import {safeLog} from '../functions/elementary/index.js';
import {argMaxLast} from '../random/discrete.js';
import type {Key} from '../keys/key.js';
import {uniform} from '../random/uniform.js';
import {Distribution, type DistributionConfig, type OptionalMethod, type Param} from './distribution.js';
import {sizeOfValue} from './outside.js';

/** The values that `Empirical` is made of. */
export interface EmpiricalConfig extends DistributionConfig {
  /** Observed values, [batch…, n, event…]; an int32 tensor makes the distribution one of int32 values. */
  samples: Param;
  /** How many of the last axes make one value; default 0, for numbers. */
  eventNdims?: number;
}

/** Finite numbers, of which the last `eventRank` axes belong together. */
const finite = (eventRank: number): Constraint => ({
  name: 'finite',
  rule: 'finite numbers',
  eventRank,
  anyShape: true,
  check: v => (typeof v === 'number' ? Number.isFinite(v) : Array.from(v).every(Number.isFinite)),
  contains: x => (eventRank === 0 ? tf.isFinite(x) : tf.all(tf.isFinite(x), lastAxes(x, eventRank))),
});

export interface Empirical {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * P(x) is the fraction of the n samples that equal x. Only mean, variance and stddev have derivatives in the samples.
 */
export class Empirical extends Distribution {
  constructor(config: EmpiricalConfig) {
    super(
      'Empirical',
      config,
      {samples: finite(eventNdimsOf(config) + 1)},
      {options: ['eventNdims'], dtype: dtypeOf(config)},
    );
    check(this.count > 0, 'Empirical', 'there must be at least one sample', this.parameters['samples']);
  }

  get support(): Constraint {
    const rank = this.eventShape.length;
    return {
      ...finite(rank),
      name: 'samples',
      rule: 'one of the samples',
      boundBy: Object.values(this.tensors()),
      contains: x => tf.greater(this.matches(x), 0),
    };
  }

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): false {
    return false;
  }

  /** Of vectors and more there is no quantile. */
  override has(method: OptionalMethod): boolean {
    return super.has(method) && (method !== 'quantile' || this.eventShape.length === 0);
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    // the base class has shown that they are given
    const shape = shapeOfNumbers('Empirical', 'samples', parameters['samples']!);
    // not yet there when the base class asks first, and never another later
    const known = this.eventShape as Shape | undefined;
    return known ?? shape.slice(this.batchShape.length + 1);
  }

  protected _sample(shape: Shape, key: Key) {
    const drawn = shape.slice(0, shape.length - this.eventShape.length);
    const index = uniform(drawn, {low: 0, high: this.count, dtype: 'int32', key});
    return tf.cast(tf.reshape(this.take(index), shape), this.dtype);
  }

  protected _logProb(x: tf.Tensor) {
    return unlessNaN(safeLog(tf.div(this.matches(x), this.count)), sizeOfValue(this.eventShape, x));
  }

  /** The count has told already. */
  protected override get isTotal() {
    return true;
  }

  /** The fraction of the samples of which no element is above that of x. */
  protected override _cdf(x: tf.Tensor) {
    return tf.div(this.compare(x, tf.lessEqual), this.count);
  }

  /** The smallest sample at which the cdf reaches p. */
  protected override _quantile(p: tf.Tensor) {
    const n = this.count;
    // of the fractions 1/n, 2/n, … as the cdf computes them, those below p
    const reached = tf.div(tf.range(1, n + 1), n);
    const rank = tf.sum(tf.cast(tf.less(reached, tf.expandDims(detach(p), -1)), 'int32'), -1);
    const ascending = tf.neg(tf.topk(tf.neg(detach(this.param('samples'))), n).values);
    const index = tf.minimum(rank, tf.scalar(n - 1, 'int32')); // p above 1 becomes NaN later
    return this.take(tf.add(index, tf.zeros(this.batchShape, 'int32')), ascending);
  }

  protected override _mean() {
    return tf.mean(this.param('samples'), this.axis);
  }

  protected override _variance() {
    const samples = this.param('samples');
    return tf.mean(tf.square(tf.sub(samples, tf.mean(samples, this.axis, true))), this.axis);
  }

  /** The sample that occurs most often, the first of several. Time and memory grow with n². */
  protected override _mode() {
    return tf.cast(this.take(argMaxLast(this.occurrences())), this.dtype);
  }

  /** Of the fractions; time and memory grow with n². */
  protected override _entropy() {
    return tf.neg(tf.mean(tf.log(tf.div(this.occurrences(), this.count)), -1));
  }

  /** The number of samples. */
  private get count(): number {
    return shapeOfNumbers('Empirical', 'samples', this.parameters['samples']!)[this.axis]!; // given, as above
  }

  /** The axis of the samples. */
  private get axis(): number {
    return this.batchShape.length;
  }

  /** For each element of x, how many samples stand in the relation to it: float32, [sample…, batch…]. */
  private compare(x: tf.Tensor, relation: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor {
    const rank = this.eventShape.length;
    const each = relation(detach(this.param('samples')), tf.expandDims(stopGradient(x), x.rank - rank));
    const whole = rank === 0 ? each : tf.all(each, lastAxes(each, rank));
    return tf.sum(tf.cast(whole, 'float32'), -1);
  }

  private matches(x: tf.Tensor): tf.Tensor {
    return this.compare(x, tf.equal);
  }

  /** How often the value of each sample occurs among them, [batch…, n]. */
  private occurrences(): tf.Tensor {
    const samples = detach(this.param('samples'));
    const each = tf.equal(tf.expandDims(samples, this.axis), tf.expandDims(samples, this.axis + 1));
    const rank = this.eventShape.length;
    return tf.sum(tf.cast(rank === 0 ? each : tf.all(each, lastAxes(each, rank)), 'float32'), -1);
  }

  /** The samples at the indices [sample…, batch…] into their axis. */
  private take(index: tf.Tensor, samples: tf.Tensor = detach(this.param('samples'))): tf.Tensor {
    const n = this.count;
    const members = sizeOf(this.batchShape);
    const rows = tf.reshape(samples, [members * n, sizeOf(this.eventShape)]);
    const offsets = tf.reshape(tf.mul(tf.range(0, members, 1, 'int32'), tf.scalar(n, 'int32')), this.batchShape);
    const flat = tf.reshape(tf.add(index, offsets), [-1]);
    return tf.reshape(tf.gather(rows, flat), [...index.shape, ...this.eventShape]);
  }
}

function lastAxes(x: tf.Tensor, n: number): number[] {
  return Array.from({length: n}, (_, i) => x.rank - n + i);
}

function eventNdimsOf(config: EmpiricalConfig | undefined): number {
  const {eventNdims = 0} = config ?? {};
  checkInteger('Empirical', 'eventNdims', eventNdims, {least: 0});
  return eventNdims;
}

function dtypeOf(config: EmpiricalConfig | undefined): 'float32' | 'int32' {
  return config?.samples instanceof tf.Tensor && config.samples.dtype === 'int32' ? 'int32' : 'float32';
}
