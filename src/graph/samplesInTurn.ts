/**
 * Samples in turn: where the code between a node and the cost takes a batch of examples and nothing else, as most
 * layers do, it runs once for each of the node's samples. The costs of all passes are stacked, and the tape says which
 * sample each of them is of.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sameShape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {returnTo, streamPosition} from '../random/stream.js';
import type {LinearParts} from './linearParts.js';
import {currentRun, type Run} from './run.js';
import type {StochasticTensor} from './stochasticTensor.js';
import {Turns, type InTurn} from './turns.js';

/**
 * The sample of a node that the code is to go on with, `[batch…, event…]`: the code runs once for each. In a gradient
 * scope whose code cannot run again it is the node's value, with its samples in front.
 * @param make makes the node; not called in a pass that only sees another of its samples
 */
export function sampleInTurn(make: () => StochasticTensor): InTurn {
  const turns = currentRun()?.turns ?? null;
  return turns === null ? {value: make().value, all: null} : turns.take(make);
}

/** What one pass gave. */
export interface PassResult {
  readonly costs: readonly tf.Tensor[];
  /** Scalars that the user's function kept. */
  readonly kept: readonly tf.Tensor[];
}

/**
 * Runs `pass` once, and once more for each further sample of nodes that are taken in turn.
 * @returns costs `[sample…, batch…]`, or where they are scalars their mean over all passes; and so for what was kept
 * @throws unless all passes give costs of the same shapes
 */
export function inPasses(who: string, run: Run, pass: (isLater: boolean) => PassResult): PassResult {
  const turns = (run.turns = new Turns());
  const all: PassResult[] = [];
  const paths: number[][] = [];
  const start = streamPosition();
  let end = start;
  do {
    turns.begin();
    if (turns.isLater) returnTo(start); // what is not drawn anew is drawn as it was
    all.push(pass(turns.isLater));
    paths.push(turns.path);
    if (!turns.isLater) end = streamPosition();
  } while (turns.advance());
  if (turns.isLater) returnTo(end);
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

/** Whether a scalar is the mean of those of several turns. */
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
