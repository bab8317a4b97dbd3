/** Hard attention: a window of each image, cut out at a place. */
import * as tf from '@tensorflow/tfjs-core';
import {ensureKernels} from '../kernels/index.js';
import {madeBy} from '../math/axisRule.js';
import {grow} from '../math/grow.js';
import {select} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {check, fail} from '../util/errors.js';
import {floatTensor, type Numbers} from '../util/numbers.js';
import {sizeOf} from '../util/shapes.js';
import {batchOfImages, batchOfBoth, readWindowOptions, type WindowOptions} from './windowOptions.js';

/**
 * Windows of images around places, such as those that a node draws: images `[batch…, rows, columns]`, with channels
 * `[batch…, rows, columns, channels]`, and centres `[batch…, 2]`, each a row and a column counted from 0, to
 * `[batch…, ...size]` or `[batch…, ...size, channels]`; the batches broadcast. Centres are rounded: the window begins at
 * row ⌊centre − rows/2 + 1⌋, and so it does in columns, so that one of odd sides has the centre's pixel in its middle.
 * What lies outside of the image is 0.
 *
 * Differentiable to any order in the images. There is no derivative in the centres: draw them with an estimator that
 * needs none, such as the score function (Mnih et al. 2014, Recurrent models of visual attention, section 3), or look
 * with `readGlimpse`.
 * @throws for shapes that do not fit, and when a derivative in the centres is asked for
 * @example
 * ```ts
 * const image = tf.tensor2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
 * st.crop(image, [1, 1], {size: 2}); // [[5, 6], [8, 9]]
 * st.crop(image, [0, 0.4], {size: 3}); // [[0, 0, 0], [0, 1, 2], [0, 4, 5]]
 * ```
 */
export function crop(images: Numbers, centres: Numbers, options: WindowOptions): tf.Tensor {
  const who = 'crop';
  const {size, channels} = readWindowOptions(who, options);
  ensureKernels();
  return tf.tidy(() => {
    const x = floatTensor(who, 'images', images);
    const own = batchOfImages(who, 'images', x, channels);
    const places = floatTensor(who, 'centres', centres);
    check(places.shape[places.rank - 1] === 2, who, 'centres must have two numbers along their last axis', places);
    const batch = batchOfBoth(who, own, places.shape.slice(0, -1));
    const n = sizeOf(batch);
    const sides = x.shape.slice(own.length);
    const [height, width, depth = 1] = sides as [number, number, number?]; // checked there
    const middles = tf.split(tf.reshape(grow(detach(places), [...batch, 2]), [n, 2]), 2, 1);
    /** The rows, or the columns, of each window, and the nearest ones of its image. */
    const along = (axis: 0 | 1, side: number): [tf.Tensor, tf.Tensor] => {
      const first = tf.floor(tf.add(middles[axis]!, 1 - size[axis] / 2));
      const all = tf.expandDims(tf.add(first, tf.range(0, size[axis], 1, 'float32')), axis === 0 ? 2 : 1);
      const above = select(tf.greaterEqual(all, 0), all, 0); // also NaN
      return [all, select(tf.less(above, side), above, side - 1)];
    };
    const [row, nearRow] = along(0, height);
    const [column, nearColumn] = along(1, width);
    const index = tf.cast(tf.reshape(tf.add(tf.mul(nearRow, width), nearColumn), [n, -1]), 'int32');
    const isInside = tf.logicalAnd(tf.equal(row, nearRow), tf.equal(column, nearColumn));
    const pixels = tf.reshape(grow(x, [...batch, ...sides]), [n, height * width, depth]);
    const seen = tf.reshape(tf.gather(pixels, index, 1, 1), [n, ...size, depth]);
    const cut = tf.reshape(select(tf.expandDims(isInside, -1), seen, 0), [...batch, ...size, ...sides.slice(2)]);
    return withoutDerivative(cut, places, sides.length);
  });
}

const NO_DERIVATIVE =
  'there is no derivative in the centres: draw them with an estimator that needs none, such as "scoreFunction"; hold ' +
  'them constant with st.stopGradient; or look with st.readGlimpse';

/** `cut` as made of the places as well: influence passes to them, and a derivative in them is refused. */
function withoutDerivative(cut: tf.Tensor, places: tf.Tensor, imageRank: number): tf.Tensor {
  // tfjs passes the tensors first
  const refuse = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: () => fail('crop', NO_DERIVATIVE),
  }));
  const [row] = tf.split(madeBy('elementwise', refuse(places)), 2, -1) as [tf.Tensor];
  const lead = row.shape.slice(0, -1);
  const shape = [...lead, ...new Array<number>(imageRank).fill(1)];
  const mark = tf.reshape(row, shape);
  const join = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [dy, tf.zeros(shape)],
  }));
  return madeBy('elementwise', join(cut, mark));
}
