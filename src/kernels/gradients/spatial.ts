/** Pooling and convolution: their gradient kernels have no gradient of their own in tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import type {PoolAttrs, Sizes3d} from '../poolAttributes.js';
import {runKernel} from '../../math/runKernel.js';
import {asConstant, linear, one} from './relink.js';

/** What a window is along one axis: its length, and where the first begins. */
interface Window {
  readonly outputs: number;
  readonly inputs: number;
  readonly length: number;
  readonly stride: number;
  readonly before: number;
}

/** The share of a window that lies inside, for each window along an axis. */
function insideOf({outputs, inputs, length, stride, before}: Window): number[] {
  return Array.from({length: outputs}, (_, i) => {
    const begin = i * stride - before;
    return (Math.min(begin + length, inputs) - Math.max(begin, 0)) / length;
  });
}

/**
 * dy divided by the share of each window that lies inside. The mean is taken over what lies inside, but the kernel of
 * its gradient counts what is outside too.
 */
function perInside(dy: tf.Tensor, windows: readonly Window[]): tf.Tensor {
  return windows.reduce((d, window, axis) => {
    const inside = insideOf(window);
    if (inside.every(share => share === 1)) return d;
    return tf.div(
      d,
      asConstant(() =>
        tf.tensor(
          inside,
          d.shape.map((_, i) => (i === axis + 1 ? inside.length : 1)),
        ),
      ),
    );
  }, dy);
}

/** The mean over windows; `windowsOf` reads their places along each axis between batch and channels. */
function mean(
  kernelName: string,
  gradientKernel: string,
  windowsOf: (shape: number[], attrs: tf.NamedAttrMap) => Window[],
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const input = saved[0]!;
      const write = (d: tf.Tensor) =>
        runKernel(gradientKernel, {dy: perInside(d, windowsOf(input.shape, attrs)), input}, attrs);
      return {x: () => linear(one(dy), write, d => runKernel(kernelName, {x: d}, attrs))};
    },
  };
}

type PoolInfo = tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo;

/** The windows along the axes that images and volumes share. */
const heightAndWidth = (info: PoolInfo): Window[] => [
  {
    outputs: info.outHeight,
    inputs: info.inHeight,
    length: info.filterHeight,
    stride: info.strideHeight,
    before: info.padInfo.top,
  },
  {
    outputs: info.outWidth,
    inputs: info.inWidth,
    length: info.filterWidth,
    stride: info.strideWidth,
    before: info.padInfo.left,
  },
];

const avgPool = mean(tf.AvgPool, tf.AvgPoolGrad, (shape, attrs) => {
  // what the op passes to this kernel
  const {filterSize, strides, pad, dimRoundingMode} = attrs as unknown as PoolAttrs;
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return heightAndWidth(info);
});

const avgPool3D = mean(tf.AvgPool3D, tf.AvgPool3DGrad, (shape, attrs) => {
  // what the op passes to this kernel
  const {filterSize, strides, pad, dimRoundingMode} = attrs as unknown as PoolAttrs<Sizes3d>;
  const info = tf.backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return [
    {
      outputs: info.outDepth,
      inputs: info.inDepth,
      length: info.filterDepth,
      stride: info.strideDepth,
      before: info.padInfo.front,
    },
    ...heightAndWidth(info),
  ];
});

/** dx has dy at the largest element of each window; the adjoint reads the same places. */
const maxPool: tf.GradConfig = {
  kernelName: tf.MaxPool,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [input, output] = saved as [tf.Tensor4D, tf.Tensor4D];
    const {filterSize, strides, pad} = attrs as unknown as PoolAttrs; // what the op passes to this kernel
    const places = () =>
      asConstant(() => {
        const found = {filterSize, strides, pad, includeBatchInIndex: true};
        const [, indices] = tf.engine().runKernel<tf.Tensor[]>(tf.MaxPoolWithArgmax, {x: input}, found);
        return tf.reshape(tf.cast(indices!, 'int32'), output.shape);
      });
    // Reading and writing at the same places are each other's adjoint, to every order.
    const write = (d: tf.Tensor): tf.Tensor =>
      linear(d, v => runKernel(tf.MaxPoolGrad, {dy: v, input, output}, attrs), read);
    const read = (d: tf.Tensor): tf.Tensor => linear(d, v => tf.gather(tf.reshape(v, [-1]), places()), write);
    return {x: () => write(one(dy))};
  },
};

/** The filter's gradient is bilinear in the image and dy. */
const conv2DBackpropFilter: tf.GradConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  inputsToSave: ['x', 'dy'],
  gradFunc: (d, saved, attrs) => {
    const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
    const {strides, pad, dataFormat, dimRoundingMode} = attrs;
    const filter = one(d);
    return {
      x: () =>
        runKernel(
          tf.Conv2DBackpropInput,
          {dy, filter},
          {strides, pad, dataFormat, dimRoundingMode, inputShape: x.shape},
        ),
      dy: () => runKernel(tf.Conv2D, {x, filter}, {strides, pad, dataFormat, dilations: [1, 1], dimRoundingMode}),
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
      x: () => runKernel(tf.DepthwiseConv2dNativeBackpropInput, {dy, filter}, {...window, inputShape: x.shape}),
      dy: () => runKernel(tf.DepthwiseConv2dNative, {x, filter}, {...window, dataFormat: 'NHWC'}),
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
      dy: () => runKernel(tf.DepthwiseConv2dNative, {x, filter}, {...window, dataFormat: 'NHWC'}),
      filter: () => runKernel(tf.DepthwiseConv2dNativeBackpropFilter, {x, dy}, {...window, filterShape: filter.shape}),
    };
  },
};

export const spatialGradients: tf.GradConfig[] = [
  avgPool,
  avgPool3D,
  maxPool,
  conv2DBackpropFilter,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
];
