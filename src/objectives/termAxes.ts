/**
 * Which axes of the terms of a bound are samples and which are the batch: by what the nodes know of themselves, never
 * by sizes that happen to be equal.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sameShape, tryBroadcast, type Shape} from '../util/shapes.js';
import type {DistributionTensor} from '../graph/distributionTensor.js';
import {influencedNodes} from '../graph/influence.js';
import {linkOf, type NodeLink} from '../graph/nodeLink.js';
import {inGradientScope, readTape} from '../graph/tape.js';

/** The axes of a latent's log-probability. */
interface LatentAxes {
  readonly shape: Shape;
  /** Its own sample axes, and those that it has from draws upstream of it. */
  readonly samples: number;
  /** The rightmost ones that are left: those of its batch. */
  readonly batch: number;
}

/**
 * Brings the terms of latents into the shape of a model, `[sample…, batch…]`: batch axes meet from the right, sample
 * axes in front of all of them.
 */
export class TermAxes {
  readonly #who: string;
  readonly #model: tf.Tensor;
  readonly #axes: ReadonlyMap<DistributionTensor, LatentAxes>;
  /** The number of the model's batch axes. */
  readonly #batch: number;
  /** The most sample axes that a term may have. */
  readonly #most: number;

  /** @param sums whether terms are summed over the batch of their latents, so that the model need not have it */
  constructor(who: string, model: tf.Tensor, nodes: readonly DistributionTensor[], sums = false) {
    this.#who = who;
    this.#model = model;
    this.#axes = axesOf(who, nodes);
    const axes = [...this.#axes.values()];
    const {samples, isAveraged} = samplesOf(model, axes, sums ? 0 : Math.max(...axes.map(a => a.batch)));
    this.#batch = model.rank - samples;
    this.#most = isAveraged ? 0 : Math.max(...axes.map(a => a.samples));
  }

  /**
   * The term `[sample…, batch…]` of a latent with axes of size 1 for those that it lacks behind its samples. It may
   * have samples that the model has not.
   * @throws if its batch does not broadcast to that of the model, or its samples do not meet the model's
   */
  place(node: DistributionTensor, term: tf.Tensor): tf.Tensor {
    const {batch} = this.#axes.get(node)!; // one of the nodes
    const own = Math.min(batch, term.rank);
    const [samples, rest] = [term.shape.slice(0, term.rank - own), term.shape.slice(term.rank - own)];
    const fits = own <= this.#batch && this.#meets(samples, rest);
    check(
      fits,
      this.#who,
      `node ${JSON.stringify(node.name)} has a term of shape [${term.shape.join(',')}], which must broadcast to ` +
        "the shape [sample…, batch…] of the model's log-probability: sum that over event axes only, and make axes " +
        'of the node events with independent',
      this.#model.shape,
    );
    return samples.length === 0 || own === this.#batch
      ? term
      : tf.reshape(term, [...samples, ...ones(this.#batch - own), ...rest]);
  }

  /** The term summed over the batch axes of its latent, `[sample…, 1…]`. */
  sum(node: DistributionTensor, term: tf.Tensor): tf.Tensor {
    const {batch} = this.#axes.get(node)!; // one of the nodes
    const own = Math.min(batch, term.rank);
    const summed =
      own === 0
        ? term
        : tf.sum(
            term,
            Array.from({length: own}, (_, i) => term.rank - own + i),
          );
    check(
      this.#meets(summed.shape, []),
      this.#who,
      `node ${JSON.stringify(node.name)} needs a prior whose batch broadcasts to its own, and a model that ` +
        'keeps the sample axes',
      this.#model,
    );
    return summed.rank === 0 ? summed : tf.reshape(summed, [...summed.shape, ...ones(this.#batch)]);
  }

  /** Whether samples and batch of a term meet those of the model. */
  #meets(samples: Shape, rest: Shape): boolean {
    const {shape} = this.#model;
    const split = shape.length - this.#batch;
    const [head, tail] = [shape.slice(0, split), shape.slice(split)];
    return (
      samples.length <= this.#most &&
      tryBroadcast([head, samples]) !== null &&
      sameShape(tryBroadcast([tail, rest]) ?? [NaN], tail)
    );
  }
}

function axesOf(who: string, nodes: readonly DistributionTensor[]): ReadonlyMap<DistributionTensor, LatentAxes> {
  // as they were made: what lies upstream comes first
  const links = nodes.map(node => linkOf(who, node)).sort((a, b) => a.node.value.id - b.node.value.id);
  const hasSamples = links.length > 1 && links.some(({sampleRank}) => sampleRank !== null && sampleRank > 0);
  const samples = new Map<NodeLink, number>();
  for (const [i, link] of links.entries()) {
    const before = hasSamples ? upstreamOf(who, link, links.slice(0, i)).map(other => samples.get(other)!) : [];
    samples.set(link, (link.sampleRank ?? 0) + Math.max(0, ...before));
  }
  return new Map(
    links.map(link => {
      const shape = shapeOf(link);
      const count = Math.min(samples.get(link)!, shape.length);
      // the nodes that were given
      return [link.node as DistributionTensor, {shape, samples: count, batch: shape.length - count}];
    }),
  );
}

/**
 * Those of `others` whose draws the distribution of `link` depends on. Where there is no tape to tell, those whose
 * shape it has behind its own samples.
 */
function upstreamOf(who: string, link: NodeLink, others: readonly NodeLink[]): NodeLink[] {
  if (inGradientScope()) {
    const found = new Set(influencedNodes(readTape(who), link.parents).map(({link: upstream}) => upstream));
    return others.filter(other => found.has(other));
  }
  const own = shapeOf(link).slice(link.sampleRank ?? 0);
  return others.filter(other => {
    const {length} = shapeOf(other);
    return length > 0 && own.length >= length && sameShape(own.slice(own.length - length), shapeOf(other));
  });
}

function shapeOf({node}: NodeLink): Shape {
  return node.value.shape.slice(0, node.value.rank - node.distribution.eventShape.length);
}

/**
 * How many sample axes the model has: as many as one of the latents, the most that leave it `batch` axes. One that has
 * averaged over its samples has none, unless it could be taken for one that has not: whether it has is then not for
 * sizes to say.
 */
function samplesOf(
  model: tf.Tensor,
  axes: readonly LatentAxes[],
  batch: number,
): {samples: number; isAveraged: boolean} {
  const counts = axes.map(a => a.samples).filter(samples => model.rank - samples >= batch);
  if (counts.length > 0) return {samples: Math.max(...counts), isAveraged: false};
  const mayHave = axes.some(
    ({shape, samples}) => samples > 0 && model.rank > 0 && (model.shape[0] === shape[0] || shape[0] === 1),
  );
  return mayHave
    ? {samples: Math.min(model.rank, Math.max(...axes.map(a => a.samples))), isAveraged: false}
    : {samples: 0, isAveraged: true};
}

function ones(count: number): number[] {
  return new Array<number>(count).fill(1);
}
