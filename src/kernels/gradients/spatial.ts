/** Pooling, resizing and convolution: their gradient kernels have no gradient of their own in tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import {constant, linear, one} from './relink.js';

type Pair = [number, number];
type Padding = 'valid' | 'same' | number;
interface PoolAttrs {filterSize: Pair | number; strides: Pair | number; pad: Padding; dimRoundingMode?: 'floor' | 'round' | 'ceil'}

function run(kernelName: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(kernelName, inputs, attrs as tf.NamedAttrMap);
}

const avgPool: tf.GradConfig = {
  kernelName: tf.AvgPool,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const input = saved[0]!;
    return {x: () => linear(one(dy), d => run(tf.AvgPoolGrad, {dy: d, input}, attrs), d => run(tf.AvgPool, {x: d}, attrs))};
  },
};

/** dx has dy at the largest element of each window; the adjoint reads the same places. */
const maxPool: tf.GradConfig = {
  kernelName: tf.MaxPool,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [input, output] = saved as [tf.Tensor4D, tf.Tensor4D];
    const {filterSize, strides, pad} = attrs as unknown as PoolAttrs; // what the op passes to this kernel
    const places = () => constant(() => {
      const {indexes} = tf.maxPoolWithArgmax(input, filterSize, strides, pad, true);
      return tf.reshape(tf.cast(indexes!, 'int32'), output.shape);
    });
    // Reading and writing at the same places are each other's adjoint, to every order.
    const write = (d: tf.Tensor): tf.Tensor => linear(d, v => run(tf.MaxPoolGrad, {dy: v, input, output}, attrs), read);
    const read = (d: tf.Tensor): tf.Tensor => linear(d, v => tf.gather(tf.reshape(v, [-1]), places()), write);
    return {x: () => write(one(dy))};
  },
};

function resize(kernelName: string, gradientKernel: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['images'],
    gradFunc: (dy, saved, attrs) => {
      const images = saved[0]!;
      const write = (d: tf.Tensor) => run(gradientKernel, {dy: d, images}, attrs);
      return {images: () => linear(one(dy), write, d => run(kernelName, {images: d}, attrs))};
    },
  };
}

/** The filter's gradient is bilinear in the image and dy. */
const conv2DBackpropFilter: tf.GradConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  inputsToSave: ['x', 'dy'],
  gradFunc: (d, saved, attrs) => {
    const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
    const {strides, pad, dataFormat, dimRoundingMode} = attrs;
    const filter = one(d);
    return {
      x: () => run(tf.Conv2DBackpropInput, {dy, filter}, {strides, pad, dataFormat, dimRoundingMode, inputShape: x.shape}),
      dy: () => run(tf.Conv2D, {x, filter}, {strides, pad, dataFormat, dilations: [1, 1], dimRoundingMode}),
    };
  },
};

const depthwiseBackpropFilter: tf.GradConfig = {
  kernelName: tf.DepthwiseConv2dNativeBackpropFilter,
  inputsToSave: ['x', 'dy'],
  gradFunc: (d, saved, attrs) => {
    const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
    const {strides, pad, dilations, dimRoundingMode} = attrs;
    const window = {strides, pad, dilations, dimRoundingMode};
    const filter = one(d);
    return {
      x: () => run(tf.DepthwiseConv2dNativeBackpropInput, {dy, filter}, {...window, inputShape: x.shape}),
      dy: () => run(tf.DepthwiseConv2dNative, {x, filter}, {...window, dataFormat: 'NHWC'}),
    };
  },
};

const depthwiseBackpropInput: tf.GradConfig = {
  kernelName: tf.DepthwiseConv2dNativeBackpropInput,
  inputsToSave: ['dy', 'filter'],
  gradFunc: (d, saved, attrs) => {
    const [dy, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const {strides, pad, dilations, dimRoundingMode} = attrs;
    const window = {strides, pad, dilations, dimRoundingMode};
    const x = one(d);
    return {
      dy: () => run(tf.DepthwiseConv2dNative, {x, filter}, {...window, dataFormat: 'NHWC'}),
      filter: () => run(tf.DepthwiseConv2dNativeBackpropFilter, {x, dy}, {...window, filterShape: filter.shape}),
    };
  },
};

export const spatialGradients: tf.GradConfig[] = [
  avgPool,
  maxPool,
  resize(tf.ResizeBilinear, tf.ResizeBilinearGrad),
  resize(tf.ResizeNearestNeighbor, tf.ResizeNearestNeighborGrad),
  conv2DBackpropFilter,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
];
