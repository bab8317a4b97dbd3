/** Derivatives against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import {read} from './near.js';

/**
 * Expects tf.grad of Σ f(t), where entry i of f depends on row i of t alone, to agree with central differences; steps
 * are taken in the same place of every row at once.
 */
export async function expectDerivative(
  f: (t: tf.Tensor) => tf.Tensor,
  t: tf.Tensor,
  what: string,
  step = 0.01,
): Promise<void> {
  const actual = await read(tf.tidy(() => tf.grad(u => linked(f(u), u))(t)));
  const rows = t.shape[0];
  const width = t.size / rows;
  for (let j = 0; j < width; j++) {
    const nudge = Float32Array.from({length: t.size}, (_, i) => (i % width === j ? step : 0));
    const slope = await read(
      tf.tidy(() => {
        const h = tf.tensor(nudge, t.shape);
        return tf.div(tf.sub(f(tf.add(t, h)), f(tf.sub(t, h))), 2 * step);
      }),
    );
    for (let i = 0; i < rows; i++) {
      const [a, b] = [actual[i * width + j]!, slope[i]!];
      if (!(Math.abs(a - b) <= 3e-3 * (1 + Math.abs(b))))
        fail(`${what} [${i},${j}]: ${a} is not near the difference quotient ${b}`);
    }
  }
}

/** As `expectDerivative` for the derivative of f, whose components are weighed so that each row has one number. */
export async function expectSecondDerivative(
  f: (t: tf.Tensor) => tf.Tensor,
  t: tf.Tensor,
  what: string,
): Promise<void> {
  const width = t.size / t.shape[0];
  const weights = tf.tensor(
    Float32Array.from({length: width}, (_, j) => 1 - 0.3 * j),
    t.shape.slice(1),
  );
  const slope = (u: tf.Tensor) => {
    const weighed = tf.mul(tf.grad(v => linked(f(v), v))(u), weights);
    return tf.add(tf.sum(tf.reshape(weighed, [t.shape[0], width]), 1), tf.mul(0, tf.sum(u)));
  };
  await expectDerivative(slope, t, `second derivative of ${what}`);
  weights.dispose();
}

/**
 * The sum of y, which then depends on all x in any case: tfjs throws where there is no path, and the derivative is 0
 * there.
 */
export function linked(y: tf.Tensor, ...x: tf.Tensor[]): tf.Scalar {
  return x.reduce<tf.Scalar>((sum, t) => tf.add(sum, tf.mul(0, tf.sum(t))), tf.sum(y));
}
