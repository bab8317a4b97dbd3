/** The numbers that a wrapped optimizer is tuned by, under the same names on its wrapper. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';

/**
 * Gives `wrapper` a property for each field of `optimizer` that its configuration names (`learningRate`, `beta1`,
 * `momentum`, …), so that whoever reads or sets it, a schedule say, reads or sets that of the optimizer.
 */
export function forwardHyperparameters(who: string, wrapper: tf.Optimizer, optimizer: tf.Optimizer): void {
  const fields = optimizer as unknown as Record<string, unknown>; // tfjs declares them protected, but users tune them
  for (const name of Object.keys(optimizer.getConfig())) {
    if (!(name in optimizer) || name in wrapper) continue;
    Object.defineProperty(wrapper, name, {
      enumerable: true,
      get: () => fields[name],
      set: (value: unknown) => setHyperparameter(who, optimizer, name, value),
    });
  }
}

/** Sets a hyperparameter where the optimizer will find it. */
export function setHyperparameter(who: string, optimizer: tf.Optimizer, name: string, value: unknown): void {
  const fields = optimizer as unknown as Record<string, unknown>; // as above
  check(name in optimizer, who, `${optimizer.getClassName()} has no ${name}`);
  check(typeof value === typeof fields[name], who, `${name} must be a ${typeof fields[name]}`, value);
  check(typeof value !== 'number' || Number.isFinite(value), who, `${name} must be a finite number`, value);
  fields[name] = value;
  // SGD and Momentum keep both numbers on the device as well.
  if (name === 'learningRate' && 'setLearningRate' in optimizer)
    (optimizer as tf.SGDOptimizer).setLearningRate(value as number); // a number like the one before
  if (name === 'momentum' && fields['m'] instanceof tf.Tensor) {
    // tfjs's own setMomentum leaves the tensor that it computes with as it was
    fields['m'].dispose();
    fields['m'] = tf.tidy(() => tf.keep(tf.scalar(value as number)));
  }
}
