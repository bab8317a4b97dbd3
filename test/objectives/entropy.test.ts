/** Entropies and expected ratios by samples, against closed forms. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {column} from '../estimators/problems.js';
import {zScore} from './zScore.js';

const LN2PIE = Math.log(2 * Math.PI) + 1;
const normal = (t: tf.Tensor): st.Normal => new st.Normal({loc: column(t), scale: column(t, 1)});
const klOfNormals = ([m, s]: number[]): number => -Math.log(s!) + 0.5 * (s! ** 2 + m! ** 2) - 0.5; // from N(0, 1)

describeBackends(
  'entropyShannon',
  () => {
    const size = (): number => sizeFor({cpu: 5000, wasm: MANY, webgl: 2000, webgpu: 2000});

    // mpmath: ln(2πe·s²)/2 + E ln(1 − tanh² x), and its derivative in s, for x ~ N(0, s²).
    for (const [scale, entropy, slope] of [
      [5, -3.693955256, -1.370382404],
      [20, -26.14720538, -1.544132068],
    ] as const) {
      it(`is that of a map that rounds its draws to a bound, at scale ${scale}`, async () => {
        const samples = 4 * size();
        const estimate = (s: tf.Tensor) =>
          st.entropyShannon(
            new st.TransformedDistribution({
              distribution: new st.Normal({loc: 0, scale: s}),
              bijector: new st.bijectors.Tanh(),
            }),
            {samples, key: st.random.key(4)},
          ) as tf.Scalar;
        const {value, grad} = tf.tidy(() => tf.valueAndGrad(estimate)(tf.scalar(scale)));
        // −ln p is ln s + 2|x| to a constant, so that its deviation is about 1.2 s and that of its derivative 1.2.
        expect(Math.abs((await read(value))[0]! - entropy)).toBeLessThan((4.5 * 1.2 * scale) / Math.sqrt(samples));
        expect(Math.abs((await read(grad))[0]! - slope)).toBeLessThan((4.5 * 1.2) / Math.sqrt(samples));
      });
    }

    it('is the closed form by default, of the batch shape', async () => {
      const p = new st.Normal({loc: [0, 1], scale: [1, 2]});
      for (const options of [{}, {form: 'analyticEntropy'}, {samples: 3}] as const) {
        expectNear(
          await read(withoutLeak('entropyShannon', () => st.entropyShannon(p, options))),
          [0.5 * LN2PIE, 0.5 * LN2PIE + Math.log(2)],
          'entropy',
        );
      }
    });

    it('is the mean of −ln p over draws in the form sample, and where there is no closed form', async () => {
      const n = size();
      for (const options of [
        {samples: n, key: st.random.key(1)},
        {z: new st.Normal({loc: 0, scale: 2}).sample(n, {key: st.random.key(2)})},
      ]) {
        const [h] = await read(
          withoutLeak('entropyShannon', () =>
            st.entropyShannon(new st.Normal({loc: 0, scale: 2}), {...options, form: 'sample'}),
          ),
        );
        // the variance of −ln p is ½
        expect(Math.abs(h! - 0.5 * LN2PIE - Math.log(2))).toBeLessThan((4.5 * Math.SQRT1_2) / Math.sqrt(n));
      }
      const far = new st.Mixture({
        cat: new st.Categorical({probs: [0.5, 0.5]}),
        components: [new st.Normal({loc: -50, scale: 1}), new st.Normal({loc: 50, scale: 1})],
      });
      const [h] = await read(st.entropyShannon(far, {samples: n, key: st.random.key(3)}));
      expect(Math.abs(h! - 0.5 * LN2PIE - Math.LN2)).toBeLessThan((4.5 * Math.SQRT1_2) / Math.sqrt(n));
    });

    it('has the exact gradient by samples, along draws and by the score', async () => {
      const n = size() / 2;
      expect(
        await zScore(
          [0.3, 0.8],
          t => st.entropyShannon(normal(t), {samples: 2, form: 'sample'}),
          ([, s]) => Math.log(s!),
          n,
        ),
      ).toBeLessThan(4.5);
      const entropy = ([l]: number[]): number => Math.log1p(Math.exp(l!)) - l! / (1 + Math.exp(-l!));
      const bits = (t: tf.Tensor): st.Bernoulli => new st.Bernoulli({logits: column(t)});
      expect(
        await zScore([0.7], t => st.entropyShannon(bits(t), {samples: 2, form: 'sample'}), entropy, n),
      ).toBeLessThan(4.5);
      expect(
        await zScore([0.7], t => st.entropyShannon(bits(t), {z: bits(t).sample(2), form: 'sample'}), entropy, n),
      ).toBeLessThan(4.5);
      // Without the score there would be no gradient at all.
      expect(
        await zScore([0.7], t => tf.neg(tf.mean(bits(t).logProb(bits(t).sample(2)), 0)), entropy, n),
      ).toBeGreaterThan(4.5);
    });

    it('says in one sentence what is wrong', () => {
      const p = new st.Normal({loc: [0, 1], scale: 1});
      const run =
        (options: st.EntropyOptions, of: st.Distribution = p) =>
        () =>
          st.entropyShannon(of, options);
      expect(run({}, 3 as never)).toThrowError(
        'entropyShannon: the distribution to draw from must be a Distribution, got 3',
      );
      expect(run({form: 'analyticEntropy', samples: 3})).toThrowError(
        'entropyShannon: form "analyticEntropy" takes no draws: leave z and samples out',
      );
      expect(run({form: 'analyticKl'})).toThrowError(
        'entropyShannon: form "analyticKl" needs a prior: use elbo or klDivergence',
      );
      expect(run({form: 'exact' as never})).toThrowError(/^entropyShannon: unknown form "exact"; /);
      expect(run({form: 'sample'})).toThrowError('entropyShannon: give exactly one of z and samples, got neither');
      expect(run({form: 'sample', samples: 2, z: tf.zeros([3, 2])})).toThrowError(
        'entropyShannon: give exactly one of z and samples, got both',
      );
      expect(run({samples: 0})).toThrowError('entropyShannon: samples must be an integer >= 1, got 0');
      expect(run({form: 'sample', z: tf.zeros([3])})).toThrowError(
        'entropyShannon: z must be a tensor of shape [samples, batch…, event…], here [samples,2], got a float32 tensor of shape [3]',
      );
      expect(run({n: 3} as never)).toThrowError(/^entropyShannon: unknown option "n"; /);
      const mixture = new st.Mixture({cat: new st.Categorical({probs: [1, 0]}), components: [p, p]});
      expect(run({form: 'analyticEntropy'}, mixture)).toThrowError(
        'entropyShannon: form "analyticEntropy" needs a closed form of the entropy, and there is none for Mixture(Normal, Normal)',
      );
    });
  },
  {inBrief: ['webgpu'], inNode: ['wasm']},
);

describeBackends(
  'elboRatio',
  () => {
    const prior = new st.Normal({loc: 0, scale: 1});
    const logP = (z: tf.Tensor): tf.Tensor => prior.logProb(z);

    it('is −KL of a distribution, and the ELBO of a joint density', async () => {
      const n = sizeFor({cpu: 5000, wasm: MANY, webgl: 2000, webgpu: 2000});
      const q = new st.Normal({loc: [0.4, -1], scale: [0.7, 1.5]});
      for (const form of ['default', 'sample', 'analyticEntropy'] as const) {
        const found = await read(
          withoutLeak('elboRatio', () => st.elboRatio(logP, q, {samples: n, key: st.random.key(4), form})),
        );
        [
          [0.4, 0.7],
          [-1, 1.5],
        ].forEach((p, i) =>
          expect(Math.abs(found[i]! + klOfNormals(p)))
            .withContext(form)
            .toBeLessThan((4.5 * 2.5) / Math.sqrt(n)),
        );
      }
      // At the exact posterior N(x/2, 1/√2) of z ~ N(0, 1), x ~ N(z, 1), every draw gives ln p(x).
      const posterior = new st.Normal({loc: 0.65, scale: Math.SQRT1_2});
      const joint = (z: tf.Tensor): tf.Tensor => tf.add(logP(z), new st.Normal({loc: z, scale: 1}).logProb(1.3));
      expect((await read(st.elboRatio(joint, posterior, {samples: 3, form: 'sample'})))[0]).toBeCloseTo(
        -0.5 * Math.log(4 * Math.PI) - 1.3 ** 2 / 4,
        5,
      );
    });

    it('has the exact gradient, along draws and by the score', async () => {
      const n = sizeFor({cpu: 3000, wasm: 50_000, webgl: 1000, webgpu: 1000});
      for (const form of ['default', 'sample'] as const) {
        expect(
          await zScore(
            [0.4, 0.7],
            t => st.elboRatio(logP, normal(t), {samples: 2, form}),
            p => -klOfNormals(p),
            n,
          ),
        )
          .withContext(form)
          .toBeLessThan(4.5);
        const kl = ([l]: number[]): number => {
          // Bernoulli(σ(l)) from Bernoulli(½)
          const p = 1 / (1 + Math.exp(-l!));
          return p * Math.log(2 * p) + (1 - p) * Math.log(2 - 2 * p);
        };
        const half = new st.Bernoulli({probs: 0.5});
        expect(
          await zScore(
            [0.7],
            t => st.elboRatio(z => half.logProb(z), new st.Bernoulli({logits: column(t)}), {samples: 2, form}),
            p => -kl(p),
            n,
          ),
        )
          .withContext(form)
          .toBeLessThan(4.5);
      }
    });

    it('says in one sentence what is wrong', () => {
      const q = new st.Normal({loc: [0, 1], scale: 1});
      expect(() => st.elboRatio(prior as never, q, {samples: 2})).toThrowError(
        'elboRatio: logP must be a function of draws, got a Normal',
      );
      expect(() => st.elboRatio(logP, q)).toThrowError('elboRatio: give exactly one of z and samples, got neither');
      expect(() => st.elboRatio(() => tf.zeros([3, 2]), q, {samples: 2})).toThrowError(
        'elboRatio: logP must return a float32 tensor of shape [samples, batch…], here [2,2], got a float32 tensor of shape [3,2]',
      );
      expect(() => st.elboRatio(() => 0 as never, q, {samples: 2})).toThrowError(
        'elboRatio: logP must return a float32 tensor of shape [samples, batch…], here [2,2], got 0',
      );
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
