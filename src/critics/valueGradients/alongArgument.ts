/** Functions as functions of one argument alone. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import type {Shape} from '../../util/shapes.js';
import {detach} from '../../math/stopGradient.js';
import {attach} from '../../graph/attach.js';
import {disposeAbandonedTape} from '../../graph/tape.js';
import {checkResult} from './transitions.js';

/**
 * f(x), [batch…], with the derivatives that it has along x, [batch…, n]; the variables of f are held constant, so that
 * minimising it over whatever x came of leaves them alone.
 * @throws if the function `name` gives anything else, or no derivative along x
 */
export function alongArgument(who: string, name: string, f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor {
  const shape: Shape = x.shape.slice(0, -1);
  const at = detach(x);
  const {value, grads} = valueAndGradients(() => checkResult(who, name, f(at), shape), [at]);
  const slope = grads[0];
  check(
    slope != null,
    who,
    `${name} must be differentiable in what it is given (a target network's call, for one, is a constant)`,
  );
  return attach(detach(value), tf.sum(tf.mul(detach(slope), x), -1));
}

/**
 * f and the derivatives of its sum with respect to `xs`, whether a gradient scope is open or not; null or undefined
 * where there is no path.
 */
export function valueAndGradients(
  f: () => tf.Tensor,
  xs: tf.Tensor[],
): {value: tf.Tensor; grads: Array<tf.Tensor | null | undefined>} {
  try {
    return tf.engine().gradients(f, xs, undefined, true); // its last argument allows that there is no path
  } catch (error) {
    disposeAbandonedTape();
    throw error;
  }
}
