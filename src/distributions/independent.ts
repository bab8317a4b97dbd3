/** Batch axes made event axes. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {broadcastShapes, sizeOf, type Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import type {Key} from '../keys/key.js';
import type {PreImage, PreImageReach} from './preImage.js';
import {Distribution, type DistributionConfig, type OptionalMethod} from './distribution.js';
import {exactKl} from './kl.js';
import {klRule, type KlRule} from './klRule.js';
import {raised} from './parts.js';

/** The distribution of the elements, and how many axes make one value. */
export interface IndependentConfig extends DistributionConfig {
  /** Of the elements; its rightmost batch axes become those of the event. */
  distribution: Distribution;
  /** How many of the rightmost batch axes become event axes; default 1. */
  reinterpretedBatchNdims?: number;
}

/** The largest number of values that `enumerateSupport` lists. */
const MOST_VALUES = 2 ** 20;

/**
 * The distribution of a vector (or array) of independent elements: the rightmost batch axes of `distribution` become
 * event axes, so that `logProb` and `entropy` are sums over them.
 * @example
 * ```ts
 * const q = new st.Independent({distribution: new st.Bernoulli({probs: [0.5, 0.5]})});
 * q.eventShape; // [2]
 * q.logProb([1, 0]); // -1.3863
 * ```
 */
export class Independent extends Distribution {
  /** Of the elements, as it was given. */
  readonly distribution: Distribution;
  /** How many of its rightmost batch axes are event axes here. */
  readonly reinterpretedBatchNdims: number;

  constructor(config: IndependentConfig) {
    checkKeys('Independent', config, ['distribution', 'reinterpretedBatchNdims', 'validateArgs']);
    const {distribution, reinterpretedBatchNdims = 1, validateArgs} = config;
    check(distribution instanceof Distribution, 'Independent', 'distribution must be a distribution', distribution);
    const rank = distribution.batchShape.length;
    check(
      Number.isInteger(reinterpretedBatchNdims) && reinterpretedBatchNdims >= 0 && reinterpretedBatchNdims <= rank,
      'Independent',
      `reinterpretedBatchNdims must be an integer from 0 to ${rank}, the number of batch axes`,
      reinterpretedBatchNdims,
    );
    super('Independent', {validateArgs}, {}, {dtype: distribution.dtype});
    this.distribution = distribution;
    this.reinterpretedBatchNdims = reinterpretedBatchNdims;
    Object.assign(this, this.fieldsOf(distribution));
  }

  override get familyName(): string {
    return `Independent(${this.distribution.familyName})`;
  }

  override get element(): Distribution {
    return this.distribution.element;
  }

  get support(): Constraint {
    const {support} = this.distribution;
    if (this.reinterpretedBatchNdims === 0) return support;
    return {
      ...support,
      eventRank: support.eventRank + this.reinterpretedBatchNdims,
      check: (v, shape) =>
        typeof v === 'number' || support.eventRank > 0
          ? support.check(v, shape)
          : Array.from(v).every(a => support.check(a)),
      guard: undefined,
      contains: x => this.reduce(support.contains(x), t => tf.all(t, this.axes(t))),
    };
  }

  get isDiscrete() {
    return this.distribution.isDiscrete;
  }

  get isReparameterized() {
    return this.distribution.isReparameterized;
  }

  override get isPeriodic() {
    return this.distribution.isPeriodic;
  }

  override get relaxation() {
    return this.distribution.relaxation;
  }

  override get inferredDraw() {
    return this.distribution.inferredDraw;
  }

  override preImage(reach: PreImageReach): PreImage | null {
    const inner = this.distribution.preImage(reach);
    return inner === null
      ? null
      : {...inner, rank: inner.rank + this.reinterpretedBatchNdims, logProb: x => this.total(inner.logProb(x))};
  }

  /** Counted, not listed: the values of one element to the power of the number of elements. */
  override supportSize(): number {
    this.need('enumerateSupport');
    return this.distribution.supportSize() ** sizeOf(this.distribution.batchShape.slice(this.batchShape.length));
  }

  override has(method: OptionalMethod): boolean {
    const never: OptionalMethod[] = ['cdf', 'logCdf', 'survival', 'quantile'];
    return !never.includes(method) && this.distribution.has(method);
  }

  override tensors() {
    return this.distribution.tensors();
  }

  override tensorRanks() {
    return raised(this.distribution.tensorRanks(), this.reinterpretedBatchNdims);
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    const distribution = this.distribution.withTensors(tensors);
    return this.with({distribution, ...this.fieldsOf(distribution)});
  }

