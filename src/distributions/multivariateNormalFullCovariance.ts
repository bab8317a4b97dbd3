/** The multivariate normal distribution by its covariance matrix. */
import * as tf from '@tensorflow/tfjs-core';
import {positiveDefinite} from '../constraints/matrices.js';
import {cholesky} from '../kernels/linalg/functions.js';
import {diagonalOf} from '../kernels/linalg/triangles.js';
import type {Param} from './distribution.js';
import {MultivariateNormal, type MultivariateNormalConfig} from './multivariateNormal.js';
import {TriangularScale} from './multivariateNormalScale.js';

/** Parameters of `MultivariateNormalFullCovariance`; their batch axes broadcast. */
export interface MultivariateNormalFullCovarianceConfig extends MultivariateNormalConfig {
  /** Symmetric and positive definite, [batch…, n, n]. A tensor's symmetric part is taken. */
  covarianceMatrix: Param;
}

/**
 * Normal vectors of the given covariance. Each call of a method factorises it again (`cholesky`, which throws on cpu
 * and wasm, and gives NaN on GPUs, for a tensor that is not positive definite): MultivariateNormalTriL({scaleTril:
 * cholesky(covariance)}) does it once.
 */
export class MultivariateNormalFullCovariance extends MultivariateNormal {
  constructor(config: MultivariateNormalFullCovarianceConfig) {
    super('MultivariateNormalFullCovariance', config, 'covarianceMatrix', positiveDefinite);
  }

  protected scale() {
    return new TriangularScale(cholesky(this.param('covarianceMatrix')), true);
  }

  protected override _covariance() {
    const given = this.param('covarianceMatrix');
    const axes = given.shape.map((_, i) => i);
    const transposed = tf.transpose(given, [...axes.slice(0, -2), given.rank - 1, given.rank - 2]);
    return tf.add(tf.mul(given, 0.5), tf.mul(transposed, 0.5));
  }

  protected override _variance() {
    return diagonalOf(this.param('covarianceMatrix'));
  }

  protected override _stddev() {
    return tf.sqrt(this._variance());
  }
}
