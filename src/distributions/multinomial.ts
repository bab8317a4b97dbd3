/** The multinomial distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {readNumbers, shapeOfNumbers} from '../util/numbers.js';
import type {Constraint} from '../constraints/constraint.js';
import {nonNegativeInteger} from '../constraints/numberSets.js';
import {guardVectors, logWeights, simplex} from '../constraints/vectors.js';
import type {ElementParam} from '../random/elements/elementParam.js';
import type {Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {classesKl} from '../functions/divergence/index.js';
import {expm1, safeLog} from '../functions/elementary/index.js';
import {grow} from '../math/grow.js';
import {COUNTS, settle, unlessNaN} from '../functions/guards/index.js';
import {logSoftmax} from '../functions/logarithms/index.js';
import {multinomialTerm} from '../functions/masses/index.js';
import {multinomialTermOfProbs} from '../functions/successes/index.js';
import {select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {drawMultinomial} from '../random/multinomial.js';
import {compositions} from './compositions.js';
import {Distribution, type OptionalMethod, type Param} from './distribution.js';
import {wholeCount} from '../constraints/limits.js';
import {checkSameCount, type IntegerConfig} from './integerDistribution.js';
import {klRule, type KlRule} from './klRule.js';

/** The number of trials, and the weights of the classes, [batch…, classes], as `logits` or `probs`. */
export interface MultinomialConfig extends IntegerConfig {
  /** The number of trials n, [batch…], a whole number in [0, 2^24]; of tensors that is not checked. */
  totalCount: Param;
  /** Log-weights of the classes along the last axis, normalised by softmax; give these or `probs`. */
  logits?: Param;
  /** Probabilities of the classes along the last axis; they must sum to 1. */
  probs?: Param;
}

export interface Multinomial {
  /** Does not exist: values are vectors. */
  cdf(this: never): never;
  /** Does not exist: values are vectors. */
  logCdf(this: never): never;
  /** Does not exist: values are vectors. */
  survival(this: never): never;
  /** Does not exist: values are vectors. */
  quantile(this: never): never;
  /** Does not exist in closed form. */
  mode(this: never): never;
  /** Does not exist in closed form. */
  entropy(this: never): never;
}

/**
 * How often each class occurs in n trials: P(k) = n! Π_i p_i^{k_i} / k_i!. A value is a vector of event shape [classes]
 * that sums to n.
 */
export class Multinomial extends Distribution {
  constructor(config: MultinomialConfig) {
    super(
      'Multinomial',
      config,
      {totalCount: wholeCount, logits: logWeights, probs: simplex},
      {oneOf: [['logits', 'probs']], dtypes: ['float32', 'int32']},
    );
  }

