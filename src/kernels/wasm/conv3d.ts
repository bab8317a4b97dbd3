/**
 * The derivatives of convolutions of three dimensions: the stock kernels lose what strides skip, and add to what memory
 * held before.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../backendParts.js';
import type {Replacement} from '../replacement.js';

type Five = [number, number, number, number, number];
type Info = ReturnType<typeof tf.backend_util.computeConv3DInfo>;

/**
 * Calls `meet` with the first channel of each pixel, of the filter's element that lies on it, and of the output that
 * this is for.
 */
function eachMeeting(info: Info, meet: (pixel: number, tap: number, out: number) => void): void {
  const {
    inDepth,
    inHeight,
    inWidth,
    inChannels,
    filterDepth,
    filterHeight,
    filterWidth,
    outDepth,
    outHeight,
    outWidth,
    outChannels,
    padInfo,
  } = info;
  const axes = [
    {inputs: inDepth, taps: filterDepth, outputs: outDepth, stride: info.strideDepth, before: padInfo.front},
    {inputs: inHeight, taps: filterHeight, outputs: outHeight, stride: info.strideHeight, before: padInfo.top},
    {inputs: inWidth, taps: filterWidth, outputs: outWidth, stride: info.strideWidth, before: padInfo.left},
  ];
  const visit = (axis: number, pixel: number, tap: number, out: number): void => {
    const along = axes[axis];
    if (along === undefined) return meet(pixel * inChannels, tap * inChannels * outChannels, out * outChannels);
    const {inputs, taps, outputs, stride, before} = along;
    for (let i = 0; i < outputs; i++) {
      for (let k = 0; k < taps; k++) {
        const at = i * stride - before + k;
        if (at >= 0 && at < inputs) visit(axis + 1, pixel * inputs + at, tap * taps + k, out * outputs + i);
      }
    }
  };
  for (let image = 0; image < info.batchSize; image++) visit(0, image, 0, image);
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
      const out = backend.makeOutput(shape, 'float32');
      const [from, d, to] = [given, dy, out].map(t => backend.typedArrayFromHeap(t)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const sums = new Float64Array(to.length);
      const {inChannels, outChannels} = info;
      eachMeeting(info, (pixel, tap, place) => {
        for (let i = 0; i < inChannels; i++) {
          for (let o = 0; o < outChannels; o++) {
            const weight = tap + i * outChannels + o;
            if (other === 'x') sums[weight]! += from[pixel + i]! * d[place + o]!;
            else sums[pixel + i]! += from[weight]! * d[place + o]!;
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
