import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../src/distributions/index.js';
import {crossEntropy, klDivergence, registerKl, type Distribution} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {expectDerivative, expectNear, withoutLeak} from '../helpers/distributionSuite.js';
import {read} from '../helpers/near.js';
import {divergences} from './reference/basic.js';

// each reference names a family
const families = dist as unknown as Record<string, new (config: object) => Distribution>;

describeBackends(
  'klDivergence',
  () => {
    for (const {family, q, p, kl} of divergences) {
      it(`is exact for ${family} ${JSON.stringify(q)} from ${JSON.stringify(p)}`, async () => {
        const [dq, dp] = [new families[family]!(q), new families[family]!(p)];
        const value = withoutLeak('klDivergence', () => klDivergence(dq, dp));
        expectNear(await value.data(), [kl], 'KL', false, 1e-12);
      });
    }

    it('broadcasts, and has the right derivatives', async () => {
      const [loc, scale] = [tf.tensor1d([0, 1, -1]), tf.tensor1d([1, 2, 0.5])];
      for (const Family of [dist.Normal, dist.Laplace, dist.Gumbel]) {
        const p = new Family({loc: 0.3, scale: 1.5});
        const q = new Family({loc, scale: tf.reshape(scale, [3, 1])});
        const value = withoutLeak('klDivergence', () => klDivergence(q, p));
        expect(value.shape).toEqual([3, 3]);
        expect((await value.data()).every(v => v >= 0)).toBe(true);
        await expectDerivative(t => klDivergence(new Family({loc: t, scale}), p), loc, `KL by q's loc`);
        await expectDerivative(t => klDivergence(new Family({loc, scale: t}), p), scale, `KL by q's scale`);
        await expectDerivative(t => klDivergence(p, new Family({loc, scale: t})), scale, `KL by p's scale`);
      }
      const logits = tf.tensor2d([
        [0, 1, 2],
        [3, -1, 0],
      ]);
      const p = new dist.Categorical({logits: [0.5, 0, 0]});
      await expectDerivative(t => klDivergence(new dist.Categorical({logits: t}), p), logits, `KL by q's logits`);
      await expectDerivative(t => klDivergence(p, new dist.Categorical({logits: t})), logits, `KL by p's logits`);
      await expectDerivative(
        t => klDivergence(new dist.Bernoulli({logits: t}), new dist.Bernoulli({probs: 0.3})),
        tf.tensor1d([0, 1, -3]),
        `KL by q's logits`,
      );
    });

    it('is 0 for equal distributions, of their batch shape though it depend on less', async () => {
      const d = new dist.Normal({loc: [1, 2], scale: 3});
      expect(Array.from(await klDivergence(d, d).data())).toEqual([0, 0]);
      const u = new dist.Uniform({low: [[0], [1]], high: 5});
      expect(klDivergence(u, new dist.Uniform({low: 0, high: [5, 6, 7]})).shape).toEqual([2, 3]);
    });

    it('adds up over the elements of independent distributions', async () => {
      const q = dist.independent(
        new dist.Normal({
          loc: [
            [0, 1],
            [2, 3],
          ],
          scale: 1,
        }),
      );
      const p = dist.independent(new dist.Normal({loc: [0, 0], scale: 1}));
      expectNear(await withoutLeak('klDivergence', () => klDivergence(q, p)).data(), [0.5, 6.5], 'KL');
      expect(() =>
        klDivergence(
          q,
          dist.independent(
            new dist.Normal({
              loc: [
                [0, 1],
                [2, 3],
              ],
              scale: 1,
            }),
            2,
          ),
        ),
      ).toThrowError('klDivergence: event shapes must be equal, got [2] and [2,2]');
      expect(() => klDivergence(q, new dist.Normal({loc: [0, 0], scale: 1}))).toThrowError(
        'klDivergence: event shapes must be equal, got [2] and []; independent(d, n) makes event axes of the n last batch axes',
      );
    });

    const normals = (loc: number[][], scale: number) => new dist.Normal({loc, scale});
    const [at, half] = [
      normals(
        [
          [0, 1],
          [2, 3],
        ],
        1,
      ),
      0.5 * (1 + 4 + 9),
    ];

    it('lets a prior of single numbers stand for independent ones', async () => {
      const one = new dist.Normal({loc: 0, scale: 1});
      const nested = dist.independent(dist.independent(at));
      const vector = new dist.MultivariateNormalDiag({
        loc: [
          [0, 1],
          [2, 3],
        ],
        scaleDiag: [1, 1],
      });
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(dist.independent(at), one))),
        [0.5, 6.5],
        'rows',
      );
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(dist.independent(at, 2), one))),
        [half],
        'all',
      );
      expectNear(await read(withoutLeak('klDivergence', () => klDivergence(nested, one))), [half], 'nested');
      expectNear(await read(withoutLeak('klDivergence', () => klDivergence(vector, one))), [0.5, 6.5], 'vectors');
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(dist.independent(vector), one))),
        [half],
        'independent vectors',
      );
      // entropies of 1 + ln √(2π) − ½ each
      expectNear(
        await read(crossEntropy(dist.independent(at), one)),
        [0.5, 6.5].map(v => v + 1 + Math.log(2 * Math.PI)),
        'cross entropy',
      );
      const samples = sizeFor({cpu: 20_000, wasm: 20_000, webgl: 5_000, webgpu: 2_000});
      const logistic = new dist.Logistic({loc: 0, scale: 1});
      const options = {samples, key: random.key(8)};
      expect(() => klDivergence(dist.independent(at), logistic)).toThrowError(
        /^klDivergence: no closed form for \(Independent\(Normal\), Logistic\), give \{samples\}/,
      );
      const sum = await read(klDivergence(dist.independent(at, 2), logistic, options));
      const each = await read(klDivergence(at, logistic, options));
      expectNear(sum, [each.reduce((a, b) => a + b, 0)], 'estimate', false, 1e-4);
    });

    it('takes independent distributions for equal however they were wrapped, and for multivariate normal ones', async () => {
      const p = normals(
        [
          [0, 0],
          [0, 0],
        ],
        1,
      );
      const [twice, once] = [dist.independent(dist.independent(at, 1), 1), dist.independent(p, 2)];
      for (const [q, r] of [
        [twice, once],
        [dist.independent(at, 2), dist.independent(dist.independent(p, 1), 1)],
        [dist.independent(at, 2), dist.independent(once, 0)],
      ]) {
        expectNear(await read(withoutLeak('klDivergence', () => klDivergence(q!, r!))), [half], 'ranks');
      }
      const vectors = (loc: number[][]) =>
        new dist.MultivariateNormalTriL({
          loc,
          scaleTril: [
            [1, 0],
            [0, 1],
          ],
        });
      const [rows, zeros] = [
        [
          [0, 1],
          [2, 3],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ];
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(vectors(rows), dist.independent(p)))),
        [0.5, 6.5],
        'vectors',
      );
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(dist.independent(at), vectors(zeros)))),
        [0.5, 6.5],
        'to vectors',
      );
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(dist.independent(vectors(rows)), once))),
        [half],
        'independent vectors',
      );
      await expectDerivative(
        t => klDivergence(dist.independent(new dist.Normal({loc: t, scale: 1})), vectors(zeros)),
        tf.tensor2d(rows),
        'KL to vectors',
      );
    });

    it('estimates on request where only the wrappers have a rule', async () => {
      const samples = sizeFor({cpu: 2_000, wasm: 2_000, webgl: 500, webgpu: 500});
      const options = {samples, key: random.key(9)};
      const exp = new dist.bijectors.Exp();
      const [normal, laplace] = [
        new dist.Normal({loc: [0.3, -0.2], scale: 0.5}),
        new dist.Laplace({loc: [0, 0], scale: 1}),
      ];
      const mixture = new dist.MixtureSameFamily({
        mixtureDistribution: new dist.Categorical({probs: [0.5, 0.5]}),
        componentsDistribution: new dist.Normal({
          loc: [
            [0, 1],
            [2, 3],
          ],
          scale: 1,
        }),
      });
      const image = (d: Distribution, bijector: dist.bijectors.Bijector = exp) =>
        new dist.TransformedDistribution({distribution: d, bijector});
      const plain = await read(klDivergence(normal, laplace, options));
      const total = plain[0]! + plain[1]!;
      const cases: Array<[q: Distribution, p: Distribution, expected: number[]]> = [
        [dist.independent(normal), dist.independent(laplace), [total]],
        [image(normal), image(laplace), plain],
        [dist.independent(image(normal)), dist.independent(image(laplace)), [total]],
        [
          dist.independent(new dist.Binomial({totalCount: [3], probs: 0.4})),
          dist.independent(new dist.Binomial({totalCount: [4], probs: 0.4})),
          [],
        ],
        [dist.independent(mixture), dist.independent(new dist.Normal({loc: [0, 0], scale: 2})), []],
      ];
      for (const [q, p, expected] of cases) {
        const [kl, h] = [
          withoutLeak('klDivergence', () => klDivergence(q, p, options)),
          withoutLeak('crossEntropy', () => crossEntropy(q, p, options)),
        ];
        expect([kl.shape, h.shape]).withContext(q.familyName).toEqual([q.batchShape, q.batchShape]);
        const values = await read(kl);
        if (expected.length > 0) expectNear(values, expected, `estimate for ${q.familyName}`, false, 1e-4);
        expect((await read(h)).every(Number.isFinite))
          .withContext(q.familyName)
          .toBe(true);
      }
      expect(() => klDivergence(dist.independent(normal), dist.independent(laplace))).toThrowError(
        /^klDivergence: no closed form for \(Independent\(Normal\), Independent\(Laplace\)\)/,
      );
      expect(() => crossEntropy(dist.independent(normal), dist.independent(laplace))).toThrowError(
        'crossEntropy: no closed form for (Independent(Normal), Independent(Laplace)), give {samples} for an estimate',
      );
    });

    it('takes bijectors of equal values for one', async () => {
      const [q, p] = [new dist.Normal({loc: [0, 1], scale: 1}), new dist.Normal({loc: 0, scale: 1})];
      const {Affine, Chain, Exp, Invert, Scale, Shift} = dist.bijectors;
      const image = (d: Distribution, bijector: dist.bijectors.Bijector) =>
        new dist.TransformedDistribution({distribution: d, bijector});
      const makers: Array<() => dist.bijectors.Bijector> = [
        () => new Affine({shift: 1, scale: 2}),
        () => new Scale({scale: [2, 3]}),
        () => new Exp(),
        () => new Invert(new Exp()),
        () => new Chain([new Shift({shift: 1}), new Exp(), new Scale({scale: 0.1})]),
      ];
      for (const make of makers)
        expectNear(
          await read(withoutLeak('klDivergence', () => klDivergence(image(q, make()), image(p, make())))),
          [0, 0.5],
          'KL',
        );
      const others: Array<[dist.bijectors.Bijector, dist.bijectors.Bijector]> = [
        [new Affine({shift: 1, scale: 2}), new Affine({shift: 1, scale: 3})],
        [new Scale({scale: 2}), new Scale({logScale: Math.LN2})],
        [new Chain([new Shift({shift: 1}), new Exp()]), new Chain([new Exp(), new Shift({shift: 1})])],
        [new Exp(), new Invert(new Exp())],
      ];
      for (const [a, b] of others)
        expect(() => klDivergence(image(q, a), image(p, b))).toThrowError(
          /must share one bijector, or have equal ones/,
        );
      const [shift, same] = [tf.scalar(1), tf.scalar(1)];
      const shared = (t: tf.Tensor) => new Affine({shift: t, scale: 2});
      expectNear(
        await read(withoutLeak('klDivergence', () => klDivergence(image(q, shared(shift)), image(p, shared(shift))))),
        [0, 0.5],
        'one tensor',
      );
      if (tf.getBackend() === 'webgpu') return; // there two tensors are two
      const f = (t: tf.Tensor) => tf.sum(klDivergence(image(q, shared(t)), image(p, shared(same))));
      expectNear(await read(f(shift)), [0.5], 'two tensors');
      expect(await read(tf.grad(f)(shift))).toEqual([NaN]); // what moving one of them does is not known
      tf.dispose([shift, same]);
    });

    it('estimates what has no closed form, on request, with the right gradient', async () => {
      // N(loc, 1) from Laplace(0, 1): E ln q − E ln p with E|x| by the folded normal; the exact value is that of a fine
      // Riemann sum
      const exact = (loc: number) => {
        let sum = 0;
        for (let x = -12; x <= 12; x += 1e-3) {
          const q = Math.exp(-0.5 * (x - loc) ** 2) / Math.sqrt(2 * Math.PI);
          sum += q * (Math.log(Math.max(q, 1e-300)) + Math.LN2 + Math.abs(x)) * 1e-3;
        }
        return sum;
      };
      const n = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 2_000});
      const p = new dist.Laplace({loc: 0, scale: 1});
      const key = random.key(3);
      const f = (loc: tf.Tensor) => klDivergence(new dist.Normal({loc, scale: 1}), p, {samples: n, key});
      const loc = tf.scalar(0.7);
      expect(Math.abs((await withoutLeak('klDivergence', () => f(loc)).data())[0]! - exact(0.7))).toBeLessThan(
        (4.5 * 1) / Math.sqrt(n),
      );
      const slope = (exact(0.7001) - exact(0.6999)) / 2e-4;
      expect(Math.abs((await tf.grad(f)(loc).data())[0]! - slope)).toBeLessThan((4.5 * 1) / Math.sqrt(n));
    });

    it('estimates with the score where samples have no derivative', async () => {
      // a Categorical of the same two values
      const n = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 2_000});
      const logits = tf.scalar(0.4);
      const q = (t: tf.Tensor) => new dist.Bernoulli({logits: t});
      const p = new dist.Categorical({probs: [0.3, 0.7]});
      const exactly = (a: number) => {
        const s = 1 / (1 + Math.exp(-a));
        return s * Math.log(s / 0.7) + (1 - s) * Math.log((1 - s) / 0.3);
      };
      const f = (t: tf.Tensor) => klDivergence(q(t), p, {samples: n, key: random.key(4)});
      expect(Math.abs((await f(logits).data())[0]! - exactly(0.4))).toBeLessThan(4.5 / Math.sqrt(n));
      const slope = (exactly(0.401) - exactly(0.399)) / 2e-3;
      expect(Math.abs((await tf.grad(f)(logits).data())[0]! - slope)).toBeLessThan(4.5 / Math.sqrt(n));
      // and by the second derivative
      const curve = (exactly(0.41) - 2 * exactly(0.4) + exactly(0.39)) / 1e-4;
      expect(
        Math.abs(
          (
            await tf
              .grad(t => tf.grad(f)(t))(logits)
              .data()
          )[0]! - curve,
        ),
      ).toBeLessThan((4.5 * 2) / Math.sqrt(n));
      expect(() => klDivergence(q(logits), p)).toThrowError(
        /^klDivergence: no closed form for \(Bernoulli, Categorical\), give \{samples\} for an estimate/,
      );
      expect(() => klDivergence(q(logits), p, {samples: 0})).toThrowError(
        'klDivergence: samples must be an integer >= 1, got 0',
      );
    });

    it('gives cross entropies', async () => {
      const [q, p] = [new dist.Normal({loc: [0, 1], scale: 1}), new dist.Normal({loc: 0.5, scale: 2})];
      // ln(σ√2π) + (1 + (μ − 0.5)²) / (2σ²)
      const exact = Math.log(2 * Math.sqrt(2 * Math.PI)) + 1.25 / 8;
      expectNear(await withoutLeak('crossEntropy', () => crossEntropy(q, p)).data(), [exact, exact], 'cross entropy');
      const laplace = new dist.Laplace({loc: 0, scale: 1});
      expect(() => crossEntropy(q, laplace)).toThrowError(/^crossEntropy: no closed form for \(Normal, Laplace\)/);
      const samples = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 2_000});
      const estimate = await crossEntropy(q, laplace, {samples, key: random.key(5)}).data();
      expect(Math.abs(estimate[0]! - Math.LN2 - Math.sqrt(2 / Math.PI))).toBeLessThan(
        (4.5 * 0.61) / Math.sqrt(samples),
      );
    });

    it('refuses rules that are none in one sentence, and is not led in circles', () => {
      class Self extends dist.Normal {
        readonly me = this;
      }
      class None extends dist.Normal {
        override klRules(): never {
          return null as never;
        }
      }
      class Odd extends dist.Normal {
        override klRules() {
          return [{q: 'Normal', p: 'Laplace', divergence: () => tf.zeros([3])}];
        }
      }
      const at = {loc: 0, scale: 1};
      const laplace = new dist.Laplace(at);
      expect(() => klDivergence(new Self(at), laplace)).toThrowError(/no closed form for \(Normal, Laplace\)/);
      expect(() => klDivergence(new None(at), laplace)).toThrowError(
        'klDivergence: klRules() of Normal must return a list of rules, got null',
      );
      expect(() => klDivergence(new Odd(at), laplace)).toThrowError(
        'klDivergence: the rule for (Normal, Laplace) must give the batch shape of the two, got [3]',
      );
      expect(() => dist.registerKl('*', 'Normal', () => tf.scalar(0))).toThrowError(
        'registerKl: the first argument must be the name of a family, got "*"',
      );
    });

    it('takes new pairs, and says which near ones there are', () => {
      const [q, p] = [new dist.Normal({loc: 0, scale: 1}), new dist.HalfCauchy({loc: 0, scale: 1})];
      const none = (a: string, b: string) =>
        `klDivergence: no closed form for (${a}, ${b}), give {samples} for an estimate`;
      expect(() => klDivergence(q, p)).toThrowError(
        `${none('Normal', 'HalfCauchy')}; there is one for (Normal, Normal)`,
      );
      expect(() => klDivergence(p, q)).toThrowError(
        `${none('HalfCauchy', 'Normal')}; there is one for (Normal, Normal)`,
      );
      expect(() => klDivergence(p, new dist.StudentT({df: 2, loc: 0, scale: 1}))).toThrowError(
        none('HalfCauchy', 'StudentT'),
      );
      expect(() => klDivergence(new dist.Gamma({concentration: 1, rate: 1}), q)).toThrowError(
        `${none('Gamma', 'Normal')}; there is one for (Gamma, Gamma), (Normal, Normal), (Gamma, Chi2), (Gamma, Exponential)`,
      );
      const [vector, image] = [
        new dist.Normal({loc: [0, 1], scale: 1}),
        new dist.TransformedDistribution({distribution: q, bijector: new dist.bijectors.Exp()}),
      ];
      expect(() =>
        klDivergence(dist.independent(vector), dist.independent(new dist.Laplace({loc: [0, 1], scale: 1}))),
      ).toThrowError(
        `${none('Independent(Normal)', 'Independent(Laplace)')}; there is one for (Normal, Normal), (Laplace, Laplace)`,
      );
      expect(() => klDivergence(image, p)).toThrowError(
        `${none('TransformedDistribution(Exp, Normal)', 'HalfCauchy')}; there is one for (Normal, Normal)`,
      );
      expect(() => klDivergence(q, 3 as unknown as Distribution)).toThrowError(
        'klDivergence: p must be a distribution, got 3',
      );
      expect(() => klDivergence(null as unknown as Distribution, p)).toThrowError(
        'klDivergence: q must be a distribution, got null',
      );
      expect(() =>
        klDivergence(new dist.Normal({loc: [1, 2], scale: 1}), new dist.Normal({loc: [1, 2, 3], scale: 1})),
      ).toThrowError('klDivergence: shapes must broadcast, got [2] and [3]');
      registerKl('Logistic', 'Uniform', () => tf.scalar(7));
      expect(
        klDivergence(new dist.Logistic({loc: 0, scale: 1}), new dist.Uniform({low: [0, 1], high: 3})).shape,
      ).toEqual([2]);
    });
  },
  {inBrief: [gpuOf('klDivergence')], inNode: ['cpu']},
);
