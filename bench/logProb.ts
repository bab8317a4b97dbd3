/** Log-probabilities of many numbers, and their gradients in the parameters and, where there is one, the value. */
import * as tf from '@tensorflow/tfjs-core';
import type {BenchContext} from './context.js';
import {families, tensorsOf, type BenchFamily} from './families.js';
import {here, interleaved} from './measure.js';

export async function benchLogProb({report, peers, effort, size}: BenchContext): Promise<void> {
  for (const [family, spec] of Object.entries<BenchFamily>(families)) {
    if (family === 'Deterministic') continue; // nothing but a comparison
    const parameters = tensorsOf(spec, size);
    const q = spec.make(parameters);
    const x = q.sample();
    // counts are no parameters to be learnt
    const learnt = Object.keys(parameters).filter(name => name !== 'totalCount');
    const places = [...learnt.map(name => parameters[name]!), ...(q.isDiscrete ? [] : [x])];
    const gradient = tf.grads((...args: tf.Tensor[]) => {
      const given = Object.fromEntries(learnt.map((name, i) => [name, args[i]!]));
      const value = q.isDiscrete ? x : args[args.length - 1]!;
      return tf.sum(spec.make({...parameters, ...given}).logProb(value));
    });
    const ways = {value: () => tf.tidy(() => spec.make(parameters).logProb(x)), gradient: () => gradient(places)};
    for (const [what, f] of Object.entries(ways)) {
      const columns = await interleaved(
        {ours: here(f), torch: peers.torch?.contender(`logProb ${family} ${what} ${size}`) ?? null},
        effort(7, 1),
      );
      report({name: `logProb ${family} ${what}`, size, ...columns});
    }
    tf.dispose([parameters, x]);
  }
}
