/**
 * A variational autoencoder whose code is 20 choices out of 10 (Jang et al. 2017; Kool et al. 2020), by compile and fit:
 * nothing but the estimator's name says how the gradient gets through a choice.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {estimatorsFor} from './frame/estimators.js';
import {example} from './frame/example.js';
import {integer} from './frame/kinds.js';

const [variables, classes] = [20, 10];

const dense = (units: number): layers.Layer => layers.dense({units, activation: 'relu', kernelInitializer: 'heNormal'});

/** 784-2n-n-(20 × 10)-n-2n-784, from images to the distribution of their pixels. */
export function autoencoder(units: number, estimator: string): Sequential {
  const uniform = {name: 'OneHotCategorical', config: {probs: new Array<number>(classes).fill(1 / classes)}};
  return sequential({
    layers: [
      layers.inputLayer({inputShape: [784]}),
      ...[dense(2 * units), dense(units), layers.dense({units: variables * classes})],
      layers.reshape({targetShape: [variables, classes]}),
      stl.oneHotCategorical({estimator, prior: uniform, inference: 'sample', name: 'z'}),
      ...[layers.flatten(), dense(units), dense(2 * units), layers.dense({units: 784})],
      stl.bernoulli({output: 'distribution', name: 'pixels'}),
    ],
  });
}

export default example({
  title: 'Autoencoder of 20 categorical variables',
  paper: 'Jang et al. 2017, arXiv:1611.01144; Kool et al. 2020, arXiv:2002.06043, section 5.2',
  about:
    'Codes of 20 choices out of 10, one estimator after the other; Adam 1e-3. leaveOneOut draws 4 samples a step. ' +
    'Relaxed estimators are trained with soft choices, and evaluated with hard ones.',
  steps: {default: 500, smoke: 2},
  images: {batch: 100, train: 5000, test: 500},
  estimators: {
    known: estimatorsFor(() => st.independent(new st.OneHotCategorical({logits: tf.zeros([2, 3])}))),
    default: ['movingAverage', 'leaveOneOut', 'gumbelSoftmax'],
  },
  options: {units: integer({default: 256, smoke: 8, about: 'n of 784-2n-n-(20 × 10)-n-2n-784'})},
  async run(job) {
    const {estimator: names, units} = job.options;
    const {train, test} = job.images;
    const x = train.slice();
    const bounds: Record<string, number> = {};
    await job.each(names, async name => {
      const model = autoencoder(units, name);
      const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
      model.compile({optimizer, ...stl.withCosts(stl.negativeLogLikelihood, model)});
      const args = job.fitArgs(name, model, {examples: train.count}, logs => ({ELBO: -logs['loss']!, KL: logs['kl']!}));
      await model.fit(x, x, args);
      const held = test.slice();
      const [loss] = model.evaluate(held, held, {batchSize: 500}) as tf.Scalar[]; // the loss and two metrics
      bounds[name] = -loss!.dataSync()[0]!;
      job.show(`Images held out, and seen through their codes: ${name}`, () => ({
        images: test.slice(0, 12),
        'through their codes': model.predict(test.slice(0, 12)) as tf.Tensor,
      }));
    });
    // The report
    const rows = names.map(name => [name, job.recent(name, 'ELBO'), bounds[name] ?? NaN]);
    job.table('ELBO (nats)', ['', 'training, last quarter', 'held out'], rows);
    return names.map(name => ({
      what: `training ELBO, ${name}`,
      paper: name === 'leaveOneOut' ? '−70.4 (4 samples; by Kool et al., after their full training)' : '',
      here: job.recent(name, 'ELBO'),
    }));
  },
});
