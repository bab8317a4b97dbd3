/** A loss by name or as a function, as `model.compile` takes it. */
import * as tf from '@tensorflow/tfjs-core';
import {metrics} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';

/** A loss as `model.compile` takes it: from targets and predictions to one value for each example. */
export type Loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

interface Named {
  readonly loss: Loss;
  /** Whether it is the mean over the last axis of what belongs to one element; else a sum, or about the axis as a whole. */
  readonly isMean: boolean;
}

const meanOf = (each: Loss): Named => ({loss: (y, p) => tf.tidy(() => tf.mean(each(y, p), -1)), isMean: true});
const epsilon = (): number => tf.backend().epsilon();
const most = (t: tf.Tensor, floor: number): tf.Tensor => tf.maximum(t, floor);
const hinges: Loss = (y, p) => tf.relu(tf.sub(1, tf.mul(y, p)));
const logOf: Loss = (y, p) => tf.sub(tf.log1p(most(p, epsilon())), tf.log1p(most(y, epsilon())));

/** As tfjs-layers has them (its losses.ts), and its own functions where it exports them. */
const named = {
  binaryCrossentropy: {loss: metrics.binaryCrossentropy, isMean: true},
  categoricalCrossentropy: {loss: metrics.categoricalCrossentropy, isMean: false},
  sparseCategoricalCrossentropy: {loss: sparseLoss, isMean: false},
  meanSquaredError: {loss: metrics.meanSquaredError, isMean: true},
  meanAbsoluteError: {loss: metrics.meanAbsoluteError, isMean: true},
  meanAbsolutePercentageError: {loss: metrics.meanAbsolutePercentageError, isMean: true},
  meanSquaredLogarithmicError: meanOf((y, p) => tf.square(logOf(y, p))),
  hinge: meanOf(hinges),
  squaredHinge: meanOf((y, p) => tf.square(hinges(y, p))),
  categoricalHinge: {
    loss: (y, p) =>
      tf.tidy(() => {
        const others = tf.max(tf.mul(tf.sub(1, y), p), -1);
        return tf.relu(tf.add(1, tf.sub(others, tf.sum(tf.mul(y, p), -1))));
      }),
    isMean: false,
  },
  logcosh: meanOf((y, p) => {
    const d = tf.sub(p, y);
    return tf.sub(tf.add(d, tf.softplus(tf.mul(-2, d))), Math.LN2);
  }),
  poisson: meanOf((y, p) => tf.sub(p, tf.mul(y, tf.log(tf.add(epsilon(), p))))),
  kullbackLeiblerDivergence: {
    loss: (y, p) =>
      tf.tidy(() => {
        const [from, to] = [y, p].map(t => tf.clipByValue(t, epsilon(), 1));
        return tf.sum(tf.mul(y, tf.log(tf.div(from!, to!))), -1);
      }),
    isMean: false,
  },
  cosineProximity: {loss: metrics.cosineProximity, isMean: false},
} satisfies Record<string, Named>;

/** The names that `perSample`, `sumOver` and `withCosts` know: those of tfjs-layers. */
export type LossName = keyof typeof named;

/** The loss whose targets are class indices. */
export const SPARSE = 'sparseCategoricalCrossentropy';

/**
 * Class indices with a last axis of one place, `[…, 1]`, for predictions `[sample…, …, classes]`; they may lack it.
 * @throws for others
 */
export function indicesFor(who: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const lead = yPred.shape.slice(0, -1);
  const fits = (shape: readonly number[]): boolean =>
    shape.length > 0 &&
    shape.length <= lead.length &&
    shape.every((d, i) => d === lead[lead.length - shape.length + i]);
  const isLong = yTrue.shape[yTrue.rank - 1] === 1 && fits(yTrue.shape.slice(0, -1));
  extension.check(
    isLong || fits(yTrue.shape),
    who,
    `the targets must be class indices of shape [${lead.join(',')},1]`,
    yTrue,
  );
  return isLong ? yTrue : tf.expandDims(yTrue, -1);
}

/** 'sparseCategoricalCrossentropy' of each example and sample; targets as of `indicesFor`. */
export function sparseLoss(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const classes = yPred.shape[yPred.rank - 1]!;
    const given = tf.cast(indicesFor(SPARSE, yTrue, yPred), 'float32');
    const indices = tf.cast(tf.floor(tf.squeeze(given, [given.rank - 1])), 'int32');
    const oneHot = tf.reshape(tf.oneHot(tf.reshape(indices, [-1]), classes), [...indices.shape, classes]);
    return metrics.categoricalCrossentropy(oneHot, tf.clipByValue(yPred, epsilon(), 1 - epsilon()));
  });
}

/** Whether `sumOver` knows a loss by its name. */
export function isLossName(loss: string): loss is LossName {
  return Object.hasOwn(named, loss);
}

/** Whether a loss that tfjs-layers knows by name is the mean over the last axis of what belongs to one element. */
export function isMeanOfTfjs(name: string): boolean {
  return !isLossName(name) || named[name].isMean;
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
