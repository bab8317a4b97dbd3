/** The derivatives of depthwise convolutions, which wasm lacks. No product of matrices is in them: each channel is alone. */
import * as tf from '@tensorflow/tfjs-core';
import type {Four} from '../attributes.js';
import type {WasmBackend} from '../backendParts.js';
import type {Addition} from '../replacement.js';
import {eachMeeting, type ConvAxis} from './meetings.js';
import {outputOf} from './output.js';

const axesOf = (info: tf.backend_util.Conv2DInfo): ConvAxis[] => [
  {
    inputs: info.inHeight,
    taps: info.filterHeight,
    outputs: info.outHeight,
    stride: info.strideHeight,
    dilation: info.dilationHeight,
    before: info.padInfo.top,
  },
  {
    inputs: info.inWidth,
    taps: info.filterWidth,
    outputs: info.outWidth,
    stride: info.strideWidth,
    dilation: info.dilationWidth,
    before: info.padInfo.left,
  },
];

/** The derivative in one factor, of that factor's shape, from dy and the other. */
function derivative(kernelName: string, other: 'x' | 'filter', ownShape: 'filterShape' | 'inputShape'): Addition {
  return {
    kernelName,
    make: () => args => {
      const given = args.inputs[other]!;
      const attrs = args.attrs as unknown as {
        strides: [number, number] | number;
        pad: 'valid' | 'same' | number;
        dilations?: [number, number] | number;
        dimRoundingMode?: 'floor' | 'round' | 'ceil';
      } & Record<typeof ownShape, Four>; // what the gradient passes
      const shape = attrs[ownShape];
      const [xShape, filterShape] = other === 'x' ? [given.shape as Four, shape] : [shape, given.shape as Four];
      const {strides, dilations = 1, pad, dimRoundingMode} = attrs;
      const info = tf.backend_util.computeConv2DInfo(
        xShape,
        filterShape,
        strides,
        dilations,
        pad,
        dimRoundingMode,
        true,
      );
      const backend = args.backend as WasmBackend; // only wasm lacks these
      const dy = args.inputs['dy']!;
      const out = outputOf(backend, [given, dy], shape, 'float32');
      const [from, d, to] = [given, dy, out].map(t => backend.typedArrayFromHeap(t)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ]; // convolutions are of floats
      const [channels, times] = [filterShape[2], filterShape[3]];
      const sums = new Float64Array(to.length);
      eachMeeting(info.batchSize, axesOf(info), (pixel, tap, place) => {
        const [p, w, o] = [pixel * channels, tap * channels * times, place * channels * times];
        for (let c = 0, i = 0; c < channels; c++) {
          for (let m = 0; m < times; m++, i++) {
            if (other === 'x') sums[w + i]! += from[p + c]! * d[o + i]!;
            else sums[p + c]! += from[w + i]! * d[o + i]!;
          }
        }
      });
      to.set(sums);
      return out;
    },
  };
}

export const depthwiseDerivatives: readonly Addition[] = [
  derivative(tf.DepthwiseConv2dNativeBackpropFilter, 'x', 'filterShape'),
  derivative(tf.DepthwiseConv2dNativeBackpropInput, 'filter', 'inputShape'),
];
