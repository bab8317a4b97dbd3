/** An optimizer inside the configuration of another. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail, isNameIn, StochasticError} from '../util/errors.js';

/** The class and the configuration of an optimizer, for saving. */
export function configOf(optimizer: tf.Optimizer): tf.serialization.ConfigDict {
  return {className: optimizer.getClassName(), config: optimizer.getConfig()};
}

/** What makes an optimizer like the one that `configOf` described, once the description is checked. */
export function readSavedOptimizer(value: unknown): () => tf.Optimizer {
  const who = 'stochasticOptimizer';
  check(typeof value === 'object' && value !== null, who, 'a saved optimizer must be {className, config}', value);
  // as configOf writes it
  const {className, config} = value as {className?: unknown; config?: tf.serialization.ConfigDict};
  const {classNameMap} = tf.serialization.SerializationMap.getMap();
  check(isNameIn(classNameMap, className), who, 'the saved optimizer must be of a registered class', className);
  check(typeof config === 'object' && config !== null, who, 'the saved optimizer must have a config', config);
  checkFields(`${className}`, config);
  const [cls, read] = classNameMap[className]!;
  return () => {
    let made: tf.Optimizer;
    try {
      made = read(cls, config) as tf.Optimizer; // registered under an optimizer's name
    } catch (error) {
      if (error instanceof StochasticError) throw error;
      return fail(who, `the saved ${className} cannot be made: ${(error as Error).message}`); // of tfjs
    }
    checkFields(`${className}`, made.getConfig()); // with those that were not given
    return made;
  };
}

/** What tfjs's optimizers are tuned by, which they take as it comes. */
const NUMBERS = ['learningRate', 'beta1', 'beta2', 'epsilon', 'rho', 'decay', 'momentum', 'initialAccumulatorValue'];
const FLAGS = ['centered', 'useNesterov'];

function checkFields(className: string, config: tf.serialization.ConfigDict): void {
  for (const [name, value] of Object.entries(config)) {
    const rule = `the saved ${className}: ${name} must be`;
    if (name === 'epsilon' && value === null) continue; // that of the backend
    if (NUMBERS.includes(name)) check(Number.isFinite(value), 'stochasticOptimizer', `${rule} a finite number`, value);
    if (FLAGS.includes(name)) check(typeof value === 'boolean', 'stochasticOptimizer', `${rule} true or false`, value);
  }
}
