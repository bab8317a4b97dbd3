/** Terms that are right to every order: costs times the MagicBox of Foerster et al. 2018 over the draws upstream of them. */
import * as tf from '@tensorflow/tfjs-core';
import type {CostSet} from './costSet.js';
import type {NodeView} from './estimator.js';
import {box, sumTo} from './scores.js';
import type {Shape} from '../util/shapes.js';

/** A node whose estimator asks for derivatives of every order. */
export interface AnyOrderNode {
  readonly view: NodeView;
  readonly costs: CostSet;
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
   * c·(⊡(W) − 1) for each cost c with nodes W upstream, where ⊡(W) = exp(Σ log p − ⊥Σ log p) = 1: with c itself it adds up to c·⊡(W), whose derivatives of every order
   * are, on average, those of the expected cost (Foerster et al. 2018, section 3.3).
   */
  terms(costs: readonly tf.Tensor[]): tf.Tensor[] {
    return costs.flatMap((cost, i) => {
      const upstream = this.#nodes.flatMap((node, at) => (node.costs.has(i) ? [at] : []));
      return upstream.length === 0 ? [] : [tf.mul(cost, lessOne(this.#sum(upstream, cost.shape)))];
    });
  }

  /** ⊡ over the nodes made before `view` that share a cost with it, of a shape that broadcasts to that of `view`. */
  before(view: NodeView): tf.Tensor {
    const own = this.#nodes.findIndex(node => node.view === view);
    const earlier = this.#nodes.flatMap((node, at) => (at < own && node.costs.intersects(this.#nodes[own]!.costs) ? [at] : []));
    if (earlier.length === 0) return tf.scalar(1);
    return box(this.#sum(earlier, view.shape));
  }

  /** Σ log p over the nodes `at`, in a shape that broadcasts to `shape`. Nodes that begin a longer list are added up once. */
  #sum(at: readonly number[], shape: Shape): tf.Tensor {
    const key = `${at.join(',')}:${shape.join(',')}`;
    let sum = this.#sums.get(key);
    if (sum === undefined) {
      const last = at[at.length - 1]!;
      const logProb = sumTo(shape, this.#logProbs[last] ??= this.#nodes[last]!.view.logProb());
      sum = at.length === 1 ? logProb : tf.add(this.#sum(at.slice(0, -1), shape), logProb);
      this.#sums.set(key, sum);
    }
    return sum;
  }
}

/** exp(x − ⊥x) − 1: zero, with derivatives of every order. */
export function lessOne(x: tf.Tensor): tf.Tensor {
  return tf.sub(box(x), 1);
}
