import * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type Shape} from '../../util/shapes.js';
import {drawnOnHost} from '../../random/drawnOnHost.js';
import {exponentialNoise, exponentialOf, wordsOf} from '../../random/noise.js';
import type {Key} from '../../keys/key.js';
import type {Measure} from './measure.js';

/**
 * With r = (x/scale)^k, k the concentration, standard exponential. By scale: (k/scale)(law of r + E − law of r), E
 * standard exponential, since r·scale^k is exponential with the rate scale^{−k}. By concentration: (law of x − law of
 * s⁺) / k, where s⁺ = scale·e^{1/k} and e has the density (e − 1) ln e · exp(−e).
 */
export const weibullMeasure: Measure = {
  scale: {
    values: 1,
    parts({x, key, param, constant}) {
      const [k, scale] = [constant('concentration'), constant('scale')];
      const r = tf.add(tf.pow(tf.div(x, scale), k), exponentialNoise(x.shape, key));
      return [{value: tf.mul(scale, tf.pow(r, tf.reciprocal(k))), weight: tf.mul(k, tf.log(param('scale')))}];
    },
  },
  concentration: {
    values: 1,
    parts({x, key, param, constant}) {
      const value = tf.mul(constant('scale'), tf.pow(spread(x.shape, key), tf.reciprocal(constant('concentration'))));
      return [{value, weight: tf.neg(tf.log(param('concentration')))}];
    },
  },
};

/** Draws of the law with P(X > e) = exp(−e) (1 + e ln e). */
function spread(shape: Shape, key: Key): tf.Tensor {
  return drawnOnHost([key], shape, 'float32', own =>
    Float32Array.from(wordsOf(own, sizeOf(shape)), word => solve(exponentialOf(word))),
  );
}

/**
 * The e with e − ln(1 + e ln e) = y, by bisection of ln e: the density is 0 at e = 1, where Newton's method would fail.
 */
function solve(y: number): number {
  let [low, high] = [-40, Math.log(y + 2 * Math.log(y + 3) + 2)];
  for (let i = 0; i < 45; i++) {
    const middle = (low + high) / 2;
    const e = Math.exp(middle);
    if (e - Math.log1p(e * middle) < y) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
