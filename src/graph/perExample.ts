/**
 * Credit for each example where only a scalar loss is at hand, as inside `model.fit`: the tape says what the scalar is
 * the mean, the sum or the combination of, and nodes are credited with those per-example tensors. The scalar itself is
 * what is differentiated.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import {warnOnce} from './estimatorStore.js';
import {OpenCosts} from './dependsOn.js';
import {influencedNodes, type Influenced} from './influence.js';
import {linearParts} from './linearParts.js';
import type {TapeRecord} from './tape.js';

export interface PerExample {
  /** Tensors whose means add up to the means of the given costs, apart from what no random node influences. */
  readonly credits: tf.Tensor[];
  /** How many of them are costs that were given. */
  readonly given: number;
  /** The nodes, with the indices of the credits downstream of them. */
  readonly influenced: Influenced[];
}

/**
 * What nodes are to be credited with: the costs, with the tensors that they are the mean of in place of the scalars
 * downstream of nodes with several draws.
 * @param live the tape itself, which grows as parts are computed
 * @param from the first record that counts
 * @param until the last tensor, by its id, whose costs from outside are judged; see `OpenCosts.judge`
 */
export function perExampleCosts(
  live: readonly TapeRecord[],
  costs: readonly tf.Tensor[],
  from = 0,
  until = Infinity,
): PerExample {
  const tape = live.slice(from);
  const open = new OpenCosts();
  const influenced = influencedNodes(tape, costs, open);
  const mixed = costs.map((c, i) => c.rank === 0 && influenced.some(node => hasDraws(node) && node.costs.has(i)));
  if (!mixed.includes(true)) {
    open.judge(influenced, until);
    return {credits: [...costs], given: costs.length, influenced};
  }
  const given = costs.filter((_, i) => !mixed[i]);
  const credits = [...given, ...linearParts(tape)(costs.filter((_, i) => mixed[i]))];
  const openAgain = new OpenCosts();
  const again = influencedNodes(live.slice(from), credits, openAgain); // with the records of the parts
  if (credits.some((part, i) => part.rank === 0 && again.some(node => hasDraws(node) && node.costs.has(i))))
    warnScalar();
  openAgain.judge(again, until);
  return {credits, given: given.length, influenced: again};
}

function hasDraws({link}: Influenced): boolean {
  return link.term !== null && sizeOf(link.shape) > 1;
}

function warnScalar(): void {
  warnOnce(
    'tfjs-stochastic: found no per-example costs behind a scalar loss, so every random draw is credited with ' +
      'the whole loss: the gradient stays right on average but is noisier. Return costs of shape [batch], or make ' +
      'the loss the mean of such a tensor.',
  );
}
