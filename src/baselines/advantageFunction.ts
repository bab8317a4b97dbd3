import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {tryBroadcast} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {checkFunction} from '../util/options.js';
import {detach} from '../math/stopGradient.js';
import type {LossFunction} from '../graph/estimator.js';
import type {NodeView} from '../graph/nodeView.js';
import {nodeOfView} from '../graph/nodeLink.js';
import type {Baseline} from './baseline.js';

/**
 * A user's baseline: `fn(node, value, cost)` returns what is subtracted from the cost. It may depend on anything that
 * the node's draw does not influence; `value` and `cost` are there for their shapes and for control variates that
 * account for them.
 */
export function baselineFunction(fn: LossFunction): Baseline {
  checkFunction('baselineFunction', 'the argument', fn, '(node, value, cost) => Tensor');
  return fromFunction('baselineFunction', fn, (cost, b) => tf.sub(cost, b));
}

/**
 * A user's advantage: `fn(node, value, cost)` takes the place of cost − baseline (bayesflow's
 * get_score_function_with_advantage).
 */
export function advantage(fn: LossFunction): Baseline {
  checkFunction('advantage', 'the argument', fn, '(node, value, cost) => Tensor');
  return fromFunction('advantage', fn, (_, a) => a);
}

function fromFunction(
  name: string,
  fn: LossFunction,
  combine: (cost: tf.Tensor, result: tf.Tensor) => tf.Tensor,
): Baseline {
  return {
    kind: 'baseline',
    name,
    config: null,
    source: 'a user function; its bias is the user’s affair',
    advantage(node: NodeView, {total: cost}) {
      const result: unknown = fn(nodeOfView(node), node.value, cost);
      const who = `${name} at node ${JSON.stringify(node.name)}`;
      check(isTensor(result), who, 'the function must return a tensor', result);
      check(
        tryBroadcast([result.shape, node.shape])?.length === node.shape.length,
        who,
        `the result must broadcast to the node's shape [${node.shape.join(',')}]`,
        result,
      );
      return {advantage: detach(combine(cost, result))};
    },
  };
}
