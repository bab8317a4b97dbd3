import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/errors.js';
import type {Estimator} from '../graph/estimator.js';
import {register} from '../graph/estimatorRegistry.js';
import {enumerable} from './requirements.js';
import {weightedScore} from './weighted.js';

/**
 * The exact gradient by enumeration: ∂/∂θ E[f(x)] = Σ_x f(x) ∂p(x|θ)/∂θ over the whole support. The value holds every element of the support along a
 * leading axis, weighted with its probability, and everything downstream is computed for each. No variance of its own; as many evaluations as there are values.
 */
export function enumerate(config: object = {}): Estimator {
  checkKeys('enumerate', config, []);
  return {
    kind: 'estimator',
    name: 'enumerate',
    config: {},
    bias: 'unbiased',
    requires: enumerable,
    evaluations: q => q.enumerateSupport().shape[0]!,
    source: 'the definition of the expectation; Weber et al. 2019, section 3.2',
    differentiable: false,
    samples: q => tf.tidy(() => q.enumerateSupport().shape[0]!),
    coupling: 'exclusive',
    draw(distribution, sampleShape) {
      const [values, ...rest] = sampleShape as [number, ...number[]]; // its own axis comes first
      const {batchShape, eventShape} = distribution;
      const support = tf.reshape(distribution.enumerateSupport(), [values, ...rest.map(() => 1), ...batchShape, ...eventShape]);
      const value = tf.broadcastTo(support, [...sampleShape, ...batchShape, ...eventShape]);
      return {value, weights: tf.mul(tf.exp(distribution.logProbOfDraw(value)), values)};
    },
    combine: weightedScore,
  };
}

register('enumerate', enumerate);
