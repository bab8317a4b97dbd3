/** What every group of special functions is tested for. */
import * as tf from '@tensorflow/tfjs-core';
import {describeBackends} from '../helpers/backends.js';
import {expectClose, expectFunction, type Tolerance} from './functionSuite.js';
import type {WithEnds} from './reference/elementary.js';

type MathFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

export interface GroupSpec<Name extends string> {
  functions: Readonly<Record<NoInfer<Name>, MathFunction>>;
  reference: Readonly<Record<Name, WithEnds>>;
  /**
   * The absolute error allowed to functions that have zeros, or whose derivatives have; for the others only the
   * relative one counts.
   */
  zeros?: Partial<Record<Name, number>>;
  /** Where the relative error may be more than 2e-6. */
  relative?: Partial<Record<Name, number>>;
  /** Arguments outside of the domain, by function and input. */
  outside?: Partial<Record<Name, number[][]>>;
}

/** Exact values and derivatives, ends, NaN, broadcasting and leaks, on each backend; `more` adds specs. */
export function describeGroup<Name extends string>(title: string, spec: GroupSpec<Name>, more?: () => void): void {
  const names = Object.keys(spec.reference) as Name[]; // the reference has no other keys
  describeBackends(title, () => {
    for (const name of names) {
      const reference = spec.reference[name];
      const f = spec.functions[name];
      const inputs = Object.keys(reference.inputs);
      const tolerance: Tolerance = {relative: spec.relative?.[name] ?? 2e-6, absolute: spec.zeros?.[name] ?? 0};

      it(`${name} and its derivatives match exact values`, async () => {
        await expectFunction(name, f, reference, tolerance);
      });

      it(`${name} has the right ends and gives NaN for NaN and outside`, async () => {
        const nan = inputs.map((_, i) => inputs.map((__, j) => (i === j ? NaN : 0.5)));
        const bad = [...nan, ...(spec.outside?.[name] ?? [])];
        const columns = inputs.map((input, i) => [...reference.ends.inputs[input]!, ...bad.map(row => row[i]!)]);
        const y = tf.tidy(() => f(...columns.map(c => tf.tensor1d(c))));
        const at = (i: number) => `${name}(${columns.map(c => c[i]).join(', ')})`;
        expectClose(await y.data(), [...reference.ends.value, ...bad.map(() => NaN)], at, {...tolerance, absolute: 0});
        y.dispose();
      });

      it(`${name} keeps shapes and leaves one tensor`, () => {
        const before = tf.memory().numTensors;
        const args = inputs.map((_, i) => tf.fill(i === 0 ? [2, 1] : [3], 0.25));
        const y = f(...args);
        expect(y.shape).toEqual(inputs.length === 1 ? [2, 1] : [2, 3]);
        tf.dispose([y, ...args]);
        expect(tf.memory().numTensors).toBe(before);
      });
    }
    more?.();
  });
}
