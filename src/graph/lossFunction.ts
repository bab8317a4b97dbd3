/** A plain function as an estimator, in bayesflow's loss_fn form. */
import {check} from '../util/errors.js';
import {isTensor} from '../util/tensors.js';
import type {Estimator, LossFunction} from './estimator.js';
import type {NodeCost, NodeView} from './nodeView.js';
import {nodeOfView} from './nodeLink.js';

const made = new WeakMap<LossFunction, Estimator>();

/** The estimator whose surrogate term is `fn(node, value, cost)`; the same object for the same function. */
export function lossFunctionEstimator(fn: LossFunction): Estimator {
  let estimator = made.get(fn);
  if (estimator === undefined) made.set(fn, (estimator = fromFunction(fn)));
  return estimator;
}

function fromFunction(fn: LossFunction): Estimator {
  const name = fn.name === '' ? 'lossFunction' : fn.name;
  return {
    kind: 'estimator',
    name,
    config: null,
    bias: 'unbiased',
    requires: {rule: 'any distribution', accepts: () => true},
    evaluations: 1,
    source: 'a user function; its bias is the user’s affair',
    differentiable: false,
    combine(view: NodeView, {total}: NodeCost) {
      const surrogate: unknown = fn(nodeOfView(view), view.value, total);
      check(isTensor(surrogate), `estimator ${JSON.stringify(name)}`, 'the function must return a tensor', surrogate);
      return {surrogate};
    },
  };
}
