/** Partial derivatives of log-densities where the density is 0 at an end of the support. */
import * as tf from '@tensorflow/tfjs-core';
import {select} from '../../math/numerics.js';
import type {FunctionKernel} from './definition.js';

type Partials = FunctionKernel['partials'];

/**
 * The same partial derivatives, but 0, to every order, where `isZero` says that the function is −∞: what is as good as outside the support has no derivative. `inside`
 * stands for the input of that index there, so that no infinite derivative is made and thrown away.
 */
export function constantWhere(isZero: (...inputs: tf.Tensor[]) => tf.Tensor, inside: number, partials: Partials, index = 0): Partials {
  return Object.fromEntries(Object.entries(partials).map(([name, partial]) => [name, partial === 'zero' ? partial : (...inputs: tf.Tensor[]) => {
    const zero = isZero(...inputs);
    return select(zero, 0, partial(...inputs.map((x, i) => (i === index ? select(zero, inside, x) : x))));
  }]));
}
