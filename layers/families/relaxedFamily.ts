/** What the layers of relaxed values share. */
import type * as tf from '@tensorflow/tfjs-core';
import {constraints, extension, type Distribution} from 'tfjs-stochastic';
import {ofOneInput, type DistributionFamily} from './distributionMaker.js';

/** The option of relaxed families. */
export interface RelaxedArgs {
  /** The lower, the nearer values are to the discrete ones; > 0, default 0.5. */
  temperature?: number;
}

/** A family of logits and a temperature, which has no mean and no mode. */
export function relaxedFamily(
  name: string,
  make: (temperature: number, logits: tf.Tensor) => Distribution,
): DistributionFamily {
  return {
    options: ['temperature'],
    maker(who, {temperature = 0.5}, depth) {
      extension.checkNumber(who, 'temperature', temperature, constraints.positive);
      return {...ofOneInput(name, logits => make(temperature, logits)).maker(who, {}, depth), inference: 'sample'};
    },
  };
}
