/** Positive numbers that may change from step to step: temperatures and slopes. */
import type * as tf from '@tensorflow/tfjs-core';
import {recorder} from '../../util/recorder.js';
import {isTensor} from '../../util/tensors.js';
import {checkNumber} from '../../constraints/check.js';
import {positive} from '../../constraints/numberSets.js';
import {isStateFrozen} from '../../graph/estimatorStore.js';
import {currentRun, type Run} from '../../graph/run.js';

/**
 * A number > 0; a scalar tensor, such as a variable that is trained, whose value is not looked at: keep it positive, as
 * `tf.exp(variable)` does; or a schedule, from the step to a number. The step is the number of gradient scopes in which
 * the estimator drew before; repetitions of a scope's function by estimators and scopes with frozen state do not count.
 */
export type Temperature = number | tf.Tensor | ((step: number) => number);

/** What a `Temperature` is at the moment. */
export interface Schedule {
  /** @throws if the schedule gives anything but a finite number > 0 */
  now(): number | tf.Tensor;
  /** The number, or null where JSON cannot hold it. */
  readonly json: number | null;
  /** Starts again at step 0. */
  reset(): void;
}

export function readTemperature(who: string, name: string, given: Temperature): Schedule {
  if (typeof given === 'function') return follow(who, name, given);
  if (!isTensor(given) || given.rank > 0 || given.dtype !== 'float32')
    checkNumber(who, name, given, positive, {or: 'a scalar float32 tensor or a function (step) => number'});
  return {now: () => given, json: isTensor(given) ? null : given, reset: () => undefined};
}

function follow(who: string, name: string, schedule: (step: number) => number): Schedule {
  let scopes = 0;
  let last: Run | null = null;
  const step = (): number => {
    const run = currentRun()?.origin ?? null;
    if (run !== null && run === last) return scopes - 1;
    if (run === null || isStateFrozen()) return scopes;
    last = run;
    const advance = () => {
      scopes++;
      return () => void scopes--;
    };
    advance();
    recorder()?.changed(advance);
    return scopes - 1;
  };
  return {
    now() {
      const at = step();
      const value: unknown = schedule(at);
      checkNumber(who, `${name} at step ${at}`, value, positive);
      const ahead = at - scopes;
      recorder()?.expected(value, [], () => schedule(scopes + ahead));
      return value;
    },
    json: null,
    reset() {
      scopes = 0;
      last = null;
    },
  };
}
