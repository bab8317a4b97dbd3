import * as tf from '@tensorflow/tfjs-core';
import {
  Bernoulli,
  Categorical,
  independent,
  Normal,
  OneHotCategorical,
  type Distribution,
} from '../../src/distributions/index.js';
import {conditionalOn} from '../../src/distributions/categoricalFamily.js';
import {ensureKernels} from '../../src/kernels/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {expectDerivative, expectNear, withoutLeak} from '../helpers/distributionSuite.js';
import {chiSquarePValue, countsOf, ksPValue} from '../helpers/statistics.js';

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
const families = {Categorical, OneHotCategorical};

describeBackends(
  'relaxations',
  () => {
    const key = random.key(11);
    beforeAll(() => ensureKernels());
    const many = sizeFor({cpu: 20_000, wasm: 20_000, webgl: 5_000, webgpu: 5_000});

    it('exist for discrete families', () => {
      expect(new Normal({loc: 0, scale: 1}).relaxation).toBeNull();
      for (const d of [
        new Bernoulli({probs: 0.5}),
        new Categorical({logits: [0, 1]}),
        new OneHotCategorical({logits: [0, 1]}),
      ]) {
        expect(d.relaxation).not.toBeNull();
      }
    });

    it('have the logits or the log-probabilities as location, a tensor of the caller’s', async () => {
      const logits = tf.tensor1d([0.5, -1, 30]);
      const normalised = [0.5, -1, 30].map(a => a - 30 - Math.log1p(Math.exp(-29.5) + Math.exp(-31)));
      const wanted: Array<[Distribution, number[]]> = [
        [new Bernoulli({logits}), [0.5, -1, 30]],
        [new Bernoulli({probs: [0.2, 0.5]}), [Math.log(0.25), 0]],
        [new OneHotCategorical({logits}), normalised],
        [new Categorical({probs: [0.2, 0.8]}), [Math.log(0.2), Math.log(0.8)]],
        [independent(new OneHotCategorical({logits: tf.stack([logits, logits])})), [...normalised, ...normalised]],
      ];
      for (const [q, numbers] of wanted) {
        const location = withoutLeak('location', () => q.relaxation!.location());
        expectNear(await location.data(), numbers, q.familyName, false, 1e-5);
        expect(location).not.toBe(logits);
        location.dispose();
      }
      expect(Number.isFinite((await new Bernoulli({probs: 0}).relaxation.location().data())[0]!)).toBeTrue();
      logits.dispose();
    });

    it('Bernoulli: H(z) has the distribution of b, and z̃ given such b that of z', async () => {
      for (const alpha of [0, -1.5, 4]) {
        const relaxation = new Bernoulli({logits: alpha}).relaxation;
        const [k1, k2] = random.split(key);
        const z = withoutLeak('sample', () => relaxation.sample([many], {key: k1!}));
        const b = withoutLeak('harden', () => relaxation.harden(z));
        expect(b.dtype).toBe('float32');
        expect(chiSquarePValue(countsOf(await b.data(), 2), [sigmoid(-alpha), sigmoid(alpha)])).toBeGreaterThan(0.001);
        expect(ksPValue(await z.data(), v => sigmoid(v - alpha))).toBeGreaterThan(0.001);
        const conditional = withoutLeak('conditional', () => relaxation.conditional(b, {key: k2!}));
        expect(ksPValue(await conditional.data(), v => sigmoid(v - alpha))).toBeGreaterThan(0.001);
      }
    });

    it('Bernoulli: z̃ given b is the formula of Grathwohl et al. on v', async () => {
      const alpha = 0.7;
      const relaxation = new Bernoulli({logits: alpha}).relaxation;
      const theta = sigmoid(alpha);
      for (const b of [0, 1]) {
        const z = await relaxation.conditional(tf.fill([many], b), {key}).data();
        // z̃ − α = logit(v′) with v′ uniform on [1 − θ, 1] for b = 1, on [0, 1 − θ] for b = 0
        const cdf = (v: number) =>
          b === 1 ? (sigmoid(v - alpha) - (1 - theta)) / theta : sigmoid(v - alpha) / (1 - theta);
        expect(ksPValue(z, v => Math.min(1, Math.max(0, cdf(v))))).toBeGreaterThan(0.001);
      }
    });

    for (const [name, Family] of Object.entries(families)) {
      it(`${name}: H(z) has the distribution of b, and z̃ given such b that of z`, async () => {
        const logits = [0.5, -1, 2];
        const total = logits.reduce((s, a) => s + Math.exp(a), 0);
        const probs = logits.map(a => Math.exp(a) / total);
        for (const config of [{logits}, {probs}]) {
          const {relaxation} = new Family(config);
          const [k1, k2] = random.split(key);
          const z = withoutLeak('sample', () => relaxation.sample([many], {key: k1!}));
          expect(z.shape).toEqual([many, 3]);
          const b = withoutLeak('harden', () => relaxation.harden(z));
          const index = name === 'Categorical' ? b : tf.argMax(b, -1);
          expect(b.dtype).toBe(name === 'Categorical' ? 'int32' : 'float32');
          expect(chiSquarePValue(countsOf(await index.data(), 3), probs)).toBeGreaterThan(0.001);
          const conditional = withoutLeak('conditional', () => relaxation.conditional(b, {key: k2!}));
          expect(conditional.shape).toEqual([many, 3]);
          for (const t of [z, conditional]) {
            for (const [i, column] of tf.unstack(t, 1).entries()) {
              expect(ksPValue(await column.data(), v => Math.exp(-probs[i]! * Math.exp(-v))))
                .withContext(`class ${i}`)
                .toBeGreaterThan(0.001);
            }
          }
        }
      });
    }

    it('H(z̃) is b, always, and derivatives are finite, for logits to ±80', async () => {
      const rows = 200;
      for (const size of [0, 3, 30, 80]) {
        for (const b of [0, 1]) {
          const logits = tf.tensor1d([-size, size]);
          const d = new Bernoulli({logits});
          const value = tf.fill([rows, 2], b);
          expect((await d.relaxation.harden(d.relaxation.conditional(value, {key})).data()).every(v => v === b)).toBe(
            true,
          );
          await expectFinite(logits, t => new Bernoulli({logits: t}), value);
        }
        for (const b of [0, 1, 2]) {
          const logits = tf.tensor1d([size, -size, 0]);
          const d = new Categorical({logits});
          const value = tf.fill([rows], b, 'int32');
          expect((await d.relaxation.harden(d.relaxation.conditional(value, {key})).data()).every(v => v === b))
            .withContext(`class ${b}, ${size}`)
            .toBe(true);
          await expectFinite(logits, t => new Categorical({logits: t}), value);
        }
      }
      const [p, q] = [tf.tensor1d([0, 1]), tf.tensor1d([0, 1])];
      await expectFinite(
        p,
        t => new Bernoulli({probs: t}),
        tf.tensor2d([
          [0, 1],
          [1, 0],
        ]),
      );
      await expectFinite(q, t => new Categorical({probs: t}), tf.tensor1d([0, 1], 'int32'));
    });

    it('keeps the class b the greatest though its lead be lost in rounding', async () => {
      for (const g of [-3.13, 0, 5, 22.8]) {
        const oneHot = tf.tensor2d([[0, 1, 0]]);
        const z = conditionalOn(oneHot, tf.tensor2d([[-1e-7, -16, -60]]), tf.tensor2d([[g + 60, g, g + 60]]));
        expect(Array.from(await tf.argMax(z, -1).data())).toEqual([1]);
      }
    });

    it('has the right first and second derivatives', async () => {
      const logits = tf.tensor1d([0, 1, -2, 3]);
      const classes = tf.tensor2d([
        [0, 0.5, 1],
        [-2, 1, 0],
        [3, 1, 2],
      ]);
      const weights = tf.tensor1d([1, -2, 0.5]);
      const cases: Array<[string, tf.Tensor, (t: tf.Tensor) => Distribution, tf.Tensor]> = [
        ['Bernoulli, b = 1', logits, t => new Bernoulli({logits: t}), tf.ones([4])],
        ['Bernoulli, b = 0', logits, t => new Bernoulli({logits: t}), tf.zeros([4])],
        ['Bernoulli by probs', tf.tensor1d([0.5, 0.4, 0.6]), t => new Bernoulli({probs: t}), tf.tensor1d([0, 1, 1])],
        ['Categorical', classes, t => new Categorical({logits: t}), tf.tensor1d([0, 1, 2], 'int32')],
        [
          'OneHotCategorical',
          classes,
          t => new OneHotCategorical({logits: t}),
          tf.tensor2d([
            [0, 1, 0],
            [1, 0, 0],
            [0, 0, 1],
          ]),
        ],
      ];
      for (const [what, parameter, create, b] of cases) {
        // one number a row, not linear in z, so that the second derivative has every part
        const perRow = (z: tf.Tensor) => (z.rank === 1 ? tf.square(z) : tf.sum(tf.mul(tf.square(z), weights), -1));
        const functions: Record<string, (t: tf.Tensor) => tf.Tensor> = {
          z: t => perRow(create(t).relaxation!.sample([], {key})),
          z̃: t => perRow(create(t).relaxation!.conditional(b, {key})),
          'σ(z̃/λ)': t => perRow(create(t).relaxation!.soften(create(t).relaxation!.conditional(b, {key}), 0.7)),
        };
        for (const [name, f] of Object.entries(functions)) {
          await expectDerivative(f, parameter, `${name} of ${what}`);
          const slope = (t: tf.Tensor) => {
            const g = tf.grad(u => tf.sum(f(u)))(t);
            return g.rank === 1 ? g : tf.sum(tf.mul(g, weights), -1);
          };
          await expectDerivative(slope, parameter, `slope of ${name} of ${what}`);
        }
      }
    });

    it('softens towards the hard value', async () => {
      const bernoulli = new Bernoulli({logits: 0}).relaxation;
      const z = tf.tensor1d([-1, 2]);
      expectNear(await withoutLeak('soften', () => bernoulli.soften(z, 0.5)).data(), [sigmoid(-2), sigmoid(4)], 'σ');
      const {relaxation} = new Categorical({logits: [0, 0]});
      const soft = relaxation.soften(tf.tensor1d([1, 2]), tf.scalar(0.1));
      expectNear(await soft.data(), [sigmoid(-10), sigmoid(10)], 'softmax');
    });

    it('gives the dtype of the family, and says what is wrong', () => {
      const d = new Bernoulli({logits: [0, 1], dtype: 'int32'});
      const z = d.relaxation.sample([3]);
      expect(z.shape).toEqual([3, 2]);
      const b = d.relaxation.harden(z);
      expect(b.dtype).toBe('int32');
      expect(d.relaxation.conditional(b).shape).toEqual([3, 2]);
      expect(() => d.relaxation.sample([-1])).toThrowError(
        /^Bernoulli.relaxation.sample: a shape must be a list of integers >= 0/,
      );
      expect(() => d.relaxation.sample([], {key: 3 as unknown as random.Key})).toThrowError(
        /key must come from random.key, got 3/,
      );
      expect(() => d.relaxation.conditional(b, {key: 3 as unknown as random.Key})).toThrowError(
        /key must come from random.key, got 3/,
      );
    });
  },
  {inBrief: ['webgpu']},
);

/** First and second derivatives of z and z̃ with respect to the parameter are finite. */
async function expectFinite(parameter: tf.Tensor, create: (t: tf.Tensor) => Distribution, b: tf.Tensor): Promise<void> {
  const key = random.key(4);
  for (const draw of [
    (t: tf.Tensor) => create(t).relaxation!.sample([b.shape[0]], {key}),
    (t: tf.Tensor) => create(t).relaxation!.conditional(b, {key}),
  ]) {
    const first = (t: tf.Tensor) => tf.grad(u => tf.sum(tf.sigmoid(draw(u))))(t);
    const second = tf.grad(t => tf.sum(tf.square(first(t))));
    for (const f of [(t: tf.Tensor) => draw(t), first, second]) {
      const values = await tf.tidy(() => f(parameter)).data();
      expect(values.every(Number.isFinite))
        .withContext(`${create(parameter).name} of ${Object.keys(create(parameter).parameters).join()}`)
        .toBe(true);
    }
  }
}
