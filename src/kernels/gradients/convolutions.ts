/**
 * Convolutions that tfjs does not differentiate: those with dilations, which are convolutions with a filter that has
 * zeros between its elements, and, once more, those of three dimensions.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Four} from '../attributes.js';
import {runKernel} from '../../math/runKernel.js';
import {one} from './relink.js';

const reach = (taps: number, dilation: number): number => (taps - 1) * dilation + 1;

/** The filter with zeros between its elements. */
function dilated(filter: tf.Tensor, [down, across]: readonly [number, number]): tf.Tensor {
  const [height, width, inputs, outputs] = filter.shape as Four;
  const apart = tf.pad(tf.reshape(filter, [height, 1, width, 1, inputs * outputs]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(apart, [height * down, width * across, inputs, outputs]);
  return tf.slice(whole, [0, 0, 0, 0], [reach(height, down), reach(width, across), inputs, outputs]);
}

/** Of a filter with elements between them those of the filter of `shape`. */
function thinned(
  filter: tf.Tensor,
  [height, width, inputs, outputs]: Four,
  dilations: readonly [number, number],
): tf.Tensor {
  const [down, across] = dilations;
  const whole = tf.pad(filter as tf.Tensor4D, [
    [0, down - 1],
    [0, across - 1],
    [0, 0],
    [0, 0],
  ]);
  const apart = tf.reshape(whole, [height, down, width, across, inputs * outputs]);
  return tf.reshape(tf.slice(apart, [0, 0, 0, 0, 0], [height, 1, width, 1, inputs * outputs]), [
    height,
    width,
    inputs,
    outputs,
  ]);
}

/** A convolution of two dimensions by its two derivatives, which know no dilations. */
function convolution(kernelName: string, byInput: string, byFilter: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const {strides, pad, dataFormat, dimRoundingMode} = attrs;
      // layers leave out what they do not set
      const given = (attrs['dilations'] as [number, number] | number | null | undefined) ?? 1;
      const dilations: [number, number] = typeof given === 'number' ? [given, given] : given;
      const isPlain = dilations.every(d => d === 1);
      const window = {strides, pad, dataFormat, dimRoundingMode, dilations: [1, 1]};
      const whole = () => (isPlain ? filter : dilated(filter, dilations));
      const [height, width, inputs, outputs] = filter.shape;
      const filterShape = [reach(height, dilations[0]), reach(width, dilations[1]), inputs, outputs];
      return {
        x: () => runKernel(byInput, {dy: one(dy), filter: whole()}, {...window, inputShape: x.shape}),
        filter: () => {
          const d = runKernel(byFilter, {x, dy: one(dy)}, {...window, filterShape});
          return isPlain ? d : thinned(d, filter.shape, dilations);
        },
      };
    },
  };
}

/** Linear in dy and in the filter. */
const conv3DBackpropInput: tf.GradConfig = {
  kernelName: tf.Conv3DBackpropInputV2,
  inputsToSave: ['dy', 'filter'],
  gradFunc: (d, saved, attrs) => {
    const [dy, filter] = saved as [tf.Tensor5D, tf.Tensor5D];
    const {strides, pad} = attrs;
    const x = one(d);
    return {
      dy: () => runKernel(tf.Conv3D, {x, filter}, {strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1]}),
      filter: () => runKernel(tf.Conv3DBackpropFilterV2, {x, dy}, {strides, pad, filterShape: filter.shape}),
    };
  },
};

/** Linear in x and in dy. */
const conv3DBackpropFilter: tf.GradConfig = {
  kernelName: tf.Conv3DBackpropFilterV2,
  inputsToSave: ['x', 'dy'],
  gradFunc: (d, saved, attrs) => {
    const [x, dy] = saved as [tf.Tensor5D, tf.Tensor5D];
    const {strides, pad} = attrs;
    const filter = one(d);
    return {
      x: () => runKernel(tf.Conv3DBackpropInputV2, {dy, filter}, {strides, pad, inputShape: x.shape}),
      dy: () => runKernel(tf.Conv3D, {x, filter}, {strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1]}),
    };
  },
};

export const convolutionGradients: tf.GradConfig[] = [
  convolution(tf.Conv2D, tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter),
  convolution(tf.DepthwiseConv2dNative, tf.DepthwiseConv2dNativeBackpropInput, tf.DepthwiseConv2dNativeBackpropFilter),
  conv3DBackpropInput,
  conv3DBackpropFilter,
];
