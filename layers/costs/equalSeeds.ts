/** Layers that would draw the same numbers. */
import type {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {drawingOf} from '../values/inference.js';
import {layersOf} from './layersOf.js';

const told = new WeakSet<layers.Layer>();

/**
 * Warns, once for each layer, where layers of a model that draw in training have one seed: what they draw is then no
 * independent draw, and gradients are wrong on average.
 */
export function warnOfEqualSeeds(model: LayersModel): void {
  const bySeed = new Map<number, layers.Layer>();
  for (const layer of layersOf('compile', model)) {
    const {seed} = layer as layers.Layer & {readonly seed?: unknown}; // random layers have one
    if ((drawingOf(layer)?.inTraining ?? 'nothing') === 'nothing' || typeof seed !== 'number') continue;
    const other = bySeed.get(seed);
    bySeed.set(seed, layer);
    if (other === undefined || told.has(layer)) continue;
    told.add(layer);
    console.warn(
      `tfjs-stochastic: layers ${JSON.stringify(other.name)} and ${JSON.stringify(layer.name)} have the same seed, ${seed}, and draw the ` +
        'same numbers in training, so that gradients are wrong on average: give each a seed of its own',
    );
  }
}
