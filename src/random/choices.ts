/** Choosing without repetition: some of several classes, or an order of all. */
import * as tf from '@tensorflow/tfjs-core';
import {nonNegative} from '../constraints/numberSets.js';
import {isHostParam, readElementParam, tensorOf, type ElementParam} from './elements/elementParam.js';
import {belowInfinity} from '../constraints/limits.js';
import {safeLog} from '../functions/elementary/index.js';
import {detach} from '../math/stopGradient.js';
import {check, fail} from '../util/errors.js';
import {checkKeys, checkInteger} from '../util/options.js';
import {indexer} from '../util/indexer.js';
import {checkTensor, placeOf, type HostNumbers} from '../util/numbers.js';
import {checkSize, sizeOf, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import type {LogitsOrProbs} from './discrete.js';
import {HUGE} from './elements/noise.js';
import {HostStream} from '../keys/elementStream.js';
import {topKOfNumbers, topKOnDevice, type TopK} from './elements/topK.js';
import type {Key} from '../keys/key.js';
import {gumbelNoise, gumbelValues} from './noise.js';
import {drawnOnHost} from './drawnOnHost.js';
import {greatestWeight, relativeWeights} from './relativeWeights.js';
import {keyOrNext, onlyOne, startDraw, type RandomOptions} from './drawOptions.js';

/**
 * The k classes of greatest logit plus Gumbel noise along the last axis of `shape`, and those sums, in falling order;
 * no checks. Classes of logit −∞ come last. Constants.
 */
export function drawWithoutReplacement(logits: ElementParam, k: number, shape: Shape, key: Key): TopK {
  if (!isHostParam(logits)) {
    return tf.tidy(() => topKOnDevice(detach(tf.maximum(tf.add(logits, gumbelNoise(shape, key)), -HUGE)), k));
  }
  const at = indexer(logits.shape, shape);
  const topOf = (own: Key) => {
    // rounded before it is added, as on devices
    const perturbed = gumbelValues(sizeOf(shape), own);
    for (let i = 0; i < perturbed.length; i++) perturbed[i] = Math.max(perturbed[i]! + logits.values[at(i)]!, -HUGE);
    return topKOfNumbers(perturbed, shape[shape.length - 1]!, k);
  };
  const chosen = [...shape.slice(0, -1), k];
  return {
    indices: drawnOnHost([key], chosen, 'int32', own => topOf(own).indices),
    values: drawnOnHost([key], chosen, 'float32', own => topOf(own).values),
  };
}

/** Weights of the classes along the last axis for `withoutReplacement` and `gumbelTopK`, and how many to draw. */
export interface WithoutReplacementOptions extends LogitsOrProbs {
  /** How many different classes to draw: from 1 to as many as there are. */
  k: number;
}

/** Different classes, and what put them in this order. (A type, since tf.tidy takes no interfaces.) */
export type PerturbedChoice = {
  /** int32 of [...shape, k]: the first drawn first. */
  indices: tf.Tensor;
  /** float32 of [...shape, k]: the logit plus Gumbel noise of each, falling. */
  perturbed: tf.Tensor;
};

/**
 * k different class indices each, int32 of [...shape, k], in the order in which they are drawn: each from the classes
 * that are left, by `probs` or e^logits. The last axis of the parameter holds the classes, the others broadcast to
 * `shape`. Gumbel top-k (Kool, van Hoof and Welling 2019). Identical on every backend. Classes of weight 0 are not
 * drawn: too few others are an error if the parameter is an array; of a tensor, which is not read, they come last.
 */
export function withoutReplacement(shape: number | number[], options: WithoutReplacementOptions): tf.Tensor {
  const {indices, perturbed} = perturbedChoice('random.withoutReplacement', shape, options);
  perturbed.dispose();
  return indices;
}

/** As `withoutReplacement`, with the perturbed logits of the classes drawn: constants. */
export function gumbelTopK(shape: number | number[], options: WithoutReplacementOptions): PerturbedChoice {
  return perturbedChoice('random.gumbelTopK', shape, options);
}

function perturbedChoice(who: string, shape: number | number[], options: WithoutReplacementOptions): PerturbedChoice {
  const at = startDraw(who, shape, options, ['logits', 'probs', 'k']);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  return tf.tidy(() => {
    const given = readElementParam(who, name, value, at.shape, name === 'logits' ? belowInfinity : nonNegative, 1);
    const classes = given.shape[given.shape.length - 1]!;
    const {k} = options;
    checkInteger(who, 'k', k, {least: 1, most: classes});
    const logits =
      name === 'logits' ? given : isHostParam(given) ? {...given, values: given.values.map(Math.log)} : safeLog(given);
    if (isHostParam(logits)) checkEnough(who, logits, classes, k);
    const top = drawWithoutReplacement(relativeWeights('logits', logits), k, [...at.shape, classes], at.key);
    const greatest = tensorOf(greatestWeight('logits', logits));
    return {indices: top.indices, perturbed: tf.maximum(tf.add(top.values, greatest), -HUGE)};
  }); // an object of tensors, for which tf.tidy has no type
}

function checkEnough(who: string, {values, shape}: HostNumbers, classes: number, k: number): void {
  for (let row = 0; row * classes < values.length; row++) {
    const drawable = values.subarray(row * classes, (row + 1) * classes).filter(l => l > -Infinity).length;
    if (drawable < k)
      fail(who, `at least k = ${k} classes must have a weight > 0, got ${drawable}${placeOf(row, shape.slice(0, -1))}`);
  }
}

/** What `permutation` takes beside the key. */
export interface PermutationOptions extends RandomOptions {
  /** The axis of a tensor whose slices change places; default 0. */
  axis?: number;
}

/**
 * A random order: of the integers below n, int32 [n], or of a tensor's slices along an axis, through which gradients
 * pass. Every order has the same probability (Fisher and Yates); the same key gives the same order on every backend.
 */
export function permutation(what: number | tf.Tensor, options: PermutationOptions = {}): tf.Tensor {
  const who = 'random.permutation';
  checkKeys(who, options, ['key', 'axis']);
  const {axis = 0} = options;
  if (isTensor(what)) {
    checkTensor(who, 'the tensor', what);
    const {rank} = what;
    check(rank >= 1, who, 'a tensor must have at least 1 axis', what);
    checkInteger(who, 'axis', axis, {least: -rank, most: rank - 1});
    const along = axis < 0 ? axis + rank : axis;
    return reorder(what, {n: what.shape[along]!, key: keyOrNext(who, options.key), isBack: false}, along);
  }
  check(Number.isInteger(what) && what >= 0, who, 'give an integer >= 0 or a tensor', what);
  checkSize(who, [what]);
  check(options.axis === undefined, who, 'axis goes with a tensor', axis);
  return orderOf({n: what, key: keyOrNext(who, options.key), isBack: false});
}

/**
 * The slices of x in this order; its derivative takes them back, where that of tf.gather needs a kernel that wasm
 * lacks.
 */
function reorder(x: tf.Tensor, order: Order, axis: number): tf.Tensor {
  const move = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => ({
    value: tf.gather(args[0] as tf.Tensor, orderOf(order), axis), // tfjs passes the tensors first
    gradFunc: (dy: tf.Tensor) => reorder(dy, {...order, isBack: !order.isBack}, axis),
  }));
  return tf.tidy(() => move(x));
}

/** The order of n things that a key gives, or the one that takes it back. */
interface Order {
  readonly n: number;
  readonly key: Key;
  readonly isBack: boolean;
}

function orderOf({n, key, isBack}: Order): tf.Tensor1D {
  const indices = drawnOnHost([key], [n], 'int32', own => {
    const order = shuffled(n, own);
    if (!isBack) return order;
    const back = new Int32Array(n);
    order.forEach((from, to) => {
      back[from] = to;
    });
    return back;
  });
  return indices as tf.Tensor1D; // of one axis
}

/** 0, …, n − 1 in random order. */
function shuffled(n: number, key: Key): Int32Array {
  const order = Int32Array.from({length: n}, (_, i) => i);
  const stream = new HostStream(key.words);
  for (let i = n - 1; i > 0; i--) {
    const j = below(stream, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** An integer of [0, n), without bias: words beyond the greatest multiple of n are passed over. */
function below(stream: HostStream, n: number): number {
  const end = 2 ** 32 - (2 ** 32 % n);
  let word = stream.next();
  while (word >= end) word = stream.next();
  return word % n;
}
