import {checkKeys} from '../util/options.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {pathwise} from './pathwise.js';
import {reparameterizedWithScore} from './shared/requirements.js';

/**
 * Sticking the landing: the pathwise estimator for variational objectives, without the score in ∂/∂θ ln q(x(ε, θ)|θ) =
 * ∂ln q/∂x ∂x/∂θ + score, whose mean is 0 (Roeder, Wu, Duvenaud 2017, eq. 8). Its variance goes to 0 where q becomes
 * the exact posterior.
 *
 * Take the log-density by `node.logProb()`, which holds the parameters constant; `distribution.logProb(node.value)`
 * keeps the score, and the estimate is that of `pathwise`. Unbiased where ln q enters the costs linearly, as in the
 * ELBO.
 * @throws where the costs are not linear in `node.logProb()`, as in a multi-sample bound: there `dreg` is right
 */
export function stl(config: object = {}): EstimatorOf<'reparameterization'> {
  checkKeys('stl', config, []);
  return {
    ...pathwise(),
    name: 'stl',
    requires: reparameterizedWithScore,
    source: 'Roeder, Wu, Duvenaud 2017, eq. 8',
    stopsScore: true,
  };
}
