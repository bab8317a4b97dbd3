/** Costs from outside that hang on tensors which no random node was drawn for: they train nothing that draws. */
import type * as tf from '@tensorflow/tfjs-core';
import type {CostSet} from './costSet.js';
import {warnOnce} from './estimatorStore.js';
import {outsideOf, type Bearing, type Dependencies} from './dependsOn.js';
import {linkOfValue} from './nodeLink.js';

/** Those that hang on no node by name, and on nothing that was carried, whose past may be empty. */
const onTensors = new WeakSet<tf.Tensor>();

/** Notes of a cost from outside what it hangs on. */
export function noteSources(cost: tf.Tensor, {nodes, tensors}: Dependencies): void {
  const isOther = (t: tf.Tensor): boolean => linkOfValue(t) === undefined && outsideOf(t) === undefined;
  if (nodes.length === 0 && tensors.every(isOther)) onTensors.add(cost);
}

/** Warns once where no node lies upstream of such a cost. */
export function warnOfUndrawn(
  met: ReadonlyMap<tf.Tensor, CostSet>,
  influenced: readonly Bearing[],
  nameOfCost: (cost: tf.Tensor) => string | null,
): void {
  for (const [cost, set] of met) {
    if (!onTensors.has(cost) || influenced.some(({costs}) => costs.includes(set))) continue;
    const name = nameOfCost(cost);
    warnOnce(
      `tfjs-stochastic: no random node lies upstream of what the cost from outside${name === null ? '' : ` ${JSON.stringify(name)}`} ` +
        'depends on, so that it trains nothing. A model draws in model.apply(x, {training: true}) alone: what predict, ' +
        'or apply without it, gives out is no draw of a node.',
      'undrawn',
    );
  }
}
