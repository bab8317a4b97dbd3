/**
 * Credit for each example where only a scalar loss is at hand, as inside `model.fit`: the tape says what the scalar is the mean, the sum or
 * the combination of, and nodes are credited with those per-example tensors. The scalar itself is what is differentiated.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, sizeOf, tryBroadcast, type Shape} from '../util/shapes.js';
import {warnOnce} from './estimatorStore.js';
import {influencedNodes, type Influenced} from './influence.js';
import {linearParts} from './linearParts.js';
import type {TapeRecord} from './tape.js';

export interface PerExample {
  /** Tensors whose means add up to the means of the given costs, apart from what no random node influences. */
  readonly credits: tf.Tensor[];
  /** The nodes, with the indices of the credits downstream of them. */
  readonly influenced: Influenced[];
}

/**
 * What nodes are to be credited with: the costs, with the per-example tensors in place of the scalars downstream of nodes with several draws.
 * @param live the tape itself, which grows as parts are computed
 * @param from the first record that counts
 */
export function perExampleCosts(live: readonly TapeRecord[], costs: readonly tf.Tensor[], from = 0): PerExample {
  const tape = live.slice(from);
  const influenced = influencedNodes(tape, costs);
  const mixed = costs.map((c, i) => c.rank === 0 && influenced.some(node => hasDraws(node) && node.costs.has(i)));
  if (!mixed.includes(true)) return {credits: [...costs], influenced};
  const parts = [...costs.filter((_, i) => !mixed[i]), ...linearParts(tape, costs.filter((_, i) => mixed[i]))];
  const again = influencedNodes(live.slice(from), parts); // with the records of the parts
  const samples = samplesOnly(again);
  return {credits: parts.map((part, i) => toRankOfNodes(part, again.filter(node => hasDraws(node) && node.costs.has(i)), samples)), influenced: again};
}

function hasDraws({link}: Influenced): boolean {
  return link.term !== null && sizeOf(link.term.view.shape) > 1;
}

/**
 * Averages a found tensor over trailing axes until it has the rank of the nodes upstream: Keras-style losses have shape `[batch, …]`.
 * Falls back on the mean where the shapes do not agree.
 */
function toRankOfNodes(part: tf.Tensor, nodes: readonly Influenced[], samples: Shape): tf.Tensor {
  if (nodes.length === 0) return part;
  if (part.rank === 0) return warnScalar(part);
  const shapes = nodes.map(({link}) => link.term!.view.shape);
  const longest = shapes.reduce((a, b) => (b.length > a.length ? b : a));
  const reduced = averageTrailing(part, [[...samples, ...longest], longest]);
  const agrees = nodes.every(({link}, i) => tryBroadcast([reduced.shape, shapes[i]!]) !== null &&
      reduced.rank >= link.term!.view.distribution.batchShape.length);
  return agrees ? reduced : warnScalar(tf.mean(part));
}

/** The mean over the axes behind the first of `heads` that `x` begins with; `x` itself where there is none. */
function averageTrailing(x: tf.Tensor, heads: readonly Shape[]): tf.Tensor {
  const head = heads.find(h => sameShape(x.shape.slice(0, h.length), h));
  const extra = head === undefined ? 0 : x.rank - head.length;
  return extra === 0 ? x : tf.mean(x, Array.from({length: extra}, (_, i) => x.rank - extra + i));
}

/** The sample axes that a node without a surrogate term (a pathwise one) has put before the batch; the most that any of them has. */
function samplesOnly(nodes: readonly Influenced[]): Shape {
  const axes = nodes.filter(({link}) => link.term === null).map(({link: {node}}) => {
    const {batchShape, eventShape} = node.distribution;
    return node.value.shape.slice(0, node.value.rank - batchShape.length - eventShape.length);
  });
  return axes.reduce((a, b) => (b.length > a.length ? b : a), []);
}

function warnScalar(scalar: tf.Tensor): tf.Tensor {
  warnOnce('tfjs-stochastic: found no per-example costs behind a scalar loss, so every random draw is credited with the whole loss: the ' +
      'gradient stays right on average but is noisier. Return costs of shape [batch], or make the loss the mean of such a tensor.');
  return scalar;
}
