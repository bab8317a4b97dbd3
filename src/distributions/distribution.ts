/**
 * The base class of all distributions: shapes, arguments and memory live here, a family adds only its own mathematics.
 */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor, shapeOfNumbers, type Numbers} from '../util/numbers.js';
import {checkInside} from '../constraints/check.js';
import {moversOf} from '../constraints/ends.js';
import type {Constraint} from '../constraints/constraint.js';
import {unitInterval} from '../constraints/numberSets.js';
import {fail, failUnknown, isNameIn} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {needBackend} from '../util/backend.js';
import {tellOutOfMemory} from '../util/outOfMemory.js';
import {broadcastShapes, checkSize, sameShape, toShape, type Shape} from '../util/shapes.js';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {keyOrNext} from '../random/drawOptions.js';
import {ensureBase} from '../kernels/base.js';
import type {KlRule} from './klRule.js';
import {Parameterized} from './parameterized.js';
import {grow} from '../math/grow.js';
import {unlessNaN} from '../functions/guards/index.js';
import {safeLog} from '../functions/elementary/index.js';
import {logOfTail} from '../functions/logarithms/index.js';
import {select} from '../math/numerics.js';
import {RULES, type OptionalMethod} from './optionalMethods.js';
import {guarded, withinEnds} from './outside.js';
import type {PreImage, PreImageReach} from './preImage.js';
import type {Relaxation} from './relaxation.js';

export type {DistributionConfig} from './parameterized.js';
export type {OptionalMethod} from './optionalMethods.js';
export type {Numbers as Param} from '../util/numbers.js';
export type {PreImage, PreImageReach} from './preImage.js';
export type {Relaxation} from './relaxation.js';

/** What draws are made from. */
export interface SampleOptions {
  /** From `random.key`, `split` or `foldIn`; without one the default stream gives it. */
  key?: Key;
}

/** Draws with their log-probabilities. */
export type SampleAndLogProb = {
  /** [sample…, batch…, event…] */
  value: tf.Tensor;
  /** [sample…, batch…] */
  logProb: tf.Tensor;
};

/**
 * A batch of independent distributions of one family.
 *
 * Shapes: parameters broadcast to `batchShape`; one value has `eventShape`; a sample has [sample…, batch…, event…];
 * `logProb` drops the event axes. Parameters given as tensors stay the caller's: they are never disposed, and read only
 * with `validateArgs`. A family implements `_sample`, `_logProb` and whichever of the other rules exist for it, in
 * terms of `this.param(name)`; what it lacks its type says too, by `method(this: never): never` in an interface that is
 * merged with its class.
 */
export abstract class Distribution extends Parameterized {
  /** The name with those of the distributions that this one is made of, for messages. */
  get familyName(): string {
    return this.name;
  }

  /** What the elements of an event are drawn from, each by itself, where they are; else the distribution itself. */
  get element(): Distribution {
    return this;
  }

  /** Closed forms of KL(q ‖ p) with q or p of this family; `klDivergence` looks for them in those of q, then of p. */
  klRules(): readonly KlRule[] {
    return [];
  }

  /** The set of values with positive density or mass. */
  abstract get support(): Constraint;
  /** Whether values are counts, classes or the like, so that `prob` is a mass; else it is a density. */
  abstract get isDiscrete(): boolean;
  /** Whether a sample is a differentiable function of the parameters and of noise that does not depend on them. */
  abstract get isReparameterized(): boolean;
  /**
   * Whether values are angles, of which −π and π are the same: functions of them must have the period 2π for their
   * pathwise derivatives to be right.
   */
  get isPeriodic(): boolean {
    return false;
  }
  /**
   * Whether parameters given as tensors move the set of possible values, as the bounds of a Uniform do. No derivative
   * of ln p sees that, so estimators that rest on the score would be wrong without a word; they refuse such
   * distributions. Bounds given as numbers do not move. What the bounds are, `support` says.
   */
  get movesSupport(): boolean {
    return moversOf(this.support).length > 0;
  }
  /** The continuous z behind a discrete value, where the family has one. */
  get relaxation(): Relaxation | null {
    return null;
  }

  /**
   * A value x, [batch…, event…], as the draw that it was: equal to x, and a function of the parameters with the noise
   * that x came of held constant, so that it has the pathwise derivatives of that draw. x itself is held constant. Null
   * where a family has no such form. Call it in a tidy.
   */
  get inferredDraw(): ((x: tf.Tensor) => tf.Tensor) | null {
    return null;
  }

