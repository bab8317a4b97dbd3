/** What was computed outside tfjs, and the random nodes that it was said to depend on. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isTensor} from '../util/tensors.js';
import {grow} from '../math/grow.js';
import {influencedBy} from '../math/stopGradient.js';
import type {CostSet} from './costSet.js';
import {linkOf, linkOfValue, type NodeLink} from './nodeLink.js';
import type {StochasticTensor} from './stochasticTensor.js';

/**
 * Random nodes; or tensors of shape `[sample…, batch…, …]` that lie downstream of them, as what a random layer gave out
 * does, or what `carry` returned.
 */
export type DependsOn = StochasticTensor | tf.Tensor | ReadonlyArray<StochasticTensor | tf.Tensor>;

/** The nodes and the other tensors of `dependsOn`. */
export interface Dependencies {
  readonly nodes: readonly StochasticTensor[];
  readonly tensors: readonly tf.Tensor[];
}

/** Throws in the name of `who` unless all are nodes or tensors, and the gradient scopes of the nodes are open. */
export function readDependsOn(who: string, dependsOn: DependsOn, mayBeEmpty = false): Dependencies {
  const given: readonly unknown[] = Array.isArray(dependsOn) ? (dependsOn as unknown[]) : [dependsOn];
  check(mayBeEmpty || given.length > 0, who, 'dependsOn must name at least one random node', dependsOn);
  const nodes: StochasticTensor[] = [];
  const tensors: tf.Tensor[] = [];
  // the first hole of a list is refused, however many there are
  for (let i = 0; i < given.length; i++) {
    const one = given[i];
    if (isTensor(one)) tensors.push(one);
    else nodes.push(checkScope(who, one));
  }
  return {nodes, tensors};
}

/** A cost can be credited to a node in the gradient scope that made it, and in no other. */
function checkScope(who: string, given: unknown): StochasticTensor {
  const {node, term} = linkOf(`${who}: dependsOn`, given);
  check(
    term === null || !term.view.value.isDisposed,
    who,
    'dependsOn must name nodes of the gradient scope that is open; the one in which node ' +
      `${JSON.stringify(node.name)} was made is over, so the cost can no longer be credited to it`,
  );
  return node;
}

/** What is known of a tensor that tfjs did not compute. */
interface Outside {
  readonly nodes: readonly StochasticTensor[];
  /** How many of its leading axes are `[sample…, batch…]`. */
  readonly lead: number;
  /** Of a cost of which nobody said that nothing else bears on it: who judges all of them. */
  readonly judge: JudgeOpenCosts | null;
}

/** A node, and the costs downstream of it. */
export interface Bearing {
  readonly link: NodeLink;
  readonly costs: CostSet;
}

/** Is told of the costs from outside that a sweep met, with the indices of the costs that they are part of. */
export type JudgeOpenCosts = (met: ReadonlyMap<tf.Tensor, CostSet>, influenced: readonly Bearing[]) => void;

/** What a sweep over the tape meets of such costs. */
export class OpenCosts {
  readonly #met = new Map<tf.Tensor, CostSet>();
  #judge: JudgeOpenCosts | null = null;

  readonly note = (cost: tf.Tensor, costs: CostSet, judge: JudgeOpenCosts): void => {
    this.#met.set(cost, costs);
    this.#judge = judge; // it comes with the costs, so that programs without any go without it
  };

  /**
   * At the end of the sweep.
   * @param until the last tensor that counts, by its id: where code ran several times, each time with draws of its own,
   *   those of the first time
   */
  judge(influenced: readonly Bearing[], until: number): void {
    const met = new Map([...this.#met].filter(([cost]) => cost.id <= until));
    this.#judge?.(
      met,
      influenced.filter(({link}) => link.node.value.id <= until),
    );
  }
}

const outside = new WeakMap<tf.Tensor, Outside>();

/** Notes that `tensor` depends on the nodes, along its first `lead` axes. */
export function depend(
  tensor: tf.Tensor,
  nodes: readonly StochasticTensor[],
  lead: number,
  judge: JudgeOpenCosts | null = null,
): void {
  outside.set(tensor, {nodes, lead, judge});
}

/** What is known of a tensor from outside; undefined for any other. */
export function outsideOf(tensor: tf.Tensor): Outside | undefined {
  return outside.get(tensor);
}

/** The nodes that a tensor from outside was declared to depend on. */
export function externalNodes(tensor: tf.Tensor): readonly StochasticTensor[] {
  return outside.get(tensor)?.nodes ?? [];
}

/** How many leading axes of a tensor are `[sample…, batch…]`, where that is known; else null. */
export function knownLead(tensor: tf.Tensor): number | null {
  return linkOfValue(tensor)?.shape.length ?? outside.get(tensor)?.lead ?? null;
}

/** `x`, which is disposed, as a tensor that the tape knows to lie downstream of `sources`, of its own shape. */
export function behind(x: tf.Tensor, sources: ReadonlyArray<() => tf.Tensor>): tf.Tensor {
  if (sources.length === 0) return x;
  try {
    return tf.tidy(() => sources.reduce((y, source) => influencedBy(y, source()), x));
  } finally {
    x.dispose();
  }
}

/** Where the leading axes of a tensor stand among those of what hangs on it: axis i at i + from, if that is one. */
export interface Lead {
  readonly axes: number;
  readonly from: number;
}

/**
 * The leading axes of a tensor in what hangs on it, of which `heads` are `[sample…, batch…]`. Axes that are known are
 * aligned from the right, since samples stand in front; of another tensor they are the first ones. null where sizes
 * differ, unless one is 1, which serves all.
 */
export function leadIn(tensor: tf.Tensor, heads: readonly number[]): Lead | null {
  const known = knownLead(tensor);
  const axes = Math.min(known ?? heads.length, tensor.rank);
  if (known === null && axes < heads.length && axes > 0) return null;
  const from = known === null ? 0 : heads.length - axes;
  const fits = tensor.shape.slice(0, axes).every((d, i) => {
    const head = heads[i + from] ?? 1;
    return d === head || d === 1 || head === 1;
  });
  return fits ? {axes, from} : null;
}

/** The tensor without its axes behind the lead, of the shape `shape`: only where its elements come from counts. */
export function alongLead(tensor: tf.Tensor, {axes, from}: Lead, shape: readonly number[]): tf.Tensor {
  const isKept = tensor.shape.map((d, i) => i < axes && i + from >= 0 && (shape[i + from] === d || d === 1));
  const sum = tf.sum(
    tf.cast(tensor, 'float32'),
    isKept.flatMap((kept, i) => (kept ? [] : [i])),
  );
  return grow(
    tf.reshape(
      sum,
      Array.from(shape, (_, i) => (isKept[i - from] === true ? tensor.shape[i - from]! : 1)),
    ),
    [...shape],
  );
}
