/** A plain function as an estimator, in bayesflow's loss_fn form. */
import {check, fail, StochasticError} from '../util/errors.js';
import {isTensor} from '../util/tensors.js';
import {isEstimator, type Estimator, type LossFunction} from './estimator.js';
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
      const who = `estimator ${JSON.stringify(name)}`;
      const surrogate: unknown = orTell(who, name, () => fn(nodeOfView(view), view.value, total));
      if (isEstimator(surrogate)) fail(who, makesOne(name));
      check(isTensor(surrogate), who, 'the function must return a tensor', surrogate);
      return {surrogate};
    },
  };
}

/** What to do with a function of this library that was given as it is, where what it makes was meant. */
const makesOne = (name: string): string =>
  `the function makes an estimator: call it once, outside the step, and give what it returns, ${name}()`;

/** What `call` returns; one that makes an estimator takes the node for its options, and says that those are wrong. */
function orTell(who: string, name: string, call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    // a node's first key, in the name of whatever reads it
    if (error instanceof StochasticError && error.message.includes(': unknown option "value"'))
      fail(who, makesOne(name));
    throw error;
  }
}