  /**
   * Where values come of a map that saturates or overflows: what they were before it. Null in other families. Call it
   * in a tidy.
   */
  preImage(_reach: PreImageReach): PreImage | null {
    return null;
  }

  /** Draws values of the given full shape [sample…, batch…, event…]. */
  protected abstract _sample(shape: Shape, key: Key): tf.Tensor;
  /** Log-density or log-mass at x (float32) of the support; elsewhere the base class puts −∞ in its place. */
  protected abstract _logProb(x: tf.Tensor): tf.Tensor;
  /**
   * P(X <= x), [sample…, batch…], for x within the ends of the support. This rule and those below are optional: a
   * family has the methods that its rules are enough for, and `has` tells.
   */
  protected _cdf?(x: tf.Tensor): tf.Tensor;
  /** ln P(X <= x), as `_cdf`; where it is missing ln of that. */
  protected _logCdf?(x: tf.Tensor): tf.Tensor;
  /** P(X > x), as `_cdf`; where it is missing 1 − that. */
  protected _survival?(x: tf.Tensor): tf.Tensor;
  /** ln P(X > x), as `_cdf`, where it can be had in the far tail. */
  protected _logSurvival?(x: tf.Tensor): tf.Tensor;
  /** The value at which the cdf is p, for p in [0, 1], of the shape to which p and the batch broadcast. */
  protected _quantile?(p: tf.Tensor): tf.Tensor;
  /** The mean, of a shape that broadcasts to [batch…, event…], as all that follow but the last three. */
  protected _mean?(): tf.Tensor;
  /** The variance of each element. */
  protected _variance?(): tf.Tensor;
  /** The standard deviation of each element; where it is missing the root of the variance. */
  protected _stddev?(): tf.Tensor;
  /** A value of greatest probability; NaN where there is none. */
  protected _mode?(): tf.Tensor;
  /** The covariance matrix of a vector, [batch…, event, event]. */
  protected _covariance?(): tf.Tensor;
  /** −E ln p in nats, [batch…]. */
  protected _entropy?(): tf.Tensor;
  /** All values of a discrete distribution, [values, batch…, event…]. */
  protected _enumerateSupport?(): tf.Tensor;

  /**
   * Independent draws, of shape [sample…, batch…, event…] and of the family's dtype. Differentiable in parameters given
   * as tensors if `isReparameterized`, else constant.
   * @throws if the shape is not made of integers >= 0, or the key is not a key
   */
  sample(shape?: number | number[], options: SampleOptions = {}): tf.Tensor {
    const {who, full, key} = this.order('sample', shape, options);
    return this.inMemory(who, full, () =>
      tf.tidy(() => {
        const drawn = this._sample(full, key);
        return this.isReparameterized ? drawn : stopGradient(drawn);
      }),
    );
  }

  /**
   * Draws, as `sample` with that key gives them, and ln p of each, from what was drawn rather than from the value that
   * it became: tanh of a normal value of 10 is 1 in float32, and its log-probability still finite. `logProb` is
   * differentiable in parameters given as tensors, through the draw as well if `isReparameterized`.
   * @throws if the shape is not made of integers >= 0, or the key is not a key
   */
  sampleAndLogProb(shape?: number | number[], options: SampleOptions = {}): SampleAndLogProb {
    const {who, full, key} = this.order('sampleAndLogProb', shape, options);
    const batched = full.slice(0, full.length - this.eventShape.length);
    return this.inMemory(who, full, () =>
      tf.tidy(() => {
        const preImage = this.preImage(this.isReparameterized ? 'whole' : 'fixed');
        const drawn = preImage === null ? this._sample(full, key) : preImage.sample(full, key);
        const x = this.isReparameterized ? drawn : stopGradient(drawn);
        const value = preImage === null ? x : preImage.value(x);
        return {value, logProb: this.own(preImage === null ? this.logProbOfDraw(value) : preImage.logProb(x), batched)};
      }),
    );
  }

  /** ln p(value): [sample…, batch…], where value broadcasts to [sample…, batch…, event…]; −∞ outside the support. */
  logProb(value: Numbers): tf.Tensor {
    return this.atValue('logProb', value, x => this.logProbOf(x));
  }

