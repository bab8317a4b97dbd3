/**
 * Costs of layers that other layers keep in their fields, as a recurrent cell of one's own may. tfjs-layers asks the layers
 * for losses that it knows of, and no others: a divergence from a prior in such a place would be in no loss.
 */
import * as tf from '@tensorflow/tfjs-core';
import {LayersModel, type layers} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {mendMethod} from '../mendMethod.js';
import {hiddenLayersOf} from './layersOf.js';

/** What was found of each model, for the search takes longer than a small step. */
const known = new WeakMap<LayersModel, layers.Layer[]>();

/** The next step of a model looks for hidden layers anew. */
export function lookAgain(model: LayersModel): void {
  known.delete(model);
}

function hiddenIn(model: LayersModel): layers.Layer[] {
  let found = known.get(model);
  if (found === undefined) known.set(model, (found = hiddenLayersOf(model)));
  return found;
}

/** From now on the loss of a model in training has those costs in it. */
export function mendHiddenCosts(): void {
  mendMethod<(this: LayersModel) => tf.Scalar[]>(
    LayersModel,
    'calculateLosses',
    calculateLosses =>
      function () {
        const losses = calculateLosses.call(this);
        for (const layer of hiddenIn(this)) {
          if (layer.losses.length === 0) continue; // it never had a cost
          for (const cost of extension.layerCosts(layer).take()) losses.push(tf.mean<tf.Scalar>(cost));
        }
        return losses;
      },
  );
}
