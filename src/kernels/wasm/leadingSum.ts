/**
 * Sum over leading axes, the gradient of every bias: stock wasm transposes and then adds in a scalar loop; a product
 * with a row of ones runs on XNNPACK.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {compose, withShape} from '../compose.js';
import {reducedShape} from '../ranks/reductions.js';
import type {Replacement} from '../replacement.js';
import {MOST_IN_ONE_PASS} from './sum.js';

/** Elements below which the stock kernel takes no longer (about 5 µs either way). */
const WORTH_A_PRODUCT = 2048;

export const fastSum: Replacement = {
  kernelName: tf.Sum,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    const size = sizeOf(x.shape);
    if (size < WORTH_A_PRODUCT || x.dtype !== 'float32') return original(args);
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const columns = sizeOf(x.shape.slice(axes.length));
    const rows = size / columns;
    // Longer sums lose digits in float32.
    if (columns < 2 || rows < 2 || rows > MOST_IN_ONE_PASS || !axes.every((a, i) => a === i)) return original(args);
    const out = compose(backendName, args.backend, ({run, fill}) =>
      run(
        tf.BatchMatMul,
        {a: fill([1, 1, rows], 1), b: withShape(x, [1, rows, columns])},
        {transposeA: false, transposeB: false},
      ),
    );
    return withShape(out, reducedShape(x.shape, axes, keepDims));
  },
};
