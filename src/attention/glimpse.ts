/** Soft attention to a window of an image (Gregor et al. 2015, DRAW, section 3.2). */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../constraints/numberSets.js';
import {checkElements} from '../constraints/check.js';
import {ensureKernels} from '../kernels/index.js';
import {atLeast, atMost} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {check} from '../util/errors.js';
import {checkKeys, checkObject} from '../util/options.js';
import {floatTensor, type Numbers} from '../util/numbers.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import {
  batchOfImages,
  batchOfBoth,
  readSides,
  readWindowOptions,
  type Sides,
  type WindowOptions,
} from './windowOptions.js';
import {resample} from './resample.js';

/** Where attention is: a grid of Gaussian filters. Numbers, arrays or tensors, whose batches broadcast. */
export interface GlimpseWindow {
  /**
   * Row and column of the middle of the grid, `[batch…, 2]`, in pixels from the middle of the first one; it may lie
   * between pixels, or outside of the image.
   */
  centre: Numbers;
  /** Pixels from one filter to the next, `[batch…]`. Default 1. */
  stride?: Numbers;
  /** Of each filter, in pixels², `[batch…]`. Below 1e-12 taken for that: such a filter sees one pixel. */
  variance: Numbers;
  /** What a read is multiplied with, and a write divided by, `[batch…]`. Default 1. */
  intensity?: Numbers;
}

/** The parameters of a window as tensors. */
export interface GlimpseParameters extends GlimpseWindow {
  readonly centre: tf.Tensor;
  readonly stride: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly intensity: tf.Tensor;
}

/** The sides that `glimpseWindow` goes by. */
export interface GlimpseWindowOptions {
  /** Rows and columns of the images. */
  imageSize: Sides;
  /** Rows and columns of the grid of filters. */
  glimpseSize: Sides;
}

/** e^80 is a float32 that can be multiplied with a side; no window needs more. */
const LARGEST_EXPONENT = 80;
/** Pixels: a filter further off is taken to be here. */
const FARTHEST = 1e6;
const LEAST_VARIANCE = 1e-12;

/**
 * A window from five outputs of a layer for each example, (g̃_X, g̃_Y, ln σ², ln δ̃, ln γ), `[batch…, 5]`: with N
 * filters a side and images of A columns and B rows, centre (g_Y, g_X) with g_X = (A + 1)/2 · (g̃_X + 1) − 1 and g_Y =
 * (B + 1)/2 · (g̃_Y + 1) − 1, counted from 0, stride δ = (max(A, B) − 1)/(N − 1) · δ̃, variance σ² and intensity γ
 * (Gregor et al. 2015, eq. 21 to 24). At zero the grid spans the image. Where a glimpse is not square, N is its longer
 * side.
 *
 * At zero, too, a filter sees or paints one pixel around its place, and strokes are faint, so that a network which
 * starts there may learn nothing. Begin with a bias under which the filters meet, ln σ² = 2 ln(δ/2) or so, and strokes
 * show, ln γ = −4, say, for a writing window.
 * @throws unless `raw` has five numbers along its last axis, and both sizes are integers >= 1
 * @example
 * ```ts
 * const {centre, stride} = st.glimpseWindow([0, 0, 0, 0, 0], {imageSize: 28, glimpseSize: 10});
 * centre; // [13.5, 13.5]
 * stride; // 3
 * ```
 */
