/** What the losses of a compiled model are made of. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isMeanOfTfjs, isLossName, type Loss} from './readLoss.js';

/** Losses that have the costs of layers in them. */
const including = new WeakSet<Loss>();

/** Notes that a loss has the costs of layers in it. */
export function noteCosts(loss: Loss): Loss {
  including.add(loss);
  return loss;
}

/** The losses of a compiled model as they were given, in the order of its outputs. */
function lossesOf(model: LayersModel): unknown[] {
  const loss: unknown = model.loss;
  if (typeof loss !== 'object' || loss === null) return model.outputs.map(() => loss);
  return Array.isArray(loss) ? loss : model.outputNames.map(name => (loss as Record<string, unknown>)[name]); // by name
}

/** Whether the loss of the model has the costs of its layers in it. */
export function hasCosts(model: LayersModel): boolean {
  return lossesOf(model).some(loss => typeof loss === 'function' && including.has(loss as Loss)); // tfjs takes no others
}

/** A loss of a model by name. */
export interface MeanLoss {
  readonly loss: string;
  /** Over how many values of an example it is a mean. */
  readonly size: number;
  /** What to write for their sum, in brackets; nothing where there is no name for it. */
  readonly sum: string;
}

const NONE: MeanLoss = {loss: '', size: 1, sum: ''};

/** The loss of a model that is the mean over most values of an example; of those that were given by name. */
export function meanSize(model: LayersModel): MeanLoss {
  const found = lossesOf(model).map((loss, i): MeanLoss => {
    if (typeof loss !== 'string') return NONE;
    const shape = model.outputs[i]!.shape.slice(1, isMeanOfTfjs(loss) ? undefined : -1);
    const name = JSON.stringify(loss);
    const sum = isLossName(loss) ? ` (stl.sumOver(${name}))` : '';
    return {loss: name, size: shape.reduce<number>((n, d) => n * (d ?? 1), 1), sum};
  });
  return found.reduce((a, b) => (b.size > a.size ? b : a), NONE);
}
