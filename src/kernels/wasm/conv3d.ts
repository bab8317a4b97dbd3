/**
 * The derivatives of convolutions of three dimensions: the stock kernels lose what strides skip, and add to what memory
 * held before.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../backendParts.js';
import type {Replacement} from '../replacement.js';
import {eachMeeting, type ConvAxis} from './meetings.js';
import {outputOf} from './output.js';

type Five = [number, number, number, number, number];
type Conv3DInfo = ReturnType<typeof tf.backend_util.computeConv3DInfo>;

function axesOf(info: Conv3DInfo): ConvAxis[] {
  const {padInfo} = info;
  const along = (inputs: number, taps: number, outputs: number, stride: number, before: number): ConvAxis => ({
    inputs,
    taps,
    outputs,
    stride,
    dilation: 1,
    before,
  });
  return [
    along(info.inDepth, info.filterDepth, info.outDepth, info.strideDepth, padInfo.front),
    along(info.inHeight, info.filterHeight, info.outHeight, info.strideHeight, padInfo.top),
    along(info.inWidth, info.filterWidth, info.outWidth, info.strideWidth, padInfo.left),
  ];
}

/** The derivative in one factor, of that factor's shape, from dy and the other. */
function derivative(kernelName: string, other: 'x' | 'filter', ownShape: 'filterShape' | 'inputShape'): Replacement {
  return {
    kernelName,
    replace: () => args => {
      const given = args.inputs[other]!;
      const dy = args.inputs['dy']!;
      const attrs = args.attrs as unknown as {
        strides: [number, number, number] | number;
        pad: 'valid' | 'same';
      } & Record<typeof ownShape, Five>; // what the gradient passes
      const shape = attrs[ownShape];
      const [xShape, filterShape] = other === 'x' ? [given.shape as Five, shape] : [shape, given.shape as Five];
      const info = tf.backend_util.computeConv3DInfo(xShape, filterShape, attrs.strides, 1, attrs.pad);
      const backend = args.backend as WasmBackend; // only wasm's kernels are replaced by these
      const out = outputOf(backend, [given, dy], shape, 'float32');
      const [from, d, to] = [given, dy, out].map(t => backend.typedArrayFromHeap(t)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const sums = new Float64Array(to.length);
      const {inChannels, outChannels} = info;
      eachMeeting(info.batchSize, axesOf(info), (pixel, tap, place) => {
        for (let i = 0; i < inChannels; i++) {
          for (let o = 0; o < outChannels; o++) {
            const weight = (tap * inChannels + i) * outChannels + o;
            const value = d[place * outChannels + o]!;
            if (other === 'x') sums[weight]! += from[pixel * inChannels + i]! * value;
            else sums[pixel * inChannels + i]! += from[weight]! * value;
          }
        }
      });
      to.set(sums);
      return out;
    },
  };
}

export const conv3DGradients: readonly Replacement[] = [
  derivative(tf.Conv3DBackpropFilterV2, 'x', 'filterShape'),
  derivative(tf.Conv3DBackpropInputV2, 'filter', 'inputShape'),
];
