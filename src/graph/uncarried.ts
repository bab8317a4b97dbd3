/**
 * Costs from outside that leave out what was drawn before: whether a simulator's state went from one to the other is
 * not to be seen on the tape, so it is asked for.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {CostSet} from './costSet.js';
import {warnOnce} from './estimatorStore.js';
import type {Bearing} from './dependsOn.js';

/** A cost from outside, and the nodes upstream of it, at least one, by their place in the order of drawing. */
interface Outcome {
  readonly cost: tf.Tensor;
  readonly nodes: readonly number[];
}

/**
 * Warns once where a node bears on some cost from outside, and not on a later one that others like it bear on: where
 * costs that share a node have earlier ones of their group that do not, or where no two costs share any.
 * @param met the costs, with the indices of the costs that they are part of
 */
export function warnOfUncarried(
  met: ReadonlyMap<tf.Tensor, CostSet>,
  influenced: readonly Bearing[],
  nameOfCost: (cost: tf.Tensor) => string | null,
): void {
  if (met.size < 2) return;
  const drawn = influenced
    .filter(({link}) => link.term !== null)
    .sort((a, b) => a.link.node.value.id - b.link.node.value.id);
  const outcomes = [...met]
    .map(([cost, set]): Outcome => ({cost, nodes: drawn.flatMap(({costs}, i) => (costs.includes(set) ? [i] : []))}))
    .filter(({nodes}) => nodes.length > 0)
    .sort((a, b) => a.nodes.at(-1)! - b.nodes.at(-1)!);
  const found = firstOpen(outcomes, drawn.length);
  if (found === null) return;
  const [earlier, node] = [found.left, found.outcome.nodes.at(-1)!].map(i => JSON.stringify(drawn[i]!.link.node.name));
  const name = nameOfCost(found.outcome.cost);
  warnOnce(
    `tfjs-stochastic: the cost from outside${name === null ? '' : ` ${JSON.stringify(name)}`} depends on node ${node} and ` +
      `not on node ${earlier}, which was drawn before it and bears on another such cost. Where the earlier draw bears on ` +
      'it through the state of a simulator, as actions do on all rewards that follow, the gradient lacks that: carry the ' +
      'state, `state = st.carry(numbers, {dependsOn: [state, action]})`, and give `st.cost(reward, {dependsOn: [state, ' +
      'action]})`. Where it does not, say so: `st.cost(reward, {dependsOn: action, only: true})`.',
    'uncarried',
  );
}

/** A cost, and a node drawn before its last one that does not bear on it although it should be asked about. */
function firstOpen(outcomes: readonly Outcome[], count: number): {outcome: Outcome; left: number} | null {
  const group = groups(outcomes, count);
  for (const outcome of outcomes) {
    const on = new Set(outcome.nodes);
    const of = group(outcome.nodes[0]!);
    for (let i = 0; i < outcome.nodes.at(-1)!; i++) if (!on.has(i) && group(i) === of) return {outcome, left: i};
  }
  if (outcomes.some(({nodes}) => nodes.length > 1)) return null;
  // each has a node of its own: steps of which each was given its own action alone, or what has nothing in common
  const left = outcomes[0]?.nodes[0] ?? -1;
  const outcome = outcomes.find(({nodes}) => nodes[0]! > left);
  return outcome === undefined || left < 0 ? null : {outcome, left};
}

/** To which group a node belongs: nodes that bear on one cost are in one. */
function groups(outcomes: readonly Outcome[], count: number): (node: number) => number {
  const parent = Array.from({length: count}, (_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  for (const {nodes} of outcomes) for (const node of nodes) parent[root(node)] = root(nodes[0]!);
  return root;
}
