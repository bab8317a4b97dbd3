/**
 * The toy problem of the RELAX paper: minimise E[(b − 0.499)²] over the logit of one Bernoulli variable b. Its gradient
 * is tiny beside the noise of the score function; a control variate that learns takes that away.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {estimatorsFor} from './frame/estimators.js';
import {example} from './frame/example.js';
import {integer} from './frame/kinds.js';

export const target = 0.499;

/** The cost of each draw; `logits` of any shape, draws are independent. */
export function toyCost(logits: tf.Tensor, estimator: st.Estimator, key: st.random.Key): tf.Tensor {
  const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, key, name: 'b'});
  return tf.square(tf.sub(b.value, target));
}

/** E[(b − t)²] at a logit: t² = 0.24900 at −∞, (1 − t)² = 0.25100 at +∞. */
export function expectedCost(logit: number): number {
  const p = 1 / (1 + Math.exp(-logit));
  return p * (1 - target) ** 2 + (1 - p) * target ** 2;
}

/** RELAX with c(z) = Dense(1)(Dense(10, tanh)(2σ(z/λ) − 1)), λ from 0.5 and learnt. */
function relax(key: st.random.Key): st.Estimator {
  const network = st.denseNetwork({inputSize: 1, units: [10], activation: 'tanh', key});
  const logTemperature = tf.variable(tf.scalar(Math.log(0.5)));
  const call = (z: tf.Tensor): tf.Tensor => {
    const squashed = tf.sub(tf.mul(tf.sigmoid(tf.div(z, tf.exp(logTemperature))), 2), 1);
    return tf.squeeze(network.call(tf.expandDims(squashed, -1)), [-1]);
  };
  return st.relax({controlVariate: {call, variables: [...network.variables, logTemperature]}});
}

/**
 * The variance of the estimate at the present logit. It is tiled into a batch of `draws`, so that one gradient holds as
 * many independent estimates; nothing that is trained or averaged changes.
 */
export function gradientVariance(logit: tf.Tensor, estimator: st.Estimator, draws: number, key: st.random.Key): number {
  return tf.tidy(() => {
    const tiled = tf.variable(tf.tile(logit, [draws]));
    const {grads} = st.withFrozenState(() => st.variableGrads(() => toyCost(tiled, estimator, key), [tiled]));
    const estimates = tf.mul(grads[tiled.name]!, draws); // the mean over the batch divides each by their number
    tiled.dispose();
    return tf.moments(estimates).variance.dataSync()[0]!;
  });
}

export default example({
  title: 'RELAX’s toy problem',
  paper: 'Grathwohl et al. 2018, Backpropagation through the void, arXiv:1711.00123, section 4.1',
  about:
    'Minimises E[(b − 0.499)²] over the logit of one Bernoulli b; Adam 0.01. Every 50 steps, the variance of the gradient from many estimates ' +
    'at the current parameters, left out where b came out the same in every draw. leaveOneOut draws 4 samples a step, the others one.',
  backend: 'cpu',
  steps: {default: 10_000, smoke: 120},
  estimators: {
    known: estimatorsFor(() => new st.Bernoulli({logits: 0})),
    default: ['scoreFunction', 'movingAverage', 'leaveOneOut', 'relax'],
  },
  options: {draws: integer({default: 500, smoke: 50, least: 2, about: 'estimates for each variance'})},
  async run(job) {
    const {estimator: names, draws} = job.options;
    const means: Record<string, number> = {};
    const rows: Array<[string, string, number, string]> = [];
    await job.each(names, async name => {
      const logit = tf.variable(tf.zeros([1]));
      const estimator = name === 'relax' ? relax(job.key) : st.estimators.get(name);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.01), {controlVariateOptimizer: tf.train.adam(0.01)});
      const measured: number[] = [];
      await job.train(name, i => {
        const key = st.random.foldIn(job.key, i);
        if (i % 50 === 0) measured.push(Math.log(gradientVariance(logit, estimator, draws, key)));
        optimizer.minimize(() => toyCost(logit, estimator, key), false, [logit]);
        const variance = i % 50 === 0 ? measured.at(-1)! : NaN; // what is no number is left out
        return {'expected cost': expectedCost(logit.dataSync()[0]!), 'ln gradient variance': variance};
      });
      const finite = measured.filter(Number.isFinite);
      means[name] = finite.reduce((a, b) => a + b, 0) / finite.length;
      const certain = `${(100 * (1 - finite.length / measured.length)).toFixed(0)} %`;
      rows.push([name, expectedCost(logit.dataSync()[0]!).toFixed(5), means[name], certain]);
    });
    // The report
    job.table('After training', ['estimator', 'expected cost', 'ln gradient variance', 'b certain'], rows);
    return [
      {what: 'ln gradient variance, score function', paper: '−4.2', here: means['scoreFunction'] ?? NaN},
      {what: 'ln gradient variance, RELAX', paper: '−13.8; −13.2 by its authors’ code', here: means['relax'] ?? NaN},
      {
        what: 'expected cost, RELAX',
        paper: '0.24913; at best 0.24900',
        here: Number(rows.find(r => r[0] === 'relax')?.[1]),
        digits: 5,
      },
    ];
  },
});
