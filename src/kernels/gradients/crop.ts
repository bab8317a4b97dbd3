/**
 * CropAndResize, without a gradient in tfjs. For each box it is a linear map of rows and one of columns, y = R·x·Cᵀ for
 * each channel. The matrices are what the kernel itself makes of unit matrices, so that they are those of the forward
 * pass on every backend; what lies outside of the image is a constant, and its weights are 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import {oneHotOf} from '../../math/numerics.js';
import {runKernel} from '../../math/runKernel.js';
import {addRowsUp} from './gather.js';
import {asConstant, one} from './relink.js';

/** What the operation passes. */
interface CropAttrs {
  cropSize: [number, number];
  method: 'bilinear' | 'nearest';
}

/** The sides of a box in the order of its numbers: where rows begin and end, then columns. */
type Side = 0 | 1;

/** Weights [box, cropped, from] along one side. */
function weightsOf(boxes: tf.Tensor, side: Side, from: number, attrs: CropAttrs): tf.Tensor {
  const to = attrs.cropSize[side];
  return tf.tidy(() => {
    // One row or column with a channel for each of its pixels; along the other side the box is a point.
    const unit = tf.reshape(oneHotOf(tf.range(0, from), from), side === 0 ? [1, from, 1, from] : [1, 1, from, from]);
    const along = tf.tensor2d([side === 0 ? [1, 0, 1, 0] : [0, 1, 0, 1]]);
    const weights = runKernel(
      tf.CropAndResize,
      {image: unit, boxes: tf.mul(boxes, along), boxInd: tf.zeros([boxes.shape[0]], 'int32')},
      {cropSize: side === 0 ? [to, 1] : [1, to], method: attrs.method, extrapolationValue: 0},
    );
    return tf.reshape(weights, [boxes.shape[0], to, from]);
  });
}

/** d weight / d place: −1 and 1 on the two pixels that a place lies between, 0 where it lies on one. */
function slopesOf(weights: tf.Tensor): tf.Tensor {
  return asConstant(() =>
    tf.tidy(() => {
      const [n, to, from] = weights.shape as [number, number, number];
      const used = tf.step(weights);
      const none = tf.zeros([n, to, 1]);
      const before = tf.concat([none, tf.slice(used, [0, 0, 0], [n, to, from - 1])], 2);
      const after = tf.concat([tf.slice(used, [0, 0, 1], [n, to, from - 1]), none], 2);
      return tf.mul(used, tf.sub(before, after));
    }),
  );
}

/** Derivatives in places [box, cropped] along a side as ones in boxes: the places lie evenly between begin and end. */
function toBoxes(dPlaces: tf.Tensor, side: Side, from: number): tf.Tensor {
  const to = dPlaces.shape[1]!;
  const shares = Array.from({length: to}, (_, i) => {
    const end = to === 1 ? 0.5 : i / (to - 1);
    const pair = [(from - 1) * (1 - end), (from - 1) * end] as const;
    return side === 0 ? [pair[0], 0, pair[1], 0] : [0, pair[0], 0, pair[1]];
  });
  return tf.matMul(dPlaces, tf.tensor2d(shares, [to, 4]));
}

/** The weights, with a path back to the boxes. */
function linkedWeights(boxes: tf.Tensor, side: Side, from: number, attrs: CropAttrs): tf.Tensor {
  const weights = tf.customGrad(b => {
    const value = weightsOf(b as tf.Tensor, side, from, attrs);
    const gradFunc = (d: tf.Tensor) =>
      attrs.method === 'nearest'
        ? tf.zerosLike(b as tf.Tensor)
        : toBoxes(tf.sum(tf.mul(d, slopesOf(weightsOf(b as tf.Tensor, side, from, attrs))), -1), side, from);
    return {value, gradFunc};
  });
  return weights(boxes);
}

/** A·x along the first of two sides: [box, to, from] and [box, from, other, channels] to [box, to, other, channels]. */
function alongRows(a: tf.Tensor, x: tf.Tensor, isTransposed = false): tf.Tensor {
  const [n, , other, channels] = x.shape as [number, number, number, number];
  const mapped = tf.matMul(a, tf.reshape(x, [n, x.shape[1]!, other * channels]), isTransposed);
  return tf.reshape(mapped, [n, mapped.shape[1]!, other, channels]);
}

function alongColumns(a: tf.Tensor, x: tf.Tensor, isTransposed = false): tf.Tensor {
  return tf.transpose(alongRows(a, tf.transpose(x, [0, 2, 1, 3]), isTransposed), [0, 2, 1, 3]);
}

const cropAndResize: tf.GradConfig = {
  kernelName: tf.CropAndResize,
  inputsToSave: ['image', 'boxes', 'boxInd'],
  gradFunc: (dy, saved, attrs) => {
    const [image, boxes, boxInd] = saved as [tf.Tensor4D, tf.Tensor2D, tf.Tensor1D];
    const crop = attrs as unknown as CropAttrs;
    const [batch, height, width, channels] = image.shape;
    const d = one(dy);
    const rows = () => linkedWeights(boxes, 0, height, crop);
    const columns = () => linkedWeights(boxes, 1, width, crop);
    const isEmpty = d.size === 0 || image.size === 0;
    return {
      image: () => {
        if (isEmpty) return tf.zeros(image.shape);
        const each = alongColumns(columns(), alongRows(rows(), d, true), true);
        const lines = tf.reshape(each, [boxes.shape[0], height * width * channels]);
        return tf.reshape(
          addRowsUp(lines, () => boxInd, batch),
          image.shape,
        );
      },
      boxes: () => {
        if (isEmpty || crop.method === 'nearest') return tf.zeros(boxes.shape);
        const x = tf.gather(image, boxInd);
        const onChannels = (y: tf.Tensor, axis: number) => tf.sum(tf.mul(d, y), [axis, 3]);
        const byRows = alongRows(slopesOf(rows()), alongColumns(columns(), x));
        const byColumns = alongColumns(slopesOf(columns()), alongRows(rows(), x));
        return tf.add(toBoxes(onChannels(byRows, 2), 0, height), toBoxes(onChannels(byColumns, 1), 1, width));
      },
      boxInd: () => tf.zerosLike(boxInd),
    };
  },
};

export const cropGradients: tf.GradConfig[] = [cropAndResize];
