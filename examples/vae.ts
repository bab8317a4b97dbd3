/**
 * Auto-encoding variational Bayes (Kingma and Welling 2014) with layers: an encoder gives out q(z|x), a Normal whose
 * draw z flows on, a decoder gives out p(x|z), and `compile` and `fit` maximise the ELBO, ln p(x|z) − KL(q(z|x) ‖ p(z)).
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {example} from './frame/example.js';
import {flag, integer} from './frame/kinds.js';

const dense = (units: number): layers.Layer => layers.dense({units, activation: 'relu', kernelInitializer: 'heNormal'});

/** What becomes the parameters of q(z|x), from pixels `[784]`. */
const encoder = (units: number): layers.Layer[] => [dense(units), dense(units)];

/** What becomes the logits of the pixels, from z. */
const decoder = (units: number): layers.Layer[] => [dense(units), dense(units), layers.dense({units: 784})];

const image = {kernelSize: 3, strides: 2, padding: 'same', activation: 'relu'} as const;

/** The same with convolutions, 28 × 28 → 14 × 14 → 7 × 7, and their transposes. */
const convolutions = (filters: number): layers.Layer[] => [
  layers.reshape({targetShape: [28, 28, 1]}),
  layers.conv2d({filters, ...image}),
  layers.conv2d({filters: 2 * filters, ...image}),
  layers.flatten(),
];
const transposes = (filters: number): layers.Layer[] => [
  dense(7 * 7 * 2 * filters),
  layers.reshape({targetShape: [7, 7, 2 * filters]}),
  layers.conv2dTranspose({filters, ...image}),
  layers.conv2dTranspose({filters: 1, ...image, activation: 'linear'}),
  layers.flatten(),
];

/** From images `[batch, 784]` to the distribution of their pixels. */
export function autoencoder(units: number, latents: number, isConvolutional: boolean): Sequential {
  const prior = {name: 'Normal', config: {loc: 0, scale: 1}};
  return sequential({
    layers: [
      layers.inputLayer({inputShape: [784]}),
      ...(isConvolutional ? convolutions(units / 8) : encoder(units)),
      layers.dense({units: 2 * latents}),
      stl.normal({prior, inference: 'sample', name: 'z'}), // the KL joins the loss; a draw also when it is evaluated
      ...(isConvolutional ? transposes(units / 8) : decoder(units)),
      stl.bernoulli({output: 'distribution', name: 'pixels'}),
    ],
  });
}

export default example({
  title: 'Variational autoencoder',
  paper: 'Kingma and Welling 2014, Auto-encoding variational Bayes, arXiv:1312.6114',
  about:
    'Normal latents between dense layers (--conv: convolutions), by compile and fit: Adam 1e-3, in the second half of the steps falling to 0. The ELBO of images held out is that of one draw each.',
  steps: {default: 1500, smoke: 4},
  images: {batch: 100, train: 5000, test: 500},
  options: {
    units: integer({default: 500, smoke: 16, least: 8, about: 'of the hidden layers; 8 times the filters of --conv'}),
    latents: integer({default: 20, about: 'Normal latents'}),
    conv: flag('convolutions in place of dense layers'),
  },
  async run(job) {
    const {units, latents, conv, steps} = job.options;
    const model = autoencoder(units, latents, conv);
    const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
    model.compile({optimizer, ...stl.withCosts(stl.negativeLogLikelihood, model)});
    const {train, test} = job.images;
    const x = train.slice();
    const fitting = job.fitArgs('training', model, {examples: train.count}, (logs, step) => {
      optimizer.learningRate = 1e-3 * Math.min(1, 2 * (1 - step / steps));
      return {ELBO: -logs['loss']!, KL: logs['kl']!};
    });
    await model.fit(x, x, fitting);
    const elbo = await job.average(
      'test',
      test,
      test.count,
      held => {
        const [loss] = model.evaluate(held, held, {batchSize: 500}) as tf.Scalar[]; // the loss and two metrics
        return tf.fill([held.shape[0]], -loss!.dataSync()[0]!);
      },
      500,
    );
    // The report
    job.show('Digits', () => {
      const held = test.slice(0, 12);
      const decode = (z: tf.Tensor): tf.Tensor => {
        const from = model.layers.findIndex(({name}) => name === 'z') + 1;
        const logits = model.layers.slice(from, -1).reduce((h, layer) => layer.apply(h) as tf.Tensor, z);
        return tf.sigmoid(logits);
      };
      return {
        'images held out': held,
        'seen through one draw': model.predict(held) as tf.Tensor,
        'from the prior': decode(new st.Normal({loc: tf.zeros([12, latents]), scale: 1}).sample()),
      };
    });
    return [
      {
        what: 'ELBO of images held out (nats)',
        paper: 'about −100 on MNIST, by their figure 2†; −97 after 30 epochs is the goal here',
        here: elbo,
      },
    ];
  },
});
