/** The multivariate normal distribution by the triangular factor of its covariance. */
import type {Param} from './distribution.js';
import {lowerTriangularPositive} from '../constraints/matrices.js';
import {MultivariateNormal, type MultivariateNormalConfig} from './multivariateNormal.js';
import {TriangularScale} from './multivariateNormalScale.js';

/** Parameters of `MultivariateNormalTriL`; their batch axes broadcast. */
export interface MultivariateNormalTriLConfig extends MultivariateNormalConfig {
  /**
   * Lower triangular with a diagonal > 0, [batch…, n, n]. Of a tensor, which is not read, what stands above the
   * diagonal is ignored and has the derivative 0; in arrays, and with validateArgs, it must be 0.
   */
  scaleTril: Param;
}

/**
 * Normal vectors of covariance scaleTril·scaleTrilᵀ.
 * @example
 * ```ts
 * const q = new st.MultivariateNormalTriL({loc: [0, 0], scaleTril: [[1, 0], [1, 1]]});
 * q.covariance(); // [[1, 1], [1, 2]]
 * q.logProb([0, 0]); // -1.8379
 * ```
 */
export class MultivariateNormalTriL extends MultivariateNormal {
  constructor(config: MultivariateNormalTriLConfig) {
    super('MultivariateNormalTriL', config, 'scaleTril', lowerTriangularPositive);
  }

  protected scale() {
    return new TriangularScale(this.param('scaleTril'), false);
  }
}
