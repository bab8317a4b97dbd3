/** The layers that a model is made of. */
import {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';

/** Where tfjs's wrappers and recurrent layers keep others. */
const PLACES = ['layers', 'layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'] as const;

/**
 * All layers of a model, each once: those of models inside it, of wrappers and of recurrent layers with them. A layer
 * stands for itself and what it holds.
 */
export function layersOf(who: string, given: LayersModel | layers.Layer | ReadonlyArray<layers.Layer>): layers.Layer[] {
  const found = new Set<layers.Layer>();
  const visit = (layer: unknown): void => {
    extension.check(layer instanceof layers.Layer, who, 'needs a model, a layer or a list of layers', layer);
    if (found.has(layer)) return;
    found.add(layer);
    const held = layer as unknown as Partial<Record<(typeof PLACES)[number], unknown>>; // some have some of them
    for (const place of PLACES) {
      const inner = held[place];
      for (const one of Array.isArray(inner) ? inner : [inner]) if (one instanceof layers.Layer) visit(one);
    }
  };
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const layer of list) visit(layer);
  return [...found];
}