  /** p(value), as `logProb`; 0 outside the support. */
  prob(value: Numbers): tf.Tensor {
    return this.atValue('prob', value, x => {
      const logProb = this.logProbOf(x);
      return unlessNaN(tf.exp(logProb), logProb); // a GPU may take the exponential of NaN for a number
    });
  }

  /** F(value) = P(X <= value). */
  cdf(value: Numbers): tf.Tensor {
    this.need('cdf');
    return this.atValue('cdf', value, x => this.cumulative(x));
  }

  /** ln F(value), accurate in the lower tail where the family says so. */
  logCdf(value: Numbers): tf.Tensor {
    this.need('logCdf');
    return this.atValue('logCdf', value, x => withinEnds(this, x, -Infinity, 0, t => this.logCdfWithin(t)));
  }

  /** P(X > value), accurate in the upper tail where the family says so. */
  survival(value: Numbers): tf.Tensor {
    this.need('survival');
    return this.atValue('survival', value, x =>
      withinEnds(this, x, 1, 0, t => (this._survival ? this._survival(t) : tf.sub(1, this.cumulative(t)))),
    );
  }

  /**
   * ln P(X > x), of a number x, where the family has a cdf; it keeps digits that `survival` has none of. Call it in a
   * tidy.
   */
  logSurvivalOfNumber(x: tf.Tensor): tf.Tensor {
    return withinEnds(this, x, 0, -Infinity, t =>
      this._logSurvival !== undefined ? this._logSurvival(t) : logOfTail(this.survival(t), this.cdf(t)),
    );
  }

  /** The value at which the cdf is p, of p's shape broadcast with the batch; NaN for p outside [0, 1]. */
  quantile(p: Numbers): tf.Tensor {
    this.need('quantile');
    const who = `${this.name}.quantile`;
    const shape = broadcastShapes(who, [shapeOfNumbers(who, 'p', p), this.batchShape]);
    if (this.validateArgs) checkInside(who, 'p', p, unitInterval);
    return tf.tidy(() => {
      const at = floatTensor(who, 'p', p);
      const guard = select(unitInterval.contains(stopGradient(at)), 0, NaN);
      return this.own(tf.add(this._quantile!(at), guard), shape);
    });
  }

  /** The mean, [batch…, event…]. */
  mean(): tf.Tensor {
    return this.ofBatch('mean', () => this._mean!());
  }

  /** The variance of each element, [batch…, event…]. */
  variance(): tf.Tensor {
    return this.ofBatch('variance', () => this._variance!());
  }

  /** The standard deviation of each element, [batch…, event…]. */
  stddev(): tf.Tensor {
    return this.ofBatch('stddev', () => (this._stddev ? this._stddev() : tf.sqrt(this._variance!())));
  }

  /** The covariance matrix of a vector, [batch…, event, event]. */
  covariance(): tf.Tensor {
    this.need('covariance');
    return tf.tidy(() => this.own(this._covariance!(), [...this.batchShape, ...this.eventShape, ...this.eventShape]));
  }

  /** A value of greatest probability, [batch…, event…]. */
  mode(): tf.Tensor {
    return this.ofBatch('mode', () => this._mode!());
  }

  /** −E ln p, in nats, [batch…]. */
  entropy(): tf.Tensor {
    this.need('entropy');
    return tf.tidy(() => this.own(this._entropy!(), this.batchShape));
  }

  /** All values of a discrete distribution, [values, batch…, event…]. */
  enumerateSupport(): tf.Tensor {
    this.need('enumerateSupport');
    return tf.tidy(() => this._enumerateSupport!());
  }

  /** The number of values that `enumerateSupport` lists. */
  supportSize(): number {
    this.need('enumerateSupport');
    return tf.tidy(() => this._enumerateSupport!().shape[0]);
  }

  /** Whether this family has the method. */
  has(method: OptionalMethod): boolean {
    if (!isNameIn(RULES, method)) failUnknown(`${this.name}.has`, 'method', method, Object.keys(RULES));
    return RULES[method].some(rule => this[rule] !== undefined);
  }

  private order(
    method: string,
    shape: number | number[] | undefined,
    options: SampleOptions,
  ): {who: string; full: Shape; key: Key} {
    const who = `${this.name}.${method}`;
    const full = checkSize(who, [...toShape(who, shape), ...this.batchShape, ...this.eventShape]);
    checkKeys(who, options, ['key']);
    const key = keyOrNext(who, options.key);
    ensureBase();
    return {who, full, key};
  }

