/** One step back: whatever a tensor comes of, whether or not derivatives go that way. */
import type * as tf from '@tensorflow/tfjs-core';
import {stopGradientSource} from '../math/stopGradient.js';
import {linkOfValue} from './nodeLink.js';
import type {TapeRecord} from './tape.js';

/** The inputs of the kernel, the parameters of a random node whose value it is, what stopGradient made it of. */
export function sourcesOf({inputs}: TapeRecord, output: tf.Tensor): tf.Tensor[] {
  const source = stopGradientSource(output);
  const found = Object.values(inputs).filter(input => (input as tf.Tensor | undefined) !== undefined); // some are optional
  return [...found, ...(linkOfValue(output)?.parents ?? []), ...(source === undefined ? [] : [source])];
}
