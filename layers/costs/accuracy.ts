/** What 'accuracy' and 'crossentropy' mean among the metrics of an output that stands for a distribution, or was drawn from one. */
import * as tf from '@tensorflow/tfjs-core';
import {metrics, type layers} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {negativeLogLikelihood} from '../outputs/negativeLogLikelihood.js';
import {tagOf} from '../outputs/tags.js';
import {drawingOf} from '../values/inference.js';
import {underName, type Loss} from './readLoss.js';

/** What values are to who counts which are right: class indices, bits, one-hot rows, or nothing that is right or wrong. */
type ValueKind = 'indices' | 'bits' | 'classes' | 'quantity';

/** Of layers whose values carry no distribution. */
const KINDS: Readonly<Record<string, ValueKind>> = {
  categorical: 'indices',
  bernoulli: 'bits',
  relaxedBernoulli: 'bits',
  oneHotCategorical: 'classes',
  relaxedOneHotCategorical: 'classes',
};

/** The names of metrics that count what is right; tfjs-layers lists the first two as the second. */
const RIGHT = ['accuracy', 'acc', 'binaryAccuracy', 'categoricalAccuracy'];
const ENTROPY = ['crossentropy', 'ce'];

/**
 * The metric that stands for one by name at the output of `layer`; undefined where tfjs-layers knows it as well. It would
 * take indices for bits, and bits for classes, since it goes by the length of the last axis.
 */
export function metricOfValues(name: string, layer: layers.Layer): Loss | undefined {
  const isEntropy = ENTROPY.includes(name);
  if (!isEntropy && !RIGHT.includes(name)) return undefined;
  const family = drawingOf(layer)?.family;
  const known = family !== undefined && Object.hasOwn(KINDS, family) ? KINDS[family] : undefined;
  const listed = isEntropy ? 'ce' : name === 'accuracy' ? 'acc' : name;
  return underName(listed, (yTrue, yPred) =>
    tf.tidy(() => {
      const kind = kindBehind(yPred) ?? known ?? kindByShape(yPred);
      extension.check(
        kind !== 'quantity',
        `metric ${JSON.stringify(name)}`,
        `it counts which classes are right, and the values of ${tagOf(yPred)?.layer ?? 'the output'} are no classes; ` +
          "write 'meanAbsoluteError', 'meanSquaredError' or stl.negativeLogLikelihood",
      );
      if (isEntropy) return crossentropy(kind, yTrue, yPred);
      if (kind === 'indices' || name === 'accuracy' || name === 'acc') return right(kind, yTrue, yPred);
      return name === 'binaryAccuracy' ? right('bits', yTrue, yPred) : right('classes', yTrue, yPred);
    }),
  );
}

/** By the distribution that a prediction stands for; undefined where it stands for none. */
function kindBehind(yPred: tf.Tensor): ValueKind | undefined {
  const element = tagOf(yPred)?.distribution?.element;
  if (element === undefined) return undefined;
  const {familyName} = element;
  if (familyName.endsWith('OneHotCategorical')) return 'classes';
  if (familyName.endsWith('Bernoulli')) return 'bits';
  return element.isDiscrete && !element.has('mean') ? 'indices' : 'quantity'; // counts have a mean
}

/** As tfjs-layers goes by it. */
function kindByShape({shape}: tf.Tensor): ValueKind {
  return shape[shape.length - 1] === 1 ? 'bits' : 'classes';
}

function right(kind: ValueKind, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (kind === 'classes') return metrics.categoricalAccuracy(yTrue, yPred);
  if (kind === 'bits') return metrics.binaryAccuracy(yTrue, yPred);
  const isShort = yTrue.rank < yPred.rank;
  const found = tf.equal(tf.cast(isShort ? tf.expandDims(yTrue, -1) : yTrue, yPred.dtype), yPred);
  return tf.mean(tf.cast(found, 'float32'), -1);
}

/** In nats, for each value. */
function crossentropy(kind: ValueKind, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (kind === 'classes') return metrics.categoricalCrossentropy(yTrue, yPred);
  if (kind === 'bits') return metrics.binaryCrossentropy(yTrue, yPred);
  return tf.div(negativeLogLikelihood(yTrue, yPred), yPred.size / yPred.shape[0]);
}
