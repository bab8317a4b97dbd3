/** A loss by name or as a function, as `model.compile` takes it. */
import type * as tf from '@tensorflow/tfjs-core';
import {metrics} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';

/** A loss as `model.compile` takes it: from targets and predictions to one value for each example. */
export type Loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

interface Named {
  readonly loss: Loss;
  /** Whether it is the mean over the last axis of what belongs to one element; else a sum. */
  readonly isMean: boolean;
}

const named: Readonly<Record<LossName, Named>> = {
  binaryCrossentropy: {loss: metrics.binaryCrossentropy, isMean: true},
  categoricalCrossentropy: {loss: metrics.categoricalCrossentropy, isMean: false},
  meanSquaredError: {loss: metrics.meanSquaredError, isMean: true},
  meanAbsoluteError: {loss: metrics.meanAbsoluteError, isMean: true},
};

/** The names that `perSample` and `sumOver` know. */
export type LossName = 'binaryCrossentropy' | 'categoricalCrossentropy' | 'meanSquaredError' | 'meanAbsoluteError';

/** The losses of tfjs-layers that are sums over the last axis, or about it as a whole. */
const sums: readonly string[] = [
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'kullbackLeiblerDivergence',
  'cosineProximity',
  'categoricalHinge',
];

/** Whether `sumOver` knows a loss by its name. */
export function isLossName(loss: string): loss is LossName {
  return Object.hasOwn(named, loss);
}

/** Whether a loss that tfjs-layers knows by name is the mean over the last axis of what belongs to one element. */
export function isMeanOfTfjs(name: string): boolean {
  return !sums.includes(name);
}

/** Reads a loss; that of a function counts as it stands, without a mean to undo. */
export function readLoss(who: string, loss: LossName | Loss): Named {
  if (typeof loss === 'string' && !isLossName(loss)) extension.failUnknown(who, 'loss', loss, Object.keys(named));
  if (typeof loss === 'string') return named[loss];
  extension.check(
    typeof loss === 'function',
    who,
    'loss must be a name or a function of targets and predictions',
    loss,
  );
  return {loss, isMean: false};
}

/** Gives a loss or metric the name by which tfjs-layers lists it. */
export function underName(name: string, loss: Loss): Loss {
  return Object.defineProperty(loss, 'name', {value: name});
}
