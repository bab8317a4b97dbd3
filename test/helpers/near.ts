/** Comparing what an operation gives with what it should, and seeing to it that it leaves no tensor. */
import * as tf from '@tensorflow/tfjs-core';

/** Errors of the GPU backends' elementary functions are some roundings larger. */
export const slack = () => (['cpu', 'wasm'].includes(tf.getBackend()) ? 1 : 10);

/** Relative error at most 1e-5, or `absolute`; `inTail` for probabilities, 2e-5 and nothing absolute. */
export function expectNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  inTail = false,
  absolute = 2e-6,
): void {
  expect(actual.length).withContext(what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const exact = Math.fround(expected[i]!);
    if (!Number.isFinite(exact)) {
      if (!Object.is(actual[i], exact)) fail(`${what} [${i}]: ${actual[i]} is not ${exact}`);
      continue;
    }
    const size = Math.abs(exact);
    const allowed = inTail ? 2e-5 * size + 2e-38 : 1e-5 * size + absolute;
    if (!(Math.abs(actual[i]! - exact) <= allowed * slack())) fail(`${what} [${i}]: ${actual[i]} is not near ${exact}`);
  }
}

/** Runs f, returns what it returns, and expects that it left no other tensor behind. */
export function withoutLeak<T>(what: string, f: () => T): T {
  const before = tf.memory().numTensors;
  const result = f();
  const returned = result instanceof tf.Tensor ? 1 : 0;
  expect(tf.memory().numTensors - before)
    .withContext(`tensors left by ${what}`)
    .toBe(returned);
  return result;
}

/** The values of a tensor, which is disposed. */
export async function read(t: tf.Tensor): Promise<number[]> {
  const data = Array.from(await t.data());
  t.dispose();
  return data;
}

/** Columns of values as float32 tensors. */
export const columns = (parameters: Record<string, Array<number | number[]>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, tf.tensor(values as number[], undefined, 'float32')]),
  );
