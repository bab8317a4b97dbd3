/**
 * Which costs lie downstream of which random node, and by which axes: one backward sweep over the tape serves all costs
 * and all nodes.
 *
 * A cost marks the tensor that it is; a kernel hands the mark of its outputs to its inputs; a random node's value hands
 * it to the tensors that its distribution was made of, so influence passes through chains of random nodes, whether or
 * not derivatives do. A mark says of each axis of its tensor which axis of the costs it is (axes/), so that an example
 * of a batch is told from a sample, and from an element of an event, whatever their numbers.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import {stopGradientSource} from '../math/stopGradient.js';
import {byConvention} from './axes/convention.js';
import {broadcastBack, costAxes, every, pinsOf, type Axes} from './axes/factors.js';
import {costsOf, mergeReaches, type Reaches} from './axes/reach.js';
import {inputAxes} from './axes/rules.js';
import {CostSet} from './costSet.js';
import {outsideOf, type OpenCosts} from './dependsOn.js';
import {linkOf, linkOfValue, type NodeLink} from './nodeLink.js';
import type {TapeRecord} from './tape.js';

/** A random node and the costs downstream of it. */
export interface Influenced {
  readonly link: NodeLink;
  readonly costs: CostSet;
  /** The same costs, by how the axes of the node's value meet theirs. */
  readonly reaches: Reaches;
}

/**
 * The random nodes upstream of any cost, the last one first.
 * @param tape the records, oldest first
 * @param costs one tensor a cost; the sets that come back hold their indices
 * @param open told of each cost from outside that is met, with the indices of the costs that it is part of
 */
export function influencedNodes(
  tape: readonly TapeRecord[],
  costs: readonly tf.Tensor[],
  open?: OpenCosts,
): Influenced[] {
  const marks = new Marks(tape);
  const found: Array<{link: NodeLink; reaches: Reaches}> = [];
  const seen = new Set<NodeLink>();

  const mark = (tensor: tf.Tensor, reaches: Reaches): void => {
    const before = marks.get(tensor.id);
    if (before !== reaches) marks.set(tensor.id, before === undefined ? reaches : mergeReaches(before, reaches));
  };
  const declared = (tensor: tf.Tensor, reaches: Reaches): void => {
    const outside = outsideOf(tensor);
    if (outside === undefined) return;
    const heads = tensor.shape.slice(0, outside.lead);
    for (const node of outside.nodes)
      mark(
        node.value,
        through(reaches, axes => byConvention(node, linkOf('cost', node), heads, axes)),
      );
    if (outside.judge !== null) open?.note(tensor, costsOf(reaches), outside.judge);
  };
  /** Follows the edges that leave `tensor` without a kernel. */
  const leave = (tensor: tf.Tensor, reaches: Reaches): void => {
    const link = linkOfValue(tensor);
    if (link !== undefined && !seen.has(link)) {
      seen.add(link);
      found.push({link, reaches});
      link.parents.forEach((parent, i) =>
        mark(
          parent,
          through(reaches, axes => parentAxes(link, parent.shape, link.parentRanks[i]!, axes)),
        ),
      );
    }
    const source = stopGradientSource(tensor);
    if (source !== undefined) mark(source, reaches);
    declared(tensor, reaches);
  };

  costs.forEach((cost, i) => {
    const reaches = [{axes: costAxes(cost.shape), costs: CostSet.of(i, costs.length)}];
    mark(cost, reaches);
    declared(cost, reaches); // it may have been made before the scope: then no record leads to it
  });
  for (let r = tape.length - 1; r >= 0; r--) {
    const record = tape[r]!;
    const axesOf =
      (costs: CostSet) =>
      (output: tf.Tensor): Axes[] =>
        (marks.get(output.id) ?? []).filter(reach => reach.costs.intersects(costs)).map(({axes}) => axes);
    for (const output of record.outputs) {
      const here = marks.get(output.id);
      if (here === undefined) continue;
      leave(output, here);
      if (linkOfValue(output)?.term != null) continue; // a value that is cut off: what lies upstream has its mark
      for (const name in record.inputs) {
        const input = record.inputs[name];
        if (input)
          mark(
            input,
            through(here, (axes, costs) => inputAxes({record, output, axes, name, input, axesOf: axesOf(costs)})),
          ); // optional inputs may be missing
      }
    }
  }
  return found.map(({link, reaches}) => ({link, costs: costsOf(reaches), reaches}));
}

/** The reaches with other axes; the same where the axes are. */
function through(reaches: Reaches, change: (axes: Axes, costs: CostSet) => Axes): Reaches {
  if (reaches.length > 1)
    return reaches
      .map(({axes, costs}) => ({axes: change(axes, costs), costs}))
      .reduce<Reaches>((all, reach) => mergeReaches(all, [reach]), []);
  const {axes, costs} = reaches[0]!;
  const changed = change(axes, costs);
  return changed === axes ? reaches : [{axes: changed, costs}];
}

/**
 * The axes of a parameter from those of the value: the batch is theirs in common, and each number of a parameter bears
 * on the whole of an event.
 */
function parentAxes(link: NodeLink, parent: Shape, ownRank: number, axes: Axes): Axes {
  const {shape} = link;
  const lead = parent.slice(0, Math.max(0, parent.length - ownRank));
  return [
    ...broadcastBack(axes.slice(0, shape.length), shape, lead),
    ...parent.slice(lead.length).map(every),
    ...pinsOf(axes.slice(link.node.value.rank)),
  ];
}

/**
 * The marks of tensors by id. Ids made in this scope follow each other, so a list holds them; a map takes older ones.
 */
class Marks {
  readonly #first: number;
  readonly #recent: Array<Reaches | undefined>;
  readonly #older = new Map<number, Reaches>();

  constructor(tape: readonly TapeRecord[]) {
    this.#first = tape[0]?.outputs[0]?.id ?? 0;
    const last = tape[tape.length - 1]?.outputs[0]?.id ?? 0;
    this.#recent = new Array<Reaches | undefined>(Math.max(0, last - this.#first + 1)).fill(undefined);
  }

  get(id: number): Reaches | undefined {
    const at = id - this.#first;
    return at >= 0 && at < this.#recent.length ? this.#recent[at] : this.#older.get(id);
  }

  set(id: number, reaches: Reaches): void {
    const at = id - this.#first;
    if (at >= 0 && at < this.#recent.length) this.#recent[at] = reaches;
    else this.#older.set(id, reaches);
  }
}
