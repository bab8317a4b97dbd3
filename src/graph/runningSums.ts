/** Sums of lists of tensors, where lists that begin alike share the sums of what they begin with. */
import * as tf from '@tensorflow/tfjs-core';

/** Sums so far, each under the number of the tensor that was added to and the key of what was. */
export type RunningSums = Map<string, tf.Tensor>;

/**
 * The sum, from the left, of a list that is not empty: one addition for each summand that no list before had there.
 * @param sums those of lists before; takes up those that are made
 * @param keys one for each summand: where two lists have the same, the tensors are the same
 * @param make the summand with that index in the list
 */
export function runningSum(sums: RunningSums, keys: readonly string[], make: (index: number) => tf.Tensor): tf.Tensor {
  let sum: tf.Tensor | undefined;
  keys.forEach((key, index) => {
    const place = `${sum?.id} ${key}`;
    let next = sums.get(place);
    // a tf.tidy around who asked before may have ended
    if (next === undefined || next.isDisposed) {
      const summand = make(index);
      sums.set(place, (next = sum === undefined ? summand : tf.add(sum, summand)));
    }
    sum = next;
  });
  return sum!; // of one summand or more
}
