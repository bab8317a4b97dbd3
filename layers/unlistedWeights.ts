/**
 * Layers that others keep, as a recurrent cell of one's own may. tfjs-layers trains and saves the weights that a layer lists,
 * and looks for none in what it holds: those of a random layer in such a place would stay as they are, in silence.
 */
import {layers, type LayersModel, type LayerVariable} from '@tensorflow/tfjs-layers';
import {heldBy, layersOf} from './costs/layersOf.js';

/** The random layers that were called in the training step that is looked at; null where none is. */
let called: Set<layers.Layer> | null = null;

/** Notes that a random layer was called in training. */
export function noteCall(layer: layers.Layer): void {
  called?.add(layer);
}

const looked = new WeakSet<LayersModel>();

/** Runs a training step; after the first one of a model it says which weights of random layers the model does not list. */
export function lookForUnlisted<T>(model: LayersModel, step: () => T): T {
  if (looked.has(model)) return step();
  const before = called;
  const found = (called = new Set<layers.Layer>());
  try {
    const value = step();
    looked.add(model);
    tell(model, found);
    return value;
  } finally {
    called = before;
  }
}

function tell(model: LayersModel, found: ReadonlySet<layers.Layer>): void {
  const listed = idsOf(model);
  const isMissing = ({id}: LayerVariable): boolean => !listed.has(id);
  const random = [...found].filter(layer => layer.weights.some(isMissing));
  if (random.length === 0) return;
  const all = layersOf('fit', model);
  // the first that holds what lists them: else the one that holds it would come before it, up to the model, which does not
  const holderOf = (layer: layers.Layer): layers.Layer | undefined => {
    const {id} = layer.weights.find(isMissing)!; // it has one
    return all.find(one => heldBy(one).some(inner => idsOf(inner).has(id)));
  };
  const told = new Map<layers.Layer, layers.Layer | undefined>();
  for (const layer of random) {
    const holder = holderOf(layer);
    told.set(layer, holder);
    // what stands beside it is as likely to have been forgotten
    for (const one of holder === undefined ? [] : heldBy(holder))
      if (one.built && one.trainableWeights.some(isMissing) && !random.some(inner => holds(one, inner)))
        told.set(one, holder);
  }
  for (const [layer, holder] of told) {
    const {trainableWeights, nonTrainableWeights} = layer;
    const namesOf = (list: LayerVariable[]): string =>
      list
        .filter(isMissing)
        .map(({originalName}) => originalName)
        .join(', ');
    const [trained, remembered] = [namesOf(trainableWeights), namesOf(nonTrainableWeights)];
    const which = holder === undefined ? `something in model ${JSON.stringify(model.name)}` : nameOf(holder);
    const fates = [
      ...(trained === '' ? [] : [`${trained} are not trained and not saved, unless its trainableWeights list them`]),
      ...(remembered === '' ? [] : [`${remembered} are not saved, unless its nonTrainableWeights list them`]),
    ];
    console.warn(`tfjs-stochastic: ${which} holds ${nameOf(layer)}, whose weights ${fates.join('; ')}`);
  }
}

const nameOf = ({name}: layers.Layer): string => `layer ${JSON.stringify(name)}`;
const idsOf = (layer: layers.Layer): Set<number> => new Set(layer.weights.map(({id}) => id));
const holds = (outer: layers.Layer, inner: layers.Layer): boolean => layersOf('fit', outer).includes(inner);
