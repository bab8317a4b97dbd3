/** Einsum, which is linear in each tensor: the derivative is Einsum again, with the result in that tensor's place. */
import * as tf from '@tensorflow/tfjs-core';
import {one} from './relink.js';

/** The derivative in a tensor of `shape` with axes `own`. */
function derivative(own: string, shape: number[], out: string, dy: tf.Tensor, other?: [string, tf.Tensor]): tf.Tensor {
  // An axis that no other has was summed: every element along it has the same part in the sum.
  const known = [...own].filter(axis => out.includes(axis) || other?.[0].includes(axis) === true);
  const kept = known.join('');
  let d: tf.Tensor;
  if (other === undefined) d = out === kept ? dy : tf.einsum(`${out}->${kept}`, dy);
  else if (out !== '') d = tf.einsum(`${out},${other[0]}->${kept}`, dy, other[1]);
  else d = tf.mul(dy, other[0] === kept ? other[1] : tf.einsum(`${other[0]}->${kept}`, other[1]));
  if (known.length === own.length) return d;
  const spread = tf.reshape(
    d,
    shape.map((n, i) => (known.includes(own[i]!) ? n : 1)),
  );
  return tf.broadcastTo(spread, shape);
}

const einsum: tf.GradConfig = {
  kernelName: tf.Einsum,
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const [left, out] = (attrs['equation'] as string).replace(/\s/g, '').split('->') as [string, string];
    const axes = left.split(',');
    return Object.fromEntries(
      axes.map((own, i) => {
        const other = axes[1 - i];
        return [
          i,
          () =>
            derivative(own, saved[i]!.shape, out, one(dy), other === undefined ? undefined : [other, saved[1 - i]!]),
        ];
      }),
    );
  },
};

export const einsumGradients: tf.GradConfig[] = [einsum];
