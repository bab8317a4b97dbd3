/**
 * A mixture density network (Bishop 1994): the inverse of x = t + 0.3 sin(2πt) has up to three branches. A network that
 * gives out one Normal runs between them; one that gives out a mixture follows each.
 */
import * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {example} from './frame/example.js';
import {integer} from './frame/kinds.js';

const noise = 0.1;
const curve = (t: number): number => t + 0.3 * Math.sin(2 * Math.PI * t);

/** n pairs, t uniform on [0, 1] and x = curve(t) with noise uniform on ±0.1; both `[n, 1]`. */
function draw(n: number): {x: tf.Tensor2D; t: tf.Tensor2D} {
  const t = st.random.uniform([n, 1]) as tf.Tensor2D; // of the shape that was asked for
  const clean = tf.add(t, tf.mul(tf.sin(tf.mul(t, 2 * Math.PI)), 0.3));
  return {t, x: tf.add(clean, tf.mul(tf.sub(st.random.uniform([n, 1]), 0.5), 2 * noise))};
}

/** From x to p(t|x), a mixture of so many Normals. */
export function mixtureNetwork(components: number, units: number): Sequential {
  const p = stl.mixtureNormal({components, output: 'distribution'});
  return sequential({
    layers: [
      layers.dense({units, activation: 'tanh', inputShape: [1]}),
      layers.dense({units: p.paramsSize(1)}), // weights, means and deviations
      p,
    ],
  });
}

export default example({
  title: 'Mixture density network',
  paper: 'Bishop 1994, Mixture density networks, Aston University NCRG/94/004',
  about:
    'x = t + 0.3 sin(2πt) + noise uniform on ±0.1; learned is t given x, by −ln p(t|x) with Adam. A hidden layer of tanh, and one Normal or a mixture. ' +
    'The least possible −ln p is exact: where x has the branches S(x), t is uniform on them.',
  backend: 'cpu',
  steps: {default: 1500, smoke: 5},
  options: {
    components: integer({default: 3, about: 'Normals of the mixture'}),
    units: integer({default: 20, about: 'of the hidden layer'}),
    examples: integer({default: 1000, smoke: 100, least: 20, about: 'pairs to train with, and as many held out'}),
  },
  async run(job) {
    const {components, units, examples} = job.options;
    const [train, held] = [draw(examples), draw(examples)];
    const models = {'one Normal': 1, [`mixture of ${components}`]: components};
    const points: Array<{name: string; x: number; t: number}> = [];
    const losses: Record<string, number> = {};
    const add = (name: string, x: tf.Tensor, t: tf.Tensor): void => {
      const [xs, ts] = [x.dataSync(), t.dataSync()];
      for (let i = 0; i < Math.min(xs.length, 400); i++) points.push({name, x: xs[i]!, t: ts[i]!});
    };
    add('held out', held.x, held.t);
    await job.each(Object.keys(models), async name => {
      const model = mixtureNetwork(models[name]!, units);
      model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(0.01)), loss: stl.negativeLogLikelihood});
      const args = job.fitArgs(name, model, {examples, batch: 100}, logs => ({'−ln p(t|x)': logs['loss']!}));
      await model.fit(train.x, train.t, args);
      tf.tidy(() => {
        const p = stl.distributionOf(model, held.x);
        losses[name] = -tf.mean(p.logProb(held.t)).dataSync()[0]!;
        add(`draws: ${name}`, held.x, p.sample());
      });
    });
    // The report
    const names = [...new Set(points.map(({name}) => name))];
    for (const name of names) {
      const shown = points.filter(point => point.name === name);
      job.plot(`t given x, ${name}`, {
        x: {domain: [-0.1, 1.1]},
        y: {domain: [-0.2, 1.2]},
        marks: [Plot.dot(shown, {x: 'x', y: 't', r: 1.5, fill: '#0072b2', clip: true})],
      });
    }
    const least = leastLoss();
    return Object.keys(models).map(name => ({
      what: `−ln p(t|x) held out, ${name}`,
      paper: `at best ${least.toFixed(3)} (exact)`,
      here: losses[name] ?? NaN,
      digits: 3,
    }));
  },
});

/** E ln |S(x)| by quadrature: p(t|x) = 1/|S(x)| on S(x) = {t : |x − curve(t)| ≤ 0.1}. */
export function leastLoss(n = 1000): number {
  const ts = Array.from({length: n}, (_, i) => curve((i + 0.5) / n));
  const range = 1 + 4 * noise;
  const sizes = Array.from({length: n}, (_, i) => {
    const x = (range * (i + 0.5)) / n - 2 * noise;
    return ts.filter(y => Math.abs(x - y) <= noise).length / n;
  });
  const density = range / n / (2 * noise);
  return sizes.reduce((sum, size) => sum + (size === 0 ? 0 : density * size * Math.log(size)), 0);
}
