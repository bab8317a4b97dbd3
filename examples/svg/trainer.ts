/** Adam with a rate that changes from step to step. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

export class Trainer {
  readonly #rate: number;
  readonly #optimizer: tf.AdamOptimizer;

  /** @param memory of the squared gradients, Adam's beta2 */
  constructor(rate: number, memory: number) {
    this.#rate = rate;
    this.#optimizer = tf.train.adam(rate, 0.9, memory);
  }

  /** One step on the mean of what `f` gives, at `factor` times the rate. */
  minimize(f: () => tf.Tensor, variables: tf.Variable[], factor: number): void {
    // tfjs reads it in each step and hides it from types
    Object.assign(this.#optimizer, {learningRate: this.#rate * factor});
    const {value, grads} = st.variableGrads(f, variables);
    this.#optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({name, tensor})));
    tf.dispose([value, grads]);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }
}
