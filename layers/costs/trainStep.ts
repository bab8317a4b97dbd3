/** Whether a step of `fit`, `fitDataset` or `trainOnBatch` is going on, in which tfjs-layers adds the losses of layers. */
import {LayersModel} from '@tensorflow/tfjs-layers';
import {errors, extension, StochasticOptimizer} from 'tfjs-stochastic';
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
        const step = recordedWhereAsked(this, makeTrainFunction.call(this));
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

/** The step as it is recorded, where the optimizer of the model says so; `compile` of a model makes new losses. */
function recordedWhereAsked(model: LayersModel, step: TrainFunction): TrainFunction {
  const {optimizer, lossFunctions} = model as unknown as {optimizer: unknown; lossFunctions: unknown}; // declared protected
  if (!(optimizer instanceof StochasticOptimizer)) return step;
  // loss and metrics; an estimator that runs the model again adds those of each run
  const asAsked = (data: unknown) => (step(data) as unknown[]).slice(0, model.metricsNames.length); // a list of tensors
  const recorded = optimizer.recordedStep(model, lossFunctions, asAsked);
  return recorded === asAsked ? step : recorded;
}

/** Says beside the error of a cost that is not finite what may have made it so. */
function explain(error: unknown, model: LayersModel): void {
  if (!(error instanceof errors.StochasticError) || !error.message.includes('is not finite at step')) return;
  const reason = reasonOfInfinity(model);
  if (reason !== null) error.message = `${error.message.replace(/\.$/, '')}; ${reason}`;
}