  get support(): Constraint {
    const total = this.parameters['totalCount'];
    return {
      name: 'counts',
      rule: 'whole numbers >= 0 that sum to totalCount along the last axis',
      eventRank: 1,
      check: v => {
        if (typeof v === 'number') return false;
        const all = Array.from(v);
        return (
          all.every(k => nonNegativeInteger.check(k)) &&
          (typeof total !== 'number' || all.reduce((a, b) => a + b, 0) === total)
        );
      },
      contains: x =>
        tf.logicalAnd(
          tf.all(nonNegativeInteger.contains(x), -1),
          tf.equal(tf.sum(x, -1), stopGradient(this.param('totalCount'))),
        ),
      guard: (value, x) => guardVectors(COUNTS, value, x, this.param('totalCount')),
      settle: x => settle(COUNTS, x),
    };
  }

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): false {
    return false;
  }

  /** The number of classes. */
  get classes(): number {
    return this.eventShape[0]!;
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    // one of them was given
    return shapeOfNumbers(this.name, 'logits', (parameters['logits'] ?? parameters['probs'])!).slice(-1);
  }

  /** All values can be listed where totalCount was given as one number. */
  override has(method: OptionalMethod): boolean {
    return super.has(method) && (method !== 'enumerateSupport' || typeof this.parameters['totalCount'] === 'number');
  }

  protected _sample(shape: Shape, key: Key) {
    const read = (name: string): ElementParam => {
      const value = this.parameters[name]!;
      if (isTensor(value)) return name === 'probs' ? safeLog(this.param(name)) : this.param(name);
      const {values, shape} = readNumbers('Multinomial', name, value);
      return {values: Float32Array.from(values, name === 'probs' ? Math.log : v => v), shape};
    };
    const drawn = tf.cast(drawMultinomial(read('totalCount'), read(this.by), shape.slice(0, -1), key), this.dtype);
    const given = this.parameters[this.by]!;
    return this.dtype === 'float32' && isTensor(given)
      ? unlessNaN(drawn, tf.sum(this.param(this.by), -1, true))
      : drawn;
  }

  /**
   * With Stirling's formula k! = k^k e^{−k} e^{h(k)} the mass is e^{h(n) − Σ h(k_i) − Σ D(k_i, n p_i)}, D(a, b) = a
   * ln(a/b) − a + b: terms of which none is large where the mass is not small (after Loader 2000, who has it for two
   * classes).
   */
  protected _logProb(x: tf.Tensor) {
    const n = this.param('totalCount');
    const terms =
      this.by === 'logits'
        ? multinomialTerm(x, this.total(), this.logProbs())
        : multinomialTermOfProbs(x, this.total(), this.param('probs'));
    return tf.sub(multinomialTerm(n, n, 0), tf.sum(terms, -1));
  }

  protected override _mean() {
    return tf.mul(this.total(), this.probs());
  }

  protected override _variance() {
    return tf.mul(this._mean(), this.complements());
  }

  /** The root of each factor, since the variance may leave float32 where this does not. */
  protected override _stddev() {
    const root = this.by === 'logits' ? tf.exp(tf.mul(this.logProbs(), 0.5)) : tf.sqrt(this.param('probs'));
    return tf.mul(tf.sqrt(this.total()), tf.mul(root, tf.sqrt(this.complements())));
  }

  /** n p_i (1 − p_i) on the diagonal, −n p_i p_j off it. */
  protected override _covariance() {
    const products = tf.neg(tf.mul(tf.expandDims(this._mean(), -1), tf.expandDims(this.probs(), -2)));
    const diagonal = tf.eye(this.classes);
    return tf.add(tf.mul(products, tf.sub(1, diagonal)), tf.mul(tf.expandDims(this._variance(), -1), diagonal));
  }

  /** All C(n + classes − 1, classes − 1) of them, the first count falling from n to 0. */
  protected override _enumerateSupport() {
    const total = this.parameters['totalCount'] as number; // `has` has shown that
    const {values, rows} = compositions('Multinomial.enumerateSupport', total, this.classes);
    const all = tf.tensor(values, [rows, ...this.batchShape.map(() => 1), this.classes], 'float32');
    return tf.cast(grow(all, [rows, ...this.batchShape, this.classes]), this.dtype);
  }

  private get by(): 'logits' | 'probs' {
    return this.given('logits') ? 'logits' : 'probs';
  }

  /** n with an axis for the classes. */
  private total(): tf.Tensor {
    return tf.expandDims(this.param('totalCount'), -1);
  }

  private probs(): tf.Tensor {
    return this.by === 'logits' ? tf.softmax(this.param('logits')) : this.param('probs');
  }

  private complements(): tf.Tensor {
    return this.by === 'logits' ? tf.neg(expm1(this.logProbs())) : tf.sub(1, this.param('probs'));
  }

  private logProbs(): tf.Tensor {
    return this.by === 'logits' ? logSoftmax(this.param('logits')) : safeLog(this.param('probs'));
  }

  override klRules(): KlRule[] {
    // n times that of one trial, for equal n
    return [
      klRule<Multinomial, Multinomial>('Multinomial', 'Multinomial', (q, p) => {
        const each = classesKl({by: q.by, value: q.param(q.by)}, {by: p.by, value: p.param(p.by)});
        checkSameCount('Multinomial', q, p);
        const n = q.param('totalCount');
        return tf.mul(select(tf.equal(n, p.param('totalCount')), n, NaN), each);
      }),
    ];
  }
}
