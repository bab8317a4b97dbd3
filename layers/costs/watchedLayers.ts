/** Whose costs a loss or a metric has in it, and whether these are the layers of the model that it is compiled for. */
import type {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {drawingOf} from '../values/inference.js';
import {costNameOf} from './costNames.js';
import {layersOf} from './layersOf.js';
import type {Loss} from './readLoss.js';

interface Watch {
  readonly who: string;
  /** Whether it may have been made of a part of the model on purpose. */
  readonly mayBePart: boolean;
  /** The layers whose costs it has. */
  readonly all: ReadonlySet<layers.Layer>;
}

const watches = new WeakMap<object, Watch>();

/** Notes that a loss or metric made by `who` has the costs of `all` in it, the layers of what was given; gives it. */
export function noteWatched(loss: Loss, who: string, given: unknown, all: readonly layers.Layer[]): Loss {
  watches.set(loss, {who, mayBePart: Array.isArray(given) || who !== WITH_COSTS, all: new Set(all)});
  return loss;
}

/**
 * Throws if one of the losses and metrics that `model` is compiled with was made for another model, whose layers are not
 * run here, so that it would report 0. A metric, or a list of layers, may leave out some of those of `model`, but not all.
 */
export function checkWatched(model: LayersModel, losses: readonly unknown[]): void {
  const found = losses.flatMap(loss => (typeof loss === 'function' && watches.get(loss)) || []);
  if (found.length === 0) return;
  const own = layersOf('compile', model);
  const costly = own.filter(hasCosts);
  const wanted = costly.length > 0 ? costly : own.filter(layer => drawingOf(layer) !== undefined);
  for (const {who, mayBePart, all} of found) {
    const missing = wanted.filter(layer => !all.has(layer));
    const watched = [...all].filter(hasCosts);
    const isPart = mayBePart && watched.length > 0 && watched.every(layer => own.includes(layer));
    const isWhole = costly.length > 0 ? missing.length === 0 : missing.length < wanted.length || wanted.length === 0;
    if (isPart || isWhole) continue;
    const call = who === WITH_COSTS ? `...${who}(loss, model)` : `${who}(model)`;
    extension.fail(
      'compile',
      `${who} was made for other layers than those of this model, and layer ${JSON.stringify(missing[0]!.name)} is not among them; ` +
        `write ${call} with the model that is compiled, once all its layers are there`,
    );
  }
}

function hasCosts(layer: layers.Layer): boolean {
  return costNameOf(layer) !== undefined;
}

/** Who makes a loss with the costs in it. */
export const WITH_COSTS = 'stl.withCosts';
