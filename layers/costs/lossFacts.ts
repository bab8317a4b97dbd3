/** What losses are made of, and those of a compiled model. */
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isMeanOfTfjs, isLossName, SPARSE, underName, type Loss, type LossName} from './readLoss.js';

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

/** Losses that were seen to give one number for a whole batch. */
const scalars = new WeakSet<object>();

/** The loss itself, which from now on is watched for giving one number for a whole batch. */
export function watchScalars(loss: Loss): Loss {
  return underName(loss.name, (yTrue, yPred) => {
    const given = loss(yTrue, yPred);
    if ((given as Partial<tf.Tensor> | undefined)?.rank === 0) scalars.add(loss); // of a user's function it may be anything
    return given;
  });
}

/** Whether a loss of a model was seen to give one number for a whole batch. */
export function hasScalarLoss(model: LayersModel): boolean {
  return lossesOf(model.loss, model.outputNames ?? []).some(one => typeof one === 'function' && scalars.has(one));
}

/** Whether a loss is of the distribution that an output stands for: `negativeLogLikelihood`, or made of it. */
export function isOfDistribution(loss: unknown): boolean {
  return judgesTargets(loss) && plainNameOf(loss) === undefined;
}

/** A loss of a model that is known to be a mean. */
export interface MeanLoss {
  readonly loss: string;
  /** Over how many values of an example it is a mean. */
  readonly size: number;
  /** What to write for their sum, in brackets; nothing where there is no name for it. */
  readonly sum: string;
}

const NONE: MeanLoss = {loss: '', size: 1, sum: ''};

/** The means over all values among `tf.losses`, as they are called, and what they are by name in tfjs-layers. */
const LOSSES_OF_CORE: Readonly<Record<string, LossName | null>> = {
  absoluteDifference: 'meanAbsoluteError',
  hingeLoss: null, // of targets 0 and 1
  huberLoss: null,
  logLoss: 'binaryCrossentropy',
  meanSquaredError: 'meanSquaredError',
  sigmoidCrossEntropy: null, // of logits
};

/** A loss by name; undefined where nobody knows whether it is a mean. */
function nameOfMean(loss: unknown): {shown: string; name: string | null; isMean: boolean} | undefined {
  if (typeof loss === 'string') return {shown: JSON.stringify(loss), name: loss, isMean: isMeanOfTfjs(loss)};
  const own = typeof loss === 'function' && loss.name.endsWith('__op') ? loss.name.slice(0, -'__op'.length) : ''; // as tfjs-core calls operations
  if (!Object.hasOwn(LOSSES_OF_CORE, own)) return undefined;
  return {shown: `tf.losses.${own}`, name: LOSSES_OF_CORE[own]!, isMean: true};
}

/** The loss of a model that is the mean over most values of an example; of those by name, and of tfjs-core's own. */
export function meanSize(model: LayersModel): MeanLoss {
  const found = lossesOf(model.loss, model.outputNames ?? model.outputs.map(() => '')).map((loss, i): MeanLoss => {
    const known = nameOfMean(loss);
    if (known === undefined) return NONE;
    const {shown, name, isMean} = known;
    const shape = model.outputs[i]!.shape.slice(1, isMean ? undefined : -1);
    const sum = name !== null && isLossName(name) ? ` (stl.sumOver(${JSON.stringify(name)}))` : '';
    return {loss: shown, size: shape.reduce<number>((n, d) => n * (d ?? 1), 1), sum};
  });
  return found.reduce((a, b) => (b.size > a.size ? b : a), NONE);
}
