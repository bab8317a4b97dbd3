/**
 * Sum over leading axes, the gradient of every bias: stock wasm transposes and then adds in a scalar loop; products with rows of
 * ones run on XNNPACK, one for each block that may be added up in float32.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose, withShape} from '../compose.js';
import {reducedShape} from '../ranks/reductions.js';
import type {Replacement} from '../replacement.js';
import {blockLength} from './sum.js';

/** Elements below which the stock kernel takes no longer (about 5 µs either way). */
const WORTH_A_PRODUCT = 2048;

export const fastSum: Replacement = {
  kernelName: tf.Sum,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const size = tf.util.sizeFromShape(x.shape);
    const columns = tf.util.sizeFromShape(x.shape.slice(axes.length));
    const areLeading = axes.every((a, i) => a === i);
    if (x.dtype !== 'float32' || !areLeading || columns < 2 || columns === size || size < WORTH_A_PRODUCT) return original(args);
    const rows = size / columns;
    const length = blockLength(rows);
    if (length === 0) return original(args);
    const blocks = rows / length;
    const out = compose(backendName, args.backend, ({run, fill}) => {
      const sums = run(tf.BatchMatMul, {a: fill([1, 1, length], 1), b: withShape(x, [blocks, length, columns])}, {transposeA: false, transposeB: false});
      return blocks === 1 ? sums : run(tf.Sum, {x: withShape(sums, [blocks, columns])}, {axis: [0], keepDims: false});
    });
    return withShape(out, reducedShape(x.shape, axes, keepDims));
  },
};
