/**
 * Bayes by backprop (Blundell et al. 2015): weights are random, each with a mean and a deviation that are trained by the
 * ELBO of all data. What the data does not settle stays open: a band around a regression, and weights that can go.
 */
import * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import {type layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {example} from './frame/example.js';
import {integer, positive} from './frame/kinds.js';

const noise = 0.1;
const rate = 1.5e-3;

/** What weights are before any data, N(0, prior²), and what their divergence from it counts. */
interface PriorOfWeights {
  readonly prior: number;
  readonly klWeight: stl.KlWeight;
}

/** Weights that are Normal a posteriori. */
const dense = (
  units: number,
  {prior, klWeight}: PriorOfWeights,
  first: {readonly inputShape?: [number]} = {},
): layers.Layer =>
  stl.denseLocalReparameterization({
    ...{units, prior: new st.Normal({loc: 0, scale: prior}), klWeight, randomBias: true},
    ...{activation: units > 10 ? 'relu' : 'linear', ...first},
  });

/** One output from one input, y given x a Normal of known deviation. */
export function regression(units: number): Sequential {
  const weights = {prior: 1, klWeight: 'perExample'} as const;
  return sequential({layers: [dense(units, weights, {inputShape: [1]}), dense(1, weights)]});
}

/** −ln p(y) of that Normal, `[n]` for one output of each example. */
export const misfit = (y: tf.Tensor, mean: tf.Tensor): tf.Tensor =>
  tf.neg(tf.mean(new st.Normal({loc: mean, scale: noise}).logProb(y), -1));

/** 784-n-n-10, the logits of the digits. */
const classifier = (units: number, weights: PriorOfWeights): Sequential =>
  sequential({layers: [dense(units, weights, {inputShape: [784]}), dense(units, weights), dense(10, weights)]});

const crossEntropy = (y: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(logits)), -1));

/** Sets the weights to 0 whose signal-to-noise ratio |m|/σ is among the least `share` of all; returns how many are left. */
export function prune(model: Sequential, share: number): number {
  return tf.tidy(() => {
    const find = (layer: layers.Layer, end: string) =>
      layer.weights.find(({originalName}) => originalName.endsWith(end))!;
    const weights = model.layers.map(layer => ({
      m: find(layer, 'kernel'),
      ratio: tf.div(tf.abs(find(layer, 'kernel').read()), tf.softplus(find(layer, 'kernel_rho').read())),
    }));
    const ratios = Float32Array.from(weights.flatMap(({ratio}) => Array.from(ratio.dataSync()))).sort();
    const least = ratios[Math.floor(share * ratios.length)] ?? Infinity;
    for (const {m, ratio} of weights) m.write(tf.mul(m.read(), tf.cast(tf.greaterEqual(ratio, least), 'float32')));
    return ratios.filter(ratio => ratio >= least).length;
  });
}

