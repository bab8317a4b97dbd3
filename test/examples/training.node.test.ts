import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {Batches, toDataset} from '../../examples/data/dataset.js';
import {drawDigits} from '../../examples/data/digits.js';
import {estimatorNames} from '../../examples/start/estimators.js';
import {train} from '../../examples/start/train.js';
import {logGradientVariance} from '../../examples/start/variance.js';

describe('the training of the example', () => {
  beforeAll(() => tf.setBackend('wasm'));

  it('knows the estimators that serve Bernoulli latents', () => {
    expect(estimatorNames()).toEqual(
      jasmine.arrayContaining(['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax']),
    );
    expect(estimatorNames()).not.toContain('pathwise');
  });

  const full = process.env.FULL === '1';
  for (const name of full
    ? ['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax']
    : ['movingAverage', 'nvil']) {
    it(`leaves no tensor behind with ${name}, and raises the ELBO`, async () => {
      const dataset = toDataset('digits', drawDigits(200, 1));
      const progress = {update: () => undefined, stop: () => undefined};
      const before = tf.memory().numTensors;
      const {run, pictures} = await train(name, {
        dataset,
        batches: new Batches(dataset, 20, 1),
        steps: 60,
        seed: 1,
        progress,
        stop: () => false,
      });
      expect(tf.memory().numTensors).toBe(before);
      const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
      const elbo = run.elbo.map(([, value]) => value);
      expect(mean(elbo.slice(-15))).toBeGreaterThan(mean(elbo.slice(0, 15)));
      expect(run.logVariance.map(([step]) => step)).toEqual([0, 50]);
      expect(pictures!.samples.length).toBe(10);
      expect(pictures!.reconstructions.every(image => image.every(p => p >= 0 && p <= 1))).toBeTrue();
    });
  }

  for (const name of full ? ['nvil', 'relax'] : ['nvil']) {
    it(`trains two layers of latents with ${name}, each with networks of its own`, async () => {
      const dataset = toDataset('digits', drawDigits(200, 1));
      const progress = {update: () => undefined, stop: () => undefined};
      const before = tf.memory().numTensors;
      const {run} = await train(name, {
        dataset,
        batches: new Batches(dataset, 20, 1),
        steps: 30,
        layers: 2,
        seed: 1,
        progress,
        stop: () => false,
      });
      expect(tf.memory().numTensors).toBe(before);
      const elbo = run.elbo.map(([, value]) => value);
      expect(elbo.slice(-10).reduce((a, b) => a + b)).toBeGreaterThan(elbo.slice(0, 10).reduce((a, b) => a + b));
    });
  }

  it('stops before the step that it is asked to', async () => {
    const dataset = toDataset('digits', drawDigits(40, 1));
    let done = 0;
    const progress = {update: (step: number) => void (done = step), stop: () => undefined};
    const {run} = await train('nvil', {
      dataset,
      batches: new Batches(dataset, 20, 1),
      steps: 60,
      seed: 1,
      progress,
      stop: () => done === 3,
    });
    expect(run.steps).toBe(3);
    expect(run.elbo.map(([step]) => step)).toEqual([1, 2, 3]);
  });

  it('keeps what was measured before an error', async () => {
    const dataset = toDataset('digits', drawDigits(40, 1));
    const update = (step: number): void => {
      if (step === 3) throw new Error('the third step');
    };
    const before = tf.memory().numTensors;
    const {run, pictures} = await train('nvil', {
      dataset,
      batches: new Batches(dataset, 20, 1),
      steps: 60,
      seed: 1,
      progress: {update, stop: () => undefined},
      stop: () => false,
    });
    expect(run.error).toContain('the third step');
    expect([run.steps, run.elbo.length, run.logVariance.length]).toEqual([3, 3, 1]);
    expect(pictures!.samples.length).toBe(10);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has a point for the last steps before it was stopped', async () => {
    const dataset = toDataset('digits', drawDigits(40, 1));
    let done = 0;
    const progress = {update: (step: number) => void (done = step), stop: () => undefined};
    const {run} = await train('nvil', {
      dataset,
      batches: new Batches(dataset, 20, 1),
      steps: 1000,
      seed: 1,
      progress,
      stop: () => done === 3,
    });
    expect(run.elbo.map(([step]) => step)).toEqual([3]);
  });

  it('does not feel the measurement of the variance', () => {
    const logits = tf.variable(tf.tensor1d([0, 1, -1]));
    const estimator = st.estimators.get('movingAverage');
    const cost = (key: st.random.Key): tf.Tensor =>
      tf.mul(new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, key}).value, 5);
    const gradient = (): number[] =>
      tf.tidy(() =>
        Array.from(
          st
            .withFrozenState(() => st.variableGrads(() => cost(st.random.key(1)), [logits]))
            .grads[logits.name]!.dataSync(),
        ),
      );
    tf.dispose(st.variableGrads(() => cost(st.random.key(2)), [logits]));
    const before = gradient();
    logGradientVariance(cost, [logits], 5, st.random.key(3));
    expect(gradient()).toEqual(before);
    logits.dispose();
    estimator.dispose?.();
  });

  it('measures the exact variance of a known estimate', () => {
    const logits = tf.variable(tf.tensor1d([0, 1, -1]));
    const cost = (key: st.random.Key): tf.Tensor => {
      const node = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'scoreFunction', key});
      return tf.add(tf.mul(node.value, 2), 1);
    };
    const before = tf.memory().numTensors;
    const measured = logGradientVariance(cost, [logits], 2000, st.random.key(3));
    expect(tf.memory().numTensors).toBe(before);
    // g_i = (2b + 1)(b − p)/3 for each of the three, b = 1 with probability p
    const variances = [0, 1, -1].map(l => {
      const p = 1 / (1 + Math.exp(-l));
      const [one, zero] = [(3 * (1 - p)) / 3, -p / 3];
      return p * (1 - p) * (one - zero) ** 2;
    });
    expect(measured).toBeCloseTo(Math.log(variances.reduce((a, b) => a + b) / 3), 1);
    logits.dispose();
  });
});
