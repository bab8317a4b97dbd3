/** How surrogateLoss grows: a chain of n random nodes with a cost at each. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {BenchContext} from './context.js';
import {now} from './measure.js';

/**
 * Mean milliseconds that surrogateLoss takes for a chain of n nodes. The mean, so that each length bears its share of
 * garbage collection.
 */
function time(n: number, runs: number): number {
  const w = tf.variable(tf.zeros([10]));
  let total = 0;
  for (let run = 0; run < runs; run++) {
    tf.dispose(
      tf.variableGrads(() => {
        const costs: tf.Tensor[] = [];
        let x: tf.Tensor = w;
        for (let i = 0; i < n; i++) {
          x = new st.DistributionTensor(new st.Bernoulli({logits: tf.add(w, tf.mul(x, 0.1))}), {
            estimator: 'scoreFunction',
          }).value;
          costs.push(tf.square(tf.sub(x, 0.3)));
        }
        const start = now();
        const loss = st.surrogateLoss(costs);
        total += now() - start;
        return tf.mean<tf.Scalar>(loss);
      }, [w]),
    );
  }
  w.dispose();
  return total / runs;
}

/** The time for each length, and for one node of it in microseconds, which would be constant if growth were linear. */
export function benchChain({report, quick, effort}: BenchContext): void {
  time(10, quick ? 1 : 50);
  for (const n of quick ? [5] : [10, 100, 1000, 10_000]) {
    const ours = time(n, Math.max(2, Math.min(100, effort(10_000, 1).rounds / n)));
    report({name: 'chain', size: n, ours, microsecondsPerNode: (1000 * ours) / n});
  }
}
