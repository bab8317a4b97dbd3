/** The layers that a model is made of. */
import {layers, Sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';

/** Where tfjs's wrappers and recurrent layers keep others. */
const PLACES = ['layers', 'layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'] as const;

/** What a container or a wrapper of tfjs-layers has. */
interface Wrapping {
  readonly layers: readonly unknown[];
  readonly layer: unknown;
}

/**
 * All layers of a model, each once: those of models inside it, of wrappers and of recurrent layers with them, and those
 * that layers of one's own keep in their fields. A layer stands for itself and what it holds.
 */
export function layersOf(who: string, given: LayersModel | layers.Layer | ReadonlyArray<layers.Layer>): layers.Layer[] {
  const found = new Set<layers.Layer>();
  const visit = (layer: unknown): void => {
    extension.check(layer instanceof layers.Layer, who, 'needs a model, a layer or a list of layers', layer);
    if (found.has(layer)) return;
    found.add(layer);
    for (const one of heldBy(layer)) visit(one);
  };
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const layer of list) visit(layer);
  return [...found];
}

/** The layers that one keeps, in the places of tfjs's own or in fields. */
export function heldBy(layer: layers.Layer): layers.Layer[] {
  const places = layer as unknown as Partial<Record<(typeof PLACES)[number], unknown>>; // some have some of them
  const held = [...PLACES.map(place => places[place]), ...fieldsOf(layer)].flatMap((one): unknown[] =>
    Array.isArray(one) ? one : [one],
  );
  return held.filter((one): one is layers.Layer => one instanceof layers.Layer);
}

/** A sequential model keeps its layers once more, in another model. */
function fieldsOf(layer: layers.Layer): unknown[] {
  const isSequential = layer instanceof Sequential;
  return Object.entries(layer).flatMap(([name, field]) => (isSequential && name === 'model' ? [] : [field as unknown]));
}

/** Of all layers of a model those that tfjs-layers does not ask for their losses: other layers keep them in their fields. */
export function hiddenLayersOf(model: LayersModel): layers.Layer[] {
  const asked = new Set<layers.Layer>([model]);
  const ask = (layer: layers.Layer, isWrapped: boolean): void => {
    asked.add(layer);
    const {layers: several = [], layer: one} = layer as Partial<Wrapping>; // a container, or a wrapper
    if (one instanceof layers.Layer) ask(one, true);
    // a wrapper takes the losses of what it wraps, which are none of a model, and does not have the model work its own out
    else if (!isWrapped) for (const inner of several) if (inner instanceof layers.Layer) ask(inner, false);
  };
  for (const layer of model.layers) ask(layer, false);
  return layersOf('fit', model).filter(layer => !asked.has(layer));
}
