/** Multinomial draws: the count of each class is binomial given those before it. */
import * as tf from '@tensorflow/tfjs-core';
import type {HostNumbers} from '../util/numbers.js';
import {isHostParam, tensorOf, type ElementParam} from './elements/elementParam.js';
import {drawElements} from './elements/drawElements.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {logAddExp} from '../functions/elementary/index.js';
import {binomialSampler} from './elements/binomial.js';
import {fillDraws} from '../keys/elementSampler.js';
import {split, type Key} from '../keys/key.js';
import {drawnOnHost} from './drawnOnHost.js';

/**
 * Counts of the classes, float32 of [...shape, classes], no checks: totalCount trials, class i of log-weight logits_i.
 * The totals and the logits, less their last axis, broadcast to `shape`. Numbers are drawn on the host, the same on
 * every backend, tensors on their device. A constant.
 */
export function drawMultinomial(totalCount: ElementParam, logits: ElementParam, shape: Shape, key: Key): tf.Tensor {
  const classes = logits.shape[logits.shape.length - 1]!;
  const keys = split(key, Math.max(1, classes - 1));
  if (isHostParam(totalCount) && isHostParam(logits))
    return drawnOnHost(keys, [...shape, classes], 'float32', (...own) => onHost(totalCount, logits, shape, own));
  return tf.tidy(() => onDevice(tensorOf(totalCount), tensorOf(logits), shape, keys));
}

function onDevice(totalCount: tf.Tensor, logits: tf.Tensor, shape: Shape, keys: Key[]): tf.Tensor {
  const columns = tf.unstack(logits, logits.rank - 1);
  // ln of the weight of the classes after each
  const after = columns.slice(0, -1);
  for (let i = columns.length - 2, rest = columns[columns.length - 1]!; i >= 0; i--) {
    after[i] = rest;
    rest = logAddExp(rest, columns[i]!);
  }
  let left = tf.add(totalCount, tf.zeros(shape));
  const counts = after.map((rest, i) => {
    const count = drawElements(binomialSampler, [left, logOdds(columns[i]!, rest)], shape, keys[i]!);
    left = tf.sub(left, count);
    return count;
  });
  return tf.stack([...counts, left], shape.length);
}

/** a − b, −∞ where both are, since the weight is 0 then. */
function logOdds(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(a, -3e38), tf.sub(a, b), tf.fill(a.shape, -Infinity));
}

function onHost(totalCount: HostNumbers, logits: HostNumbers, shape: Shape, keys: readonly Key[]): Float32Array {
  const classes = logits.shape[logits.shape.length - 1]!;
  const outer = logits.shape.slice(0, -1);
  const rows = sizeOf(outer);
  const size = sizeOf(shape);
  const out = new Float32Array(size * classes);
  const count = new Float32Array(size);
  const left = new Float32Array(size);
  fillDraws((_, n) => n, [totalCount.values], [totalCount.shape], shape, [0, 0], left);
  for (let i = 0; i < classes; i++) {
    if (i === classes - 1) {
      count.set(left);
    } else {
      const odds = Float32Array.from({length: rows}, (_, row) =>
        logOddsOf(logits.values.subarray(row * classes, (row + 1) * classes), i),
      );
      fillDraws(binomialSampler.draw, [left, odds], [shape, outer], shape, keys[i]!.words, count);
    }
    for (let j = 0; j < size; j++) {
      out[j * classes + i] = count[j]!;
      left[j] = left[j]! - count[j]!;
    }
  }
  return out;
}

/** The log-odds of class i against those after it. */
function logOddsOf(logits: Float32Array, i: number): number {
  const own = logits[i]!;
  if (own === -Infinity) return -Infinity;
  const later = logits.subarray(i + 1);
  const most = later.reduce((a, b) => Math.max(a, b));
  if (most === -Infinity) return Infinity;
  return own - most - Math.log(later.reduce((sum, l) => sum + Math.exp(l - most), 0));
}
