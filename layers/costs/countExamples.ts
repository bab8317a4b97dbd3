/** A callback that tells layers how many examples they are trained on. */
import {Callback} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {layersOf} from './layersOf.js';
import {examplesOf} from './priorTerm.js';

/**
 * For `model.fit(x, y, {callbacks: stl.countExamples()})`: tells every layer whose divergence counts `'perExample'` how
 * many examples there are, those of a validation split left out. They remember it for steps of `trainOnBatch` that
 * follow. A dataset does not say how many it has: `fitDataset` is an error, write `klWeight: {perExample: n}` there.
 * @example
 * ```ts
 * const prior = {name: 'Normal', config: {loc: 0, scale: 1}};
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.normal({prior, klWeight: 'perExample'})],
 * });
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(1e-3)), loss: 'meanSquaredError'});
 * await model.fit(tf.zeros([8, 3]), tf.zeros([8, 2]), {epochs: 1, verbose: 0, callbacks: stl.countExamples()});
 * ```
 */
export function countExamples(): Callback {
  return new ExampleCounter();
}

class ExampleCounter extends Callback {
  override onTrainBegin(): Promise<void> {
    const who = 'stl.countExamples';
    const {samples} = this.params as {samples?: unknown}; // as fit gives them
    const model = this.model; // told before training begins
    for (const layer of layersOf(who, model)) {
      const listener = examplesOf(layer);
      if (listener === undefined) continue;
      extension.check(
        typeof samples === 'number' || !listener.isPerExample,
        who,
        `layer ${JSON.stringify(layer.name)}: fitDataset does not know how many examples there are; ` +
          'give klWeight {perExample: n}',
      );
      listener.examples = typeof samples === 'number' ? samples : null;
    }
    return Promise.resolve();
  }
}
