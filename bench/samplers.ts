/** Many draws of every family, from numbers and from tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type * as st from 'tfjs-stochastic';
import type {BenchContext} from './context.js';
import {eventsIn, families, fromNumbers, tensorsOf, type BenchFamily} from './families.js';
import {here, interleaved} from './measure.js';

export async function benchSamplers({report, peers, effort, size}: BenchContext): Promise<void> {
  for (const [family, spec] of Object.entries<BenchFamily>(families)) {
    for (const from of ['numbers', 'tensors'] as const) {
      const parameters = from === 'tensors' ? tensorsOf(spec, size) : {};
      // made anew, as in a training step: what depends on the parameters alone counts
      const make = (): st.Distribution => (from === 'tensors' ? spec.make(parameters) : fromNumbers(spec));
      const shape = from === 'tensors' ? [] : [eventsIn(spec, size)];
      const columns = await interleaved(
        {
          ours: here(() => tf.tidy(() => make().sample(shape))),
          torch: peers.torch?.contender(`samplers ${family} ${from} ${size}`) ?? null,
        },
        effort(7, 1),
      );
      report({name: `sample ${family} from ${from}`, size, ...columns});
      tf.dispose(parameters);
    }
  }
}
