/** Costs that arrive late: what stands in for them, and what is learnt when they come. */
import * as tf from '@tensorflow/tfjs-core';
import {check, StochasticError} from '../util/errors.js';
import {sameShape, sizeOf, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {constants} from '../math/stopGradient.js';
import {key as keyOf} from '../random/key.js';
import {denseNetwork, type Network} from '../baselines/network.js';
import {toConstant} from '../graph/cost.js';
import {Slots, type NodeView, type Objective} from '../graph/estimator.js';
import type {LateCost} from '../graph/inquiry.js';
import {isStateFrozen} from '../graph/estimatorStore.js';
import {currentRun, type Run} from '../graph/run.js';
import {criticNode, evaluate, type CriticNode} from './network.js';

/** How many of the latest arrivals of a cost are learnt from in each step. */
const LATEST = 16;

/** Draws and the cost that came for them, on the host. */
interface Arrival {
  readonly rows: Float32Array;
  /** One number for each row; a single one for the mean over all rows. */
  readonly costs: Float32Array;
  readonly isScalar: boolean;
}

/** What expects the cost of one name at one node. */
interface Regressor {
  readonly network: Network<[node: CriticNode]>;
  readonly node: CriticNode;
  readonly width: number;
  readonly arrivals: Arrival[];
  dispose(): void;
}

/** Makes a network of its own for a cost: `[rows, width]` to `[rows]`. */
export type MakeNetwork = (width: number) => Network<[node: CriticNode]> & {dispose(): void};

/** A perceptron that is the same whatever the default stream gives: a step that is repeated must find the stream as it was. */
export function lateNetwork(units: readonly number[]): MakeNetwork {
  return width => denseNetwork({inputSize: width, units, key: keyOf(width)});
}

export class LateCosts {
  readonly #who: string;
  readonly #make: MakeNetwork;
  readonly #regressors = new Slots<Regressor>();
  readonly #bySlot = new Map<string, Set<Regressor>>();
  readonly #counts = new WeakMap<Run, Map<string, number>>();
  #errors: Error[] = [];
  /** Grows with each `dispose`: what was asked for before arrives nowhere. */
  #life = 0;

  constructor(who: string, make: MakeNetwork) {
    this.#who = who;
    this.#make = make;
  }

  /** What is expected of `late` at the draws `rows` of the node, of its shape; its outcome will be learnt from, unless state is frozen. */
  standIn(view: NodeView, rows: tf.Tensor, late: LateCost): tf.Tensor {
    const regressor = this.#regressorOf(view, rows, late);
    if (!isStateFrozen()) {
      this.raise();
      this.#await(regressor, rows, view.shape, late);
    }
    return tf.reshape(evaluate(this.#who, regressor.network, rows, regressor.node), view.shape);
  }

  /** What the networks of the node's late costs minimise: (Q − cost)², for a cost of everything (mean of Q − cost)². */
  lessons(view: NodeView): Objective[] {
    const own = [...this.#bySlot.get(view.slot) ?? []].filter(({arrivals}) => arrivals.length > 0);
    return own.map(regressor => ({loss: lossOf(this.#who, regressor), variables: regressor.network.variables}));
  }

  /** Throws what went wrong with a promise since the last time. */
  raise(): void {
    const error = this.#errors.shift();
    if (error !== undefined) throw error;
  }

  dispose(): void {
    this.#regressors.clear(regressor => regressor.dispose());
    this.#bySlot.clear();
    this.#errors = [];
    this.#life++;
  }

  #regressorOf(view: NodeView, rows: tf.Tensor, late: LateCost): Regressor {
    const slot = `${view.slot} ${this.#nameOf(view, late)}`;
    return this.#regressors.get(slot, () => {
      const width = rows.shape[1]!;
      const network = this.#make(width);
      const node = {...criticNode(view, slot), name: `${view.name}: ${late.name ?? late.who}`};
      const regressor = {network, node, width, arrivals: [], dispose: () => network.dispose()};
      const all = this.#bySlot.get(view.slot) ?? new Set();
      this.#bySlot.set(view.slot, all.add(regressor));
      return regressor;
    });
  }

  /** Costs of one name at one node are told apart by their order in a run. */
  #nameOf({slot}: NodeView, {name}: LateCost): string {
    const run = currentRun();
    const text = `${slot} ${name ?? ''}`;
    if (run === null) return text;
    let counts = this.#counts.get(run);
    if (counts === undefined) this.#counts.set(run, counts = new Map<string, number>());
    const count = counts.get(text) ?? 0;
    counts.set(text, count + 1);
    return `${name ?? ''}#${count}`;
  }

  /** The draws wait on the host, so that a cost that never comes holds no tensor. */
  #await(regressor: Regressor, rows: tf.Tensor, shape: Shape, {who, outcome, onError}: LateCost): void {
    const life = this.#life;
    const [kept] = constants(() => [tf.clone(rows)]) as [tf.Tensor]; // as many as are made
    const onHost = toHost(kept);
    const arrive = async (): Promise<void> => {
      const arrival = {...await readOutcome(who, outcome, shape), rows: await onHost};
      if (life !== this.#life) return;
      regressor.arrivals.push(arrival);
      regressor.arrivals.splice(0, regressor.arrivals.length - LATEST);
    };
    arrive().catch((error: unknown) => {
      if (onError !== null) onError(error as Error); // what fails above is an Error
      else if (life === this.#life) this.#errors.push(error as Error);
    });
  }
}

/** Copies a kept tensor to the host once the step is over, and disposes it. */
async function toHost(kept: tf.Tensor): Promise<Float32Array> {
  await Promise.resolve();
  try {
    return await kept.data<'float32'>();
  } finally {
    kept.dispose();
  }
}

async function readOutcome(who: string, outcome: LateCost['outcome'], shape: Shape): Promise<Omit<Arrival, 'rows'>> {
  // Copied in the very turn in which it comes: the promise's owner may dispose it after that.
  const tensor = await outcome.then(
      value => {
        check(!(isTensor(value) && value.isDisposed), who, 'the promise must give a tensor that is alive, got one that is disposed');
        return tf.tidy(() => tf.keep(toConstant(who, value)));
      },
      (reason: unknown) => {
        const why = reason instanceof Error ? reason.message : String(reason);
        throw new StochasticError(`${who}: the promise was rejected: ${why}`, {cause: reason});
      });
  try {
    const isScalar = tensor.rank === 0;
    check(isScalar || sameShape(tensor.shape, shape), who, `the promise must give a cost of shape [${shape.join(',')}] or []`, tensor);
    const costs = await tensor.data<'float32'>();
    costs.forEach(x => check(Number.isFinite(x), who, 'the promise must give finite numbers', x));
    return {costs, isScalar: isScalar && sizeOf(shape) > 1};
  } finally {
    tensor.dispose();
  }
}

function lossOf(who: string, {network, node, width, arrivals}: Regressor): tf.Tensor {
  const each = arrivals.filter(({isScalar}) => !isScalar);
  const together = arrivals.filter(({isScalar}) => isScalar);
  const predict = (list: readonly Arrival[]): tf.Tensor => {
    const rows = joinArrays(list.map(arrival => arrival.rows));
    return evaluate(who, network, tf.tensor2d(rows, [rows.length / width, width]), node);
  };
  const losses: tf.Tensor[] = [];
  if (each.length > 0) losses.push(tf.mean(tf.square(tf.sub(predict(each), tf.tensor1d(joinArrays(each.map(({costs}) => costs)))))));
  if (together.length > 0) {
    const sizes = together.map(({rows}) => rows.length / width);
    const means = tf.reshape(tf.matMul(averaging(sizes), tf.expandDims(predict(together), 1)), [together.length]);
    losses.push(tf.mean(tf.square(tf.sub(means, tf.tensor1d(joinArrays(together.map(({costs}) => costs)))))));
  }
  return losses.reduce((a, b) => tf.add(a, b));
}

/** The matrix that takes the means of consecutive rows of these numbers: `[sizes, Σ sizes]`. */
function averaging(sizes: readonly number[]): tf.Tensor2D {
  const total = sizes.reduce((a, b) => a + b, 0);
  const matrix = new Float32Array(sizes.length * total);
  let start = 0;
  sizes.forEach((size, i) => {
    matrix.fill(1 / size, i * total + start, i * total + start + size);
    start += size;
  });
  return tf.tensor2d(matrix, [sizes.length, total]);
}

function joinArrays(arrays: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(arrays.reduce((sum, a) => sum + a.length, 0));
  let start = 0;
  for (const a of arrays) {
    joined.set(a, start);
    start += a.length;
  }
  return joined;
}