export function glimpseWindow(raw: Numbers, options: GlimpseWindowOptions): GlimpseParameters {
  const who = 'glimpseWindow';
  check(options !== undefined, who, 'needs {imageSize, glimpseSize}');
  checkKeys(who, options, ['imageSize', 'glimpseSize']);
  const [height, width] = readSides(who, 'imageSize', options.imageSize);
  const filters = Math.max(...readSides(who, 'glimpseSize', options.glimpseSize));
  ensureKernels();
  return tf.tidy(() => {
    const all = floatTensor(who, 'raw', raw);
    check(all.shape[all.rank - 1] === 5, who, 'raw must have five numbers along its last axis', all);
    const [x, y, logarithms] = tf.split(all, [1, 1, 3], -1) as [tf.Tensor, tf.Tensor, tf.Tensor]; // three were asked for
    const [variance, zoom, intensity] = tf.unstack(tf.exp(atMost(logarithms, LARGEST_EXPONENT)), -1) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ]; // three are there
    const place = (t: tf.Tensor, side: number): tf.Tensor => tf.sub(tf.mul(tf.add(t, 1), (side + 1) / 2), 1);
    return {
      centre: tf.concat([place(y, height), place(x, width)], -1),
      stride: tf.mul(zoom, (Math.max(height, width) - 1) / Math.max(filters - 1, 1)),
      variance,
      intensity,
    };
  });
}

/**
 * What attention sees: γ F_Y x F_Xᵀ for each channel of the images x (Gregor et al. 2015, eq. 27), with N filters F[i,
 * a] = exp(−(a − μᵢ)²/2σ²) / Σₐ′ exp(−(a′ − μᵢ)²/2σ²) at μᵢ = g + (i − (N − 1)/2) δ for i = 0 … N − 1 (eq. 19, 20, 25,
 * 26). `[batch…, rows, columns]` to `[batch…, ...size]`, with channels `[batch…, rows, columns, channels]` to
 * `[batch…, ...size, channels]`; the batches of images and window broadcast.
 *
 * Each filter is weighted to sum 1 over the image, also one that lies outside: that sees the nearest edge.
 * Differentiable to any order in the images and in all of the window.
 * @throws for shapes that do not fit, and for a stride, variance or intensity <= 0 that is no tensor
 * @example
 * ```ts
 * const image = tf.tensor2d([[1, 2], [3, 4]]);
 * st.readGlimpse(image, {centre: [0.5, 0.5], variance: 1e6}, {size: 1}); // [[2.5]]
 * st.readGlimpse(image, {centre: [0.5, 0.5], variance: 0.01}, {size: 2}); // [[1, 2], [3, 4]]
 * ```
 */
export function readGlimpse(images: Numbers, window: GlimpseWindow, options: WindowOptions): tf.Tensor {
  const who = 'readGlimpse';
  const {size, channels} = readWindowOptions(who, options);
  ensureKernels();
  return tf.tidy(() => {
    const x = floatTensor(who, 'images', images);
    const batch = batchOfImages(who, 'images', x, channels);
    const sides = x.shape.slice(batch.length, batch.length + 2) as [number, number]; // checked there
    const {filters, places, intensity} = filtersOf(who, window, size, sides);
    const whole = batchOfBoth(who, batch, places);
    const seen = resample(x, filters[0], filters[1], {batch: whole, channels});
    return tf.mul(seen, perImage(intensity, channels));
  });
}

/**
 * The images that attention writes, 1/γ F_Yᵀ w F_X for each channel of the glimpses w (Gregor et al. 2015, eq. 29), with
 * the filters of `readGlimpse`: `[batch…, N, M]` to `[batch…, ...size]`, with channels `[batch…, N, M, channels]` to
 * `[batch…, ...size, channels]`; the batches of glimpses and window broadcast.
 * @throws as `readGlimpse`
 * @example
 * ```ts
 * st.writeGlimpse([[1, 2]], {centre: [1, 1], stride: 2, variance: 0.01}, {size: 3}); // [[0, 0, 0], [1, 0, 2], [0, 0, 0]]
 * ```
 */
export function writeGlimpse(glimpses: Numbers, window: GlimpseWindow, options: WindowOptions): tf.Tensor {
  const who = 'writeGlimpse';
  const {size, channels} = readWindowOptions(who, options);
  ensureKernels();
  return tf.tidy(() => {
    const w = floatTensor(who, 'glimpses', glimpses);
    const batch = batchOfImages(who, 'glimpses', w, channels);
    const counts = w.shape.slice(batch.length, batch.length + 2) as [number, number]; // checked there
    const {filters, places, intensity} = filtersOf(who, window, counts, size);
    const whole = batchOfBoth(who, batch, places);
    const [rows, columns] = filters.map(turned) as [tf.Tensor, tf.Tensor]; // one of each
    return tf.div(resample(w, rows, columns, {batch: whole, channels}), perImage(intensity, channels));
  });
}

