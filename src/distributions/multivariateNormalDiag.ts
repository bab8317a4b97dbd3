/** The multivariate normal distribution of independent elements. */
import type {Param} from './distribution.js';
import {positiveVector} from '../constraints/vectors.js';
import {MultivariateNormal, type MultivariateNormalConfig} from './multivariateNormal.js';
import {DiagonalScale} from './multivariateNormalScale.js';

/** Parameters of `MultivariateNormalDiag`; their batch axes broadcast. */
export interface MultivariateNormalDiagConfig extends MultivariateNormalConfig {
  /** The standard deviations, [batch…, n], greater than 0. */
  scaleDiag: Param;
}

/** Normal vectors of covariance diag(scaleDiag²). */
export class MultivariateNormalDiag extends MultivariateNormal {
  constructor(config: MultivariateNormalDiagConfig) {
    super('MultivariateNormalDiag', config, 'scaleDiag', positiveVector);
  }

  protected scale() {
    return new DiagonalScale(this.param('scaleDiag'));
  }
}
