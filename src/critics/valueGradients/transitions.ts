/** What was recorded of an agent and its surroundings, and how it is checked. */
import type * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {sameShape, tryBroadcast, type Shape} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';
import {checkFunction, checkObject} from '../../util/options.js';

/**
 * Recorded steps, float32 tensors with the same batch axes. A type rather than an interface, so that rows of a replay
 * buffer, which may have more names, fit. Each function reads some of them.
 */
export type Transitions = {
  /** s, [batch…, n]. */
  states: tf.Tensor;
  /** a, [batch…, m]. */
  actions: tf.Tensor;
  /** s′, [batch…, n]. */
  nextStates: tf.Tensor;
  /** c(s, a), [batch…]. */
  costs: tf.Tensor;
  /** ln of the density of a where it was drawn, [batch…]. */
  logProbs: tf.Tensor;
};

/** Recorded trajectories, time first. */
export type Trajectory = {
  /** s₀ … s_T, [T + 1, batch…, n]. */
  states: tf.Tensor;
  /** a₀ … a_{T−1}, [T, batch…, m]. */
  actions: tf.Tensor;
};

/** How much of what comes next counts, and how much each example. */
export interface Bootstrapped {
  /** γ: a number in [0, 1], or a tensor that broadcasts to [batch…], 0 where no step follows. Default 1. */
  discount?: number | tf.Tensor;
  /** A factor of each example, such as `importanceWeights` gives: w in the formula. */
  weights?: tf.Tensor;
}

/** Whether x is a float32 tensor that is alive, of at least `rank` axes, none of them empty. */
function isFloats(x: unknown, rank: number): x is tf.Tensor {
  return isTensor(x) && !x.isDisposed && x.dtype === 'float32' && x.rank >= rank && x.size > 0;
}

/** The batch shape of transitions that have the names asked for. Throws in the name of `who` otherwise. */
export function checkTransitions(
  who: string,
  transitions: Partial<Transitions>,
  names: ReadonlyArray<keyof Transitions>,
): Shape {
  checkObject(who, 'transitions', transitions, 'of tensors');
  const {states, nextStates} = transitions;
  check(isFloats(states, 1), who, 'transitions.states must be a float32 tensor of shape [batch…, n]', states);
  const batch = states.shape.slice(0, -1);
  const rules = {
    states: ['[batch…, n]', batch.length + 1],
    actions: ['[batch…, m]', batch.length + 1],
    nextStates: ['[batch…, n]', batch.length + 1],
    costs: ['[batch…]', batch.length],
    logProbs: ['[batch…]', batch.length],
  } as const;
  for (const name of names) {
    const t: unknown = transitions[name];
    const [form, rank] = rules[name];
    const fits =
      isFloats(t, rank) &&
      t.rank === rank &&
      sameShape(t.shape.slice(0, batch.length), batch) &&
      (t !== nextStates || sameShape(t.shape, states.shape));
    check(
      fits,
      who,
      `transitions.${name} must be a float32 tensor of shape ${form}, with the states of shape ` +
        `[${states.shape.join(',')}]`,
      t,
    );
  }
  return batch;
}

/** The number of steps T and the batch shape. */
export function checkTrajectory(who: string, trajectory: Trajectory): {steps: number; batch: Shape} {
  checkObject(who, 'trajectory', trajectory, '{states, actions}');
  const {states, actions} = trajectory;
  check(isFloats(states, 2), who, 'trajectory.states must be a float32 tensor of shape [T + 1, batch…, n]', states);
  const steps = states.shape[0] - 1;
  const batch = states.shape.slice(1, -1);
  const fits =
    isFloats(actions, 2) && actions.rank === states.rank && sameShape(actions.shape.slice(0, -1), [steps, ...batch]);
  check(
    fits,
    who,
    'trajectory.actions must be a float32 tensor of shape [T, batch…, m], with the states of shape ' +
      `[${states.shape.join(',')}]`,
    actions,
  );
  return {steps, batch};
}

/** Throws unless discount and weights fit the batch. */
export function checkBootstrap(who: string, {discount, weights}: Bootstrapped, batch: Shape): void {
  checkDiscount(who, discount, batch);
  checkWeights(who, weights, batch);
}

function checkDiscount(who: string, discount: unknown, batch: Shape): void {
  const fits = typeof discount === 'number' ? discount >= 0 && discount <= 1 : fitsBatch(discount, batch);
  check(
    fits,
    who,
    `discount must be a number in [0, 1] or a float32 tensor that broadcasts to the batch [${batch.join(',')}]`,
    discount,
  );
}

/** Factors of the costs, if there are any. */
export function checkWeights(who: string, weights: unknown, batch: Shape): asserts weights is tf.Tensor | undefined {
  check(
    weights === undefined || fitsBatch(weights, batch),
    who,
    `weights must be a float32 tensor that broadcasts to the batch [${batch.join(',')}]`,
    weights,
  );
}

function fitsBatch(x: unknown, batch: Shape): boolean {
  return isFloats(x, 0) && sameShape(tryBroadcast([x.shape, batch]) ?? [-1], batch);
}

/** Throws unless each of `functions` is one. */
export function checkFunctions(who: string, functions: Readonly<Record<string, unknown>>): void {
  for (const [name, f] of Object.entries(functions)) checkFunction(who, name, f);
}

/** What the function `name` gave, if it is a float32 tensor of that shape. */
export function checkResult(who: string, name: string, result: unknown, shape: Shape): tf.Tensor {
  const fits = isFloats(result, 0) && sameShape(result.shape, shape);
  check(fits, who, `${name} must return a float32 tensor of shape [${shape.join(',')}]`, result);
  return result;
}
