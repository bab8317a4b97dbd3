import * as tf from '@tensorflow/tfjs-core';
import {expm1} from '../../functions/elementary/index.js';
import {atLeast} from '../../math/numerics.js';
import {exponentialNoise, normalNoise} from '../../random/noise.js';
import type {Element, Measure, MeasuredValue} from './measure.js';

/** A value is never 0, as a sample is never 0. */
const LEAST = 1.1754944e-38;

/** By ln rate: a (Gamma(a) − Gamma(a + 1)), coupled as x and x + E/rate, E standard exponential. */
export function byLogRate(
  {x, key}: Element,
  concentration: tf.Tensor | number,
  rate: tf.Tensor,
  logRate: tf.Tensor,
): MeasuredValue[] {
  return [
    {value: tf.add(x, tf.div(exponentialNoise(x.shape, key), rate)), weight: tf.neg(tf.mul(logRate, concentration))},
  ];
}

/**
 * By concentration a: ∫₀^∞ e^{−at} / (1 − e^{−t}) (law of x − law of x e^{−t}) dt, which is p(x) (ln x − ψ(a)) by
 * Frullani's integral for ln x and that of Gauss for ψ(a) (DLMF 5.9.12). t is drawn with the density √(a/(πt)) e^{−at},
 * as n²/2a: the variance is then finite for costs with jumps as well.
 */
export const gammaMeasure: Measure = {
  rate: {
    values: 1,
    parts: given =>
      byLogRate(given, given.constant('concentration'), given.constant('rate'), tf.log(given.param('rate'))),
  },
  logRate: {
    values: 1,
    parts: given =>
      byLogRate(given, given.constant('concentration'), tf.exp(given.constant('logRate')), given.param('logRate')),
  },
  concentration: {
    values: 1,
    parts({x, key, param, constant}) {
      const a = constant('concentration');
      const t = atLeast(tf.div(tf.square(normalNoise(x.shape, key)), tf.mul(a, 2)), 1e-12);
      const shrunk = tf.neg(expm1(tf.neg(t)));
      const factor = tf.div(tf.sqrt(tf.mul(tf.div(t, a), Math.PI)), shrunk);
      return [
        {
          value: tf.maximum(tf.sub(x, tf.mul(x, shrunk)), LEAST),
          weight: tf.neg(tf.mul(param('concentration'), factor)),
        },
      ];
    },
  },
};
