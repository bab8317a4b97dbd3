/** Costs that arrive late: what stands in for them, and what is learnt when they come. */
import * as tf from '@tensorflow/tfjs-core';
import {check, StochasticError} from '../util/errors.js';
import {sameShape, sizeOf, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {constants, unrecorded} from '../math/stopGradient.js';
import {key as keyOf} from '../keys/key.js';
import {denseNetwork, type Network} from '../baselines/network.js';
import {toConstant} from '../graph/cost.js';
import type {NodeView} from '../graph/nodeView.js';
import type {Objective} from '../graph/estimator.js';
import type {LateCost} from '../graph/inquiry.js';
import {isStateFrozen, warnOnce} from '../graph/estimatorStore.js';
import {currentRun, type Run} from '../graph/run.js';
import {criticNode, evaluateCritic, type CriticNode} from './criticNetworks.js';

/** How many of the latest arrivals of a cost are learnt from in each step. */
const LATEST = 16;

/**
 * How many names of costs that did not occur in a step are remembered at each node; the network of the one that was not
 * met for longest is then made new for the next name.
 */
const IDLE_NAMES = 16;

/** Draws and the cost that came for them, on the host. */
interface Arrival {
  readonly rows: Float32Array;
  /** One number for each row; a single one for the mean over all rows. */
  readonly costs: Float32Array;
  readonly isScalar: boolean;
}

/** What expects the cost of one name at one node. */
interface Regressor {
  readonly network: OwnNetwork;
  readonly node: CriticNode;
  readonly width: number;
  readonly arrivals: Arrival[];
  /** The gradient scope in which it was asked last. */
  readonly run: Run | null;
}

type OwnNetwork = Network<[node: CriticNode]> & {dispose(): void};

/** Makes a network of its own for a cost: `[rows, width]` to `[rows]`. */
export type MakeNetwork = (width: number) => OwnNetwork;

/**
 * A perceptron that is the same whatever the default stream gives: a step that is repeated must find the stream as it
 * was.
 */
export function lateNetwork(units: readonly number[]): MakeNetwork {
  return width => denseNetwork({inputSize: width, units, key: keyOf(width)});
}

export class LateCosts {
  readonly #who: string;
  readonly #make: MakeNetwork;
  readonly #makeTable: MakeNetwork | null;
  /** By the slot of the node, then by the name of the cost; the one that was asked last is the last. */
  readonly #regressors = new Map<string, Map<string, Regressor>>();
  readonly #counts = new WeakMap<Run, Map<string, number>>();
  #errors: Error[] = [];
  /** Grows with each `dispose`: what was asked for before arrives nowhere. */
  #life = 0;

  /** @param makeTable where the critic has a table: for a cost that depends on its node alone */
  constructor(who: string, make: MakeNetwork, makeTable: MakeNetwork | null) {
    this.#who = who;
    this.#make = make;
    this.#makeTable = makeTable;
  }

  /**
   * What is expected of `late` at the draws `rows` of the node, of its shape; its outcome will be learnt from, unless
   * state is frozen.
   */
  standIn(view: NodeView, rows: tf.Tensor, late: LateCost): tf.Tensor {
    const regressor = this.#regressorOf(view, rows, late);
    if (!isStateFrozen()) {
      this.raise();
      this.#await(regressor, rows, view.shape, late);
    }
    return tf.reshape(evaluateCritic(this.#who, regressor.network, rows, regressor.node), view.shape);
  }

  /** What the networks of the node's late costs minimise: (Q − cost)², for a cost of everything (mean of Q − cost)². */
  lessons(view: NodeView): Objective[] {
    const own = [...(this.#regressors.get(view.slot)?.values() ?? [])].filter(({arrivals}) => arrivals.length > 0);
    return own.map(regressor => ({loss: lossOf(this.#who, regressor), variables: regressor.network.variables}));
  }

  /** Throws what went wrong with a promise since the last time. */
  raise(): void {
    const error = this.#errors.shift();
    if (error !== undefined) throw error;
  }

  dispose(): void {
    this.#regressors.forEach(byName => byName.forEach(({network}) => network.dispose()));
    this.#regressors.clear();
    this.#errors = [];
    this.#life++;
  }

  #regressorOf(view: NodeView, rows: tf.Tensor, late: LateCost): Regressor {
    const width = rows.shape[1]!;
    const name = `${this.#nameOf(view, late)} ${late.besides.length} ${width}`;
    const run = currentRun()?.origin ?? null;
    const byName = this.#regressors.get(view.slot) ?? new Map<string, Regressor>();
    this.#regressors.set(view.slot, byName);
    const known = byName.get(name);
    const regressor =
      known === undefined
        ? {
            network: this.#networkFor(view, late, byName, width, run),
            node: {...criticNode(view, `${view.slot} ${name}`), name: `${view.name}: ${late.name ?? late.who}`},
            width,
            arrivals: [],
            run,
          }
        : {...known, run};
    byName.delete(name);
    byName.set(name, regressor);
    return regressor;
  }

  /**
   * A new network; where too many names have come, that of the one that was not met for longest, as new: variables of
   * its own for each would fill the memory.
   */
  #networkFor(
    view: NodeView,
    {besides}: LateCost,
    byName: Map<string, Regressor>,
    width: number,
    run: Run | null,
  ): OwnNetwork {
    const isTable = this.#makeTable !== null && besides.length === 0;
    const made = isTable ? this.#makeTable(width) : this.#make(width);
    const idle = [...byName].filter(([, regressor]) => regressor.run !== run);
    if (idle.length < IDLE_NAMES) return made;
    warnOnce(
      `tfjs-stochastic: costs of ever new names come late at node ${JSON.stringify(view.name)}, so that nothing ` +
        'is learnt from those before: give a cost the same name in each step',
    );
    const [name, {network}] = idle[0]!;
    byName.delete(name);
    const fits =
      !isTable &&
      network.variables.length === made.variables.length &&
      network.variables.every((v, i) => sameShape(v.shape, made.variables[i]!.shape));
    if (!fits) {
      network.dispose();
      return made;
    }
    tf.tidy(() =>
      network.variables.forEach((v, i) => v.assign(unrecorded(() => [tf.clone(made.variables[i] as tf.Tensor)])[0]!)),
    );
    made.dispose();
    return network;
  }

  /** Costs of one name at one node are told apart by their order in a run. */
  #nameOf({slot}: NodeView, {name}: LateCost): string {
    const run = currentRun();
    const text = `${slot} ${name ?? ''}`;
    if (run === null) return text;
    let counts = this.#counts.get(run);
    if (counts === undefined) this.#counts.set(run, (counts = new Map<string, number>()));
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
      const arrival = {...(await readOutcome(who, outcome, shape)), rows: await onHost};
      if (life !== this.#life) return;
      regressor.arrivals.push(arrival);
      regressor.arrivals.splice(0, regressor.arrivals.length - LATEST);
    };
    arrive().catch((error: unknown) => {
      if (onError !== null)
        onError(error as Error); // what fails above is an Error
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
      check(
        !(isTensor(value) && value.isDisposed),
        who,
        'the promise must give a tensor that is alive, got one that is disposed',
      );
      return tf.tidy(() => tf.keep(toConstant(who, value)));
    },
    (reason: unknown) => {
      const why = reason instanceof Error ? reason.message : String(reason);
      throw new StochasticError(`${who}: the promise was rejected: ${why}`, {cause: reason});
    },
  );
  try {
    const isScalar = tensor.rank === 0;
    check(
      isScalar || sameShape(tensor.shape, shape),
      who,
      `the promise must give a cost of shape [${shape.join(',')}] or []`,
      tensor,
    );
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
    return evaluateCritic(who, network, tf.tensor2d(rows, [rows.length / width, width]), node);
  };
  const losses: tf.Tensor[] = [];
  if (each.length > 0)
    losses.push(tf.mean(tf.square(tf.sub(predict(each), tf.tensor1d(joinArrays(each.map(({costs}) => costs)))))));
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
