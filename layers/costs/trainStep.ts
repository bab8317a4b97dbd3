/** Whether a step of `fit`, `fitDataset` or `trainOnBatch` is going on, in which tfjs-layers adds the losses of layers. */
import {LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {mendMethod} from '../mendMethod.js';
import {lookForUnlisted} from '../unlistedWeights.js';

type TrainFunction = (data: unknown) => unknown;

let going = false;

/** Whether tfjs-layers will ask the layers of a model for their losses when the model's own is worked out. */
export function isTrainStep(): boolean {
  return going;
}

/** From now on `isTrainStep` knows, and the first step of a model is looked at. */
export function watchTrainSteps(): void {
  mendMethod<(this: LayersModel) => TrainFunction>(
    LayersModel,
    'makeTrainFunction',
    makeTrainFunction =>
      function () {
        const step = makeTrainFunction.call(this);
        return data => {
          const before = going;
          going = true;
          extension.keptByFailedStep(); // of a step that was none of these
          try {
            return lookForUnlisted(this, () => step(data));
          } catch (error) {
            for (const metric of extension.keptByFailedStep()) metric.dispose();
            throw error;
          } finally {
            going = before;
          }
        };
      },
  );
}
