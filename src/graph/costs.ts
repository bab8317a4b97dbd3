import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {tryBroadcast} from '../util/shapes.js';

/** Reads the costs and checks them. */
export function checkCosts(who: string, costs: unknown): tf.Tensor[] {
  const list: unknown[] = Array.isArray(costs) ? costs : [costs];
  check(list.length > 0, who, 'needs at least one cost, got an empty list');
  list.forEach((c, i) => {
    check(c instanceof tf.Tensor, who, `cost ${i} must be a tensor`, c);
    check(c.dtype === 'float32', who, `cost ${i} must be a float32 tensor`, c);
    check(!c.isDisposed, who, `cost ${i} must be alive, got a tensor that is disposed; return it from its tf.tidy`);
  });
  const tensors = list as tf.Tensor[]; // checked one by one just above
  check(tryBroadcast(tensors.map(c => c.shape)) !== null, who, 'the costs must broadcast to one shape', tensors.map(c => c.shape));
  return tensors;
}
