/** Costs of a function that is evaluated at one place after another, at once or asynchronously. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isPromise, isTensor} from '../util/tensors.js';
import {scopeTensors} from '../graph/tape.js';

/** A number, or a tensor of one element. */
export type Cost = number | tf.Tensor;

/** A function of variables, which it reads where they are; any function, differentiable or not. */
export type CostFunction<C extends Cost | Promise<Cost> = Cost | Promise<Cost>> = () => C;

/** What a function gives of costs: the same at once for a synchronous one, in a promise for an asynchronous one. */
export type Given<C, T> = C extends Promise<unknown> ? Promise<T> : T;

/**
 * The costs of f at `count` places, one after another. If `f` returns promises, so does this function.
 * @param moveTo takes the variables to a place
 * @param finish is called in any case when the last evaluation has ended
 */
export function costsAtPlaces(
  who: string,
  f: CostFunction,
  count: number,
  moveTo: (i: number) => void,
  finish: () => void,
): number[] | Promise<number[]> {
  const costs: Cost[] = [];
  const end = (): void => {
    tf.dispose(costs.filter(isTensor));
    finish();
  };
  let isAsync = false;
  const rest = async (first: Promise<Cost>): Promise<number[]> => {
    try {
      costs.push(await settled(who, first));
      while (costs.length < count) {
        moveTo(costs.length);
        costs.push(await settled(who, run(who, f)));
      }
      return await Promise.all(costs.map(cost => settled(who, cost)));
    } finally {
      end();
    }
  };
  try {
    while (costs.length < count) {
      moveTo(costs.length);
      const cost = run(who, f);
      if (isPromise(cost)) {
        isAsync = true;
        return rest(cost);
      }
      costs.push(cost);
    }
    return readSync(who, costs);
  } finally {
    if (!isAsync) end();
  }
}

/**
 * Runs f in a scope of its own, which disposes what it leaves behind. What an asynchronous f has made when it returns
 * its promise it still needs, so that lives on.
 */
function run(who: string, f: CostFunction): Cost | Promise<Cost> {
  const engine = tf.engine();
  engine.startScope(who);
  let made: tf.Tensor[] = [];
  try {
    const cost: unknown = f();
    if (isPromise(cost)) {
      made = scopeTensors();
      return cost as Promise<Cost>; // what it resolves to is checked then
    }
    checkCost(who, cost);
    if (!isTensor(cost)) return cost;
    made = [tf.reshape(cost, [])]; // a tensor of our own, since f may have returned one that outlives it
    return made[0]!;
  } finally {
    engine.endScope(made);
  }
}

async function settled(who: string, given: Cost | Promise<Cost>): Promise<number> {
  const cost = await given;
  checkCost(who, cost);
  if (!isTensor(cost)) return cost;
  const value = (await cost.data())[0]!;
  cost.dispose();
  return value;
}

/** Reads all tensors at once: a GPU answers one question as slowly as many. */
function readSync(who: string, costs: readonly Cost[]): number[] {
  const tensors = costs.filter(isTensor);
  if (tensors.length === 0) return costs as number[]; // none is a tensor
  check(
    tf.getBackend() !== 'webgpu',
    who,
    'on webgpu f must return a number or a promise, since tensors are read there asynchronously only',
  );
  const values = tf.tidy(() => tf.stack(tensors.map(t => tf.cast(t, 'float32'))).dataSync());
  let next = 0;
  return costs.map(cost => (isTensor(cost) ? values[next++]! : cost));
}

function checkCost(who: string, cost: unknown): asserts cost is Cost {
  check(
    typeof cost === 'number' || (isTensor(cost) && cost.size === 1),
    who,
    'f must return a number or a tensor of one element, or a promise of one',
    cost,
  );
}
