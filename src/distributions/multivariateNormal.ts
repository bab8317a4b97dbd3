/** What the multivariate normal distributions share: loc + L·ε, ε standard normal; they differ in how L is given. */
import * as tf from '@tensorflow/tfjs-core';
import {shapeOfNumbers} from '../util/numbers.js';
import type {Constraint} from '../constraints/constraint.js';
import {realVector} from '../constraints/vectors.js';
import {check} from '../util/errors.js';
import type {Shape} from '../util/shapes.js';
import {detach} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {normalNoise} from '../random/noise.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {asVector} from './independentNormals.js';
import {klRule, type KlRule} from './klRule.js';
import {gaussianDivergence} from './multivariateNormalDivergence.js';
import type {ScaleMatrix} from './multivariateNormalScale.js';

/** What the three multivariate normal families take. */
export interface MultivariateNormalConfig extends DistributionConfig {
  /** The mean, [batch…, n], or [batch…, 1] for n equal elements; default 0. */
  loc?: Param;
}

/** The families of this kind, by name. */
const FAMILIES = ['MultivariateNormalDiag', 'MultivariateNormalTriL', 'MultivariateNormalFullCovariance'];

export interface MultivariateNormal {
  /** Does not exist: values are vectors. */
  cdf(this: never): never;
  /** Does not exist: values are vectors. */
  logCdf(this: never): never;
  /** Does not exist: values are vectors. */
  survival(this: never): never;
  /** Does not exist: values are vectors. */
  quantile(this: never): never;
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * ln p(x) = −|z|²/2 − ln det L − (n/2) ln 2π, z = L⁻¹(x − loc); the covariance is L·Lᵀ. A value is a vector of event
 * shape [n].
 */
export abstract class MultivariateNormal extends Distribution {
  /** @param shaping the name of the parameter that gives L, whose last axis is n */
  protected constructor(name: string, config: MultivariateNormalConfig, shaping: string, constraint: Constraint) {
    super(name, config, {loc: realVector, [shaping]: constraint}, {optional: ['loc']});
    const n = this.eventShape[0]!;
    const width = this.given('loc') ? shapeOfNumbers(name, 'loc', this.parameters['loc']!).slice(-1)[0]! : 1;
    check(
      width === n || width === 1,
      name,
      `the last axis of loc must have length ${n}, as that of ${shaping}, or 1`,
      width,
    );
  }

  /** L, made by the tidy that calls. */
  protected abstract scale(): ScaleMatrix;

  get support() {
    return realVector;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    const [name, value] = Object.entries(parameters).find(([p]) => p !== 'loc')!; // the constructor asks for it
    return shapeOfNumbers(this.name, name, value).slice(-1);
  }

  override get inferredDraw() {
    return (x: tf.Tensor) => {
      const scale = this.scale();
      const noise = tf.squeeze(scale.solve(tf.expandDims(this.centred(x), -1)), [-1]);
      return this.moved(scale.times(detach(noise)));
    };
  }

  protected _sample(shape: Shape, key: Key) {
    return this.moved(this.scale().times(normalNoise(shape, key)));
  }

  protected _logProb(x: tf.Tensor) {
    const scale = this.scale();
    return tf.sub(tf.mul(scale.squares(this.centred(x)), -0.5), this.logNorm(scale, 0));
  }

  protected override _mean() {
    return this.moved(tf.zeros(this.eventShape));
  }

  protected override _mode() {
    return this._mean();
  }

  protected override _variance() {
    return this.scale().variance();
  }

  protected override _stddev() {
    return this.scale().stddev();
  }

  protected override _covariance() {
    return this.scale().covariance();
  }

  protected override _entropy() {
    return this.logNorm(this.scale(), 1);
  }

  /** ln det L + (n/2)(ln 2π + extra). */
  private logNorm(scale: ScaleMatrix, extra: number): tf.Tensor {
    return tf.add(tf.sum(tf.log(scale.diagonal()), -1), 0.5 * this.eventShape[0]! * (Math.log(2 * Math.PI) + extra));
  }

  private centred(x: tf.Tensor): tf.Tensor {
    return this.given('loc') ? tf.sub(x, this.param('loc')) : x;
  }

  private moved(x: tf.Tensor): tf.Tensor {
    return this.given('loc') ? tf.add(x, this.param('loc')) : x;
  }

  /** The mean, and L. */
  private vector(): Vector {
    return {loc: this.moved(tf.zeros(this.eventShape)), scale: this.scale()};
  }

  override klRules(): KlRule[] {
    const toNumbers = (q: MultivariateNormal, p: Distribution) => divergence(q.vector(), asVector(p, q.eventShape[0]!));
    return [
      ...FAMILIES.map(p =>
        klRule<MultivariateNormal, MultivariateNormal>(this.name, p, (a, b) => divergence(a.vector(), b.vector())),
      ),
      klRule<MultivariateNormal, Distribution>(this.name, 'Independent', toNumbers),
      klRule<MultivariateNormal, Distribution>(this.name, 'Normal', toNumbers),
      klRule<Distribution, MultivariateNormal>('Independent', this.name, (q, p) =>
        divergence(asVector(q, p.eventShape[0]!), p.vector()),
      ),
    ];
  }
}

interface Vector {
  loc: tf.Tensor;
  scale: ScaleMatrix;
}

/** Null where one of them is no vector of normal numbers. */
function divergence(q: Vector | null, p: Vector | null): tf.Tensor | null {
  return q && p && gaussianDivergence(q.scale, p.scale, tf.sub(q.loc, p.loc));
}
