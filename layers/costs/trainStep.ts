/** Whether a step of `fit`, `fitDataset` or `trainOnBatch` is going on, in which tfjs-layers adds the losses of layers. */
import {LayersModel} from '@tensorflow/tfjs-layers';
import {errors, extension} from 'tfjs-stochastic';
import {mendMethod} from '../mendMethod.js';
import {lookForUnlisted} from '../unlistedWeights.js';
import {reasonOfInfinity} from './fitListener.js';

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
            explain(error, this);
            throw error;
          } finally {
            going = before;
          }
        };
      },
  );
}

/** Says beside the error of a cost that is not finite what may have made it so. */
function explain(error: unknown, model: LayersModel): void {
  if (!(error instanceof errors.StochasticError) || !error.message.includes('is not finite at step')) return;
  const reason = reasonOfInfinity(model);
  if (reason !== null) error.message = `${error.message.replace(/\.$/, '')}; ${reason}`;
}
