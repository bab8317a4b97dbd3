/** Layers of class indices. */
import * as tf from '@tensorflow/tfjs-core';
import {Categorical, extension, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {oneOf, shown, type DistributionFamily, type LayerShape} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

/** The option of `categorical`. */
export interface CategoricalArgs {
  /** How many classes there are; default all of the input's last axis. */
  classes?: number;
}

const family: DistributionFamily = {
  options: ['classes'],
  maker(who, {classes}) {
    if (classes !== undefined) extension.checkCount(who, 'classes', classes, 1);
    const outputShape = (inputs: LayerShape[]): LayerShape => {
      const shape = oneOf(who, 'categorical', inputs);
      const last = shape[shape.length - 1];
      const each = classes ?? last;
      if (shape.length < 2 || typeof last !== 'number' || typeof each !== 'number' || last < 1 || last % each !== 0)
        extension.fail(
          who,
          `categorical needs an input whose last axis has the logits of ${classes ?? 'the'} classes, got ${shown(shape)}`,
        );
      return [...shape.slice(0, -1), last / each];
    };
    return {
      make(inputs) {
        const shape = outputShape(inputs.map(x => x.shape)) as number[]; // of tensors
        const logits = inputs[0]!;
        const each = logits.shape[logits.rank - 1]! / shape[shape.length - 1]!;
        return new Categorical({logits: tf.reshape(logits, [...shape, each]), dtype: 'float32'});
      },
      outputShape,
      paramsSize(size) {
        extension.check(
          classes !== undefined,
          who,
          'classes must be given, where the number of parameters is asked for',
        );
        return size * classes;
      },
      inference: 'mode',
    };
  },
};
nameFamily('categorical', family, {Categorical});

/**
 * Class indices, the input being the logits: from `[batch, …, classes]` to `[batch, …, 1]`; with the option `classes`
 * from `[batch, …, n · classes]`, the logits of each index side by side, to `[batch, …, n]`. Indices have no mean: in
 * inference the layer gives out the mode. Targets are indices, `[batch]` or `[batch, 1]`.
 * @example
 * ```ts
 * const layer = stl.categorical({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: 10, inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * await model.fit(tf.ones([4, 3]), tf.tensor1d([0, 3, 9, 3]), {epochs: 1, verbose: 0});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 1]
 * ```
 */
export function categorical<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> & CategoricalArgs = {},
): StochasticLayer {
  return familyLayer('categorical', family, args);
}
