/**
 * Which costs lie downstream of which random node: one backward sweep over the tape serves all costs and all nodes.
 *
 * A cost marks the tensor that it is; a kernel hands the mark of its outputs to its inputs; a random node's value hands it to the tensors
 * that its distribution was made of, so influence passes through chains of random nodes, whether or not derivatives do.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {stopGradientSource} from '../math/stopGradient.js';
import {CostSet} from './costSet.js';
import {externalNodes} from './cost.js';
import {linkOfValue, type NodeLink} from './stochasticTensor.js';
import type {TapeRecord} from './tape.js';

/** A random node and the costs downstream of it. */
export interface Influenced {
  readonly link: NodeLink;
  readonly costs: CostSet;
}

/**
 * The random nodes upstream of any cost, the last one first.
 * @param tape the records, oldest first
 * @param costs one tensor a cost; the sets that come back hold their indices
 */
export function influencedNodes(tape: readonly TapeRecord[], costs: readonly tf.Tensor[]): Influenced[] {
  const marks = new Marks(tape);
  const found: Influenced[] = [];
  const seen = new Set<NodeLink>();

  const mark = (tensor: tf.Tensor, set: CostSet): void => {
    const before = marks.get(tensor.id);
    if (before !== set) marks.set(tensor.id, before === undefined ? set : CostSet.union(before, set));
  };
  /** Follows the edges that leave `tensor` without a kernel. */
  const leave = (tensor: tf.Tensor, set: CostSet): void => {
    const link = linkOfValue(tensor);
    if (link !== undefined && !seen.has(link)) {
      seen.add(link);
      found.push({link, costs: set});
      for (const parent of link.parents) mark(parent, set);
    }
    const source = stopGradientSource(tensor);
    if (source !== undefined) mark(source, set);
    for (const node of externalNodes(tensor)) mark(node.value, set);
  };

  costs.forEach((cost, i) => {
    const set = CostSet.of(i, costs.length);
    mark(cost, set);
    for (const node of externalNodes(cost)) mark(node.value, set); // it may have been made before the scope: then no record leads to it
  });
  for (let r = tape.length - 1; r >= 0; r--) {
    const record = tape[r]!;
    let set: CostSet | undefined;
    for (const output of record.outputs) {
      const here = marks.get(output.id);
      if (here === undefined) continue;
      leave(output, here);
      set = set === undefined ? here : CostSet.union(set, here);
    }
    if (set === undefined) continue;
    for (const name in record.inputs) {
      const input = record.inputs[name];
      if (input) mark(input, set); // optional inputs, such as the bias of a fused kernel, may be missing
    }
  }
  return found;
}

/** The costs downstream of tensors by id. Ids made in this scope follow each other, so a list holds them; a map takes older ones. */
class Marks {
  readonly #first: number;
  readonly #recent: Array<CostSet | undefined>;
  readonly #older = new Map<number, CostSet>();

  constructor(tape: readonly TapeRecord[]) {
    this.#first = tape[0]?.outputs[0]?.id ?? 0;
    const last = tape[tape.length - 1]?.outputs[0]?.id ?? 0;
    this.#recent = new Array<CostSet | undefined>(Math.max(0, last - this.#first + 1)).fill(undefined);
  }

  get(id: number): CostSet | undefined {
    const at = id - this.#first;
    return at >= 0 && at < this.#recent.length ? this.#recent[at] : this.#older.get(id);
  }

  set(id: number, costs: CostSet): void {
    const at = id - this.#first;
    if (at >= 0 && at < this.#recent.length) this.#recent[at] = costs;
    else this.#older.set(id, costs);
  }
}
