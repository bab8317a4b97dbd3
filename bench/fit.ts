/** An epoch of `fit` with a random layer, beside one of the same network without a draw. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import type {BenchContext} from './context.js';
import {examplesOf, fitting} from './fitByHand.js';
import {here, interleaved} from './measure.js';

export async function benchFit({report, peers, effort, quick}: BenchContext): Promise<void> {
  const examples = examplesOf(quick);
  const epoch = fitting(examples, tf.train.adam(1e-3), []);
  for (const estimator of ['straightThrough', 'nvil', 'relax'] as const) {
    const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
    const columns = await interleaved(
      {
        ours: here(fitting(examples, optimizer, [stl.bernoulli({estimator})])),
        undrawn: here(epoch),
        plain: peers.plain?.contender(`fit ${examples}`) ?? null,
      },
      effort(7, 1),
    );
    report({name: `fit bernoulli ${estimator}`, size: examples, ...columns});
  }
}
