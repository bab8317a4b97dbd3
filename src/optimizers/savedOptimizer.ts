/** An optimizer inside the configuration of another. */
import * as tf from '@tensorflow/tfjs-core';
import {check, isNameIn} from '../util/errors.js';

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
  const [cls, read] = classNameMap[className]!;
  return () => read(cls, config) as tf.Optimizer; // registered under an optimizer's name
}
