/** How surrogateLoss grows: a chain of n random nodes with a cost at each. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {report} from './report.js';

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
        const start = performance.now();
        const loss = st.surrogateLoss(costs);
        total += performance.now() - start;
        return tf.mean<tf.Scalar>(loss);
      }, [w]),
    );
  }
  w.dispose();
  return total / runs;
}

/** Prints the times for 100 and 1,000 nodes and their ratio. */
export function benchChain(): void {
  time(100, 50);
  const [short, long] = [time(100, 100), time(1000, 10)];
  report('chain', {backend: tf.getBackend(), ms100: short, ms1000: long, ratio: long / short});
}
