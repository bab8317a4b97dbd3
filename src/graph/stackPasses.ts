/** What the passes of the code for each sample of its nodes gave, in one: their costs with the samples in front. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sameShape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {tellParts, type LinearParts} from './linearParts.js';

/** What one run of the code gave, or one pass of it. */
export interface PassResult {
  readonly costs: readonly tf.Tensor[];
  /** Scalars that the user's function kept. */
  readonly kept: readonly tf.Tensor[];
}

/**
 * @param paths the samples that each pass saw, one number for each node
 * @returns costs `[sample…, batch…]`, or where they are scalars their mean over all passes; and so for what was kept
 * @throws unless all passes give costs of the same shapes, and take as many samples
 */
export function stackPasses(
  who: string,
  all: readonly PassResult[],
  paths: ReadonlyArray<readonly number[]>,
): PassResult {
  const [first] = all;
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
    tellParts(mean, takeApart => partsOfPasses(mean, nested, takeApart));
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

/**
 * What the mean of the scalars of all passes is made of: each scalar taken apart, and what corresponds stacked. Where
 * passes differ in their parts it is the mean itself.
 */
function partsOfPasses(mean: tf.Tensor, nested: Nested, takeApart: LinearParts): tf.Tensor[] {
  const each = leavesOf(nested).map(scalar => takeApart([scalar]));
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
