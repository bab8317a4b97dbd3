/** Student's t distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {positive, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {studentTEntropy} from '../functions/gammaKl/index.js';
import {implicitStudentT} from '../functions/implicit/index.js';
import {select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';
import {studentTCdf, studentTLogCdf, studentTLogDensity, studentTQuantile} from '../functions/studentT/index.js';
import {drawStudentT} from '../random/gamma.js';
import type {Key} from '../keys/key.js';
import type {DistributionConfig, Param} from './distribution.js';
import {Standardised} from './standardised.js';

/** Parameters of `StudentT`; they broadcast to [batch…]. */
export interface StudentTConfig extends DistributionConfig {
  /** Degrees of freedom, > 0; they need not be whole. */
  df: Param;
  /** The median, and the mean where df > 1; any finite number. */
  loc: Param;
  /** Greater than 0; not the standard deviation, which is scale·√(df/(df − 2)). */
  scale: Param;
}

/**
 * p(x) = (1 + z²/df)^{−(df+1)/2} / (scale √df B(df/2, ½)), z = (x − loc)/scale. Samples are differentiable in all
 * parameters (in df implicitly: Figurnov et al. 2018). The mean is NaN where df <= 1; the variance NaN there and
 * infinite where df <= 2.
 */
export class StudentT extends Standardised {
  constructor(config: StudentTConfig) {
    super('StudentT', config, {df: positive, loc: real, scale: positive});
  }

  get support() {
    return real;
  }

  protected noise(shape: Shape, key: Key) {
    const df = this.param('df');
    return implicitStudentT(df, drawStudentT(stopGradient(df), shape, key));
  }

  protected override noiseAt(z: tf.Tensor) {
    return implicitStudentT(this.param('df'), z);
  }

  protected logDensityOf(z: tf.Tensor) {
    return studentTLogDensity(z, this.param('df'));
  }

  protected cdfOf(z: tf.Tensor) {
    return studentTCdf(z, this.param('df'));
  }

  protected logCdfOf(z: tf.Tensor) {
    return studentTLogCdf(z, this.param('df'));
  }

  protected survivalOf(z: tf.Tensor) {
    return studentTCdf(tf.neg(z), this.param('df'));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return this.logCdfOf(tf.neg(z));
  }

  protected quantileOf(p: tf.Tensor) {
    return studentTQuantile(p, this.param('df'));
  }

  /** The entropy is what `_entropy` adds. */
  protected get standard() {
    return {mode: 0, entropy: 0};
  }

  protected override _mean() {
    return select(tf.greater(this.param('df'), 1), this.param('loc'), NaN);
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    const df = this.param('df');
    const excess = tf.sub(df, 2);
    const finite = tf.greater(excess, 0);
    const ratio = tf.sqrt(tf.div(df, select(finite, excess, 1)));
    const size = select(finite, ratio, select(tf.greater(df, 1), Infinity, NaN));
    return tf.mul(this.param('scale'), size);
  }

  protected override _entropy() {
    return tf.add(tf.log(this.param('scale')), studentTEntropy(this.param('df')));
  }
}
