/** What an operation gives on the active backend: values, and gradients of the first and second order. */
import * as tf from '@tensorflow/tfjs';
import type {OperationCase} from './operationCases.js';

/** Fixed numbers without a pattern. */
export function numbers(shape: readonly number[], seed: number): Float32Array {
  const n = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({length: n}, (_, i) => Math.sin(seed + 1.7 * i + 0.3 * i * i) * (1 + (i % 7) / 3));
}

const tensor = (shape: number[], seed: number) => tf.tensor(numbers(shape, seed), shape);

/** Σ w·y² for fixed w without a pattern: with a second derivative wherever there is a first. */
const weighed = (c: OperationCase, xs: tf.Tensor[]): tf.Scalar =>
  tf.tidy(() => {
    const y = c.op(...xs);
    return tf.sum(tf.mul(tf.square(y), tensor(y.shape, 9)));
  });

async function read(make: () => tf.Tensor[]): Promise<number[][]> {
  const tensors = tf.tidy(make);
  const values: number[][] = [];
  for (const t of tensors) values.push(Array.from(await t.data()));
  tf.dispose(tensors);
  return values;
}

/** The value, then the gradient in each input. */
export async function valueAndGradients(c: OperationCase): Promise<number[][]> {
  const xs = () => c.shapes.map((shape, i) => tensor(shape, i + 1));
  return [
    ...(await read(() => [c.op(...xs())])),
    ...(await read(() => tf.grads((...ts: tf.Tensor[]) => weighed(c, ts))(xs()))),
  ];
}

/** The gradient of Σ w·g² in each input, where g are the gradients. */
export function secondGradients(c: OperationCase): Promise<number[][]> {
  const squares = (...ts: tf.Tensor[]) =>
    tf.addN(
      tf
        .grads((...us: tf.Tensor[]) => weighed(c, us))(ts)
        .map((g, i) => tf.sum(tf.mul(tf.square(g), tensor(g.shape, 4 + i)))),
    );
  return read(() => tf.grads(squares)(c.shapes.map((shape, i) => tensor(shape, i + 1))));
}

/** For each input the slope of Σ w·y² in a direction, by differences, and by the gradient. */
export async function slopes(c: OperationCase): Promise<Array<{exact: number; got: number}>> {
  const [, ...gradients] = await valueAndGradients(c);
  const h = 1e-2;
  return c.shapes.map((shape, i) => {
    const v = numbers(shape, 20 + i);
    const at = (t: number) =>
      tf.tidy(
        () =>
          weighed(
            c,
            c.shapes.map((s, j) => (j === i ? tf.add(tensor(s, j + 1), tf.mul(tf.tensor(v, s), t)) : tensor(s, j + 1))),
          ).dataSync()[0]!, // on cpu
      );
    const exact = (8 * (at(h / 4) - at(-h / 4)) - (at(h / 2) - at(-h / 2))) / (3 * h);
    return {exact, got: gradients[i]!.reduce((sum, g, k) => sum + g * v[k]!, 0)};
  });
}
