/**
 * What `trainOnBatch` gives where the model runs several times a step: tfjs-layers collects the metrics of each run, and
 * the list would have those of all of them.
 */
import {LayersModel} from '@tensorflow/tfjs-layers';
import {mendMethod} from './mendMethod.js';

/** From now on it gives the loss and each metric once, as it does of other models. */
export function mendTrainOnBatch(): void {
  type Method = (this: LayersModel, ...data: Parameters<LayersModel['trainOnBatch']>) => Promise<number | number[]>;
  mendMethod<Method>(
    LayersModel,
    'trainOnBatch',
    trainOnBatch =>
      async function (...data) {
        const values = await trainOnBatch.apply(this, data);
        const {length} = this.metricsNames; // loss is the first
        if (!Array.isArray(values) || values.length <= length) return values;
        return length === 1 ? values[0]! : values.slice(0, length);
      },
  );
}
