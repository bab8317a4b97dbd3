/**
 * Sum over leading axes, the gradient of every bias: stock wasm transposes and then adds in a scalar loop; a product with a row of
 * ones runs on XNNPACK.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose, withShape, type FastKernel} from './compose.js';

/** Elements below which the stock kernel takes no longer (about 5 µs either way). */
const WORTH_A_PRODUCT = 2048;

export const fastSum: FastKernel = {
  kernelName: tf.Sum,
  replace: original => args => {
    const x = args.inputs['x']!;
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const kept = x.shape.slice(axes.length);
    const size = tf.util.sizeFromShape(x.shape);
    const columns = tf.util.sizeFromShape(kept);
    const areLeading = axes.every((a, i) => a === i);
    if (x.dtype !== 'float32' || !areLeading || columns < 2 || columns === size || size < WORTH_A_PRODUCT) return original(args);
    const rows = size / columns;
    const out = compose(args.backend, (run, fill) => run(tf.BatchMatMul,
      {a: fill([1, rows], 1), b: withShape(x, [rows, columns])}, {transposeA: false, transposeB: false}));
    return withShape(out, keepDims ? [...axes.map(() => 1), ...kept] : kept);
  },
};
