/**
 * Tile, whose tfjs gradient adds one slice for each repetition, Cumsum, whose tfjs gradient moves every axis but the
 * last, and Split and Unpack, whose tfjs gradients fail where there is one part, as in a sequence of one step.
 */
import * as tf from '@tensorflow/tfjs-core';
import {runKernel} from '../../math/runKernel.js';
import {one} from './relink.js';

/** y repeats x along each axis; dx sums dy over the repetitions, in one reduction. */
const tile: tf.GradConfig = {
  kernelName: tf.Tile,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const {shape} = saved[0]!;
    const reps = attrs['reps'] as number[];
    const split: number[] = [];
    const summed: number[] = [];
    shape.forEach((d, i) => {
      if (reps[i] !== 1) summed.push(split.push(reps[i]!) - 1);
      // An axis of length 1 that is repeated is the repetition.
      if (reps[i] === 1 || d !== 1) split.push(d);
    });
    return {x: () => tf.reshape(summed.length === 0 ? one(dy) : tf.sum(tf.reshape(one(dy), split), summed), shape)};
  },
};

/** y_i = Σ_{j ≤ i} x_j along an axis, dx_j = Σ_{i ≥ j} dy_i. */
const cumsum: tf.GradConfig = {
  kernelName: tf.Cumsum,
  inputsToSave: ['x'],
  gradFunc: (dy, _saved, attrs) => {
    const {axis, exclusive, reverse} = attrs as {axis: number; exclusive: boolean; reverse: boolean};
    return {x: () => tf.cumsum(one(dy), axis, exclusive, !reverse)};
  },
};

/** dx joins the parts again. */
const split: tf.GradConfig = {
  kernelName: tf.SplitV,
  gradFunc: (dy, _saved, attrs) => ({
    x: () => (Array.isArray(dy) ? runKernel(tf.Concat, dy, {axis: attrs['axis'] as number}) : dy),
  }),
};

/** dx stacks the parts again. */
const unpack: tf.GradConfig = {
  kernelName: tf.Unpack,
  gradFunc: (dy, _saved, attrs) => ({
    value: () => tf.stack(Array.isArray(dy) ? dy : [dy], attrs['axis'] as number),
  }),
};

export const moveGradients: tf.GradConfig[] = [tile, cumsum, split, unpack];
