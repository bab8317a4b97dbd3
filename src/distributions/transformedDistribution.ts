/** The distribution of g(X). */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {real} from '../constraints/numberSets.js';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {broadcastShapes, sizeOf, type Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {indicator, REAL, unlessNaN} from '../functions/guards/index.js';
import {select} from '../math/numerics.js';
import {detach, stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {Distribution, type DistributionConfig, type OptionalMethod} from './distribution.js';
import {Independent} from './independent.js';
import {exactKl} from './kl.js';
import {klRule, type KlRule} from './klRule.js';
import type {ContinuousLaw, PreImage, PreImageReach} from './preImage.js';
import {prefixed, raised, unprefixed} from './parts.js';
import {Bijector} from './transforms/bijector.js';

/** A number beyond which every map that saturates has done so. */
const FAR = 1e15;

/** The distribution of X, and the map. */
export interface TransformedDistributionConfig extends DistributionConfig {
  /** Of X; continuous. */
  distribution: Distribution;
  /** The map g. */
  bijector: Bijector;
}

/**
 * Y = g(X): ln p(y) = ln p_X(g⁻¹(y)) + ln |det ∂g⁻¹(y)/∂y|. Parameters of the bijector are parameters of the
 * distribution; they must broadcast with the batch and event axes.
 *
 * A map of numbers has cdf and quantile if X has; an affine one keeps mean, mode and entropy, and the variance if it
 * acts on numbers. `logProb` inverts the map: where g saturates in float32 (tanh beyond 9) it is that of the rounded
 * value. `sampleAndLogProb` and a random node's `logProb()` take that of the x that was drawn.
 * @example
 * ```ts
 * const normal = new st.Normal({loc: 0, scale: 1});
 * const q = new st.TransformedDistribution({distribution: normal, bijector: new st.bijectors.Exp()});
 * q.logProb(1); // -0.9189
 * q.cdf(1); // 0.5
 * ```
 */
export class TransformedDistribution extends Distribution {
  /** That of X, as it was given. */
  readonly distribution: Distribution;
  /** The map g, as it was given. */
  readonly bijector: Bijector;

  constructor(config: TransformedDistributionConfig) {
    const who = 'TransformedDistribution';
    checkKeys(who, config, ['distribution', 'bijector', 'validateArgs']);
    const {distribution, bijector, validateArgs} = config;
    check(distribution instanceof Distribution, who, 'distribution must be a distribution', distribution);
    check(bijector instanceof Bijector, who, 'bijector must be a bijector', bijector);
    check(!distribution.isDiscrete, who, 'distribution must be continuous', distribution.familyName);
    check(
      distribution.eventShape.length >= bijector.inputRank,
      who,
      `distribution must have at least ${bijector.inputRank} event axes for ${bijector.name}`,
      distribution.eventShape,
    );
    super(who, {validateArgs}, {}, {dtype: distribution.dtype});
    this.distribution = distribution;
    this.bijector = bijector;
    Object.assign(this, fieldsOf(distribution, bijector));
  }

  override get familyName(): string {
    return `TransformedDistribution(${this.bijector.name}, ${this.distribution.familyName})`;
  }

  get support(): Constraint {
    const {bijector, distribution} = this;
    const {codomain} = bijector;
    const extra = this.eventShape.length - codomain.eventRank;
    return {
      ...bijector.imageOf(distribution.support),
      name: codomain.name,
      rule:
        distribution.support === real
          ? codomain.rule
          : `in the image of ${distribution.support.rule} under ${bijector.name}`,
      eventRank: this.eventShape.length,
      check: (v, shape) =>
        extra === 0 || typeof v === 'number' ? codomain.check(v, shape) : Array.from(v).every(a => codomain.check(a)),
      contains: y => {
        const inside = codomain.contains(y);
        const all =
          extra === 0
            ? inside
            : tf.all(
                inside,
                Array.from({length: extra}, (_, i) => inside.rank - 1 - i),
              );
        return tf.logicalAnd(all, distribution.support.contains(bijector.inverse(y)));
      },
    };
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized() {
    return this.distribution.isReparameterized;
  }

  override get inferredDraw() {
    const {
      distribution: {inferredDraw},
      bijector,
    } = this;
    if (inferredDraw === null) return null;
    // Where g saturates its inverse is infinite; any number so far out gives the same value, and derivatives of 0.
    return (y: tf.Tensor) => {
      const x = detach(bijector.inverse(y));
      // a GPU may take the exponential of NaN for a number
      return unlessNaN(bijector.forward(inferredDraw(unlessNaN(tf.clipByValue(x, -FAR, FAR), x))), y);
    };
  }

  override preImage(reach: PreImageReach): PreImage | null {
    const {distribution, bijector, batchShape} = this;
    const {fixed: outer, moved} = reach === 'whole' ? {fixed: bijector, moved: null} : bijector.splitFixed();
    if (outer === null) return null;
    const rest = moved === null ? distribution : new TransformedDistribution({distribution, bijector: moved});
    const inner = rest.preImage(reach);
    if (inner === null && outer.isConstantJacobian) return null; // it saturates nowhere
    const rank = rest.eventShape.length;
    const isSame = outer.valueShapes().every(({length}) => length === 0);
    return {
      rank: inner?.rank ?? rank,
      map: isSame && inner?.map !== null ? [outer, ...(inner?.map ?? [])] : null,
      base: inner !== null ? inner.base : numbersOf(rest),
      sample: (shape, key) => {
        const leading = shape.slice(0, shape.length - batchShape.length - this.eventShape.length);
        const from = withBatch(rest, batchShape);
        if (inner === null) return from.sample(leading, {key});
        // of one family with `rest`
        return from.preImage(reach)!.sample([...leading, ...from.batchShape, ...from.eventShape], key);
      },
      value: x => outer.forward(inner?.value(x) ?? x),
      logProb: x => {
        const u = inner?.value(x) ?? x;
        return tf.sub(inner?.logProb(x) ?? rest.logProbOfDraw(u), outer.forwardLogDetJacobian(u, rank));
      },
      inverse: y => {
        const u = outer.settledInverse(y, this.eventShape.length).x;
        return inner?.inverse(u) ?? u;
      },
    };
  }

  override has(method: OptionalMethod): boolean {
    super.has(method); // throws for what is no method
    const {distribution, bijector} = this;
    const numbers = this.eventShape.length === 0 && bijector.inputRank === 0;
    const affine = bijector.isConstantJacobian;
    switch (method) {
      case 'cdf':
      case 'survival':
      case 'logCdf':
      case 'quantile':
        return numbers && distribution.has(method === 'quantile' ? method : 'cdf');
      case 'mean':
      case 'mode':
      case 'entropy':
        return affine && distribution.has(method);
      case 'variance':
      case 'stddev':
        return affine && bijector.inputRank === 0 && distribution.has(method);
      case 'covariance':
      case 'enumerateSupport':
        return false;
    }
  }

  override tensors() {
    return {...prefixed('distribution', this.distribution.tensors()), ...prefixed('bijector', this.bijector.tensors())};
  }

  override tensorRanks() {
    const {distribution, bijector} = this;
    // batch axes that have become axes of a value
    const taken = Math.max(0, bijector.inputRank - distribution.eventShape.length);
    return {
      ...prefixed('distribution', raised(distribution.tensorRanks(), taken)),
      ...prefixed('bijector', bijector.tensorRanks(this.eventShape.length)),
    };
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    const parts = unprefixed(this.familyName, tensors, ['distribution', 'bijector']);
    return this.withParts(
      this.distribution.withTensors(parts['distribution']!),
      this.bijector.withTensors(parts['bijector']!),
    );
  }

  override broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    const joined = merge && full.length > 1;
    const extra = this.eventShape.slice(0, this.eventShape.length - this.bijector.outputRank);
    const join = (t: tf.Tensor) => (joined ? tf.reshape(t, [t.shape[0] * t.shape[1]!, ...t.shape.slice(2)]) : t);
    return this.withParts(
      this.distribution.broadcastBatch(full, joined),
      this.bijector.expand([...full, ...extra], join),
    );
  }

  protected _sample(shape: Shape, key: Key) {
    const leading = shape.slice(0, shape.length - this.batchShape.length - this.eventShape.length);
    return this.bijector.forward(withBatch(this.distribution, this.batchShape).sample(leading, {key}));
  }

  protected _logProb(y: tf.Tensor) {
    const {x, volume} = this.bijector.settledInverse(y, this.eventShape.length);
    return tf.add(this.distribution.logProb(x), volume);
  }

  protected override _cdf(y: tf.Tensor) {
    return this.below(y, 0, 1, [x => this.distribution.cdf(x), x => this.distribution.survival(x)]);
  }

  protected override _survival(y: tf.Tensor) {
    return this.below(y, 1, 0, [x => this.distribution.survival(x), x => this.distribution.cdf(x)]);
  }

  protected override _logCdf(y: tf.Tensor) {
    return this.below(y, -Infinity, 0, [
      x => this.distribution.logCdf(x),
      x => this.distribution.logSurvivalOfNumber(x),
    ]);
  }

  /** An infinite quantile of X is an end of g: a constant, since no parameter bears on it. */
  protected override _quantile(p: tf.Tensor) {
    const {bijector, distribution} = this;
    const {direction} = bijector;
    const other = tf.sub(1, p);
    const level = direction === 1 ? p : direction === -1 ? other : select(tf.greater(direction!, 0), p, other);
    const first = detach(distribution.quantile(detach(level)));
    const inside = tf.isFinite(first);
    return select(
      inside,
      bijector.forward(distribution.quantile(select(inside, level, 0.5))),
      detach(bijector.forward(first)),
    );
  }

  protected override _mean() {
    return this.bijector.forward(this.distribution.mean());
  }

  protected override _mode() {
    return this.bijector.forward(this.distribution.mode());
  }

  protected override _stddev() {
    const sd = this.distribution.stddev();
    return tf.mul(sd, tf.exp(this.bijector.forwardLogDetJacobian(tf.zerosLike(sd))));
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _entropy() {
    const {distribution, bijector} = this;
    const zeros = tf.zeros([...distribution.batchShape, ...distribution.eventShape]);
    return tf.add(distribution.entropy(), bijector.forwardLogDetJacobian(zeros, distribution.eventShape.length));
  }

  /** The rising rule of x where g rises, the falling one where it falls, and the ends outside the range of g. */
  private below(
    y: tf.Tensor,
    low: number,
    high: number,
    [rising, falling]: [(x: tf.Tensor) => tf.Tensor, (x: tf.Tensor) => tf.Tensor],
  ): tf.Tensor {
    const {direction} = this.bijector;
    const inverse = detach(this.bijector.inverse(stopGradient(y)));
    const inside = tf.isFinite(inverse);
    const {x} = this.bijector.settledInverse(y, 0);
    const value =
      direction === 1
        ? rising(x)
        : direction === -1
          ? falling(x)
          : select(grow(tf.greater(direction!, 0), x.shape), rising(x), falling(x));
    // g has no value there: y lies beyond one of its ends, so it compares with any value of g
    const isLow = tf.less(stopGradient(y), stopGradient(this.bijector.forward(1)));
    return select(inside, value, tf.add(select(isLow, low, high), tf.mul(indicator(REAL, y), 0))); // NaN for NaN
  }

  private withParts(distribution: Distribution, bijector: Bijector): this {
    return this.with({distribution, bijector, ...fieldsOf(distribution, bijector)});
  }

  override klRules(): KlRule[] {
    return [
      klRule<TransformedDistribution, TransformedDistribution>(
        'TransformedDistribution',
        'TransformedDistribution',
        (q, p) => {
          check(
            q.bijector.equals(p.bijector),
            'klDivergence',
            'two TransformedDistributions must share one bijector, or have equal ones',
            [q.bijector.name, p.bijector.name],
          );
          const kl = exactKl(q.distribution, p.distribution);
          return kl === null ? null : withoutDerivative(kl, apart(q.bijector, p.bijector));
        },
      ),
    ];
  }
}

/** What the elements of a value are distributed as, if they are numbers with a distribution function. */
function numbersOf(q: Distribution): ContinuousLaw | null {
  const d = q instanceof Independent ? q.distribution : q;
  return d.isDiscrete || d.eventShape.length > 0 || !d.has('cdf')
    ? null
    : {cdf: x => d.cdf(x), logProb: x => d.logProb(x)};
}

function withBatch(distribution: Distribution, batch: Shape): Distribution {
  const own = batch.length === distribution.batchShape.length && sizeOf(batch) === sizeOf(distribution.batchShape);
  return own ? distribution : distribution.broadcastBatch(batch);
}

function fieldsOf(distribution: Distribution, bijector: Bijector) {
  const value = bijector.forwardShape([...distribution.batchShape, ...distribution.eventShape]);
  const rank = distribution.eventShape.length + bijector.outputRank - bijector.inputRank;
  const shape = broadcastShapes('TransformedDistribution', [value, ...bijector.valueShapes()]);
  const split = shape.length - rank;
  return {
    parameters: {...prefixed('distribution', distribution.parameters), ...prefixed('bijector', bijector.parameters)},
    parameterConstraints: prefixed('distribution', distribution.parameterConstraints), // a map's own are not known here
    batchShape: shape.slice(0, split),
    eventShape: shape.slice(split),
  };
}

/** The tensors of one of two maps that are not the other's as well. */
function apart(a: Bijector, b: Bijector): tf.Tensor[] {
  const [first, second] = [Object.values(a.tensors()), Object.values(b.tensors())];
  return [...first.filter(t => !second.includes(t)), ...second.filter(t => !first.includes(t))];
}

/**
 * t, with NaN for its derivatives by `parameters`: they are known to be equal, not what comes of moving one of them.
 */
function withoutDerivative(t: tf.Tensor, parameters: readonly tf.Tensor[]): tf.Tensor {
  if (parameters.length === 0) return t;
  const op = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => ({
    value: tf.clone(args[0] as tf.Tensor), // tfjs passes the tensors first
    gradFunc: (dy: tf.Tensor) => [dy, ...parameters.map(p => tf.fill(p.shape, NaN))],
  }));
  return op(t, ...parameters);
}
