/** The training signal of estimators' own variables: learned baselines and control variates. */
import * as tf from '@tensorflow/tfjs-core';
import {addN} from '../math/runKernel.js';
import {onlyFinite} from '../math/finite.js';
import {allFiniteNow} from '../kernels/index.js';
import type {Objective} from './estimator.js';
import {markOwn} from './estimatorStore.js';

export interface OwnGradient {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
}

/**
 * The gradients of the objectives' means with respect to their own variables, and to no others: a control variate may
 * call the model's layers without training them. What is not finite is left out: all gradients of such a step, or its
 * elements where the device is not read in between. Must run inside the gradient scope that recorded the objectives.
 */
export function objectiveGradients(objectives: readonly Objective[]): OwnGradient[] {
  const trained = objectives.filter(o => o.variables.length > 0);
  if (trained.length === 0) return [];
  const variables = [...new Set(trained.flatMap(o => o.variables))].filter(v => v.trainable);
  if (variables.length === 0) return [];
  markOwn(variables);
  const loss = addN(trained.map(o => tf.mean(o.loss)));
  // The losses are on the tape already; the closure only says where to start. Where no path leads to a variable, its
  // gradient is missing.
  const {grads} = tf.engine().gradients(() => loss, variables, undefined, true) as {
    grads: Array<tf.Tensor | null | undefined>;
  };
  return onlyFiniteOnes(
    variables.flatMap((variable, i) => {
      const gradient = grads[i];
      return gradient == null ? [] : [{variable, gradient}];
    }),
  );
}

function onlyFiniteOnes(own: OwnGradient[]): OwnGradient[] {
  if (own.length === 0) return own;
  const areFinite = allFiniteNow(own.map(({gradient}) => gradient));
  if (areFinite === true) return own;
  const finite =
    areFinite === false
      ? []
      : own.map(({variable, gradient}) => ({variable, gradient: tf.tidy(() => onlyFinite(gradient, 0))}));
  tf.dispose(own.map(({gradient}) => gradient));
  return finite;
}
