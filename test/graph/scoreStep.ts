/** A step of the score function on Bernoulli draws. */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';

export type Costs = (x: tf.Tensor, w: tf.Tensor) => tf.Tensor | tf.Tensor[];

export const sigmoid = (l: number): number => 1 / (1 + Math.exp(-l));
export const logitsOf = (n: number): number[] => Array.from({length: n}, (_, i) => Math.sin(2 * i + 1));

/** One step of the plain score function: the draws, and the gradient in the logits. */
export async function step(
  shape: number[],
  event: number,
  costs: Costs,
  samples: number[] = [],
  estimator: st.Estimator | string = 'scoreFunction',
) {
  st.random.setSeed(5);
  const w = tf.variable(tf.reshape(tf.tensor1d(logitsOf(shape.reduce((a, b) => a * b, 1))), shape));
  let x!: tf.Tensor;
  try {
    const {value, grads} = st.variableGrads(() => {
      const q = st.independent(new st.Bernoulli({logits: w}), event);
      x = tf.keep(new st.DistributionTensor(q, {estimator, name: 'z', valueType: st.sampleValue(samples)}).value);
      return costs(x, w);
    }, [w]);
    const gradient = Array.from(await grads[w.name]!.data());
    const draws = Array.from(await x.data());
    tf.dispose([value, grads]);
    return {x: draws, gradient};
  } finally {
    tf.dispose([w, x]);
  }
}

/** What a run throws. */
export const message = (run: () => Promise<unknown>): Promise<string> =>
  run().then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  );
