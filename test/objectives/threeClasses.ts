/** A model of three classes z and one bit x, with everything about it known. */
import type * as tf from '@tensorflow/tfjs-core';
import {sigmoid} from '../helpers/estimates.js';
import type {Values} from '../estimators/problems.js';

export type Params = Record<string, tf.Tensor>;

/** The logits of p(z), of p(x = 1|z) for each z, of q(z|x = 0), and what x = 1 adds to them. */
export const parameters: Values = {
  prior: [0.2, -0.5, 0.4],
  bit: [1.2, -0.7, 0.3],
  q: [0.6, 0.1, -0.8],
  shift: [-0.9, 0.4, 0.5],
};
export const classes = [0, 1, 2];
export const softmax = (logits: number[]): number[] => {
  const e = logits.map(Math.exp);
  return e.map(v => v / e.reduce((a, b) => a + b, 0));
};
export const likelihood = (x: number, z: number): number =>
  x === 1 ? sigmoid(parameters['bit']![z]!) : 1 - sigmoid(parameters['bit']![z]!);
export const p = softmax(parameters['prior']!);
export const q = softmax(parameters['q']!);
export const unit = (z: number): number[] => classes.map(k => (k === z ? 1 : 0));
