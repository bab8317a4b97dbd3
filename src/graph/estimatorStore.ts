/**
 * Which estimator object a name stands for, the same from step to step. A step's code runs again and again, so
 * `{estimator: 'nvil'}` written inside it must find the baseline that it trained before.
 */
import * as tf from '@tensorflow/tfjs-core';
import {Ambient} from '../util/ambient.js';
import {checkFunction} from '../util/options.js';
import type {Estimator} from './estimator.js';
import * as registry from './estimatorRegistry.js';

/** Estimators made from bare names, shared by all steps that run with this store. */
export class EstimatorStore {
  readonly #byName = new Map<string, Estimator>();
  /** The warnings that were given so far. */
  readonly warnings = new Set<string>();

  get(who: string, name: string): Estimator {
    let estimator = this.#byName.get(name);
    if (estimator === undefined) {
      estimator = registry.get(name, {}, who);
      this.#byName.set(name, estimator);
    }
    return estimator;
  }

  dispose(): void {
    this.#byName.forEach(estimator => estimator.dispose?.());
    this.#byName.clear();
  }
}

const defaultStore = new EstimatorStore();
const active = new Ambient(defaultStore);

/** Runs `fn`, which must be synchronous, with `store` as the meaning of estimator names. */
export function withEstimatorStore<T>(store: EstimatorStore, fn: () => T): T {
  return active.with('withEstimatorStore', store, fn);
}

/** The estimator that `name` stands for here. Throws in the name of `who` for an unknown one. */
export function sharedEstimator(who: string, name: string): Estimator {
  return active.now.get(who, name);
}

/**
 * Prints a warning, once for each optimizer, and once for everything outside optimizers.
 * @param what tells warnings apart, where the text says what changes from step to step
 */
export function warnOnce(message: string, what = message): void {
  const {warnings} = active.now;
  if (warnings.has(what)) return;
  warnings.add(what);
  console.warn(message);
}

const frozen = new Ambient(false);

/**
 * Runs `fn` without updating the state that baselines keep from step to step, such as moving averages: for measuring
 * estimates without disturbing a training run. Networks are trained by whoever applies their gradients, so they are not
 * affected.
 * @throws if `fn` is not synchronous: after its first await the state would be updated again
 */
export function withFrozenState<T>(fn: () => T): T {
  checkFunction('withFrozenState', 'the argument', fn);
  return frozen.with('withFrozenState', true, fn);
}

/** Whether baselines must keep their state as it is. */
export function isStateFrozen(): boolean {
  return frozen.now;
}

/**
 * Disposes the variables of all estimators that were named by a string outside any optimizer. They start afresh when
 * next used.
 */
export function disposeSharedEstimators(): void {
  defaultStore.dispose();
}

/**
 * Variables that belong to estimators: baselines and control variates. An optimizer's default variable list leaves them
 * out.
 */
const ownVariables = new WeakSet<tf.Variable>();

export function markOwn(variables: Iterable<tf.Variable>): void {
  for (const v of variables) ownVariables.add(v);
}

export function isOwn(variable: tf.Variable): boolean {
  return ownVariables.has(variable);
}
