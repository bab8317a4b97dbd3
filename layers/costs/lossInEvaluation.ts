/**
 * What `evaluate` and validation give of models with random layers. tfjs-layers adds the losses of layers, divergences and
 * regularisers, in training alone, and lists the losses of several outputs at the places of other values.
 */
import * as tf from '@tensorflow/tfjs-core';
import {LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {mendMethod} from '../mendMethod.js';
import {drawingOf} from '../values/inference.js';
import {layersOf} from './layersOf.js';

type TestFunction = (data: tf.Tensor[]) => tf.Scalar[];

/** Fields and methods of tfjs-layers that it declares protected. */
interface Model {
  readonly outputs: readonly unknown[];
  testFunction: TestFunction;
  calculateLosses(): tf.Scalar[];
}

/** From now on the loss there is the quantity that it is in training, as Keras has it, at what the layers give out there. */
export function mendEvaluation(): void {
  mendMethod<(this: Model) => void>(
    LayersModel,
    'makeTestFunction',
    makeTestFunction =>
      function () {
        makeTestFunction.call(this);
        const {testFunction} = this;
        const model = this as unknown as LayersModel; // of which it is a part
        const draws = layersOf('evaluate', model).some(layer => drawingOf(layer) !== undefined);
        this.testFunction = data =>
          tf.tidy(() => {
            const {value, isHeard} = extension.hearCosts(() => testFunction(data));
            if (!draws && !isHeard) return value;
            // the losses of the outputs stand here added up one after the other, and then once more, each alone
            const [loss, ...parts] = value.slice(Math.max(0, this.outputs.length - 1));
            return [this.calculateLosses().reduce((sum, one) => tf.add<tf.Scalar>(sum, one), loss!), ...parts];
          });
      },
  );
}
