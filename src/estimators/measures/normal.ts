import * as tf from '@tensorflow/tfjs-core';
import {foldIn} from '../../keys/key.js';
import {exponentialNoise, normalNoise} from '../../random/noise.js';
import {signOf} from '../../math/numerics.js';
import type {Measure} from './measure.js';

/**
 * By loc: (W⁺ − W⁻) / (scale √(2π)) with loc ± scale·W, one W = √(2E) ~ Weibull(2, √2) for both. By scale: (M − N) /
 * scale, where M is the double-sided Maxwell law of loc + scale·m. The draw itself is N: with its standardised n as one
 * of three normal coordinates, m = sign(n)·√(n² + n₂² + n₃²), so that n = m·u, u uniform.
 */
export const normalMeasure: Measure = {
  loc: {
    values: 2,
    parts({x, key, param, constant}) {
      const step = tf.mul(constant('scale'), tf.sqrt(tf.mul(exponentialNoise(x.shape, key), 2)));
      const weight = tf.div(param('loc'), tf.mul(constant('scale'), Math.sqrt(2 * Math.PI)));
      return [
        {value: tf.add(constant('loc'), step), weight},
        {value: tf.sub(constant('loc'), step), weight: tf.neg(weight)},
      ];
    },
  },
  scale: {
    values: 1,
    parts({x, key, param, constant}) {
      const others = [0, 1].map(i => tf.square(normalNoise(x.shape, foldIn(key, i))));
      const n = tf.div(tf.sub(x, constant('loc')), constant('scale'));
      const m = tf.mul(signOf(n), tf.sqrt(tf.add(tf.square(n), tf.add(others[0]!, others[1]!))));
      return [{value: tf.add(constant('loc'), tf.mul(constant('scale'), m)), weight: tf.log(param('scale'))}];
    },
  },
};
