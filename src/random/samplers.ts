/** Samplers of location-scale families: standard noise, shifted and scaled. */
import * as tf from '@tensorflow/tfjs-core';
import {readParam} from './elements/elementParam.js';
import {positive, real} from '../constraints/numberSets.js';
import type {Key} from '../keys/key.js';
import {exponentialNoise, gumbelNoise, laplaceNoise, logisticNoise, normalNoise} from './noise.js';
import {startDraw, type RandomOptions, type RandomParam} from './drawOptions.js';

/** Parameters of `normal`, `gumbel`, `logistic` and `laplace`; tensors keep their gradients. */
export interface LocScaleOptions extends RandomOptions {
  /** Default 0. */
  loc?: RandomParam;
  /** Greater than 0; default 1. */
  scale?: RandomParam;
}

type LocScaleSampler = (shape: number | number[], options?: LocScaleOptions) => tf.Tensor;

function locScale(name: string, noise: (shape: number[], key: Key) => tf.Tensor): LocScaleSampler {
  const who = `random.${name}`;
  return (shape, options = {}) => {
    const at = startDraw(who, shape, options, ['loc', 'scale']);
    const {loc = 0, scale = 1} = options;
    return tf.tidy(() => {
      const by = scale === 1 ? null : readParam(who, 'scale', scale, at.shape, positive);
      const to = loc === 0 ? null : readParam(who, 'loc', loc, at.shape, real);
      const standard = noise(at.shape, at.key);
      const scaled = by === null ? standard : tf.mul(standard, by);
      return to === null ? scaled : tf.add(scaled, to);
    });
  };
}

/**
 * loc + scale·n, n standard normal, float32 of `shape`. Differentiable in tensors given as loc and scale.
 * @example
 * ```ts
 * st.random.normal([2, 3], {loc: 1, scale: 2, key: st.random.key(1)}).shape; // [2, 3]
 * ```
 */
export const normal: LocScaleSampler = locScale('normal', normalNoise);

/** loc + scale·g, g = −ln(−ln u) standard Gumbel, float32 of `shape`. */
export const gumbel: LocScaleSampler = locScale('gumbel', gumbelNoise);

/** loc + scale·ln(u / (1 − u)): logistic, float32 of `shape`. */
export const logistic: LocScaleSampler = locScale('logistic', logisticNoise);

/** loc + scale·l, l of density e^{−|l|}/2: Laplace, float32 of `shape`. */
export const laplace: LocScaleSampler = locScale('laplace', laplaceNoise);

/** The parameter of `exponential`; a tensor keeps its gradient. */
export interface ExponentialOptions extends RandomOptions {
  /** Greater than 0; default 1. */
  rate?: RandomParam;
}

/** −ln(u) / rate: exponential of mean 1 / rate, float32 of `shape`. */
export function exponential(shape: number | number[], options: ExponentialOptions = {}): tf.Tensor {
  const who = 'random.exponential';
  const at = startDraw(who, shape, options, ['rate']);
  const {rate = 1} = options;
  return tf.tidy(() => {
    const standard = exponentialNoise(at.shape, at.key);
    return rate === 1 ? standard : tf.div(standard, readParam(who, 'rate', rate, at.shape, positive));
  });
}
