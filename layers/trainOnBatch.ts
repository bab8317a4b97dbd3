/**
 * What `trainOnBatch` gives where the model runs several times a step: tfjs-layers collects the metrics of each run, and
 * the list would have those of all of them.
 */
import {LayersModel} from '@tensorflow/tfjs-layers';

const mended = new WeakSet<object>();

/** From now on it gives the loss and each metric once, as it does of other models. */
export function mendTrainOnBatch(): void {
  if (mended.has(LayersModel.prototype)) return;
  mended.add(LayersModel.prototype);
  type Method = (this: LayersModel, ...data: Parameters<LayersModel['trainOnBatch']>) => Promise<number | number[]>;
  const {trainOnBatch} = LayersModel.prototype as {trainOnBatch: Method}; // called with the model, as a method is
  LayersModel.prototype.trainOnBatch = async function (this: LayersModel, ...data): Promise<number | number[]> {
    const values = await trainOnBatch.apply(this, data);
    const {length} = this.metricsNames; // loss is the first
    if (!Array.isArray(values) || values.length <= length) return values;
    return length === 1 ? values[0]! : values.slice(0, length);
  };
}
