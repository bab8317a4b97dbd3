/**
 * The derivative of a convolution in its filter, which wasm lacks: itself a convolution, of the images by dy, with batch
 * and channels in each other's places and steps for dilations. So XNNPACK does it, without a matrix of all windows.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Four} from '../attributes.js';
import {fail} from '../../util/errors.js';
import {sizeOf} from '../../util/shapes.js';
import {compose, type Maker} from '../compose.js';
import type {Addition} from '../replacement.js';

/** The most products that are added up in float32 one after the other; more are done in parts. */
const MOST_PRODUCTS = 16_384;

/** What the gradient passes. */
interface FilterAttrs {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: Four;
}

export const conv2DBackpropFilter: Addition = {
  kernelName: tf.Conv2DBackpropFilter,
  make: backendName => args => {
    const {x, dy} = args.inputs as Record<'x' | 'dy', tf.TensorInfo>; // the kernel's required inputs
    const attrs = args.attrs as unknown as FilterAttrs;
    if (attrs.dataFormat !== 'NHWC')
      fail('Conv2DBackpropFilter', `on wasm images must be in the format NHWC, got ${attrs.dataFormat}`);
    const {filterShape, strides, pad, dimRoundingMode} = attrs;
    const info = tf.backend_util.computeConv2DInfo(x.shape as Four, filterShape, strides, 1, pad, dimRoundingMode);
    return compose(backendName, args.backend, maker => {
      if (sizeOf(x.shape) * sizeOf(dy.shape) === 0) return maker.fill(filterShape, 0);
      const each = Math.max(1, Math.floor(MOST_PRODUCTS / (info.outHeight * info.outWidth)));
      if (each >= info.batchSize) return derivative(maker, x, dy, info);
      let sum: tf.TensorInfo | undefined;
      for (let first = 0; first < info.batchSize; first += each) {
        const count = Math.min(each, info.batchSize - first);
        const some = (t: tf.TensorInfo) =>
          maker.run(tf.Slice, {x: t}, {begin: [first, 0, 0, 0], size: [count, ...t.shape.slice(1)]});
        const part = derivative(maker, some(x), some(dy), info);
        sum = sum === undefined ? part : maker.run(tf.Add, {a: sum, b: part});
      }
      return sum!; // of one part at the least
    });
  },
};

function derivative(
  {run}: Maker,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
): tf.TensorInfo {
  const {padInfo, filterHeight, filterWidth, inChannels, outChannels} = info;
  // What must follow the image for as many outputs as the filter has elements; less than none where steps leave a rest.
  const below = filterHeight + (info.outHeight - 1) * info.strideHeight - info.inHeight - padInfo.top;
  const right = filterWidth + (info.outWidth - 1) * info.strideWidth - info.inWidth - padInfo.left;
  const margins = [
    [0, 0],
    [padInfo.top, Math.max(0, below)],
    [padInfo.left, Math.max(0, right)],
    [0, 0],
  ];
  const whole = run(
    tf.Conv2D,
    {x: run(tf.Transpose, {x}, {perm: [3, 1, 2, 0]}), filter: run(tf.Transpose, {x: dy}, {perm: [1, 2, 0, 3]})},
    {strides: [1, 1], pad: margins, dataFormat: 'NHWC', dilations: [info.strideHeight, info.strideWidth]},
  );
  const size = [inChannels, filterHeight, filterWidth, outChannels];
  const used = below < 0 || right < 0 ? run(tf.Slice, {x: whole}, {begin: [0, 0, 0, 0], size}) : whole;
  return run(tf.Transpose, {x: used}, {perm: [1, 2, 0, 3]});
}
