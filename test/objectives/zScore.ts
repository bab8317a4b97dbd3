/** Is the gradient of an objective the exact one? */
import type * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {exactGradient, gradientMoments, worstZ} from '../helpers/estimates.js';

/** The z-score of the gradient of the mean of `f` at theta against that of `exact`. */
export async function zScore(
  theta: number[],
  f: (t: tf.Tensor) => tf.Tensor,
  exact: (p: number[]) => number,
  n: number,
): Promise<number> {
  st.random.setSeed(12);
  return worstZ(
    await gradientMoments({theta}, n, ({theta: t}) => f(t!)),
    exactGradient({theta}, p => exact(p['theta']!)),
  );
}
