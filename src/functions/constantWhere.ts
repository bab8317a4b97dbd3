/** Partial derivatives of log-densities where the density is 0 at an end of the support. */
import * as tf from '@tensorflow/tfjs-core';
import {select} from '../math/numerics.js';
import type {Derivative, FunctionKernel} from '../kernels/elementwise/definition.js';

type Partials<I extends string> = FunctionKernel<I>['partials'];

/**
 * The same partial derivatives, but 0, to every order, where `isZero` says that the function is −∞: what is as good as
 * outside the support has no derivative. `inside` stands for the input of that index there, so that no infinite
 * derivative is made and thrown away.
 */
export function constantWhere<I extends string>(
  isZero: (...inputs: tf.Tensor[]) => tf.Tensor,
  inside: number,
  partials: Partials<I>,
  index = 0,
): Partials<I> {
  return Object.fromEntries(
    Object.entries<Derivative>(partials).map(([name, partial]) => [
      name,
      typeof partial === 'string'
        ? partial
        : (...inputs: tf.Tensor[]) => {
            const zero = isZero(...inputs);
            return select(zero, 0, partial(...inputs.map((x, i) => (i === index ? select(zero, inside, x) : x))));
          },
    ]),
  ) as Partials<I>; // the same names
}
