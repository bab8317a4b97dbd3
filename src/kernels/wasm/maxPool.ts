/**
 * Max pooling where the stock kernels are wrong: those with places or of three dimensions start from the smallest
 * positive number, so that windows of negative ones have no maximum; the derivative writes over what overlapping
 * windows have in common, where it should add.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import type {KernelArgs} from '../compose.js';
import type {PoolAttrs, Sizes3d} from '../poolAttributes.js';
import type {Replacement} from '../replacement.js';
import {outputOf} from './output.js';

/** Windows over depth, height and width of images [batch, depth, height, width, channels]. */
interface Windows {
  readonly batch: number;
  readonly channels: number;
  readonly inputs: Sizes3d;
  readonly outputs: Sizes3d;
  readonly length: Sizes3d;
  readonly stride: Sizes3d;
  readonly before: Sizes3d;
  readonly outShape: number[];
}

function windows2D(shape: number[], attrs: unknown): Windows {
  // what the op passes to these kernels
  const {filterSize, strides, pad, dimRoundingMode} = attrs as PoolAttrs;
  const i = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: i.batchSize,
    channels: i.inChannels,
    outShape: i.outShape,
    inputs: [1, i.inHeight, i.inWidth],
    outputs: [1, i.outHeight, i.outWidth],
    length: [1, i.filterHeight, i.filterWidth],
    stride: [1, i.strideHeight, i.strideWidth],
    before: [0, i.padInfo.top, i.padInfo.left],
  };
}

function windows3D(shape: number[], attrs: unknown): Windows {
  const {filterSize, strides, pad, dimRoundingMode} = attrs as PoolAttrs<Sizes3d>; // what the op passes to these kernels
  const i = tf.backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: i.batchSize,
    channels: i.inChannels,
    outShape: i.outShape,
    inputs: [i.inDepth, i.inHeight, i.inWidth],
    outputs: [i.outDepth, i.outHeight, i.outWidth],
    length: [i.filterDepth, i.filterHeight, i.filterWidth],
    stride: [i.strideDepth, i.strideHeight, i.strideWidth],
    before: [i.padInfo.front, i.padInfo.top, i.padInfo.left],
  };
}

/**
 * The place in x of the first of the largest elements of each window, in the order of the outputs; NaN is larger than
 * all.
 */
function placesOf(x: Float32Array, {batch, channels, inputs, outputs, length, stride, before}: Windows): Int32Array {
  const places = new Int32Array(batch * sizeOf(outputs) * channels);
  const [depth, height, width] = inputs;
  const inside = (axis: 0 | 1 | 2, i: number): [number, number] => {
    const begin = i * stride[axis] - before[axis];
    return [Math.max(0, begin), Math.min(inputs[axis], begin + length[axis])];
  };
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < outputs[0]; i++) {
      const [front, back] = inside(0, i);
      for (let j = 0; j < outputs[1]; j++) {
        const [top, bottom] = inside(1, j);
        for (let k = 0; k < outputs[2]; k++) {
          const [left, right] = inside(2, k);
          for (let c = 0; c < channels; c++, at++) {
            let best = -1;
            for (let d = front; d < back; d++) {
              for (let h = top; h < bottom; h++) {
                for (let w = left; w < right; w++) {
                  const place = (((image * depth + d) * height + h) * width + w) * channels + c;
                  if (best === -1 || x[place]! > x[best]! || (Number.isNaN(x[place]) && !Number.isNaN(x[best])))
                    best = place;
                }
              }
            }
            places[at] = best;
          }
        }
      }
    }
  }
  return places;
}

/** A kernel that makes tensors of the given shapes and dtypes and fills them. */
function host<Name extends string>(
  kernelName: string,
  windowsOf: (shape: number[], attrs: unknown) => Windows,
  input: string,
  other: readonly Name[],
  made: (windows: Windows, shape: number[]) => Array<[number[], 'float32' | 'int32']>,
  fill: (
    outs: Array<Float32Array | Int32Array>,
    x: Float32Array,
    places: Int32Array,
    others: Record<Name, Float32Array>,
    windows: Windows,
    attrs: tf.NamedAttrMap,
  ) => void,
): Replacement {
  return {
    kernelName,
    replace: () => (args: KernelArgs) => {
      const backend = args.backend as WasmBackend; // only wasm's kernels are replaced by these
      const x = args.inputs[input]!;
      const windows = windowsOf(x.shape, args.attrs);
      const outs = made(windows, x.shape).map(([shape, dtype]) =>
        outputOf(backend, [x, ...other.map(name => args.inputs[name]!)], shape, dtype),
      );
      const read = (t: tf.TensorInfo) => backend.typedArrayFromHeap(t) as Float32Array; // pooling is of floats
      const values = read(x);
      const others = Object.fromEntries(other.map(name => [name, read(args.inputs[name]!)])) as Record<
        Name,
        Float32Array
      >; // of all names
      fill(outs.map(read), values, placesOf(values, windows), others, windows, args.attrs!);
      return outs.length === 1 ? outs[0]! : outs;
    },
  };
}

/** dx has each dy at the first of the largest elements of its window. */
const gradient = (kernelName: string, windowsOf: (shape: number[], attrs: unknown) => Windows) =>
  host(
    kernelName,
    windowsOf,
    'input',
    ['dy'],
    (_, shape) => [[shape, 'float32']],
    ([dx], _x, places, {dy}) => {
      dx!.fill(0);
      places.forEach((place, i) => place >= 0 && (dx![place]! += dy[i]!));
    },
  );

export const maxPools: readonly Replacement[] = [
  host(
    tf.MaxPool3D,
    windows3D,
    'x',
    [],
    ({outShape}) => [[outShape, 'float32']],
    ([out], x, places) => places.forEach((place, i) => (out![i] = x[place]!)),
  ),
  host(
    tf.MaxPoolWithArgmax,
    windows2D,
    'x',
    [],
    ({outShape}) => [
      [outShape, 'float32'],
      [outShape, 'int32'],
    ],
    ([out, index], x, places, _, {inputs, channels}, attrs) => {
      const example = sizeOf(inputs) * channels;
      places.forEach((place, i) => {
        out![i] = x[place]!;
        index![i] = attrs['includeBatchInIndex'] === true ? place : place % example;
      });
    },
  ),
  gradient(tf.MaxPoolGrad, windows2D),
  gradient(tf.MaxPool3DGrad, windows3D),
];
