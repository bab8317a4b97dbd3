/** What lies downstream of a node where nobody says. */
import {fail} from '../util/errors.js';
import type {Estimator} from './estimator.js';
import type {Downstream} from './inquiry.js';
import type {NodeCost} from './nodeView.js';

/** A node's own `loss` is given a number for the cost, and nothing of where it came from: all of it is the node's. */
export function unknownDownstream(
  estimator: Estimator,
  name: string,
  {total, perSample}: NodeCost,
  isCoupled: boolean,
): Downstream {
  const ask = (): never =>
    fail(
      `estimator ${JSON.stringify(estimator.name)} at node ${JSON.stringify(name)}`,
      'needs to know how the cost came about: use st.variableGrads or st.stochasticOptimizer, not the loss of the node',
    );
  return {
    gradient: ask,
    at: ask,
    perSample: () => perSample,
    isCoupled: () => isCoupled,
    bounds: () => [],
    boundsSuffice: () => false,
    magicBoxBefore: ask,
    frontier: () => ({nodes: [], direct: () => total}),
    cuts: () => [],
  };
}
