/** The estimators that an example can be asked for. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** The names of the registered estimators that can serve such a distribution, of those an example knows. */
export function estimatorsFor(make: () => st.Distribution): () => string[] {
  return () =>
    tf.tidy(() => {
      const q = make();
      return st.estimators.names().filter(name => st.estimators.get(name).requires.accepts(q));
    });
}