  /**
   * As `logProb`, for a value drawn from this very distribution: it lies in the support, so nothing is spent on finding
   * out. Call it in a tidy.
   */
  logProbOfDraw(value: tf.Tensor): tf.Tensor {
    const who = `${this.name}.logProbOfDraw`;
    this.batchOfValue(who, shapeOfNumbers(who, 'value', value));
    return this._logProbOfDraw(floatTensor(who, 'value', value));
  }

  /** As `_logProb`, for a value that is known to lie in the support. */
  protected _logProbOfDraw(x: tf.Tensor): tf.Tensor {
    return this._logProb(x);
  }

  /**
   * Whether `_logProb` itself is −∞ wherever the density is 0, with derivatives that are not NaN, and NaN for NaN:
   * nothing needs to be seen to then. Families for which that is so override it.
   */
  protected get isTotal(): boolean {
    return false;
  }

  /**
   * ln p: the formula, for a value moved into the support where x lies outside, so that no derivative of what is thrown
   * away is infinite.
   */
  private logProbOf(x: tf.Tensor): tf.Tensor {
    if (this.isTotal) return this._logProb(x);
    return guarded(this, this._logProb(this.support.settle?.(x) ?? x), x);
  }

  private logCdfWithin(x: tf.Tensor): tf.Tensor {
    if (this._logCdf !== undefined) return this._logCdf(x);
    return this._survival === undefined ? safeLog(this._cdf!(x)) : logOfTail(this._cdf!(x), this._survival(x));
  }

  private cumulative(x: tf.Tensor): tf.Tensor {
    return withinEnds(this, x, 0, 1, t => (this._cdf ? this._cdf(t) : tf.exp(this._logCdf!(t))));
  }

  /** Throws, with the methods that there are, unless this family has the method. */
  protected need(method: OptionalMethod): void {
    needBackend(); // with numbers as parameters some make the first tensor of the program
    if (this.has(method)) return;
    const all = Object.keys(RULES) as OptionalMethod[]; // the keys of a constant record
    fail(
      this.name,
      `${method} does not exist, it has ${['logProb', 'prob', ...all.filter(m => this.has(m))].join(', ')}`,
    );
  }

  private ofBatch(method: OptionalMethod, compute: () => tf.Tensor): tf.Tensor {
    this.need(method);
    return tf.tidy(() => this.own(compute(), [...this.batchShape, ...this.eventShape]));
  }

  /**
   * Reads and checks a value, then computes with it in a tidy; the result has the broadcast of its shape with the
   * batch.
   */
  private atValue(method: string, value: Numbers, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
    const who = `${this.name}.${method}`;
    const out = this.batchOfValue(who, shapeOfNumbers(who, 'value', value));
    if (this.validateArgs) checkInside(who, 'value', value, this.support);
    return this.inMemory(who, out, () =>
      tf.tidy(() => this.own(compute(floatTensor(who, 'value', value)), out, value)),
    );
  }

  /** [sample…, batch…] of a value of that shape and this batch; throws unless they fit. */
  private batchOfValue(who: string, shape: Shape): Shape {
    const event = this.eventShape.length;
    if (!sameShape(shape.slice(Math.max(0, shape.length - event)), this.eventShape)) {
      fail(who, `value must end in the event shape [${this.eventShape.join(',')}], got the shape [${shape.join(',')}]`);
    }
    return broadcastShapes(who, [shape.slice(0, shape.length - event), this.batchShape]);
  }

  /** Runs `fn`, whose result is to have that shape; a lack of memory is told as such. */
  private inMemory<T>(who: string, shape: Shape, fn: () => T): T {
    try {
      return fn();
    } catch (error) {
      tellOutOfMemory(who, error, () => `on the way to a result of shape [${shape.join(',')}]`);
      throw error;
    }
  }

  /** t grown to `shape`; never the very tensor that the caller gave, so that results can be disposed. */
  private own(t: tf.Tensor, shape: Shape, value?: Numbers): tf.Tensor {
    if (!sameShape(t.shape, shape)) return grow(t, shape);
    return t === value || Object.values(this.parameters).includes(t) ? tf.clone(t) : t;
  }
}
