/** Costs of layers that were added in a gradient scope, and are in no loss. */
import {warnOnce} from './estimatorStore.js';
import {currentTape} from './tape.js';

/** A cost that somebody has to take. */
interface Untaken {
  readonly name: string;
  isTaken: boolean;
}

const added = new WeakMap<object, Array<{readonly layer: string; readonly cost: Untaken}>>();

/** Notes a cost of a layer that was added just now. */
export function noteCost(layer: string, cost: Untaken): void {
  const tape = currentTape();
  if (tape === null) return;
  const list = added.get(tape);
  if (list === undefined) added.set(tape, [{layer, cost}]);
  else list.push({layer, cost});
}

/** Says of which layers the loss of this gradient scope, which is there, lacks a cost; once for each. */
export function warnOfUntaken(): void {
  for (const {layer, cost} of added.get(currentTape() ?? added) ?? []) {
    if (cost.isTaken) continue;
    warnOnce(
      `tfjs-stochastic: the cost ${JSON.stringify(cost.name)} of layer ${JSON.stringify(layer)} is in no loss. ` +
        'tfjs-layers adds such costs in fit and trainOnBatch, those of the layers that it finds in a model; in a step of ' +
        "one's own take the loss of stl.withCosts(loss, model), which has them in it.",
      `no loss has ${cost.name} of ${layer}`,
    );
  }
}
