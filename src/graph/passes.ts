/**
 * Samples in turn: where the code between a node and the cost takes a batch of examples and nothing else, as most
 * layers do, it runs once for each of the node's samples. The costs of all passes are stacked, and the tape says which
 * sample each of them is of.
 */
import * as tf from '@tensorflow/tfjs-core';
import {foldIn, type Key} from '../keys/key.js';
import {check, fail} from '../util/errors.js';
import {sameShape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {returnTo, streamPosition, type StreamPosition} from '../random/stream.js';
import type {LinearParts} from './linearParts.js';
import {linkOf} from './nodeLink.js';
import {currentRun, type Run} from './run.js';
import type {StochasticTensor} from './stochasticTensor.js';
import {persist} from './tape.js';

/** More passes than anybody waits for: samples multiply where nodes follow each other. */
const MOST_PASSES = 1024;

/** A node whose samples are taken in turn, and the one that this pass sees. */
interface Open {
  readonly samples: readonly tf.Tensor[];
  at: number;
  /** How many nodes that are not were made before it in its pass. */
  readonly before: number;
  /** Where the default stream stood when it was made. */
  readonly after: StreamPosition;
}

/**
 * The passes of one run, in the order of a counter whose first digit is the sample of the first node. A node is made
 * anew when the sample of one before it changes.
 */
export class Passes {
  readonly #open: Open[] = [];
  /** Of this pass: the nodes met whose samples are taken in turn, and how many others were made. */
  #met = 0;
  #others = 0;
  /** The keys of the others, in their order. */
  readonly #keys: Key[] = [];
  #begun = 0;
  #isMaking = false;
  readonly #nodes = new WeakSet<StochasticTensor>();

  /** Whether it repeats what an earlier one did, with another sample. */
  get isLater(): boolean {
    return this.#begun > 1;
  }

  /** Whether the samples of a node are taken in turn. */
  has(node: StochasticTensor): boolean {
    return this.#nodes.has(node);
  }

  /** Whether a node is being made whose samples are taken in turn. */
  get isMaking(): boolean {
    return this.#isMaking;
  }

  /** The samples that the pass saw, one number for each node. */
  get path(): number[] {
    return this.#open.flatMap(({samples, at}) => (samples.length > 1 ? [at] : []));
  }

  begin(): void {
    this.#met = 0;
    this.#others = 0;
    this.#keys.length = this.#open[this.#open.length - 1]?.before ?? 0;
    this.#begun++;
  }

  /**
   * The key of a new node: what comes before the sample that has changed is drawn as it was, what comes behind it is
   * drawn anew, whatever key the code comes to.
   * @param place a number that no other node of the run has
   */
  keyFor(key: Key, place: number): Key {
    const own = this.isLater ? foldIn(key, place) : key;
    if (this.#isMaking) return own;
    return (this.#keys[this.#others++] ??= own);
  }

  /** Goes on to the next sample; false where all have been seen. */
  advance(): boolean {
    for (let last = this.#open.pop(); last !== undefined; last = this.#open.pop()) {
      if (++last.at < last.samples.length) {
        this.#open.push(last);
        return true;
      }
    }
    return false;
  }

  /** The sample of the next node of this pass; `make` is asked for the node where it is not made yet. */
  take(make: () => StochasticTensor): InTurn {
    const made = this.#open[this.#met];
    if (made !== undefined) {
      this.#met++;
      returnTo(made.after);
      return {value: made.samples[made.at]!, all: null};
    }
    this.#isMaking = true;
    let node: StochasticTensor;
    try {
      node = make();
    } finally {
      this.#isMaking = false;
    }
    this.#nodes.add(node);
    const {sampleRank} = linkOf('sampleInTurn', node);
    const {shape} = node.value;
    const rank = sampleRank ?? 0; // samples that are merged into the batch stay there
    const count = shape.slice(0, rank).reduce((n, d) => n * d, 1);
    const passes = this.#open.reduce((n, {samples}) => n * samples.length, count);
    if (passes > MOST_PASSES) {
      fail(
        `node ${JSON.stringify(node.name)}`,
        `its ${count} samples and those of the nodes before it would make more than ${MOST_PASSES} passes of the ` +
          'model; take an estimator of one sample for some of them',
        passes,
      );
    }
    const samples = persist(
      rank === 0 ? [node.value] : tf.unstack(tf.reshape(node.value, [count, ...shape.slice(rank)])),
    );
    this.#open.push({samples, at: 0, before: this.#others, after: streamPosition()});
    this.#met++;
    return {value: samples[0]!, all: node.value};
  }
}

/** A sample in turn. */
export interface InTurn {
  /** What the code goes on with. */
  readonly value: tf.Tensor;
  /** The node's own value, which must live as long as the gradient scope; null where that is `value` or lives already. */
  readonly all: tf.Tensor | null;
}

/**
 * The sample of a node that the code is to go on with, `[batch…, event…]`: the code runs once for each. In a gradient
 * scope whose code cannot run again it is the node's value, with its samples in front.
 * @param make makes the node; not called in a pass that only sees another of its samples
 */
export function sampleInTurn(make: () => StochasticTensor): InTurn {
  const passes = currentRun()?.passes ?? null;
  return passes === null ? {value: make().value, all: null} : passes.take(make);
}

/** What one pass gave. */
export interface Pass {
  readonly costs: readonly tf.Tensor[];
  /** Scalars that the user's function kept. */
  readonly kept: readonly tf.Tensor[];
}

/**
 * Runs `pass` once, and once more for each further sample of nodes that are taken in turn.
 * @returns costs `[sample…, batch…]`, or where they are scalars their mean over all passes; and so for what was kept
 * @throws unless all passes give costs of the same shapes
 */
export function inPasses(who: string, run: Run, pass: (isLater: boolean) => Pass): Pass {
  const passes = (run.passes = new Passes());
  const all: Pass[] = [];
  const paths: number[][] = [];
  const start = streamPosition();
  let end = start;
  do {
    passes.begin();
    if (passes.isLater) returnTo(start); // what is not drawn anew is drawn as it was
    all.push(pass(passes.isLater));
    paths.push(passes.path);
    if (!passes.isLater) end = streamPosition();
  } while (passes.advance());
  if (passes.isLater) returnTo(end);
  const [first] = all;
  if (paths[0]!.length === 0) return first!; // no node was taken in turn
  const rule =
    'the function that gives the costs runs once for each sample of its nodes, and must do the same each time';
  for (const {costs} of all) {
    check(
      costs.length === first!.costs.length && costs.every((c, i) => sameShape(c.shape, first!.costs[i]!.shape)),
      who,
      `${rule}: its costs must have the shapes ${JSON.stringify(first!.costs.map(c => c.shape))}`,
      costs.map(c => c.shape),
    );
  }
  check(
    paths.every(path => path.length === paths[0]!.length),
    who,
    `${rule}: it must make the same nodes`,
    paths.map(path => path.length),
  );
  const over = (tensors: readonly tf.Tensor[]): tf.Tensor => {
    const nested = nest(paths, tensors, 0);
    if (tensors[0]!.rank > 0) return stackOf(nested);
    const mean = tf.mean(stackOf(nested));
    scalarsOf.set(mean, nested);
    return mean;
  };
  const isKeptByAll = all.every(({kept}) => kept.length === first!.kept.length);
  return {
    costs: first!.costs.map((_, i) => over(all.map(({costs}) => costs[i]!))),
    kept: isKeptByAll ? first!.kept.map((_, i) => over(all.map(({kept}) => kept[i]!))) : first!.kept,
  };
}

/** By sample of the first node, then of the second, and so on. */
type Nested = tf.Tensor | readonly Nested[];

function nest(paths: ReadonlyArray<readonly number[]>, values: readonly tf.Tensor[], depth: number): Nested {
  if (depth === paths[0]!.length) return values[0]!;
  const groups: number[][] = [];
  paths.forEach((path, i) => (groups[path[depth]!] ??= []).push(i));
  return groups.map(group =>
    nest(
      group.map(i => paths[i]!),
      group.map(i => values[i]!),
      depth + 1,
    ),
  );
}

const leavesOf = (nested: Nested): tf.Tensor[] => (isTensor(nested) ? [nested] : nested.flatMap(leavesOf));
const stackOf = (nested: Nested): tf.Tensor => (isTensor(nested) ? nested : tf.stack(nested.map(stackOf)));

function withLeaves(nested: Nested, leaves: tf.Tensor[]): Nested {
  return isTensor(nested) ? leaves.shift()! : nested.map(inner => withLeaves(inner, leaves));
}

/** For the mean of the scalars of all passes these scalars. */
const scalarsOf = new WeakMap<tf.Tensor, Nested>();

/** Whether a scalar is the mean of those of several passes. */
export function isOfPasses(scalar: tf.Tensor): boolean {
  return scalarsOf.has(scalar);
}

/**
 * What the mean of the scalars of all passes is made of: each scalar taken apart, and what corresponds stacked. Where
 * passes differ in their parts it is the mean itself.
 */
export function partsOfPasses(mean: tf.Tensor, parts: LinearParts): tf.Tensor[] {
  const nested = scalarsOf.get(mean)!; // asked only of such means
  const each = leavesOf(nested).map(scalar => parts([scalar]));
  const [first] = each;
  const alike = each.every(
    list => list.length === first!.length && list.every((part, i) => sameShape(part.shape, first![i]!.shape)),
  );
  return alike
    ? first!.map((_, i) =>
        stackOf(
          withLeaves(
            nested,
            each.map(list => list[i]!),
          ),
        ),
      )
    : [mean];
}
