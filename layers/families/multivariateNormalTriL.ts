/** Layers of normal vectors with a covariance. */
import * as tf from '@tensorflow/tfjs-core';
import {bijectors, extension, MultivariateNormalTriL, Normal, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {oneOf, shown, type DistributionFamily, type LayerShape} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family: DistributionFamily = {
  options: [],
  maker(who) {
    const paramsSize = (n: number): number => n + (n * (n + 1)) / 2;
    const outputShape = (inputs: LayerShape[]): LayerShape => {
      const shape = oneOf(who, 'multivariateNormalTriL', inputs);
      const last = shape[shape.length - 1];
      const n = typeof last === 'number' ? Math.round((Math.sqrt(9 + 8 * last) - 3) / 2) : 0;
      extension.check(
        shape.length > 1 && n > 0 && paramsSize(n) === last,
        who,
        'multivariateNormalTriL needs an input whose last axis has n + n (n + 1) / 2 elements (locations, then a triangle), ' +
          `got ${shown(shape)}`,
      );
      return [...shape.slice(0, -1), n];
    };
    return {
      make(inputs) {
        const n = outputShape(inputs.map(x => x.shape)).pop()!;
        const [loc, triangle] = tf.split(inputs[0]!, [n, (n * (n + 1)) / 2], -1);
        return new MultivariateNormalTriL({loc: loc!, scaleTril: new bijectors.FillScaleTriL().forward(triangle!)});
      },
      outputShape,
      paramsSize,
    };
  },
};
nameFamily('multivariateNormalTriL', family, {Normal});

/**
 * Normal vectors along the last axis: from `[batch, …, n + n (n + 1) / 2]`, n locations and then the lower triangle of the
 * factor of the covariance, in the order of `bijectors.FillScaleTriL`, whose diagonal is softplus(raw) + 1e-5. Gives out
 * `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.multivariateNormalTriL({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function multivariateNormalTriL<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> = {},
): StochasticLayer {
  return familyLayer('multivariateNormalTriL', family, args);
}
