/**
 * Is an estimate of a gradient right? Its mean over many independent estimates against the exact gradient, in standard
 * errors.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/**
 * Estimates of which a mean is judged, where they are cheap: those that CONTRIBUTING.md asks for with FULL=1, else
 * fewer, which find a mistake from 1.8 times its size on.
 */
export const MANY = process.env.FULL === '1' ? 100_000 : 30_000;

/** Mean and standard error of an estimate, one number for each component. */
export interface Moments {
  readonly mean: number[];
  readonly standardError: number[];
  readonly variance: number[];
}

/** A program on parameters of shape [n, size] each: returns costs of shape [n], one for each copy of the parameters. */
export type Program = (parameters: Record<string, tf.Tensor>) => tf.Tensor | tf.Tensor[];

/**
 * Moments of the gradient estimate for each parameter: the parameters are tiled n times along a batch axis, so that one
 * backward pass holds n independent estimates. Leaves no tensor behind, apart from the state of estimators. Reads
 * asynchronously: webgpu's synchronous reads do not work in a software GPU.
 * @param atOnce how many estimates one backward pass may hold, where n of them would not fit into memory; `program`
 * must then draw from the default stream
 */
export async function gradientMoments(
  parameters: Record<string, number[]>,
  n: number,
  program: Program,
  atOnce = n,
): Promise<Record<string, Moments>> {
  const parts: Array<Record<string, Float32Array>> = [];
  for (let done = 0; done < n; done += atOnce)
    parts.push(await gradientRows(parameters, Math.min(atOnce, n - done), program));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, {length}]) => {
      const rows = new Float32Array(n * length);
      parts.reduce((start, part) => {
        rows.set(part[name]!, start);
        return start + part[name]!.length;
      }, 0);
      return [name, momentsOf(rows, n)];
    }),
  );
}

/** n independent estimates of the gradient for each parameter, one after the other. */
async function gradientRows(
  parameters: Record<string, number[]>,
  n: number,
  program: Program,
): Promise<Record<string, Float32Array>> {
  const names = Object.keys(parameters);
  const variables = Object.fromEntries(
    names.map(name => [name, tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([parameters[name]!]), [n, 1])))]),
  );
  try {
    const estimates = tf.tidy(() => {
      const {grads} = st.variableGrads(() => program(variables), Object.values(variables));
      return names.map(name => tf.mul(grads[variables[name]!.name] ?? tf.zerosLike(variables[name]!), n));
    });
    const result: Record<string, Float32Array> = {};
    for (const [i, name] of names.entries()) result[name] = await estimates[i]!.data<'float32'>();
    tf.dispose(estimates);
    return result;
  } finally {
    tf.dispose(variables);
  }
}

/**
 * Moments of each column of n rows, in double precision: a sum of many float32 numbers would be off by more than a
 * standard error.
 */
export function momentsOf(rows: ArrayLike<number>, n: number): Moments {
  const size = rows.length / n;
  const column = (j: number, f: (x: number) => number): number => {
    let sum = 0;
    for (let i = j; i < rows.length; i += size) sum += f(rows[i]!);
    return sum / n;
  };
  const mean = Array.from({length: size}, (_, j) => column(j, x => x));
  const variance = mean.map((m, j) => column(j, x => (x - m) ** 2));
  return {mean, variance, standardError: variance.map(v => Math.sqrt(v / n))};
}

/** The gradient of an exact expectation by central differences in double precision. */
export function exactGradient(
  parameters: Record<string, number[]>,
  expectation: (p: Record<string, number[]>) => number,
  h = 1e-5,
): Record<string, number[]> {
  const at = (name: string, i: number, d: number): number =>
    expectation({...parameters, [name]: parameters[name]!.map((v, j) => (j === i ? v + d : v))});
  return Object.fromEntries(
    Object.keys(parameters).map(name => [
      name,
      parameters[name]!.map((_, i) => (at(name, i, h) - at(name, i, -h)) / (2 * h)),
    ]),
  );
}

/**
 * The largest distance between mean and exact value, in standard errors; deterministic components may differ by
 * rounding only.
 */
export function worstZ(moments: Record<string, Moments>, exact: Record<string, number[]>): number {
  let worst = 0;
  for (const [name, values] of Object.entries(exact)) {
    values.forEach((value, i) => {
      const {mean, standardError} = moments[name]!;
      const rounding = 1e-5 * Math.max(1, Math.abs(value));
      worst = Math.max(worst, Math.abs(mean[i]! - value) / Math.max(standardError[i]!, rounding));
    });
  }
  return worst;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The same estimator with its state frozen, as `withFrozenState` does for functions that do not wait. */
export function frozen(estimator: st.Estimator): st.Estimator {
  return {...estimator, combine: (...args) => st.withFrozenState(() => estimator.combine(...args))};
}
