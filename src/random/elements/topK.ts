/** The k greatest along the last axis, without ever waiting for a GPU: tf.topk reads the device on webgl. */
import * as tf from '@tensorflow/tfjs-core';
import {select} from '../../math/numerics.js';
import {argMaxLast} from '../discrete.js';

/** The greatest elements. (A type, since tf.tidy takes no interfaces.) */
export type TopK = {
  /** int32 of [..., k], in falling order of the values. */
  indices: tf.Tensor;
  /** float32 of [..., k]. */
  values: tf.Tensor;
};

/** The indices of the k greatest of each row of `classes` numbers, the first of equal ones first. */
export function topKOfNumbers(
  values: Float32Array,
  classes: number,
  k: number,
): {indices: Int32Array; values: Float32Array} {
  const rows = classes === 0 ? 0 : values.length / classes;
  const [indices, greatest] = [new Int32Array(rows * k), new Float32Array(rows * k)];
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * classes, (row + 1) * classes);
    const order = Uint32Array.from(own, (_, i) => i).sort((i, j) => own[j]! - own[i]! || i - j);
    for (let j = 0; j < k; j++) {
      indices[row * k + j] = order[j]!;
      greatest[row * k + j] = own[order[j]!]!;
    }
  }
  return {indices, values: greatest};
}

/** The same on the device, in k rounds; no value may be −∞. Call it in a tidy. */
export function topKOnDevice(x: tf.Tensor, k: number): TopK {
  const classes = tf.range(0, x.shape[x.rank - 1]!, 1, 'int32');
  const indices: tf.Tensor[] = [];
  const values: tf.Tensor[] = [];
  let rest = x;
  for (let j = 0; j < k; j++) {
    const {index, value, next} = tf.tidy(() => {
      const index = argMaxLast(rest);
      const taken = tf.equal(classes, tf.expandDims(index, -1));
      return {index, value: tf.max(rest, -1), next: select(taken, -Infinity, rest)};
    });
    if (rest !== x) rest.dispose();
    indices.push(index);
    values.push(value);
    rest = next;
  }
  return {indices: tf.stack(indices, -1), values: tf.stack(values, -1)};
}
