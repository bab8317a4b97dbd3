/** What losses are made of, and those of a compiled model. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isMeanOfTfjs, isLossName, SPARSE, type Loss, type LossName} from './readLoss.js';

/** The metrics that show the parts of a loss. */
const parts = new WeakMap<object, readonly Loss[]>();

/** The names of the losses that others are made of. */
const plainNames = new WeakMap<object, string>();

/** Notes the metrics that show the parts of a loss; gives the loss. */
export function noteParts(loss: Loss, metrics: readonly Loss[]): Loss {
  parts.set(loss, metrics);
  return loss;
}

/** The metrics that show the parts of a loss; undefined where nobody noted any. */
export function metricsOfParts(loss: unknown): readonly Loss[] | undefined {
  return typeof loss === 'function' ? parts.get(loss) : undefined;
}

/** Losses that judge the shape of their targets themselves. */
const judging = new WeakSet<object>();

/** Notes that a loss judges the shape of its targets itself, and takes others than that of the output. */
export function noteJudging(loss: Loss): void {
  judging.add(loss);
}

/** Whether a loss judges the shape of its targets itself. */
export function judgesTargets(loss: unknown): boolean {
  return typeof loss === 'function' && judging.has(loss);
}

/** Notes of which loss one is made; gives the one. */
export function noteOrigin(loss: Loss, of: LossName | Loss): Loss {
  if (of === SPARSE || judgesTargets(of)) judging.add(loss);
  const name = typeof of === 'string' ? of : plainNames.get(of);
  if (name !== undefined) plainNames.set(loss, name);
  return loss;
}

/** The name of the loss that one is made of; undefined where that has none. */
export function plainNameOf(loss: unknown): string | undefined {
  return typeof loss === 'function' ? plainNames.get(loss) : undefined;
}

/** The losses as `compile` was given them, in the order of the outputs. */
export function lossesOf(loss: unknown, outputNames: readonly string[]): unknown[] {
  if (typeof loss !== 'object' || loss === null) return outputNames.map(() => loss);
  return Array.isArray(loss) ? loss : outputNames.map(name => (loss as Record<string, unknown>)[name]); // by name
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
  const found = lossesOf(model.loss, model.outputNames ?? model.outputs.map(() => '')).map((loss, i): MeanLoss => {
    if (typeof loss !== 'string') return NONE;
    const shape = model.outputs[i]!.shape.slice(1, isMeanOfTfjs(loss) ? undefined : -1);
    const name = JSON.stringify(loss);
    const sum = isLossName(loss) ? ` (stl.sumOver(${name}))` : '';
    return {loss: name, size: shape.reduce<number>((n, d) => n * (d ?? 1), 1), sum};
  });
  return found.reduce((a, b) => (b.size > a.size ? b : a), NONE);
}
