/** Kernels that take elements by steps or lay them out anew, without a gradient in tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import {runKernel} from '../../math/runKernel.js';
import {sizeOf} from '../../util/shapes.js';
import {one} from './relink.js';

/** Puts the elements along an axis of d at first, first + step, … of `length` places, with zeros between. */
function spread(d: tf.Tensor, axis: number, first: number, step: number, length: number): tf.Tensor {
  const count = d.shape[axis]!;
  const [outer, inner] = [sizeOf(d.shape.slice(0, axis)), sizeOf(d.shape.slice(axis + 1))];
  const last = first + (count - 1) * step;
  let line = tf.reshape(d, [outer, count, inner]);
  if (step < 0) line = tf.reverse(line, 1);
  const stride = Math.abs(step);
  if (stride > 1) {
    const apart = tf.pad(tf.reshape(line, [outer, count, 1, inner]), [
      [0, 0],
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ]);
    const reach = (count - 1) * stride + 1; // nothing follows the last
    line = tf.slice(tf.reshape(apart, [outer, count * stride, inner]), [0, 0, 0], [outer, reach, inner]);
  }
  const placed = tf.pad(line, [
    [0, 0],
    [Math.min(first, last), length - 1 - Math.max(first, last)],
    [0, 0],
  ]);
  return tf.reshape(
    placed,
    d.shape.map((n, i) => (i === axis ? length : n)),
  );
}

/** What the operation passes. */
interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

const stridedSlice: tf.GradConfig = {
  kernelName: tf.StridedSlice,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const {shape} = saved[0]!;
    const a = attrs as unknown as StridedSliceAttrs;
    const {begin, end, strides} = tf.slice_util.sliceInfo(
      shape,
      a.begin,
      a.end,
      a.strides,
      a.beginMask,
      a.endMask,
      a.ellipsisMask,
      a.newAxisMask,
      a.shrinkAxisMask,
    );
    const counts = shape.map((_, i) => Math.max(0, Math.ceil((end[i]! - begin[i]!) / strides[i]!)));
    return {
      x: () =>
        counts.includes(0)
          ? tf.zeros(shape)
          : shape.reduce(
              (d, length, axis) =>
                counts[axis] === length && strides[axis] === 1
                  ? d
                  : spread(d, axis, begin[axis]!, strides[axis]!, length),
              tf.reshape(one(dy), counts),
            ),
    };
  },
};

/** Blocks of channels become squares of pixels. */
const depthToSpace: tf.GradConfig = {
  kernelName: tf.DepthToSpace,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const {shape} = saved[0]!;
    const size = attrs['blockSize'] as number;
    return {
      x: () => {
        if (attrs['dataFormat'] === 'NCHW') {
          const [batch, depth, height, width] = shape as [number, number, number, number];
          const squares = tf.reshape(one(dy), [batch, depth / size ** 2, height, size, width, size]);
          return tf.reshape(tf.transpose(squares, [0, 3, 5, 1, 2, 4]), shape);
        }
        const [batch, height, width, depth] = shape as [number, number, number, number];
        const squares = tf.reshape(one(dy), [batch, height, size, width, size, depth / size ** 2]);
        return tf.reshape(tf.transpose(squares, [0, 1, 3, 2, 4, 5]), shape);
      },
    };
  },
};

const flipLeftRight: tf.GradConfig = {
  kernelName: tf.FlipLeftRight,
  gradFunc: dy => ({image: () => runKernel(tf.FlipLeftRight, {image: one(dy)})}),
};

export const layoutGradients: tf.GradConfig[] = [stridedSlice, depthToSpace, flipLeftRight];