  override broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    const elements = this.distribution.batchShape.slice(this.batchShape.length);
    const distribution = this.distribution.broadcastBatch([...full, ...elements], merge && full.length > 1);
    return this.with({distribution, ...this.fieldsOf(distribution)});
  }

  protected override _logProbOfDraw(x: tf.Tensor) {
    return this.total(this.distribution.logProbOfDraw(x));
  }

  protected _sample(shape: Shape, key: Key) {
    const own = this.batchShape.length + this.eventShape.length;
    return this.distribution.sample(shape.slice(0, shape.length - own), {key});
  }

  protected _logProb(x: tf.Tensor) {
    return this.total(this.distribution.logProb(x));
  }

  /** The base has seen to it. */
  protected override get isTotal() {
    return true;
  }

  protected override _mean() {
    return this.distribution.mean();
  }

  protected override _variance() {
    return this.distribution.variance();
  }

  protected override _stddev() {
    return this.distribution.stddev();
  }

  protected override _mode() {
    return this.distribution.mode();
  }

  protected override _entropy() {
    return this.total(this.distribution.entropy());
  }

  /** Every combination of the elements' values, the last element changing fastest. */
  protected override _enumerateSupport() {
    const {distribution, reinterpretedBatchNdims: moved} = this;
    const inner = distribution.enumerateSupport();
    const values = inner.shape[0];
    if (moved === 0 || values === 1) return inner; // the only values of the elements make one value of all
    const outer = this.batchShape.length;
    const elements = distribution.batchShape.slice(outer);
    const n = elements.reduce((a, b) => a * b, 1);
    check(
      values ** n <= MOST_VALUES,
      'Independent.enumerateSupport',
      `there may be at most ${MOST_VALUES} values`,
      values ** n,
    );
    const rows = Math.round(values ** n);
    // gather along [values × elements]: combination r takes, at element j, digit j of r in base `values`
    const index = Int32Array.from({length: rows * n}, (_, i) => {
      const [row, j] = [Math.floor(i / n), i % n];
      return (Math.floor(row / values ** (n - 1 - j)) % values) * n + j;
    });
    const batch = this.batchShape;
    const event = distribution.eventShape;
    const axes = inner.shape.map((_, i) => i);
    // [values, batch…, elements…, event…] to [batch…, values, elements…, event…]
    const forward = [...axes.slice(1, 1 + outer), 0, ...axes.slice(1 + outer)];
    // as float32: webgpu may gather integers with the program that it made for floats
    const flat = tf.reshape(tf.transpose(tf.cast(inner, 'float32'), forward), [...batch, values * n, ...event]);
    const taken = tf.reshape(tf.gather(flat, tf.tensor1d(index, 'int32'), outer), [
      ...batch,
      rows,
      ...elements,
      ...event,
    ]);
    const back = [outer, ...axes.slice(0, outer), ...axes.slice(outer + 1)];
    return tf.cast(tf.transpose(taken, back), inner.dtype);
  }

  /** Parameters and shapes, from those of the base. */
  private fieldsOf(
    distribution: Distribution,
  ): Pick<Distribution, 'parameters' | 'parameterConstraints' | 'batchShape' | 'eventShape'> {
    const split = distribution.batchShape.length - this.reinterpretedBatchNdims;
    return {
      parameters: distribution.parameters,
      parameterConstraints: distribution.parameterConstraints,
      batchShape: distribution.batchShape.slice(0, split),
      eventShape: [...distribution.batchShape.slice(split), ...distribution.eventShape],
    };
  }

  private total(t: tf.Tensor): tf.Tensor {
    return this.reduce(t, u => tf.sum(u, this.axes(u)));
  }

  private reduce(t: tf.Tensor, by: (t: tf.Tensor) => tf.Tensor): tf.Tensor {
    return this.reinterpretedBatchNdims === 0 ? t : by(t);
  }

  /** The rightmost axes of t, which hold the elements. */
  private axes(t: tf.Tensor): number[] {
    return Array.from({length: this.reinterpretedBatchNdims}, (_, i) => t.rank - 1 - i);
  }

  override klRules(): KlRule[] {
    return [
      klRule<Independent, Independent>('Independent', 'Independent', divergence),
      klRule<Independent, Distribution>('Independent', '*', divergence),
    ];
  }
}

/** What an Independent is made of, however often it was wrapped, and how many batch axes in all became event axes. */
export function unwrapped(d: Distribution): {base: Distribution; moved: number} {
  if (!(d instanceof Independent)) return {base: d, moved: 0};
  const {base, moved} = unwrapped(d.distribution);
  return {base, moved: moved + d.reinterpretedBatchNdims};
}

/**
 * The sum over the axes that both reinterpret of the divergence of what is left; over all of q's where p is of single
 * numbers.
 */
function divergence(q: Independent, p: Distribution): tf.Tensor | null {
  const [a, b] = [unwrapped(q), unwrapped(p)];
  const isScalar = p.eventShape.length === 0 && q.eventShape.length > 0;
  const common = isScalar ? a.moved : Math.min(a.moved, b.moved);
  if (common === 0) return a.moved === 0 ? exactKl(a.base, b.moved === 0 ? b.base : p) : null;
  const left = independent(a.base, a.moved - common);
  const right = isScalar ? p : independent(b.base, b.moved - common);
  const each = exactKl(
    left.reinterpretedBatchNdims === 0 ? a.base : left,
    right instanceof Independent && right.reinterpretedBatchNdims === 0 ? b.base : right,
  );
  if (each === null) return null;
  const shape = broadcastShapes('klDivergence', [left.batchShape, right.batchShape]);
  return tf.sum(
    grow(each, shape),
    Array.from({length: common}, (_, i) => shape.length - 1 - i),
  );
}

/**
 * `distribution` with its n rightmost batch axes made event axes (default 1).
 * @example
 * ```ts
 * st.independent(new st.Normal({loc: [0, 0], scale: 1})).logProb([0, 0]); // -1.8379
 * ```
 */
export function independent(distribution: Distribution, n = 1): Independent {
  return new Independent({distribution, reinterpretedBatchNdims: n});
}
