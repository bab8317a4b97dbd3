/** Quotients, whose tfjs gradients square the denominator: of 1e-25 that is 0 in float32, and of 1e25 infinite. */
import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../../util/tensors.js';
import {one, unbroadcast} from './relink.js';

const toFloat = (x: tf.Tensor): tf.Tensor => ofType(x, 'float32');

/** y = a/b, da = dy/b, db = −dy·(a/b)/b. */
const realDiv: tf.GradConfig = {
  kernelName: tf.RealDiv,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved.map(toFloat) as [tf.Tensor, tf.Tensor];
    return {
      a: () => unbroadcast(tf.div(one(dy), b), a.shape),
      b: () => tf.neg(tf.div(unbroadcast(tf.mul(one(dy), tf.div(a, b)), b.shape), b)),
    };
  },
};

/** y = 1/x, dx = −dy/x/x. */
const reciprocal: tf.GradConfig = {
  kernelName: tf.Reciprocal,
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => {
    const x = toFloat(saved[0]!);
    return {x: () => tf.neg(tf.div(tf.div(one(dy), x), x))};
  },
};

export const quotientGradients: tf.GradConfig[] = [realDiv, reciprocal];
