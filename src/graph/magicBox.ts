/**
 * Terms that are right to every order: costs times the MagicBox of Foerster et al. 2018 over the draws upstream of
 * them.
 */
import * as tf from '@tensorflow/tfjs-core';
import {drawsForCost, sumForDraws} from './axes/align.js';
import {axesFor} from './axes/reach.js';
import {headAxes, relativeAxes, sharedAxes} from './credit.js';
import type {NodeView} from './nodeView.js';
import type {Influenced} from './influence.js';
import {box} from './scores.js';
import type {Shape} from '../util/shapes.js';

/** A node whose estimator asks for derivatives of every order. */
export interface AnyOrderNode {
  readonly view: NodeView;
  readonly influenced: Influenced;
}

export class MagicBoxes {
  readonly #nodes: readonly AnyOrderNode[];
  readonly #logProbs: Array<tf.Tensor | undefined> = [];
  readonly #sums = new Map<string, tf.Tensor>();

  /** @param nodes in the order in which they were made */
  constructor(nodes: readonly AnyOrderNode[]) {
    this.#nodes = nodes;
  }

  /**
   * c·(⊡(W) − 1) for each cost c with nodes W upstream, where ⊡(W) = exp(Σ log p − ⊥Σ log p) = 1: with c itself it adds
   * up to c·⊡(W), whose derivatives of every order are, on average, those of the expected cost (Foerster et al. 2018,
   * section 3.3).
   */
  terms(costs: readonly tf.Tensor[]): tf.Tensor[] {
    return costs.flatMap((cost, i) => {
      const upstream = this.#nodes.flatMap((node, at) => (node.influenced.costs.has(i) ? [at] : []));
      return upstream.length === 0 ? [] : [tf.mul(cost, lessOne(this.#sum(upstream, i, cost.shape)))];
    });
  }

  /** ⊡ over the nodes made before `view` that share a cost with it, of a shape that broadcasts to that of `view`. */
  before(view: NodeView): tf.Tensor {
    const at = this.#nodes.findIndex(node => node.view === view);
    const own = this.#nodes[at]!.influenced;
    const earlier = this.#nodes.slice(0, at).flatMap(({influenced}, i) => {
      const shared = sharedAxes(own, influenced);
      return shared === null ? [] : [sumForDraws(view.shape, relativeAxes(...shared), this.#logProb(i))];
    });
    return earlier.length === 0 ? tf.scalar(1) : box(earlier.reduce((a, b) => tf.add(a, b)));
  }

  /**
   * Σ log p over the nodes `at`, in a shape that broadcasts to that of cost `i`. Nodes that begin a longer list are
   * added up once.
   */
  #sum(at: readonly number[], i: number, shape: Shape): tf.Tensor {
    const ways = at.map(n => `${n}/${this.#nodes[n]!.influenced.reaches.findIndex(({costs}) => costs.has(i))}`);
    const key = `${ways.join(',')}:${shape.join(',')}`;
    let sum = this.#sums.get(key);
    if (sum === undefined) {
      const last = at[at.length - 1]!;
      const {link, reaches} = this.#nodes[last]!.influenced;
      const logProb = drawsForCost(link.shape, headAxes(link, axesFor(reaches, i), shape), this.#logProb(last), shape);
      sum = at.length === 1 ? logProb : tf.add(this.#sum(at.slice(0, -1), i, shape), logProb);
      this.#sums.set(key, sum);
    }
    return sum;
  }

  #logProb(at: number): tf.Tensor {
    return (this.#logProbs[at] ??= this.#nodes[at]!.view.logProb());
  }
}

/** exp(x − ⊥x) − 1: zero, with derivatives of every order. */
export function lessOne(x: tf.Tensor): tf.Tensor {
  return tf.sub(box(x), 1);
}
