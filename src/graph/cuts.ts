/**
 * Costs and random nodes that nothing connects, although a user gave both: the connection was cut, perhaps by reading
 * numbers off a tensor.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {warnOnce} from './estimatorStore.js';
import type {Influenced} from './influence.js';
import type {NodeLink} from './nodeLink.js';
import type {TapeRecord} from './tape.js';

export interface Connections {
  readonly costs: readonly tf.Tensor[];
  readonly influenced: readonly Influenced[];
  /** The nodes with a surrogate term that were made beside the costs. */
  readonly withTerm: readonly NodeLink[];
  readonly variables: readonly tf.Variable[];
}

const HOW =
  'A cost that was computed outside tfjs, or from dataSync or arraySync, is connected by st.cost(value, ' +
  '{dependsOn: nodes}).';

/**
 * Warns, once each, of nodes that bear on no cost and of costs that depend on nothing, neither a node nor a variable,
 * in a step that has nodes to be credited. A cost of variables alone, such as a divergence or a regulariser, needs no
 * node.
 */
export function warnOfCuts(tape: readonly TapeRecord[], {costs, influenced, withTerm, variables}: Connections): void {
  if (withTerm.length === 0) return;
  const reached = new Set(influenced.map(({link}) => link));
  const idle = withTerm.filter(link => link.parents.length > 0 && !reached.has(link));
  if (idle.length > 0) {
    warnOnce(
      `tfjs-stochastic: node ${idle
        .slice(0, 4)
        .map(({node}) => JSON.stringify(node.name))
        .join(', ')} bears on none of the costs, so nothing before it is trained by them. ${HOW}`,
    );
  }
  if (influenced.every(({costs: set}) => costs.every((_, i) => set.has(i))) && influenced.length > 0) return;
  costs.forEach((c, i) => {
    if (influenced.some(({costs: set}) => set.has(i)) || dependsOn(tape, c, variables)) return;
    warnOnce(`tfjs-stochastic: cost ${i} depends on no random node and no variable, so it trains nothing. ${HOW}`);
  });
}

/** Whether the records lead from one of the variables to `tensor`. */
function dependsOn(tape: readonly TapeRecord[], tensor: tf.Tensor, variables: readonly tf.Variable[]): boolean {
  const sources = new Set(variables.map(v => v.id));
  const ids = new Set([tensor.id]);
  if (sources.has(tensor.id)) return true;
  for (let r = tape.length - 1; r >= 0; r--) {
    const {inputs, outputs} = tape[r]!;
    if (!outputs.some(output => ids.has(output.id))) continue;
    for (const input of Object.values(inputs)) {
      if (!input) continue; // optional inputs may be missing
      if (sources.has(input.id)) return true;
      ids.add(input.id);
    }
  }
  return false;
}
