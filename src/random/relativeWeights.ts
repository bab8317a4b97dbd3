/**
 * Weights of classes by the greatest of their row, which draws do not depend on: beside logits of a million, as sums of
 * log-likelihoods are, noise would be rounded away, and equal scores make the first class win.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {HostNumbers} from '../util/numbers.js';
import {isHostParam, type ElementParam} from './elements/elementParam.js';
import {HUGE} from './elements/noise.js';

type Name = 'logits' | 'probs';

/** Where a row has nothing greater: what is left out of it stays so. */
const LEAST = {logits: -HUGE, probs: 1e-30} as const;

/** The greatest along the last axis, which is kept: finite, and no 0. A new tensor belongs to the tidy around. */
export function greatestWeight<P extends ElementParam>(name: Name, parameter: P): P;
export function greatestWeight(name: Name, parameter: ElementParam): ElementParam {
  if (!isHostParam(parameter)) return tf.clipByValue(tf.max(parameter, -1, true), LEAST[name], HUGE);
  const {values, shape} = parameter;
  const classes = shape[shape.length - 1]!;
  const greatest = new Float32Array(values.length / classes).fill(LEAST[name]);
  for (let row = 0, i = 0; row < greatest.length; row++) {
    for (let c = 0; c < classes; c++, i++) if (values[i]! > greatest[row]!) greatest[row] = values[i]!;
  }
  return {values: greatest, shape: [...shape.slice(0, -1), 1]};
}

/** Logits less the greatest along the last axis, or weights over it. A new tensor belongs to the tidy around. */
export function relativeWeights(name: Name, parameter: ElementParam): ElementParam {
  if (isHostParam(parameter)) return relativeOnHost(name, parameter);
  const greatest = greatestWeight(name, parameter);
  return name === 'logits' ? tf.sub(parameter, greatest) : tf.div(parameter, greatest);
}

function relativeOnHost(name: Name, parameter: HostNumbers): HostNumbers {
  const {values, shape} = parameter;
  const greatest = greatestWeight(name, parameter).values;
  const classes = shape[shape.length - 1]!;
  const out = new Float32Array(values.length);
  for (let row = 0, i = 0; row < greatest.length; row++) {
    const most = greatest[row]!;
    for (let c = 0; c < classes; c++, i++) out[i] = name === 'logits' ? values[i]! - most : values[i]! / most;
  }
  return {values: out, shape};
}
