/** Kernels that choose: linear on each piece, so that the choice is a constant of every derivative. */
import * as tf from '@tensorflow/tfjs-core';
import {asConstant, one, unbroadcast} from './relink.js';

type Mask = (x: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor;

/** dx = dy·mask(x), with the slope of each piece in `mask`. */
function slopes(kernelName: string, mask: Mask): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => ({
      x: () =>
        tf.mul(
          one(dy),
          asConstant(() => mask(saved[0]!, attrs)),
        ),
    }),
  };
}

/** a where `choosesA`, else b. */
function choice(kernelName: string, choosesA: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const mask = () => asConstant(() => tf.cast(choosesA(a, b), 'float32'));
      const other = () => asConstant(() => tf.cast(tf.logicalNot(choosesA(a, b)), 'float32'));
      return {
        a: () => unbroadcast(tf.mul(one(dy), mask()), a.shape),
        b: () => unbroadcast(tf.mul(one(dy), other()), b.shape),
      };
    },
  };
}

/** Largest or smallest along axes: dy goes to every element that equals it. */
function extremum(kernelName: string, axisAttribute: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const axes = tf.util.parseAxisParam(attrs[axisAttribute] as number | number[], x.shape);
      const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
      return {
        x: () =>
          tf.mul(
            tf.reshape(one(dy), kept),
            asConstant(() => tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32')),
          ),
      };
    },
  };
}

const prelu: tf.GradConfig = {
  kernelName: tf.Prelu,
  inputsToSave: ['x', 'alpha'],
  gradFunc: (dy, saved) => {
    const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
    const d = one(dy);
    const isPositive = () => asConstant(() => tf.greater(x, 0));
    return {
      x: () => unbroadcast(tf.where(isPositive(), d, tf.mul(d, alpha)), x.shape),
      alpha: () => unbroadcast(tf.where(isPositive(), tf.zeros(x.shape), tf.mul(d, x)), alpha.shape),
    };
  },
};

const clipByValue: tf.GradConfig = {
  kernelName: tf.ClipByValue,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const x = saved[0]!;
    const isInside = () =>
      asConstant(() =>
        tf.logicalAnd(
          tf.greaterEqual(x, attrs['clipValueMin'] as number),
          tf.lessEqual(x, attrs['clipValueMax'] as number),
        ),
      );
    return {x: () => tf.where(isInside(), one(dy), tf.zeros(one(dy).shape))};
  },
};

export const piecewiseGradients: tf.GradConfig[] = [
  slopes(tf.Abs, x => tf.step(tf.cast(x, 'float32'), -1)),
  choice(tf.Maximum, tf.greaterEqual),
  choice(tf.Minimum, tf.lessEqual),
  extremum(tf.Max, 'reductionIndices'),
  extremum(tf.Min, 'axis'),
  clipByValue,
];

/** Of activations. */
export const rectifierGradients: tf.GradConfig[] = [
  slopes(tf.Relu, x => tf.step(x)),
  slopes(tf.Relu6, x => tf.mul(tf.cast(tf.lessEqual(x, 6), 'float32'), tf.step(x))),
  slopes(tf.LeakyRelu, (x, attrs) => tf.step(x, attrs['alpha'] as number)),
  prelu,
];
