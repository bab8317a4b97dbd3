/** Training what estimators keep for themselves, with the variables of the model held fixed. */
import * as tf from '@tensorflow/tfjs-core';
import {foldIn, type Key} from '../keys/key.js';
import {isOwn} from '../graph/estimatorStore.js';
import {defaultAdam} from '../optimizers/defaultAdam.js';
import {stochasticOptimizer} from '../optimizers/stochasticOptimizer.js';
import {gradients, type Step} from './gradientSamples.js';

/** `steps` steps in which baselines take in the costs and Adam follows the gradients of estimators' own variables. */
export function trainState(step: Step, steps: number, learningRate: number, key: Key): void {
  if (steps === 0) return;
  const optimizer = stochasticOptimizer(tf.train.sgd(1), {controlVariateOptimizer: defaultAdam(learningRate)});
  try {
    for (let i = 0; i < steps; i++) {
      tf.tidy(() => {
        const {grads} = gradients(step, foldIn(key, i));
        // gradients are named by their variables
        const own = Object.entries(grads).filter(([name]) => isOwn(tf.engine().registeredVariables[name]!));
        optimizer.applyGradients(Object.fromEntries(own));
      });
    }
  } finally {
    optimizer.dispose();
  }
}
