/** Draws as they were before a map rounded them. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import {stopGradient} from '../math/stopGradient.js';
import {select} from '../math/numerics.js';
import type {Key} from '../keys/key.js';

/**
 * How far back a draw is kept. `whole`: to what was drawn; its log-probability is that of a value that moves with all
 * parameters. `fixed`: to the outermost map that a tensor moves: the maps behind it are the same for all parameters, so
 * that a held pre-image and a held value are one thing, for every derivative.
 */
export type PreImageReach = 'whole' | 'fixed';

/**
 * Of a value y = g(x) the number x, where float32 has less room for y than for x: tanh 10 is 1, and no formula finds ln
 * p in it. Call everything in a tidy.
 */
export interface PreImage {
  /** x of the value that `sample` draws by that key, for values of shape [sample…, batch…, event…]. */
  readonly sample: (shape: Shape, key: Key) => tf.Tensor;
  /** y of x. */
  readonly value: (x: tf.Tensor) => tf.Tensor;
  /** ln p(y) of x, [sample…, batch…]; finite where x is. */
  readonly logProb: (x: tf.Tensor) => tf.Tensor;
  /** The number of axes that one x has. */
  readonly rank: number;
  /**
   * What tells maps apart: two forms whose maps are the same give one x the same y. Null of a map that differs along
   * the batch.
   */
  readonly map: ReadonlyArray<string | {equals(other: never): boolean}> | null;
  /**
   * The distribution of x itself, where its elements are numbers with a continuous distribution function: F and ln p of
   * each, as `cdf` and `logProb` of a distribution are.
   */
  readonly base: ContinuousLaw | null;
  /** x of y by the inverse: not what was drawn where y is rounded, nor finite there unless the derivatives are. */
  readonly inverse: (y: tf.Tensor) => tf.Tensor;
}

/** What is known of numbers with a continuous distribution function. */
export interface ContinuousLaw {
  readonly cdf: (x: tf.Tensor) => tf.Tensor;
  readonly logProb: (x: tf.Tensor) => tf.Tensor;
}

/** Whether one x has the same y by both. */
export function sharesMap({map: a}: PreImage, {map: b}: PreImage): boolean {
  return (
    a !== null &&
    b !== null &&
    a.length === b.length &&
    a.every((part, i) => {
      const other = b[i]!;
      // both are maps of this library
      return part === other || (typeof part !== 'string' && typeof other !== 'string' && part.equals(other as never));
    })
  );
}

/**
 * x, constant, as a function of the y that it belongs to, with the derivatives of the inverse and none where that has
 * no finite value.
 */
export function followingValue({inverse}: PreImage, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const found = inverse(y);
  const constant = stopGradient(found);
  return tf.add(x, select(tf.isFinite(constant), tf.sub(found, constant), 0));
}
