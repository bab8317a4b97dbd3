/** Layers that give out the mean of the distribution that the layer in front stands for. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {oneOf, type LayerShape} from '../families/distributionMaker.js';
import {checkLayerArgs, layerArgNames} from '../layerArgs.js';
import {distributionBehind} from '../outputs/tags.js';

/** Options of `meanValue`: those that tfjs layers take. */
export type MeanValueArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** Gives out a distribution's mean, in training and otherwise; see `meanValue`. */
export class MeanValueLayer extends layers.Layer {
  /** What saved models call it. */
  static className = 'MeanValue';

  constructor(args: MeanValueArgs = {}) {
    const who = 'stl.meanValue';
    extension.checkKeys(who, args, layerArgNames);
    const base = {...args}; // what was checked, whatever is asked of it
    checkLayerArgs(base, who);
    super(base);
    this.supportsMasking = true;
  }

  get #who(): string {
    return `stl layer ${JSON.stringify(this.name)}`;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const list = Array.isArray(inputs) ? inputs : [inputs];
      oneOf(
        this.#who,
        'meanValue',
        list.map(x => x.shape),
      );
      const {distribution} = distributionBehind(this.#who, list[0]!, 'input');
      extension.check(distribution.has('mean'), this.#who, `a ${distribution.element.familyName} has no mean`);
      return distribution.mean();
    });
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    const isList = Array.isArray(inputShape[0]);
    return oneOf(this.#who, 'meanValue', (isList ? inputShape : [inputShape]) as LayerShape[]); // as was looked
  }
}

/**
 * The mean of the distribution that a layer with `output: 'distribution'` in front of it stands for, in training and
 * otherwise, whatever that layer's `inference` is. No draw is made; gradients are those of the mean.
 * @throws where the family has no mean, once the model is run
 * @example
 * ```ts
 * const layer = stl.normal({output: 'distribution', inference: 'sample', inputShape: [2]});
 * const model = tf.sequential({layers: [layer, stl.meanValue()]});
 * model.predict(tf.tensor2d([[3, 1]])); // [[3]]
 * ```
 */
export function meanValue(args: MeanValueArgs = {}): MeanValueLayer {
  return new MeanValueLayer(args);
}

tf.serialization.registerClass(MeanValueLayer);