/** Fᵀ. */
function turned(filters: tf.Tensor): tf.Tensor {
  const order = filters.shape.map((_, i) => i);
  return tf.transpose(filters, [...order.slice(0, -2), filters.rank - 1, filters.rank - 2]);
}

/** `[batch…]` with an axis of 1 for each of an image's own. */
function perImage(t: tf.Tensor, channels: boolean): tf.Tensor {
  return tf.reshape(t, [...t.shape, 1, 1, ...(channels ? [1] : [])]);
}

interface Filters {
  /** Of rows and of columns, `[batch…, count, side]`. */
  readonly filters: readonly [tf.Tensor, tf.Tensor];
  /** The batch of the window. */
  readonly places: Shape;
  readonly intensity: tf.Tensor;
}

function filtersOf(
  who: string,
  window: GlimpseWindow,
  counts: readonly [number, number],
  sides: readonly [number, number],
): Filters {
  checkObject(who, 'the window', window, 'with {centre, stride, variance, intensity}');
  checkKeys(`${who}: the window`, window, ['centre', 'stride', 'variance', 'intensity']);
  const centre = floatTensor(who, 'centre', window.centre);
  check(centre.shape[centre.rank - 1] === 2, who, 'centre must have two numbers along its last axis', centre);
  const read = (name: 'stride' | 'variance' | 'intensity', value: Numbers = 1): tf.Tensor => {
    const t = floatTensor(who, name, value);
    checkElements(who, name, value, positive, false);
    return t;
  };
  check(window.variance !== undefined, who, 'the window needs a variance');
  const [stride, variance] = [read('stride', window.stride), read('variance', window.variance)];
  const intensity = read('intensity', window.intensity);
  const places = broadcastShapes(who, [centre.shape.slice(0, -1), stride.shape, variance.shape, intensity.shape]);
  const precision = tf.reciprocal(atLeast(variance, LEAST_VARIANCE));
  const middles = tf.split(centre, 2, -1) as [tf.Tensor, tf.Tensor]; // row and column
  const means = middles.map((middle, axis) => {
    const count = counts[axis]!;
    const offsets = Float32Array.from({length: count}, (_, i) => i - (count - 1) / 2);
    return tf.add(middle, tf.mul(tf.expandDims(stride, -1), tf.tensor1d(offsets)));
  }) as [tf.Tensor, tf.Tensor]; // one of each
  // On square images all filters are made at once.
  const filters =
    sides[0] === sides[1]
      ? tf.split(gaussianFilters(tf.concat(means, -1), precision, sides[0]), [...counts], -2)
      : means.map((of, axis) => gaussianFilters(of, precision, sides[axis]!));
  return {filters: filters as [tf.Tensor, tf.Tensor], places, intensity}; // one of each
}

/**
 * The filters at `means` `[batch…, count]` on `side` pixels, `[batch…, count, side]`: exp(−(a − μ)²/2σ²), divided by its
 * sum. That of the nearest pixel a* is taken out of all, as (a − a*)(a + a* − 2μ), so that one of them is 1 wherever
 * the filter lies.
 */
function gaussianFilters(means: tf.Tensor, precision: tf.Tensor, side: number): tf.Tensor {
  const mu = tf.expandDims(atMost(atLeast(means, -FARTHEST), FARTHEST), -1);
  const nearest = tf.round(tf.clipByValue(detach(mu), 0, side - 1));
  const pixels = tf.range(0, side, 1, 'float32');
  const apart = tf.mul(tf.sub(pixels, nearest), tf.sub(tf.add(pixels, nearest), tf.mul(mu, 2)));
  const width = tf.reshape(precision, [...precision.shape, 1, 1]);
  const weights = tf.exp(tf.mul(tf.mul(apart, -0.5), width));
  return tf.div(weights, tf.sum(weights, -1, true));
}
