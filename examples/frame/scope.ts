/** What an example makes and leaves lying, so that it need not say so. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {prng} from '../data/prng.js';

/** Disposes of the tensors and variables that `work` made, once it is over. */
export async function scoped<T>(work: () => Promise<T> | T): Promise<T> {
  const engine = tf.engine();
  const before = new Set(Object.keys(engine.registeredVariables));
  engine.startScope();
  try {
    return await work();
  } finally {
    engine.endScope();
    for (const [name, variable] of Object.entries(engine.registeredVariables))
      if (!before.has(name)) variable.dispose();
  }
}

/**
 * While `work` runs, Math.random, which initializers and `fit` draw from, gives the same numbers for the same seed; the
 * default stream starts from it too.
 */
export async function seeded<T>(seed: number, work: () => Promise<T> | T): Promise<T> {
  const random = prng(seed, 6);
  const before = Object.getOwnPropertyDescriptor(Math, 'random')!;
  Object.defineProperty(Math, 'random', {...before, value: () => random.uniform()});
  st.random.setSeed(seed);
  try {
    return await work();
  } finally {
    Object.defineProperty(Math, 'random', before);
  }
}
