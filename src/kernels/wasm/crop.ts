/** CropAndResize to the nearest pixel: the stock kernel takes other pixels than the rest of tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../backendParts.js';
import type {Replacement} from '../replacement.js';
import {outputOf} from './output.js';

/** The pixel nearest to each place along one side, −1 where the place lies outside. */
function nearest(begin: number, end: number, from: number, to: number): number[] {
  return Array.from({length: to}, (_, i) => {
    const place =
      to > 1 ? begin * (from - 1) + i * (((end - begin) * (from - 1)) / (to - 1)) : 0.5 * (begin + end) * (from - 1);
    return place >= 0 && place <= from - 1 ? Math.round(place) : -1;
  });
}

export const nearestCrop: Replacement = {
  kernelName: tf.CropAndResize,
  replace: original => args => {
    const {image, boxes, boxInd} = args.inputs as Record<'image' | 'boxes' | 'boxInd', tf.TensorInfo>; // all required
    const {cropSize, method, extrapolationValue} = args.attrs as {
      cropSize: [number, number];
      method: string;
      extrapolationValue: number;
    };
    if (method !== 'nearest') return original(args);
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const wasm = args.backend as WasmBackend; // only wasm's kernel is replaced by this
    const out = outputOf(wasm, [image, boxes, boxInd], [boxes.shape[0]!, ...cropSize, channels], 'float32');
    const [from, sides, ids, to] = [image, boxes, boxInd, out].map(t => wasm.typedArrayFromHeap(t)) as [
      Float32Array,
      Float32Array,
      Int32Array,
      Float32Array,
    ]; // images of other numbers are read as well
    to.fill(extrapolationValue);
    let at = 0;
    for (let box = 0; box < boxes.shape[0]!; box++) {
      const [top, left, bottom, right] = sides.subarray(4 * box, 4 * box + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const id = ids[box]!;
      const rows = nearest(top, bottom, height, cropSize[0]);
      const columns = nearest(left, right, width, cropSize[1]);
      for (const row of rows) {
        for (const column of columns) {
          const first = ((id * height + row) * width + column) * channels;
          if (id >= 0 && id < batch && row >= 0 && column >= 0) to.set(from.subarray(first, first + channels), at);
          at += channels;
        }
      }
    }
    return out;
  },
};
