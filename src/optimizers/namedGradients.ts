/** Gradients by the names of variables, as tfjs's optimizers take them. */
import * as tf from '@tensorflow/tfjs-core';
import {check, isNameIn} from '../util/errors.js';
import {checkTensor} from '../util/numbers.js';
import {sameShape} from '../util/shapes.js';
import {isListOf, isTensor} from '../util/tensors.js';
import {isGone} from '../graph/variablesOf.js';

/** A tensor under the name of a variable, as tfjs's optimizers exchange them. */
export type NamedTensor = Awaited<ReturnType<tf.Optimizer['getWeights']>>[number];

export function isNamed(x: unknown): x is NamedTensor {
  return typeof x === 'object' && x !== null && typeof (x as Partial<NamedTensor>).name === 'string';
}

/** The gradients by name, checked. */
export function readGradients(given: tf.NamedTensorMap | NamedTensor[]): tf.NamedTensorMap {
  const who = 'stochasticOptimizer.applyGradients';
  check(typeof given === 'object' && given !== null, who, 'needs gradients by the names of variables', given);
  check(!Array.isArray(given) || isListOf(given, isNamed), who, 'a list must be one of {name, tensor}', given);
  const entries: ReadonlyArray<readonly [string, unknown]> = Array.isArray(given)
    ? given.map(({name, tensor}) => [name, tensor])
    : Object.entries(given);
  const variables = tf.engine().registeredVariables;
  return Object.fromEntries(
    entries.map(([name, gradient]) => {
      check(isNameIn(variables, name), who, 'there is no variable of the name', name);
      const variable = variables[name]!;
      check(
        isTensor(gradient) && sameShape(gradient.shape, variable.shape),
        who,
        `the gradient of ${JSON.stringify(name)} must be a tensor of shape [${variable.shape.join(',')}]`,
        gradient,
      );
      return [name, checkTensor(who, `the gradient of ${JSON.stringify(name)}`, gradient)];
    }),
  );
}

/** Hands `optimizer` the gradients, each at the place that its variable has in `order`. */
export function stepInOrder(optimizer: tf.Optimizer, order: Iterable<string>, grads: tf.NamedTensorMap): void {
  try {
    // tfjs's optimizers skip missing gradients
    optimizer.applyGradients(Array.from(order, name => ({name, tensor: grads[name]!})));
  } catch (error) {
    check(
      !isGone(optimizer),
      'stochasticOptimizer',
      `the variables that ${optimizer.getClassName()} keeps are disposed, by tf.disposeVariables() perhaps; ` +
        'make a new optimizer',
    );
    throw error;
  }
}
