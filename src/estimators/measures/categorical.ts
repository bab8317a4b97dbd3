import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../../util/tensors.js';
import {shapeOfNumbers} from '../../util/numbers.js';
import {classWeights} from '../../distributions/classMask.js';
import type {Distribution} from '../../distributions/distribution.js';
import {oneHotOf, select} from '../../math/numerics.js';
import type {Measure, MeasuredValue} from './measure.js';

type Parameter = 'logits' | 'probs';

/** A class as a value of the family, and the value `shift` classes on, counted round. */
interface ClassValues {
  readonly shifted: (x: tf.Tensor, shift: number, classes: number) => tf.Tensor;
  readonly toOneHot: (x: tf.Tensor, classes: number) => tf.Tensor;
}

/** By the probabilities p: Σ_k f(k) ∂p_k, where f is known at the class that was drawn. */
export function byClass({shifted, toOneHot}: ClassValues): Measure {
  const derivative = (name: Parameter): Measure => ({
    [name]: {
      values: distribution => classesOf(distribution, name) - 1,
      parts(given): MeasuredValue[] {
        const classes = classesOf(given.distribution, name);
        const {by, value: weights} = classWeights(given.distribution);
        const probs = by === 'logits' ? tf.softmax(weights) : weights;
        return Array.from({length: classes - 1}, (_, i) => {
          const value = shifted(given.x, i + 1, classes);
          return {value, weight: tf.sum(tf.mul(toOneHot(value, classes), probs), -1)};
        });
      },
    },
  });
  return {...derivative('logits'), ...derivative('probs'), mask: {values: 0, parts: () => []}};
}

function classesOf(distribution: Distribution, name: Parameter): number {
  // a family of classes has a last axis of them
  return shapeOfNumbers(distribution.name, name, distribution.parameters[name]!).at(-1)!;
}

/** Values are class indices. */
export const categoricalMeasure = byClass({
  shifted(x, shift, classes) {
    const moved = tf.add(tf.cast(x, 'float32'), shift); // integers in webgpu are better left alone
    const index = select(tf.less(moved, classes), moved, tf.sub(moved, classes));
    return ofType(index, x.dtype);
  },
  toOneHot: (x, classes) => oneHotOf(x, classes),
});
