/** What an example makes and leaves lying, so that it need not say so. */
import * as tf from '@tensorflow/tfjs-core';
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

/** While `work` runs, Math.random, which initializers and `fit` draw from, gives the same numbers for the same seed. */
export async function withRandomSeed<T>(seed: number, work: () => Promise<T>): Promise<T> {
  const random = prng(seed, 6);
  const before = Object.getOwnPropertyDescriptor(Math, 'random')!;
  Object.defineProperty(Math, 'random', {...before, value: () => random.uniform()});
  try {
    return await work();
  } finally {
    Object.defineProperty(Math, 'random', before);
  }
}
