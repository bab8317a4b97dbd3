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

/** Weights that are Normal a posteriori, and N(0, prior²) before; their divergence is counted once for all examples. */
const dense = (units: number, prior: number, first: {readonly inputShape?: [number]} = {}): layers.Layer =>
  stl.denseLocalReparameterization({
    ...{posterior: {name: 'normal', config: {scale: 0.05}}, klWeight: 'perExample', randomBias: true},
    ...{units, prior: new st.Normal({loc: 0, scale: prior})},
    ...{activation: units > 10 ? 'relu' : 'linear', ...first},
  });

/** One output from one input, y given x a Normal of known deviation. */
export const regression = (units: number): Sequential =>
  sequential({layers: [dense(units, 1, {inputShape: [1]}), dense(1, 1)]});

/** −ln p(y) of that Normal, `[n]` for one output of each example. */
export const misfit = (y: tf.Tensor, mean: tf.Tensor): tf.Tensor =>
  tf.neg(tf.mean(new st.Normal({loc: mean, scale: noise}).logProb(y), -1));

/** 784-n-n-10, the logits of the digits. */
const classifier = (units: number, prior: number): Sequential =>
  sequential({layers: [dense(units, prior, {inputShape: [784]}), dense(units, prior), dense(10, prior)]});

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
    'and the weights of the lowest signal-to-noise ratio |m|/σ are set to 0; predictions by the means of the weights.',
  steps: {default: 500, smoke: 3},
  images: {batch: 100, train: 5000, test: 1000, labels: true, grey: true},
  options: {
    units: integer({default: 100, smoke: 16, about: 'of the two hidden layers of the classifier'}),
    prior: positive({default: 0.1, about: 'the deviation of the classifier’s weights before any data'}),
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
    const digits = classifier(units, prior);
    const optimizer = st.stochasticOptimizer(tf.train.adam(3e-3));
    digits.compile({optimizer, loss: crossEntropy});
    const args = job.fitArgs('classification', digits, {examples: train.count}, (logs, step) => {
      optimizer.learningRate = 3e-3 * Math.min(1, 2 * (1 - step / steps));
      return {'−ELBO per digit': logs['loss']!};
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
      {what: 'error on digits held out, %', paper: '1.36 (2 × 400; scale mixture 1.32)†', here: errors[0]!.error},
      {what: 'the same with 75 % of the weights set to 0, %', paper: '1.24 (2 × 1200)†', here: errors[2]!.error},
    ];
  },
});
