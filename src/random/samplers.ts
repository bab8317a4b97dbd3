/** Samplers of location-scale families: standard noise, shifted and scaled. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import type {Key} from './key.js';
import {exponentialNoise, gumbelNoise, laplaceNoise, logisticNoise, normalNoise} from './noise.js';
import {readParam, start, type RandomOptions, type RandomParam} from './options.js';

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
    const at = start(who, shape, options, ['loc', 'scale']);
    const {loc = 0, scale = 1} = options;
    checkPositive(who, 'scale', scale);
    return tf.tidy(() => {
      const standard = noise(at.shape, at.key);
      const scaled = scale === 1 ? standard : tf.mul(standard, readParam(who, 'scale', scale, at.shape));
      return loc === 0 ? scaled : tf.add(scaled, readParam(who, 'loc', loc, at.shape));
    });
  };
}

function checkPositive(who: string, name: string, value: RandomParam): void {
  if (typeof value === 'number') check(value > 0 && value < Infinity, who, `${name} must be > 0`, value);
}

/** loc + scale·n, n standard normal, float32 of `shape`. Differentiable in tensors given as loc and scale. */
export const normal: LocScaleSampler = locScale('normal', normalNoise);

/** loc + scale·g, g = −ln(−ln u) standard Gumbel, float32 of `shape`. */
export const gumbel: LocScaleSampler = locScale('gumbel', gumbelNoise);

/** loc + scale·ln(u / (1 − u)): logistic, float32 of `shape`. */
export const logistic: LocScaleSampler = locScale('logistic', logisticNoise);

/** loc + scale·l, l of density e^{−|l|}/2: Laplace, float32 of `shape`. */
export const laplace: LocScaleSampler = locScale('laplace', laplaceNoise);

export interface ExponentialOptions extends RandomOptions {
  /** Greater than 0; default 1. */
  rate?: RandomParam;
}

/** −ln(u) / rate: exponential of mean 1 / rate, float32 of `shape`. */
export function exponential(shape: number | number[], options: ExponentialOptions = {}): tf.Tensor {
  const who = 'random.exponential';
  const at = start(who, shape, options, ['rate']);
  const {rate = 1} = options;
  checkPositive(who, 'rate', rate);
  return tf.tidy(() => {
    const standard = exponentialNoise(at.shape, at.key);
    return rate === 1 ? standard : tf.div(standard, readParam(who, 'rate', rate, at.shape));
  });
}
