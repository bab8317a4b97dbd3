/** The state of a stochastic optimizer as tensors with names, as models save it. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isListOf, isTensor} from '../util/tensors.js';
import type {MomentOrder, SavedOrder} from './momentOrder.js';
import {isNamed, type NamedTensor} from './namedGradients.js';
import {loadOptimizer, saveOptimizer} from './optimizerState.js';

/** One of the two optimizers, and the order of its moments. */
export interface Part {
  readonly optimizer: tf.Optimizer;
  readonly order: MomentOrder;
}

/** Names of the two optimizers' tensors begin with these, so that they differ from each other's and from all others. */
const PREFIXES = ['stochasticOptimizer/model/', 'stochasticOptimizer/estimators/'] as const;
/** What is counted: steps of the whole, then for each part steps, tensors, variables, and the length of their list; then the places. */
const NUMBERS = 'stochasticOptimizer/numbers';
const OF_EACH = 4;

/** All that is remembered; the first tensor is made anew, the others are what the optimizers compute with. */
export async function saveState(iterations: number, parts: readonly Part[]): Promise<NamedTensor[]> {
  const tensors = await Promise.all(parts.map(({optimizer}, i) => saveOptimizer(optimizer, PREFIXES[i]!)));
  const orders = parts.map(({order}) => order.saved);
  const numbers = [
    iterations,
    ...parts.flatMap(({optimizer}, i) => [
      optimizer.iterations,
      tensors[i]!.length,
      orders[i]!.places.length,
      orders[i]!.listed,
    ]),
    ...orders.flatMap(({places}) => places),
  ];
  return [{name: NUMBERS, tensor: tf.tensor1d(numbers, 'int32')}, ...tensors.flat()];
}

/**
 * Takes over what `saveState` gave.
 * @returns the steps of the whole; null for the weights of one tfjs optimizer, as earlier versions saved those of the model's
 */
export async function loadState(parts: readonly Part[], given: unknown): Promise<number | null> {
  const who = 'stochasticOptimizer.setWeights';
  check(isListOf(given, isNamed), who, 'needs a list of {name, tensor}', given);
  for (const {name, tensor} of given) {
    const isAlive = isTensor(tensor) && !tensor.isDisposed;
    check(isAlive, who, `${JSON.stringify(name)} must be a tensor that is alive`, tensor);
  }
  const at = given.findIndex(({name}) => name === NUMBERS);
  if (at < 0) {
    const isOld = !given.some(({name}) => name.startsWith('stochasticOptimizer/'));
    check(isOld, who, `there must be a tensor of the name ${NUMBERS}`);
    await parts[0]!.optimizer.setWeights(given);
    parts[0]!.order.reset();
    return null;
  }
  const {iterations, read} = readCounts(who, Array.from(await given[at]!.tensor.data()), parts.length);
  const rest = given.filter((_, i) => i !== at);
  const own = parts.map((_, i) => {
    const prefix = PREFIXES[i]!;
    return rest.flatMap(({name, tensor}) =>
      name.startsWith(prefix) ? [{name: name.slice(prefix.length), tensor}] : [],
    );
  });
  const strange = rest.find(({name}) => !PREFIXES.some(prefix => name.startsWith(prefix)));
  check(strange === undefined, who, 'there is nothing of the name', strange?.name);
  for (const [i, {optimizer, order}] of parts.entries()) {
    const {steps, tensors, saved} = read[i]!;
    check(own[i]!.length === tensors, who, `${optimizer.getClassName()} must find ${tensors} tensors`, own[i]!.length);
    await loadOptimizer(who, optimizer, own[i]!, saved.places.length);
    setIterations(optimizer, steps);
    order.reset(saved);
  }
  return iterations;
}

interface ReadPart {
  readonly steps: number;
  readonly tensors: number;
  readonly saved: SavedOrder;
}

function readCounts(who: string, numbers: number[], parts: number): {iterations: number; read: ReadPart[]} {
  const head = 1 + parts * OF_EACH;
  const counts = numbers.slice(0, head);
  const isSound = counts.length === head && counts.every(n => Number.isInteger(n) && n >= 0);
  check(isSound, who, `${NUMBERS} must begin with ${head} counts`, counts);
  const places = numbers.slice(head);
  let begin = 0;
  const read = Array.from({length: parts}, (_, i): ReadPart => {
    const [steps, tensors, count, listed] = counts.slice(1 + i * OF_EACH) as [number, number, number, number];
    const mine = places.slice(begin, (begin += count));
    const isOrder = mine.length === count && mine.every(n => Number.isInteger(n) && n >= -1 && n < listed);
    const used = mine.filter(n => n >= 0);
    check(isOrder && new Set(used).size === used.length, who, `${NUMBERS} must hold ${count} places`, mine);
    return {steps, tensors, saved: {places: mine, listed}};
  });
  check(begin === places.length, who, `${NUMBERS} must hold ${begin} places`, places.length);
  return {iterations: counts[0]!, read};
}

/** Sets the number of steps that an optimizer has made. */
export function setIterations(optimizer: tf.Optimizer, iterations: number): void {
  (optimizer as unknown as {iterations_: number}).iterations_ = iterations; // tfjs declares it protected
}
