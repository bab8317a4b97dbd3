/** Costs that tfjs did not compute: a reward from a simulator, a number from a person. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys} from '../util/errors.js';
import {detach} from '../math/stopGradient.js';
import {linkOf, type StochasticTensor} from './stochasticTensor.js';

export interface CostOptions {
  /** The random nodes that the cost depends on. */
  dependsOn: StochasticTensor | readonly StochasticTensor[];
  /** For error messages. */
  name?: string;
}

const dependencies = new WeakMap<tf.Tensor, readonly StochasticTensor[]>();

/**
 * A cost from outside as part of the graph: a constant tensor of shape `[sample…, batch…]` (or [] for one cost of everything) that lies
 * downstream of the nodes in `dependsOn`. It may be scaled, averaged or added to other costs like any tensor.
 * @throws if a value is not finite or `dependsOn` names no node.
 */
export function cost(value: tf.Tensor | tf.TensorLike, options: CostOptions): tf.Tensor {
  checkKeys('cost', options, ['dependsOn', 'name']);
  const who = options.name === undefined ? 'cost' : `cost ${JSON.stringify(options.name)}`;
  const {dependsOn} = options;
  const nodes = Array.isArray(dependsOn) ? dependsOn as readonly StochasticTensor[] : [dependsOn as StochasticTensor];
  check(nodes.length > 0, who, 'dependsOn must name at least one random node', dependsOn);
  nodes.forEach(node => linkOf(`${who}: dependsOn`, node));
  const result = toConstant(who, value);
  dependencies.set(result, nodes);
  return result;
}

/** A number, an array or a tensor from outside as a new float32 constant. Throws in the name of `who` for anything else. */
export function toConstant(who: string, value: tf.Tensor | tf.TensorLike): tf.Tensor {
  return tf.tidy(() => {
    const t = value instanceof tf.Tensor ? value : tf.tensor(checkFinite(who, value), undefined, 'float32');
    check(t.dtype !== 'string' && t.dtype !== 'complex64', who, 'values must be finite numbers', t);
    return detach(t.dtype === 'float32' ? t : tf.cast(t, 'float32'));
  });
}

/** Numbers from outside are checked; a tensor is not read back from its device. */
function checkFinite(who: string, value: tf.TensorLike): tf.TensorLike {
  const numbers: unknown[] = ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : [value].flat(Infinity);
  numbers.forEach(x => check(typeof x === 'number' && Number.isFinite(x), who, 'values must be finite numbers', x));
  return value;
}

/** The nodes that an outside cost was declared to depend on. */
export function externalNodes(tensor: tf.Tensor): readonly StochasticTensor[] {
  return dependencies.get(tensor) ?? [];
}
