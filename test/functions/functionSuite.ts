/** Functions of src/functions against exact values of themselves and of their derivatives. */
import * as tf from '@tensorflow/tfjs-core';

/** Exact values at the entries of the columns `inputs`; second derivatives by pairs of inputs, as in 'x,y'. */
export interface FunctionReference {
  inputs: Record<string, number[]>;
  value: number[];
  first?: Record<string, number[]>;
  second?: Record<string, number[]>;
}

/** How far a result may be: relative, and absolute near zeros. */
export interface Tolerance {
  relative?: number;
  absolute?: number;
  /** What the GPU backends may miss by, in multiples of these. */
  slack?: number;
}

/** That of a function and, where it differs, of its derivatives. */
export interface Tolerances extends Tolerance {
  first?: Tolerance;
  second?: Tolerance;
}

/**
 * Fails where `actual` is farther from `expected`; results beyond float32 must be infinite or 0, and denormal ones may
 * be 0.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: readonly number[],
  what: (i: number) => string,
  tolerance: Tolerance,
): void {
  const {relative = 2e-6, absolute = 1e-6} = tolerance;
  const slack = ['cpu', 'wasm'].includes(tf.getBackend()) ? 1 : (tolerance.slack ?? 10);
  expect(actual.length).withContext(what(0)).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const exact = expected[i]!;
    const near = Math.abs(actual[i]! - exact) <= (relative * Math.abs(exact) + absolute) * slack + 2e-38;
    const rounded =
      Math.abs(exact) > 3.3e38 ? Math.abs(actual[i]!) > 3.3e38 && actual[i]! * exact > 0 : Object.is(actual[i], exact);
    if (!near && !rounded) fail(`${what(i)} is ${actual[i]}, not ${exact}`);
  }
}

type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

/** f with its first and second derivatives against the reference, each as one call. */
export async function expectFunction(
  name: string,
  f: TensorFunction,
  reference: FunctionReference,
  tolerances: Tolerances = {},
): Promise<void> {
  const names = Object.keys(reference.inputs);
  const inputs = Object.values(reference.inputs).map(v => tf.tensor1d(v));
  const at = (symbol: string) => (i: number) => `${symbol}(${names.map(n => reference.inputs[n]![i]).join(', ')})`;
  const slope = (g: TensorFunction, by: string): TensorFunction => {
    const k = names.indexOf(by);
    return (...x) => tf.grad(v => tf.sum(g(...x.slice(0, k), v, ...x.slice(k + 1))))(x[k]!);
  };
  const compare = async (symbol: string, g: TensorFunction, expected: number[], tolerance: Tolerance = {}) => {
    const y = tf.tidy(() => g(...inputs));
    expectClose(await y.data(), expected, at(symbol), {...tolerances, ...tolerance});
    y.dispose();
  };
  await compare(name, f, reference.value);
  for (const [by, expected] of Object.entries(reference.first ?? {}))
    await compare(`d/d${by} ${name}`, slope(f, by), expected, tolerances.first);
  for (const [by, expected] of Object.entries(reference.second ?? {})) {
    const [first, second] = by.split(',') as [string, string];
    await compare(`d²/d${by} ${name}`, slope(slope(f, first), second), expected, tolerances.second);
  }
  tf.dispose(inputs);
}
