/** What a baseline makes of given costs. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** The advantages that `baseline` gives for costs, one step each, at a Bernoulli of `logits`; log p is left out. */
export async function advantagesOf(
  baseline: st.Baseline,
  costs: number[][] | number[][][],
  logits: number[],
  valueType: st.ValueType = st.sampleValue(),
): Promise<number[][]> {
  const w = tf.tidy(() => tf.variable(tf.tensor1d(logits)));
  const kept: tf.Tensor[] = [];
  const spy: st.Estimator = {
    ...st.scoreFunction({baseline}),
    combine(node, cost) {
      const {advantage} = baseline.advantage(node, cost);
      kept.push(tf.keep(tf.clone(advantage)));
      return {surrogate: tf.mul(node.logProb(), advantage)};
    },
  };
  for (const cost of costs) {
    tf.dispose(
      st.variableGrads(() => {
        const x = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: spy, valueType}).value;
        return tf.add(tf.mul(x, 0), tf.tensor(cost));
      }, [w]),
    );
  }
  const found: number[][] = [];
  for (const t of kept) found.push(Array.from(await t.data()));
  tf.dispose([w, kept]);
  return found;
}
