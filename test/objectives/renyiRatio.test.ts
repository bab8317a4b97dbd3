/** Rényi's ratio by samples, against the closed form and enumeration, and the schedule of α. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {column} from '../estimators/problems.js';
import {zScore} from './zScore.js';

describeBackends(
  'renyiRatio',
  () => {
    const target = new st.Normal({loc: 0.3, scale: 1.2});
    const logP = (z: tf.Tensor): tf.Tensor => target.logProb(z);
    const [m, s] = [0, 1];
    const divergence = (alpha: number): number => {
      const variance = (1 - alpha) * s ** 2 + alpha * 1.44;
      return (
        Math.log(1.2 / s) + Math.log(1.44 / variance) / (2 * (alpha - 1)) + (alpha * (m - 0.3) ** 2) / (2 * variance)
      );
    };

    it('tends to −D_α of two Normals, and is 0 for equal ones', async () => {
      const n = sizeFor({cpu: 20_000, wasm: 400_000, webgl: 5000, webgpu: 5000});
      const q = new st.Normal({loc: m, scale: s});
      for (const alpha of [-0.5, 0.3, 0.999, 2]) {
        const [found] = await read(
          withoutLeak('renyiRatio', () => st.renyiRatio(logP, q, alpha, {samples: n, key: st.random.key(5)})),
        );
        expect(Math.abs(found! + divergence(alpha)))
          .withContext(`α = ${alpha}`)
          .toBeLessThan(4.5 / Math.sqrt(n));
        expect(Math.abs((await read(st.renyiRatio(z => q.logProb(z), q, alpha, {samples: 10})))[0]!)).toBeLessThan(
          1e-5,
        );
      }
    });

    it('at α = 1 is the mean log-ratio, which α → 1 approaches for the same draws', async () => {
      const z = new st.Normal({loc: m, scale: s}).sample(100, {key: st.random.key(6)});
      const q = new st.Normal({loc: m, scale: s});
      const [one] = await read(st.renyiRatio(logP, q, 1, {z}));
      expect(one).toBeCloseTo((await read(st.elboRatio(logP, q, {z, form: 'sample'})))[0]!, 6);
      for (const alpha of [1 - 1e-6, 1 + 1e-6])
        expect((await read(st.renyiRatio(logP, q, alpha, {z})))[0]).toBeCloseTo(one!, 4);
      z.dispose();
    });

    it('has the gradient of its own mean for discrete q, by enumeration of two draws', async () => {
      const alpha = 0.4;
      const logs = [-0.3, -1.4];
      const mean = ([l]: number[]): number => {
        const p = 1 / (1 + Math.exp(-l!));
        const mass = [1 - p, p];
        let sum = 0;
        for (const a of [0, 1]) {
          for (const b of [0, 1]) {
            const w = [a, b].map(z => Math.exp((1 - alpha) * (logs[z]! - Math.log(mass[z]!))));
            sum += (mass[a]! * mass[b]! * Math.log((w[0]! + w[1]!) / 2)) / (1 - alpha);
          }
        }
        return sum;
      };
      const ratio = (t: tf.Tensor): tf.Tensor =>
        st.renyiRatio(
          z => tf.sub(tf.mul(tf.cast(z, 'float32'), -1.1), 0.3),
          new st.Bernoulli({logits: column(t)}),
          alpha,
          {samples: 2},
        );
      const n = sizeFor({cpu: 3000, wasm: MANY, webgl: 1000, webgpu: 1000});
      expect(await zScore([0.6], ratio, mean, n)).toBeLessThan(4.5);
      expect(await zScore([4], ratio, mean, n))
        .withContext('one value hardly ever drawn')
        .toBeLessThan(4.5);
      expect(await zScore([0.6], ratio, p => 0.9 * mean(p), n)).toBeGreaterThan(4.5);
    });

    it('owes each draw what it adds to the others, also where one has nearly all the weight, or all have none', async () => {
      const theta = [0.3, -0.2, 0.5];
      const top = Math.log(theta.reduce((sum, v) => sum + Math.exp(v), 0));
      const p = theta.map(v => Math.exp(v - top));
      const logMean = (l: number[]): number => {
        const most = Math.max(...l);
        return most + Math.log(l.reduce((sum, v) => sum + Math.exp(v - most), 0) / l.length);
      };
      const gradient = (table: number[], alpha: number): Promise<number[]> =>
        read(
          tf.tidy(() =>
            tf.grad(logits => {
              const z = tf.tensor1d([0, 1, 2]);
              const logP = (x: tf.Tensor): tf.Tensor => tf.gather(tf.tensor1d(table), tf.cast(x, 'int32'));
              return st.renyiRatio(logP, new st.Categorical({logits}), alpha, {z});
            })(tf.tensor1d(theta)),
          ),
        );
      for (const [table, alpha] of [
        [[-0.3, -1.4, 0.2], 0.4],
        [[0, -14, -13], 0.1],
        [[0, -70, -71], 0.5],
        [[-3, -2, 5], 2],
      ] as const) {
        const l = table.map((v, k) => (1 - alpha) * (v - Math.log(p[k]!)));
        const all = logMean(l);
        const weights = l.map(v => Math.exp(v - all) / 3);
        const gains = l.map((_, s) => all - logMean(l.filter((__, k) => k !== s)));
        const exact = theta.map((_, j) =>
          [0, 1, 2].reduce((sum, s) => {
            const score = (s === j ? 1 : 0) - p[j]!;
            return sum + (gains[s]! / (1 - alpha) - weights[s]!) * score;
          }, 0),
        );
        expectNear(await gradient([...table], alpha), exact, table.join());
      }
      expect(await gradient([-Infinity, -Infinity, -Infinity], 0.5)).toEqual([0, 0, 0]);
    });

    it('says in one sentence what is wrong', () => {
      const q = new st.Normal({loc: 0, scale: 1});
      expect(() => st.renyiRatio(3 as never, q, 0.5, {samples: 2})).toThrowError(
        'renyiRatio: logP must be a function of draws, got 3',
      );
      expect(() => st.renyiRatio(logP, q, NaN, {samples: 2})).toThrowError(
        'renyiRatio: alpha must be a finite number, got NaN',
      );
      expect(() => st.renyiRatio(logP, q, 0.5)).toThrowError(
        'renyiRatio: give exactly one of z and samples, got neither',
      );
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describe('renyiAlpha', () => {
  it('falls from the first value to the last along an exponential, and stays', () => {
    const options = {decayTime: 100, alphaMin: 0.25, alphaMax: 0.9};
    expect(st.renyiAlpha(0, options)).toBe(0.9);
    expect(st.renyiAlpha(50, options)).toBeCloseTo(0.9 - (0.65 * (Math.sqrt(Math.E) - 1)) / (Math.E - 1), 12);
    expect(st.renyiAlpha(100, options)).toBeCloseTo(0.25, 12);
    expect(st.renyiAlpha(1e9, options)).toBe(0.25);
    expect(st.renyiAlpha(0, {decayTime: 1, alphaMin: 0})).toBe(0.99999);
  });

  it('says in one sentence what is wrong', () => {
    expect(() => st.renyiAlpha(-1, {decayTime: 1, alphaMin: 0})).toThrowError(
      'renyiAlpha: step must be a finite number >= 0, got -1',
    );
    expect(() => st.renyiAlpha(1, {decayTime: 0, alphaMin: 0})).toThrowError(
      'renyiAlpha: decayTime must be a finite number > 0, got 0',
    );
    expect(() => st.renyiAlpha(1, {decayTime: 1, alphaMin: NaN})).toThrowError(
      'renyiAlpha: alphaMin must be a finite number, got NaN',
    );
  });
});
