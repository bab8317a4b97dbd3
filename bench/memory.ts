/** The bytes of tensors that a step holds at most, beyond what was there before: ours beside the same step by hand. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {byHand, stepNames, makeModel} from './byHand.js';
import type {BenchContext} from './context.js';
import {library, ourDraws} from './step.js';

export async function benchMemory({report, quick}: BenchContext): Promise<void> {
  const batch = quick ? 4 : 100;
  st.random.setSeed(1);
  const model = makeModel(batch, ourDraws);
  for (const name of stepNames) {
    const columns = {ours: await peak(library(model, name)), byHand: await peak(byHand[name](model, ourDraws))};
    report({name: `memory ${name}`, size: batch, unit: 'bytes', ...columns});
  }
}

/** Of the second step: the first makes networks and moments. */
async function peak(step: () => void): Promise<number> {
  step();
  const before = tf.memory().numBytes;
  const {peakBytes} = await tf.profile(step);
  return peakBytes - before;
}
