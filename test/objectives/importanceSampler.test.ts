/** Importance sampling against closed forms, for values of any size and of both signs. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {exactGradient, gradientMoments, MANY, worstZ} from '../helpers/estimates.js';
import {read, withoutLeak} from '../helpers/near.js';
import {column, type Values} from '../estimators/problems.js';

const {expectationImportanceSampler: sampler, expectationImportanceSamplerLogSpace: inLogSpace} = st.monteCarlo;

describeBackends(
  'expectationImportanceSampler',
  () => {
    const p = new st.Normal({loc: 0.5, scale: 0.8});
    const q = new st.Normal({loc: 0, scale: 1.2});
    const logP = (z: tf.Tensor): tf.Tensor => p.logProb(z);
    /** The mean of f under p and what is known of the sampler of 4 draws: n estimates. */
    async function zOf(f: (z: tf.Tensor) => tf.Tensor, exact: number, logDensity = logP): Promise<number> {
      const n = sizeFor({cpu: 5000, wasm: MANY, webgl: 2000, webgpu: 2000});
      const values = await read(
        withoutLeak('expectationImportanceSampler', () =>
          tf.tidy(() =>
            sampler(f, logDensity, new st.Normal({loc: tf.zeros([n]), scale: 1.2}), {
              samples: 4,
              key: st.random.key(1),
            }),
          ),
        ),
      );
      const mean = values.reduce((a, b) => a + b, 0) / n;
      const error = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / n;
      return Math.abs(mean - exact) / Math.max(error, 1e-6 * Math.abs(exact));
    }

    it('has the mean under p as its mean, for functions of one sign, of both, and of tiny or huge values', async () => {
      expect(await zOf(z => tf.square(z), 0.25 + 0.64)).toBeLessThan(4.5);
      expect(await zOf(z => z, 0.5)).toBeLessThan(4.5);
      expect(await zOf(z => tf.sub(z, 0.5), 0)).toBeLessThan(4.5);
      expect(await zOf(z => tf.neg(tf.square(z)), -0.89)).toBeLessThan(4.5);
      expect(await zOf(z => tf.mul(z, 1e-20), 0.5e-20)).toBeLessThan(4.5);
      expect(await zOf(z => tf.mul(z, 1e30), 0.5e30)).toBeLessThan(4.5);
      expect(await zOf(z => tf.square(z), 0.9 * 0.89))
        .withContext('a tenth less')
        .toBeGreaterThan(4.5);
    });

    it('integrates against densities that are not normalised, of any size that the result can hold', async () => {
      expect(
        await zOf(
          z => z,
          0.5e10,
          z => tf.add(logP(z), Math.log(1e10)),
        ),
      ).toBeLessThan(4.5);
      // The product is of ordinary size though a factor overflows or vanishes.
      for (const shift of [150, -150]) {
        const f = (z: tf.Tensor): tf.Tensor => tf.mul(tf.exp(tf.sub(z, shift / 2)), 1);
        const [value] = await read(
          sampler(f, z => tf.add(logP(z), shift / 2), q, {samples: 100, key: st.random.key(2)}),
        );
        const [plain] = await read(sampler(z => tf.exp(z), logP, q, {samples: 100, key: st.random.key(2)}));
        expect(Math.abs(value! / plain! - 1)).toBeLessThan(1e-4);
      }
    });

    it('holds for f of any size and sign, 0 among them, at draws of any weight, in log-space too', async () => {
      const cases: Array<[f: number[], logWeights: number[]]> = [
        [
          [0, 1, 2],
          [200, 0, 0],
        ],
        [
          [0, -1, 2],
          [200, 0, -1],
        ],
        [
          [0, 1, 2],
          [60, 0, 0],
        ],
        [
          [-0, 1, -1],
          [300, 200, 200],
        ],
        [
          [1e-37, 1, 1],
          [100, 0, 0],
        ],
        [
          [1e38, -1e38, 3],
          [-80, -80, 0],
        ],
        [
          [0, 0, 0],
          [300, 300, 300],
        ],
        [
          [0, -1e30, 0],
          [150, -60, -300],
        ],
        [
          [0, 1e-30, 5],
          [0, 130, -300],
        ],
        [
          [0, 3, 1],
          [-300, -70, -Infinity],
        ],
      ];
      for (const [f, logs] of cases) {
        const [z, at, ratio] = [tf.tensor1d([0.1, 0.2, 0.3]), tf.tensor1d(f), tf.tensor1d(logs)];
        const from =
          (shift: tf.Tensor) =>
          (x: tf.Tensor): tf.Tensor =>
            tf.add(q.logProb(x), shift);
        const where = `f ${f.join(' ')}, ln w ${logs.join(' ')}`;
        const exact = f.reduce((sum, v, i) => sum + (v === 0 ? 0 : v * Math.exp(logs[i]!)), 0) / 3;
        const [found] = await read(sampler(() => at, from(ratio), q, {z}));
        expect(Math.abs(found! - exact))
          .withContext(where)
          .toBeLessThanOrEqual(2e-4 * Math.abs(exact) + 1e-37);
        const slopes = await read(tf.tidy(() => tf.grad(g => sampler(() => g, from(ratio), q, {z}))(at)));
        slopes.forEach((slope, i) =>
          expect(
            Math.abs(slope / Math.min(Math.exp(logs[i]!) / 3, Math.exp(88)) - 1) < 1e-3 ||
              Math.exp(logs[i]!) < 1e-37 ||
              slope > 1e38,
          )
            .withContext(`${where}: ${slopes.join(' ')}`)
            .toBeTrue(),
        );
        const scores = await read(tf.tidy(() => tf.grad(shift => sampler(() => at, from(shift), q, {z}))(ratio)));
        scores.forEach((score, i) => {
          const share = f[i] === 0 ? 0 : (f[i]! * Math.exp(logs[i]!)) / 3;
          if (Math.abs(share) < 3e38)
            expect(Math.abs(score - share))
              .withContext(`${where}: ${scores.join(' ')}`)
              .toBeLessThanOrEqual(2e-4 * Math.abs(share) + 1e-37);
        });
        const sizes = tf.tensor1d(f.map(v => Math.log(Math.abs(v))));
        const [inLogs] = await read(inLogSpace(() => sizes, from(ratio), q, {z}));
        const shares = f.map((v, i) => (v === 0 ? -Infinity : Math.log(Math.abs(v)) + logs[i]!));
        const top = Math.max(...shares);
        const logExact =
          top === -Infinity ? -Infinity : top + Math.log(shares.reduce((sum, l) => sum + Math.exp(l - top), 0) / 3);
        expect(
          logExact === -Infinity
            ? inLogs === -Infinity
            : Math.abs(inLogs! - logExact) < 1e-4 * Math.max(1, Math.abs(logExact)),
        )
          .withContext(`${where}: ${inLogs} for ${logExact}`)
          .toBeTrue();
        tf.dispose([z, at, ratio, sizes]);
      }
    });

    it('is the mean of f·p/q over given draws, and its gradient holds where f is 0', async () => {
      const z = tf.tensor1d([0.3, -1.2, 2]);
      const f = tf.tensor1d([1, -2, 0]);
      const [found] = await read(withoutLeak('expectationImportanceSampler', () => sampler(() => f, logP, q, {z})));
      const [logsP, logsQ] = [await read(p.logProb(z)), await read(q.logProb(z))];
      const w = logsP.map((a, i) => Math.exp(a - logsQ[i]!));
      expect(found).toBeCloseTo((w[0]! - 2 * w[1]!) / 3, 5);
      const slope = await read(tf.tidy(() => tf.grad(g => sampler(() => g, logP, q, {z}))(f)));
      w.forEach((v, i) => expect(slope[i]).toBeCloseTo(v / 3, 5));
      const nothing = await read(tf.tidy(() => tf.grad(g => sampler(() => g, logP, q, {z}))(tf.zeros([3]))));
      w.forEach((v, i) => expect(nothing[i]).toBeCloseTo(v / 3, 5));
      const impossible = await read(
        sampler(
          () => f,
          x => tf.mul(x, -Infinity),
          q,
          {z: tf.tensor1d([1, 2, 3])},
        ),
      );
      expect(impossible[0]).toBe(0);
      tf.dispose([z, f]);
    });

    it('has the exact gradient by the parameters of p, along draws from a reparameterised q and for constant ones', async () => {
      const n = sizeFor({cpu: 3000, wasm: 50_000, webgl: 1000, webgpu: 1000});
      st.random.setSeed(3);
      const continuous = await gradientMoments({theta: [0.5, 0.8, 0.1]}, n, ({theta}) =>
        sampler(
          z => tf.square(z),
          z => new st.Normal({loc: column(theta!), scale: column(theta!, 1)}).logProb(z),
          new st.Normal({loc: column(theta!, 2), scale: 1.5}),
          {samples: 2},
        ),
      );
      expect(
        worstZ(
          continuous,
          exactGradient({theta: [0.5, 0.8, 0.1]}, ({theta}: Values) => theta![0]! ** 2 + theta![1]! ** 2),
        ),
      ).toBeLessThan(4.5);
      const discrete = await gradientMoments({theta: [0.4], phi: [-0.2]}, n, ({theta, phi}) =>
        sampler(
          z => tf.add(tf.cast(z, 'float32'), 2),
          z => new st.Bernoulli({logits: column(theta!)}).logProb(z),
          new st.Bernoulli({logits: column(phi!)}),
          {samples: 2},
        ),
      );
      const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
      expect(
        worstZ(
          {theta: discrete['theta']!},
          exactGradient({theta: [0.4]}, ({theta}: Values) => 2 + sigmoid(theta![0]!)),
        ),
      ).toBeLessThan(4.5);
      expect(discrete['phi']!.mean[0]).toBe(0); // of no bearing on the mean, and not on the estimate's gradient
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

describeBackends(
  'expectationImportanceSamplerLogSpace',
  () => {
    const p = new st.Normal({loc: 0.5, scale: 0.8});
    const q = new st.Normal({loc: 0.4, scale: 1});
    const logP = (z: tf.Tensor): tf.Tensor => p.logProb(z);

    it('is the logarithm of the mean under p as draws are added, though f be e^1000 or e^−1000', async () => {
      const n = sizeFor({cpu: 20_000, wasm: 200_000, webgl: 5000, webgpu: 5000});
      for (const shift of [0, 1000, -1000]) {
        // ln E e^{z + shift} = 0.5 + 0.32 + shift
        const [found] = await read(
          withoutLeak('log-space', () =>
            inLogSpace(z => tf.add(z, shift), logP, q, {samples: n, key: st.random.key(4)}),
          ),
        );
        expect(Math.abs(found! - 0.82 - shift))
          .withContext(`shift ${shift}`)
          .toBeLessThan((4.5 * 1.5) / Math.sqrt(n) + 2e-4);
        const slope = await read(
          tf.tidy(() => tf.grad(b => inLogSpace(z => tf.add(z, b), logP, q, {samples: 10}))(tf.scalar(shift))),
        );
        expect(slope[0]).toBeCloseTo(1, 5);
      }
    });

    it('is the logarithm of the plain sampler for the same draws, of the batch shape', async () => {
      const wide = new st.Normal({
        loc: [
          [0, 1],
          [2, 3],
        ],
        scale: 3,
      });
      const options = {samples: 7, key: st.random.key(5)};
      const logs = inLogSpace(z => tf.neg(tf.square(z)), logP, wide, options);
      const plain = sampler(z => tf.exp(tf.neg(tf.square(z))), logP, wide, options);
      expect(logs.shape).toEqual([2, 2]);
      expect(plain.shape).toEqual([2, 2]);
      const [a, b] = [await read(logs), await read(plain)];
      a.forEach((v, i) => expect(Math.abs(Math.exp(v) / b[i]! - 1)).toBeLessThan(1e-4));
    });

    it('is −∞ where f is 0 at every draw, with the derivative 0', async () => {
      const none = (z: tf.Tensor): tf.Tensor => tf.fill(z.shape, -Infinity);
      expect(await read(inLogSpace(none, logP, q, {samples: 3}))).toEqual([-Infinity]);
      expect(
        await read(
          tf.tidy(() => tf.grad(b => inLogSpace(z => tf.add(none(z), b), logP, q, {samples: 3}))(tf.scalar(1))),
        ),
      ).toEqual([0]);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'importance samplers, what they are given',
  () => {
    it('say in one sentence what is wrong', () => {
      const q = new st.Normal({loc: [0, 1], scale: 1});
      const f = (z: tf.Tensor): tf.Tensor => z;
      for (const [who, what, sample] of [
        ['expectationImportanceSampler', 'f', sampler],
        ['expectationImportanceSamplerLogSpace', 'logF', inLogSpace],
      ] as const) {
        expect(() => sample(1 as never, f, q, {samples: 2})).toThrowError(
          `${who}: ${what} must be a function of draws, got 1`,
        );
        expect(() => sample(f, q as never, q, {samples: 2})).toThrowError(
          `${who}: logP must be a function of draws, got a Normal`,
        );
        expect(() => sample(f, f, null as never, {samples: 2})).toThrowError(
          `${who}: the distribution to draw from must be a Distribution, got null`,
        );
        expect(() => sample(f, f, q)).toThrowError(`${who}: give exactly one of z and samples, got neither`);
        expect(() => sample(f, f, q, {samples: 2, z: tf.zeros([2, 2])})).toThrowError(
          `${who}: give exactly one of z and samples, got both`,
        );
        expect(() => sample(f, f, q, {samples: 2.5})).toThrowError(`${who}: samples must be an integer >= 1, got 2.5`);
        expect(() => sample(f, f, q, {z: [1, 2] as never})).toThrowError(
          `${who}: z must be a tensor of shape [samples, batch…, event…], here [samples,2], got [1, 2]`,
        );
        expect(() =>
          sample(
            z => tf.sum(z, 0, true),
            () => tf.zeros([5]),
            q,
            {samples: 2},
          ),
        ).toThrowError(
          `${who}: logP must return a float32 tensor of shape [samples, batch…], here [2,2], got a float32 tensor of shape [5]`,
        );
        expect(() => sample(f, f, q, {samples: 2, key: 3 as never})).toThrowError(new RegExp(`^${who}: `));
        expect(() => sample(f, f, q, {n: 2} as never)).toThrowError(new RegExp(`^${who}: unknown option "n"`));
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
