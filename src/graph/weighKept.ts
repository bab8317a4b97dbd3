/**
 * Numbers that a user's function keeps beside its costs, such as the metrics and per-output losses of `model.fit`,
 * where draws do not count alike.
 */
import * as tf from '@tensorflow/tfjs-core';
import {StochasticError} from '../util/errors.js';
import {warnOnce} from './estimatorStore.js';
import {influencedNodes} from './influence.js';
import {linearParts} from './linearParts.js';
import {keptIn} from './sideEffects.js';
import type {TapeRecord} from './tape.js';
import {countedCosts, weightedNodes} from './weights.js';

/** The scalars among what was kept in `records`, apart from the costs themselves. */
export function keptScalars(records: readonly TapeRecord[], costs: readonly tf.Tensor[]): tf.Tensor[] {
  return keptIn(records).filter(t => t.rank === 0 && t.dtype === 'float32' && !t.isDisposed && !costs.includes(t));
}

/**
 * What a later pass made in the place of scalars that the first one kept, found by how far from the end of the pass they
 * were made: model.fit keeps the loss of each output in the first pass alone. Where passes end differently it is what
 * the later one kept.
 */
export function counterpartsOf(
  held: readonly tf.Tensor[],
  first: readonly TapeRecord[],
  later: readonly TapeRecord[],
  costs: readonly tf.Tensor[],
): tf.Tensor[] {
  const found = held.flatMap(scalar => {
    const at = first.findIndex(({outputs}) => outputs.includes(scalar));
    const record = later[later.length - (first.length - at)];
    const output = record?.outputs[first[at]!.outputs.indexOf(scalar)];
    const isAlike = record?.kernelName === first[at]!.kernelName && output?.rank === 0 && !output.isDisposed;
    return isAlike ? [output] : [];
  });
  return found.length === held.length ? found : keptScalars(later, costs);
}

/**
 * Gives each scalar that was kept, and that is the mean of numbers of weighted draws, the weighted mean as its value,
 * which is what it estimates. One that cannot be taken apart stays as it is, and a warning says so once.
 * @param from the first record that counts
 * @param kept scalars that users hold
 * @param sources for each of them itself, or its mean over several passes
 */
export function weighKept(
  live: readonly TapeRecord[],
  from: number,
  kept: readonly tf.Tensor[],
  sources: readonly tf.Tensor[],
): void {
  new Set(kept).forEach(scalar => {
    const source = sources[kept.indexOf(scalar)] ?? scalar;
    const nodes = weightedNodes(influencedNodes(live.slice(from), [source])).map(({link}) => link.node.name);
    if (nodes.length === 0 && source === scalar) return;
    tf.tidy(() => {
      try {
        const parts = nodes.length === 0 ? [source] : linearParts(live.slice(from))([source]);
        const weighted = weightedNodes(influencedNodes(live.slice(from), parts));
        const counted = countedCosts([source], parts, weighted).map(t => tf.mean(t));
        // A user holds this tensor, so it is its data that change, as a variable's do.
        tf.Variable.prototype.assign.call(
          scalar as tf.Variable,
          counted.reduce((a, b) => tf.add(a, b)),
        );
      } catch (error) {
        if (!(error instanceof StochasticError)) throw error;
        warnOnce(
          `tfjs-stochastic: a metric downstream of node ${JSON.stringify(nodes[0])}, whose draws are weighted, ` +
            'is no mean over those draws, so all of them count alike in it. Let the metric keep the axes ' +
            '[sample…, batch…], or read it off model.evaluate.',
        );
      }
    });
  });
}
