/** Sums of downstream costs, shared between nodes: at most one addition a node for each distinct shape of cost. */
import * as tf from '@tensorflow/tfjs-core';
import {addN} from '../math/runKernel.js';
import {CostSet} from './costSet.js';

/**
 * For one set of costs, their sums: one tensor for each distinct shape, since costs of different shapes are aligned
 * differently.
 */
type Sums = ReadonlyMap<string, tf.Tensor>;

export class DownstreamSums {
  readonly #costs: readonly tf.Tensor[];
  readonly #sums = new Map<CostSet, Sums>();

  /** @param costs the costs as constants */
  constructor(costs: readonly tf.Tensor[]) {
    this.#costs = costs;
  }

  /**
   * The sums over `set`. Ask for a node's set after those of the nodes downstream of it: their sums are then used
   * again.
   */
  of(set: CostSet): tf.Tensor[] {
    return [...this.#sumsOf(set).values()];
  }

  #sumsOf(set: CostSet): Sums {
    let sums = this.#sums.get(set);
    if (sums === undefined) this.#sums.set(set, (sums = this.#add(set)));
    return sums;
  }

  #add(set: CostSet): Sums {
    const addends = new Map<string, tf.Tensor[]>();
    const put = (t: tf.Tensor): void => {
      const shape = t.shape.join(',');
      const list = addends.get(shape);
      if (list === undefined) addends.set(shape, [t]);
      else list.push(t);
    };
    let covered: CostSet | null = null;
    const pending: CostSet[] = [set];
    while (pending.length > 0) {
      const next = pending.pop()!;
      const known = this.#sums.get(next);
      const isNew = covered === null || !covered.intersects(next);
      if (isNew && known !== undefined) {
        known.forEach(put);
      } else if (next.parts === null) {
        if (!isNew) continue;
        put(this.#costs[next.index]!);
      } else {
        if (covered !== null && covered.includes(next)) continue;
        const [a, b] = next.parts;
        // a sum that is known comes first, before anything overlaps with it
        pending.push(...(this.#sums.has(a) ? [b, a] : [a, b]));
        continue;
      }
      covered = covered === null ? next : CostSet.union(covered, next);
    }
    return new Map([...addends].map(([shape, list]) => [shape, list.length === 1 ? list[0]! : addN(list)]));
  }
}