export default example({
  title: 'Bayes by backprop',
  paper: 'Blundell et al. 2015, Weight uncertainty in neural networks, arXiv:1505.05424',
  about:
    'A regression of 80 noisy points of sin 4x on −1 to 1: the band of two deviations of the weights’ predictions. Then digits are classified, ' +
    'the divergence of the weights counting more and more over nine tenths of the steps, and at the end in full; ' +
    'and the weights of the lowest signal-to-noise ratio |m|/σ are set to 0; predictions by the means of the weights.',
  steps: {default: 500, smoke: 3},
  images: {batch: 100, train: 5000, test: 1000, labels: true, grey: true},
  options: {
    units: integer({default: 100, smoke: 16, about: 'of the two hidden layers of the classifier'}),
    prior: positive({default: 0.15, about: 'the deviation of the classifier’s weights before any data'}),
    curve: integer({default: 400, smoke: 3, about: 'steps of the regression'}),
  },
  async run(job) {
    const {units, prior, curve, steps} = job.options;
    // Regression
    const n = 80;
    const x = tf.reshape(tf.linspace(-1, 1, n), [n, 1]);
    const y = tf.add(tf.sin(tf.mul(x, 4)), st.random.normal([n, 1], {scale: noise}));
    const line = regression(32);
    line.compile({optimizer: tf.train.adam(0.02), loss: misfit});
    const fitting = job.fitArgs('regression', line, {examples: n, batch: n, steps: curve}, logs => ({
      '−ELBO per point': logs['loss']!,
    }));
    await line.fit(x, y, fitting);
    const grid = tf.reshape(tf.linspace(-4, 4, 161), [161, 1]);
    const {mean, stddev} = stl.monteCarlo(line, grid, {samples: 100}); // of one output
    // Classification
    const {train, test} = job.images;
    // Each weight's divergence counts once for all digits. It comes in slowly, or units are given up before they serve.
    const klWeight = stl.klSchedule.linear({to: 1 / train.count, steps: Math.ceil(0.9 * steps)});
    const digits = classifier(units, {prior, klWeight});
    const optimizer = st.stochasticOptimizer(tf.train.adam(rate));
    digits.compile({optimizer, loss: crossEntropy});
    const args = job.fitArgs('classification', digits, {examples: train.count}, (logs, step) => {
      optimizer.learningRate = rate * Math.min(1, 1.25 * (1 - step / steps));
      return {'loss per digit': logs['loss']!};
    });
    await digits.fit(train.slice(), tf.oneHot(train.labels(), 10), args);
    const held = test.slice();
    const error = (): number =>
      tf.tidy(() => {
        const chosen = tf.argMax(digits.predict(held, {batchSize: 500}) as tf.Tensor, -1);
        return 100 * tf.mean(tf.cast(tf.notEqual(chosen, test.labels()), 'float32')).dataSync()[0]!;
      });
    const errors = [0, 0.5, 0.75, 0.95].map(share => ({share, left: prune(digits, share), error: error()}));
    // The report
    const [xs, means, deviations] = [grid, mean, stddev].map(t => Array.from(t.dataSync())) as [
      number[],
      number[],
      number[],
    ];
    const band = xs.map((at, i) => ({
      x: at,
      mean: means[i]!,
      low: means[i]! - 2 * deviations[i]!,
      high: means[i]! + 2 * deviations[i]!,
    }));
    const points = Array.from(x.dataSync(), (at, i) => ({x: at, y: y.dataSync()[i]!}));
    job.plot('The regression and its band', {
      y: {domain: [-6, 6]},
      marks: [
        Plot.areaY(band, {x: 'x', y1: 'low', y2: 'high', fill: '#0072b2', fillOpacity: 0.2, clip: true}),
        Plot.lineY(band, {x: 'x', y: 'mean', stroke: '#0072b2', clip: true}),
        Plot.dot(points, {x: 'x', y: 'y', r: 1.5, fill: '#d55e00'}),
      ],
    });
    const deviation = (inside: boolean): number => {
      const chosen = deviations.filter((_, i) => (inside ? Math.abs(xs[i]!) <= 0.8 : Math.abs(xs[i]!) >= 3));
      return chosen.reduce((a, b) => a + b, 0) / chosen.length;
    };
    const rows = errors.map(e => [`${100 * e.share} %`, String(e.left), `${e.error.toFixed(2)} %`]);
    job.table('Pruned by |m|/σ', ['weights set to 0', 'left', 'error'], rows);
    return [
      {
        what: 'deviation outside the data over inside',
        paper: 'grows; ≥ 3 is the goal here',
        here: deviation(false) / deviation(true),
      },
      {
        what: 'error on digits held out, %',
        paper: '1.82 (2 × 400; 1.36 with a scale mixture as prior)†',
        here: errors[0]!.error,
      },
      {what: 'the same with 75 % of the weights set to 0, %', paper: '1.24 (2 × 1200)†', here: errors[2]!.error},
    ];
  },
});
