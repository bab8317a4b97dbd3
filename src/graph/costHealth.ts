/** Which costs of a step are not finite. */
import * as tf from '@tensorflow/tfjs-core';
import {isFiniteNow, readsAtOnce} from '../math/finite.js';
import {nameOfCost} from './cost.js';
import {influencedNodes} from './influence.js';
import type {TapeRecord} from './tape.js';

export interface CostHealth {
  /** The costs that are known not to be finite, by name, with the nodes that bear on them. */
  readonly bad: readonly string[];
  /**
   * Where the backend cannot tell at once: the mean of each cost, `[costs]`, kept for whoever looks at it later, and
   * their names.
   */
  readonly later: {readonly means: tf.Tensor; readonly names: readonly string[]} | null;
}

const HEALTHY: CostHealth = {bad: [], later: null};

/**
 * Looks at the costs of a step, whose mean is `value`.
 * @param isWatched whether anybody will look at what is known later only
 */
export function healthOf(
  value: tf.Scalar,
  costs: readonly tf.Tensor[],
  tape: readonly TapeRecord[],
  isWatched: boolean,
): CostHealth {
  if (!readsAtOnce()) {
    if (!isWatched) return HEALTHY;
    const means = tf.tidy(() =>
      tf.keep(costs.length === 1 ? tf.reshape(value, [1]) : tf.stack(costs.map(c => tf.mean(c)))),
    );
    return {bad: [], later: {means, names: namesOf(costs, tape)}};
  }
  if (isFiniteNow(value) === true) return HEALTHY;
  const names = namesOf(costs, tape);
  const bad = names.filter((_, i) => isFiniteNow(tf.tidy(() => tf.mean(costs[i]!))) === false);
  return {bad: bad.length > 0 ? bad : ['the sum of the costs'], later: null};
}

/** `cost 0 ("reward") downstream of node "z"`. */
function namesOf(costs: readonly tf.Tensor[], tape: readonly TapeRecord[]): string[] {
  const influenced = influencedNodes(tape, costs);
  return costs.map((c, i) => {
    const nodes = influenced
      .filter(found => found.costs.has(i))
      .map(({link}) => JSON.stringify(link.node.name))
      .reverse();
    const name = nameOfCost(c);
    const below =
      nodes.length === 0 ? '' : ` downstream of node ${nodes.slice(0, 4).join(', ')}${nodes.length > 4 ? ', …' : ''}`;
    return `cost ${i}${name === null ? '' : ` (${JSON.stringify(name)})`}${below}`;
  });
}
