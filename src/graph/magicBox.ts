/**
 * Terms that are right to every order: costs times the MagicBox of Foerster et al. 2018 over the draws upstream of
 * them.
 */
import * as tf from '@tensorflow/tfjs-core';
import {drawsForCost, sumForDraws} from './axes/align.js';
import type {Axes} from './axes/factors.js';
import {headAxes, headsOf, relativeAxes, sharedReaches} from './credit.js';
import type {NodeView} from './nodeView.js';
import type {Influenced} from './influence.js';
import {runningSum, type RunningSums} from './runningSums.js';
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
  readonly #upstream: RunningSums = new Map();
  readonly #earlier: RunningSums = new Map();
  readonly #texts = new Map<Axes, string>();

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
      const at = this.#nodes.flatMap(({influenced}, n) => (influenced.costs.has(i) ? [n] : []));
      return at.length === 0 ? [] : [tf.mul(cost, lessOne(this.#sumUpstream(at, i, cost.shape)))];
    });
  }

  /** ⊡ over the nodes made before `view` that share a cost with it, of a shape that broadcasts to that of `view`. */
  before(view: NodeView): tf.Tensor {
    const at = this.#nodes.findIndex(node => node.view === view);
    const own = this.#nodes[at]!.influenced;
    const earlier = this.#nodes.slice(0, at).flatMap(({influenced}, n) => {
      const shared = sharedReaches(own, influenced);
      return shared === null ? [] : [{n, shared}];
    });
    if (earlier.length === 0) return tf.scalar(1);
    const keys = earlier.map(({n, shared}) => [n, view.shape, ...shared.map(({axes}) => this.#textOf(axes))].join('/'));
    const sum = runningSum(this.#earlier, keys, index => {
      const {n, shared} = earlier[index]!;
      const axes = relativeAxes(...headsOf(shared, own, this.#nodes[n]!.influenced));
      return sumForDraws(view.shape, axes, this.#logProb(n));
    });
    return box(sum);
  }

  /** Σ log p over the nodes `at`, in a shape that broadcasts to that of cost `i`. */
  #sumUpstream(at: readonly number[], i: number, shape: Shape): tf.Tensor {
    const ways = at.map(n => this.#nodes[n]!.influenced.reaches.findIndex(({costs}) => costs.has(i)));
    const keys = at.map((n, index) => [n, shape, ways[index]].join('/'));
    return runningSum(this.#upstream, keys, index => {
      const n = at[index]!;
      const {link, reaches} = this.#nodes[n]!.influenced;
      const axes = headAxes(link, reaches[ways[index]!]!.axes, shape);
      return drawsForCost(link.shape, axes, this.#logProb(n), shape);
    });
  }

  /** The same for the same axes. */
  #textOf(axes: Axes): string {
    let text = this.#texts.get(axes);
    if (text === undefined) this.#texts.set(axes, (text = JSON.stringify(axes)));
    return text;
  }

  #logProb(at: number): tf.Tensor {
    return (this.#logProbs[at] ??= this.#nodes[at]!.view.logProb());
  }
}

/** exp(x − ⊥x) − 1: zero, with derivatives of every order. */
export function lessOne(x: tf.Tensor): tf.Tensor {
  return tf.sub(box(x), 1);
}
