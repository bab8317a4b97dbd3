/** Many estimates of one gradient, and their moments in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import {foldIn, split, type Key} from '../keys/key.js';
import {returnTo, streamPosition} from '../random/stream.js';
import type {Estimator} from '../graph/estimator.js';
import {withFrozenState} from '../graph/estimatorStore.js';
import {variableGrads, type VariableGradients} from '../graph/variableGrads.js';
import {WHO, type Audit} from './auditOptions.js';

/** How a program is run for an estimate. */
export type Step = Pick<Audit, 'program' | 'variables'> & {
  readonly estimator: Estimator;
  /** Called with the costs of each run. */
  readonly onRun?: (costs: unknown) => void;
};

/** Mean and sample variance of each component, over all variables in their order. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Numbers that are read from the device at once. */
const CHUNK = 1 << 20;

/**
 * One gradient with the random numbers of `key`, whether they come from the default stream or from the key that the
 * program gets; the stream stays where it was.
 */
export function gradients({program, variables, estimator, onRun}: Step, key: Key): VariableGradients {
  const [forStream, forProgram] = split(key, 2) as [Key, Key];
  const before = streamPosition();
  returnTo({root: forStream, next: 0});
  try {
    return variableGrads(
      () => {
        const costs = program(estimator, forProgram);
        onRun?.(costs);
        return costs;
      },
      variables.map(v => v.variable),
    );
  } finally {
    returnTo(before);
  }
}

/**
 * One gradient of all variables, flat, with the state of estimators as it is: what is measured teaches nothing. A
 * variable without a gradient has zeros.
 */
export function flatGradient(step: Step, key: Key): tf.Tensor {
  return tf.tidy(() => {
    const {grads} = withFrozenState(() => gradients(step, key));
    const parts = step.variables.map(({variable}) =>
      grads[variable.name] === undefined
        ? tf.zeros([variable.size])
        : tf.reshape(grads[variable.name]!, [variable.size]),
    );
    return parts.length === 1 ? parts[0]! : tf.concat(parts);
  });
}

/**
 * Moments of `samples` independent estimates. They are read in chunks, and summed as offsets from the first in double
 * precision, so that a small variance beside a large mean keeps its digits.
 * @throws if an estimate is not finite
 */
export async function gradientMoments(step: Step, samples: number, key: Key): Promise<Moments> {
  const size = step.variables.reduce((n, {variable}) => n + variable.size, 0);
  const atOnce = Math.max(1, Math.min(samples, 100, Math.floor(CHUNK / size)));
  const sums = new Float64Array(size),
    squares = new Float64Array(size);
  let origin: Float32Array | null = null;
  for (let done = 0; done < samples; done += atOnce) {
    const count = Math.min(atOnce, samples - done);
    const chunk = tf.tidy(() =>
      tf.concat(Array.from({length: count}, (_, i) => flatGradient(step, foldIn(key, done + i)))),
    );
    const numbers = (await chunk.data()) as Float32Array; // gradients are floats
    chunk.dispose();
    origin ??= numbers.slice(0, size);
    for (let i = 0; i < numbers.length; i++) {
      const offset = numbers[i]! - origin[i % size]!;
      if (!Number.isFinite(offset)) notFinite(step, i % size, done + Math.floor(i / size));
      sums[i % size]! += offset;
      squares[i % size]! += offset * offset;
    }
  }
  return {
    mean: sums.map((s, i) => origin![i]! + s / samples), // there are at least two samples
    variance: squares.map((s, i) => Math.max(0, s - sums[i]! ** 2 / samples) / (samples - 1)),
  };
}

function notFinite({variables}: Step, component: number, sample: number): never {
  let i = component;
  for (const {label, variable} of variables) {
    if (i < variable.size)
      fail(
        WHO,
        `every estimate must be finite; that of element ${i} of ${JSON.stringify(label)} was not in estimate ${sample}`,
      );
    i -= variable.size;
  }
  return fail(WHO, 'every estimate must be finite');
}
