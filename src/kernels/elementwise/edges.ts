/** Partial derivatives of log-densities where the density is 0 at an end of the support. */
import * as tf from '@tensorflow/tfjs-core';
import {select} from '../../math/numerics.js';
import type {FunctionKernel} from './definition.js';

type Partials = FunctionKernel['partials'];

/**
 * The same partial derivatives, but 0, to every order, where `isZero` says that the function is −∞: what is as good as outside the support has no derivative. `inside`
 * stands for the first input there, so that no infinite derivative is made and thrown away.
 */
export function constantWhere(isZero: (...inputs: tf.Tensor[]) => tf.Tensor, inside: number, partials: Partials): Partials {
  return Object.fromEntries(Object.entries(partials).map(([name, partial]) => [name, partial === 'zero' ? partial : (...inputs: tf.Tensor[]) => {
    const [x, ...rest] = inputs as [tf.Tensor, ...tf.Tensor[]]; // every function has an input
    const zero = isZero(...inputs);
    return select(zero, 0, partial(select(zero, inside, x), ...rest));
  }]));
}
