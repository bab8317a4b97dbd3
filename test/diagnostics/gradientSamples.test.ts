import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {flatGradient, gradientMoments, gradients, type Step} from '../../src/diagnostics/gradientSamples.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends(
  'estimates of a gradient',
  () => {
    const key = st.random.key(3);
    let [a, b, unused]: tf.Variable[] = [];
    let before: number;

    beforeEach(() => {
      [a, b, unused] = tf.tidy(() => [
        tf.variable(tf.scalar(2), true, 'a'),
        tf.variable(tf.tensor1d([1, -3]), true, 'b'),
        tf.variable(tf.tensor1d([7, 7]), true, 'unused'),
      ]);
      before = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors).withContext('tensors left').toBe(before);
      tf.dispose([a!, b!, unused!]);
    });

    /** The costs a·u and Σ b²·u with a number u of the random program: gradients u and 2bu. */
    const step = (u: (k: st.random.Key) => tf.Tensor, others: Partial<Step> = {}): Step => ({
      program: (_, k) => {
        const factor = u(k);
        return [tf.mul(a!, factor), tf.mul(tf.sum(tf.square(b!)), factor)];
      },
      variables: [
        {label: 'a', variable: a!},
        {label: 'unused', variable: unused!},
        {label: 'b', variable: b!},
      ],
      estimator: st.scoreFunction(),
      ...others,
    });

    it('are flat, one variable behind the other, with zeros for one that the costs do not depend on', async () => {
      expect(
        await read(
          flatGradient(
            step(() => tf.scalar(1)),
            key,
          ),
        ),
      ).toEqual([1, 0, 0, 2, -6]);
      expect(
        await read(
          flatGradient(
            step(() => tf.scalar(1), {variables: [{label: 'b', variable: b!}]}),
            key,
          ),
        ),
      ).toEqual([2, -6]);
    });

    it('take their random numbers from the key alone, and leave the default stream where it was', async () => {
      const fromStream = step(() => st.random.uniform([]));
      const fromKey = step(k => st.random.uniform([], {key: k}));
      st.random.setSeed(1);
      const untouched = await read(st.random.uniform([2]));
      for (const one of [fromStream, fromKey]) {
        st.random.setSeed(1);
        const first = await read(flatGradient(one, key));
        expect(await read(st.random.uniform([2]))).toEqual(untouched);
        expect(await read(flatGradient(one, key))).toEqual(first);
        expect(await read(flatGradient(one, st.random.key(4)))).not.toEqual(first);
      }
      const failing = step(() => {
        st.random.uniform([]);
        throw new Error('no data');
      });
      st.random.setSeed(1);
      expect(() => tf.tidy(() => gradients(failing, key))).toThrowError('no data');
      expect(await read(st.random.uniform([2]))).toEqual(untouched);
    });

    it('hand the costs of each run on, and give the value of the costs', async () => {
      const seen: unknown[] = [];
      const {value, grads} = gradients(
        step(() => tf.scalar(3), {onRun: costs => void seen.push(costs)}),
        key,
      );
      expect(seen.length).toBe(1);
      expect((seen[0] as tf.Tensor[]).length).toBe(2);
      expect(await read(value)).toEqual([3 * (2 + 10)]);
      expect(await read(grads['a']!)).toEqual([3]);
      tf.dispose(grads);
    });

    it('have the mean and the sample variance of the list of them, in double precision beside a large mean', async () => {
      const draws: number[] = [];
      const samples = 130; // more than are read at once
      const program = step(k => {
        const u = st.random.uniform([], {key: k});
        draws.push(u.dataSync()[0]!);
        return tf.add(tf.scalar(4096), u);
      });
      const {mean, variance} = await gradientMoments(program, samples, key);
      expect(new Set(draws).size).toBe(samples);
      [1, 0, 0, 2, -6].forEach((f, i) => {
        const estimates = draws.map(u => Math.fround(f * Math.fround(4096 + u)));
        const average = estimates.reduce((s, u) => s + u, 0) / samples;
        const spread = estimates.reduce((s, u) => s + (u - average) ** 2, 0) / (samples - 1);
        expect(mean[i]).toBeCloseTo(average, 8);
        expect(variance[i]).toBeCloseTo(spread, 8);
      });
    });

    it('teach the estimator nothing', async () => {
      const baseline = st.movingAverage();
      const estimator = st.scoreFunction({baseline});
      const program: st.AuditProgram = (e, k) => {
        const logits = tf.mul(a!, tf.tensor1d([0.1, -0.1, 0.2]));
        const {value} = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: e, key: k});
        return tf.add(value, 5);
      };
      const learning = {program, variables: [{label: 'a', variable: a!}], estimator};
      tf.dispose(gradients(learning, key)); // state is made
      const one = await gradientMoments(learning, 2, key);
      before = tf.memory().numTensors;
      expect(await gradientMoments(learning, 2, key)).toEqual(one);
      for (let i = 0; i < 5; i++) tf.dispose(gradients(learning, st.random.key(i)));
      expect(await gradientMoments(learning, 2, key)).not.toEqual(one);
      const left = tf.memory().numTensors;
      estimator.dispose!();
      before -= left - tf.memory().numTensors;
    });

    it('must be finite: the first that is not is named with its variable and its place', async () => {
      let runs = 0;
      const program: st.AuditProgram = () => {
        const factor = tf.tensor1d(runs++ === 3 ? [1, Infinity] : [1, 1]);
        return [tf.mul(a!, 2), tf.sum(tf.mul(b!, factor))];
      };
      await expectAsync(
        gradientMoments(
          step(() => tf.scalar(1), {program}),
          6,
          key,
        ),
      ).toBeRejectedWithError(
        'auditEstimators: every estimate must be finite; that of element 1 of "b" was not in estimate 3',
      );
    });
  },
  {only: ['cpu'], inBrief: []},
);
