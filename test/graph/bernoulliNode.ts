/** A random node of three bits, and the gradient of costs downstream of it. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

const key = st.random.key(21);

/** What `gradient` starts its variable from. */
export const logits = [0.3, -0.4, 0.9];

/** A node whose logits are w. */
export const node = (w: tf.Tensor, options: st.DistributionTensorOptions = {}): st.DistributionTensor =>
  new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction', key, ...options});

/** The gradient that surrogateLoss gives for `costs(w)`, with the mean taken. */
export async function gradient(
  costs: (w: tf.Variable) => tf.Tensor | tf.Tensor[],
  options?: (w: tf.Variable) => st.SurrogateLossOptions,
): Promise<number[]> {
  const w = tf.variable(tf.tensor1d(logits));
  const {value, grads} = tf.variableGrads(() => {
    const list = costs(w);
    return tf.add(tf.mean(st.surrogateLoss(list, options?.(w))), tf.mul(tf.sum(w), 0));
  }, [w]);
  const numbers = Array.from(await grads[w.name]!.data());
  tf.dispose([w, value, grads]);
  return numbers;
}

/** The gradient of a cost that no node bears on. */
export const zero = [0, 0, 0];
