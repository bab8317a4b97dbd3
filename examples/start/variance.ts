/** How much a gradient estimate varies. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/**
 * ln of the variance of the estimated gradient with respect to `variables`, at their present values: `draws`
 * independent estimates of the cost's gradient, the sample variance of each component, the mean over all components.
 * Nothing that is trained or averaged changes.
 *
 * @param cost one draw of the cost on a fixed minibatch, with a fresh key
 */
export function logGradientVariance(
  cost: (key: st.random.Key) => tf.Tensor,
  variables: readonly tf.Variable[],
  draws: number,
  key: st.random.Key,
): number {
  return tf.tidy(() => {
    const estimate = (i: number): tf.Tensor[] =>
      tf.tidy(() => {
        const {grads} = st.withFrozenState(() => st.variableGrads(() => cost(st.random.foldIn(key, i)), variables));
        return variables.map(v => grads[v.name]!);
      });
    // Σ (g − g₀)² − (Σ (g − g₀))² / n, with the first estimate as origin, so that a small variance keeps its digits in
    // float32.
    const origin = estimate(0);
    let sums = origin.map(g => tf.zerosLike(g)),
      squares = sums;
    for (let i = 1; i < draws; i++) {
      [sums, squares] = tf.tidy((): [tf.Tensor[], tf.Tensor[]] => {
        const offsets = estimate(i).map((g, k) => tf.sub(g, origin[k]!));
        return [sums.map((s, k) => tf.add(s, offsets[k]!)), squares.map((s, k) => tf.add(s, tf.square(offsets[k]!)))];
      });
    }
    const total = sums
      .map((s, k) => tf.sum(tf.sub(squares[k]!, tf.div(tf.square(s), draws))).dataSync()[0]!)
      .reduce((a, b) => a + b);
    const components = origin.reduce((n, g) => n + g.size, 0);
    return Math.log(total / (draws - 1) / components);
  });
}
