/** All families on the ends of their supports, beyond them, at infinity and at NaN: alone and inside others. */
import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../../src/distributions/index.js';
import type {Distribution} from '../../../src/distributions/index.js';
import * as random from '../../../src/random/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {faultsOf, members, spread} from '../../helpers/edges.js';
import {expectNear, read} from '../../helpers/near.js';

const logProb = (q: Distribution, x: tf.Tensor) => q.logProb(x);
const {bijectors} = dist;

/** A part that has every value, or numbers that are no density at all, beside the one that is tried. */
function mixedWith(d: Distribution): Distribution {
  const other =
    d.eventShape.length === 0
      ? new dist.Normal({loc: 0.3, scale: 2})
      : dist.independent(new dist.Normal({loc: tf.fill(d.eventShape, 0.3), scale: 2}), d.eventShape.length);
  return new dist.Mixture({cat: new dist.Categorical({probs: [0.5, 0.5]}), components: [other, d]});
}

describeBackends(
  'every family at its edges',
  () => {
    for (const [name, d] of Object.entries(members)) {
      it(`has no derivative that is NaN where a density has a value: ${name}`, async () => {
        expect(await faultsOf(d, logProb)).toEqual([]);
      });

      it(`nor inside others: ${name}`, async () => {
        if (d.dtype === 'float32')
          expect(await faultsOf(mixedWith(d), logProb))
            .withContext('Mixture')
            .toEqual([]);
        if (d.batchShape.length === 0 && d.eventShape.length === 0) {
          const same = new dist.MixtureSameFamily({
            mixtureDistribution: new dist.Categorical({probs: [0.3, 0.7]}),
            componentsDistribution: d.expand([2]),
          });
          expect(await faultsOf(same, logProb))
            .withContext('MixtureSameFamily')
            .toEqual([]);
          expect(await faultsOf(dist.independent(d.expand([2])), logProb))
            .withContext('Independent')
            .toEqual([]);
          if (!d.isDiscrete) {
            const moved = new dist.TransformedDistribution({
              distribution: d,
              bijector: new bijectors.Affine({shift: 0, scale: -1}),
            });
            expect(await faultsOf(moved, logProb))
              .withContext('TransformedDistribution')
              .toEqual([]);
          }
        }
      });

      it(`nor where a distribution function has one: ${name}`, async () => {
        if (d.eventShape.length > 0) return;
        for (const method of ['cdf', 'survival', 'logCdf'] as const) {
          if (!d.has(method) || name.startsWith('NegativeBinomial')) continue; // no derivative in its count
          if (d.isPeriodic && method === 'logCdf') continue; // turns before the first are counted below 0
          expect(await faultsOf(d, (q, x) => q[method](x), 1))
            .withContext(method)
            .toEqual([]);
        }
      });

      it(`is NaN at NaN: ${name}`, async () => {
        const value = Array.from(
          {
            length: Math.max(
              1,
              d.eventShape.reduce((a, b) => a * b, 1),
            ),
          },
          (_, i) => (i === 0 ? NaN : 0.5),
        );
        const {q, x} = spread(d, [value]);
        for (const method of ['logProb', 'prob', 'cdf', 'logCdf', 'survival'] as const) {
          if (method === 'logProb' || method === 'prob' || d.has(method))
            expect(await read(q[method](x)))
              .withContext(method)
              .toEqual([NaN]);
        }
        if (d.has('quantile'))
          expect(await read(q.quantile([NaN])))
            .withContext('quantile')
            .toEqual([NaN]);
      });
    }

    it('would be found out: a Gamma that knows its support but moves nothing into it', async () => {
      class Naive extends dist.Gamma {
        override get support(): typeof dist.constraints.nonNegative {
          return {...super.support, settle: undefined};
        }
      }
      const faults = await faultsOf(new Naive({concentration: 2, rate: 1}), logProb);
      expect(faults.join('; ')).toContain('by concentration at -1');
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'derivatives at edges',
  () => {
    const slope = async (f: (t: tf.Tensor) => tf.Tensor, at: tf.TensorLike) =>
      read(tf.grad(t => tf.sum(f(t)))(tf.tensor(at, undefined, 'float32')));

    it('are those of the parts that have the value: half a point at 0, half a Gamma(a, 1), seen 0 and 2', async () => {
      const model = (a: tf.Tensor) =>
        new dist.Mixture({
          cat: new dist.Categorical({probs: [0.5, 0.5]}),
          components: [new dist.Deterministic({loc: 0}), new dist.Gamma({concentration: a, rate: 1})],
        }).logProb([0, 2]);
      // ln 2 − ψ(2) = 0.2703628454614782
      expectNear(await slope(model, 2), [0.2703628454614782], 'd/da');
    });

    it('are one-sided where a probability is 0 or 1', async () => {
      const cases: Array<[(p: tf.Tensor) => tf.Tensor, tf.TensorLike, number[]]> = [
        [p => new dist.Binomial({totalCount: 5, probs: p}).logProb(0), 0, [-5]],
        [p => new dist.Binomial({totalCount: 5, probs: p}).logProb(5), 1, [5]],
        [p => new dist.NegativeBinomial({totalCount: 5, probs: p}).logProb(0), 0, [-5]],
        [p => new dist.Bernoulli({probs: p}).logProb(0), 0, [-1]],
        [p => new dist.Bernoulli({probs: p}).logProb(1), 1, [1]],
        [p => new dist.Geometric({probs: p}).logProb(0), 1, [1]],
        // of the form k/p − n, which is k/p up to a constant for all classes
        [p => new dist.Multinomial({totalCount: 5, probs: p}).logProb([0, 5]), [0, 1], [-5, 0]],
        [p => new dist.Categorical({probs: p}).logProb(1), [1e-40, 1], [0, 1]],
        [p => new dist.OneHotCategorical({probs: p}).logProb([0, 1]), [0, 1], [0, 1]],
        // φ(0)/φ(1) = e^{1/2}
        [
          w =>
            new dist.MixtureSameFamily({
              mixtureDistribution: new dist.Categorical({probs: w}),
              componentsDistribution: new dist.Normal({loc: [0, 1], scale: 1}),
            }).logProb(0),
          [0, 1],
          [Math.exp(0.5), 1],
        ],
      ];
      for (const [f, at, expected] of cases) expectNear(await slope(f, at), expected, String(f));
    });

    it('of distribution functions are one-sided where a probability is 0 or 1', async () => {
      const n = 5;
      const cases: Array<[make: (p: tf.Tensor) => Distribution, at: number, k: number[], expected: number[]]> = [
        // dF(k)/dp = −n C(n − 1, k) p^k (1 − p)^{n − 1 − k}
        [probs => new dist.Binomial({totalCount: n, probs}), 0, [0, 1, 4, 5], [-5, 0, 0, 0]],
        [probs => new dist.Binomial({totalCount: n, probs}), 1, [0, 3, 4, 5], [0, 0, -5, 0]],
        [
          probs => new dist.Binomial({totalCount: n, probs}),
          0.25,
          [0, 2, 5],
          [-5 * 0.75 ** 4, -5 * 6 * 0.25 ** 2 * 0.75 ** 2, 0],
        ],
        [probs => new dist.Binomial({totalCount: 0, probs}), 0.25, [0, 1], [0, 0]],
        // −(k + r) C(k + r − 1, k) (1 − p)^{r − 1} p^k
        [probs => new dist.NegativeBinomial({totalCount: n, probs}), 0, [0, 1, 7], [-5, 0, 0]],
        [
          probs => new dist.NegativeBinomial({totalCount: n, probs}),
          0.25,
          [0, 2],
          [-5 * 0.75 ** 4, -7 * 15 * 0.75 ** 4 * 0.25 ** 2],
        ],
        // (k + 1)(1 − p)^k
        [probs => new dist.Geometric({probs}), 1, [0, 1, 3], [1, 0, 0]],
        [probs => new dist.Geometric({probs}), 0.25, [0, 1, 3], [1, 2 * 0.75, 4 * 0.75 ** 3]],
      ];
      for (const [make, at, k, expected] of cases) {
        const of = (f: (d: Distribution) => tf.Tensor) =>
          slope(
            p => f(make(p)),
            k.map(() => at),
          );
        const cdf = await read(make(tf.fill([k.length], at)).cdf(k));
        const name = `${make(tf.scalar(at)).name} at ${at}`;
        expectNear(await of(d => d.cdf(k)), expected, `cdf of ${name}`);
        expectNear(
          await of(d => d.survival(k)),
          expected.map(v => -v),
          `survival of ${name}`,
        );
        expectNear(
          await of(d => d.logCdf(k)),
          expected.map((v, i) => (cdf[i] === 0 ? 0 : v / cdf[i]!)),
          `logCdf of ${name}`,
        );
      }
      // the second: n(n − 1) of (1 − p)^n at 0
      const twice = tf.grad(p => tf.sum(tf.grad(t => tf.sum(new dist.Binomial({totalCount: n, probs: t}).cdf(0)))(p)));
      expectNear(await read(twice(tf.scalar(0))), [20], 'second');
    });

    it('ends an angle at infinity', async () => {
      const d = new dist.VonMises({loc: 1, concentration: [2, 2, 2]});
      const ends = [-Infinity, Infinity, NaN];
      expectNear(await read(d.cdf(ends)), [0, 1, NaN], 'cdf');
      expectNear(await read(d.survival(ends)), [1, 0, NaN], 'survival');
      expectNear(await read(d.logCdf(ends)), [-Infinity, 0, NaN], 'logCdf');
      expectNear(
        await slope(x => d.cdf(x), [-Infinity, Infinity, 1]),
        [0, 0, Math.exp(2) / (2 * Math.PI * 2.2795853)],
        'slope',
      ); // I₀(2)
    });

    it('are finite where the shape is 1 and the density ends at a finite height', async () => {
      const x = async (d: Distribution, at: tf.TensorLike, expected: number[]) =>
        expectNear(await slope(t => d.logProb(t), at), expected, d.familyName);
      await x(new dist.Gamma({concentration: 1, rate: 2}), 0, [-2]);
      await x(new dist.Chi2({df: 2}), 0, [-0.5]);
      await x(new dist.Weibull({concentration: 1, scale: 0.5}), 0, [-2]);
      await x(new dist.Kumaraswamy({concentration1: 3, concentration0: 1}), 1, [2]);
      await x(new dist.Beta({concentration1: 1, concentration0: 3}), 0, [-2]);
      await x(new dist.Dirichlet({concentration: [1, 3]}), [0, 1], [-4, -2]); // [0, 2] up to a constant for all classes
      await x(new dist.Laplace({loc: 0, scale: 1}), [0, 1, -1], [0, -1, 1]);
      expectNear(await slope(rate => new dist.Gamma({concentration: 1, rate}).logProb(0), 2), [0.5], 'rate');
    });

    it('of distribution functions are densities at the ends, and 0 beyond', async () => {
      const x = async (d: Distribution, at: number[], expected: number[]) => {
        expectNear(await slope(t => d.cdf(t), at), expected, d.familyName);
        expectNear(
          await slope(t => d.survival(t), at),
          expected.map(v => -v),
          d.familyName,
        );
      };
      await x(new dist.Uniform({low: 0, high: 2}), [-1, 0, 2, 3], [0, 0.5, 0.5, 0]);
      await x(new dist.Gamma({concentration: 1, rate: 2}), [-1, 0], [0, 2]);
      await x(new dist.Kumaraswamy({concentration1: 1, concentration0: 3}), [-1, 0, 1, 2], [0, 3, 0, 0]);
      await x(new dist.Pareto({concentration: 3, scale: 1}), [0.5, 1], [0, 3]);
      await x(new dist.LogNormal({loc: 0, scale: 1}), [-1, 0, Infinity], [0, 0, 0]);
      // φ(1)/(Φ(1) − Φ(−1))
      const height = (1 / (2 * 0.3413447460685429)) * Math.exp(-0.5) * Math.sqrt(1 / (2 * Math.PI));
      await x(new dist.TruncatedNormal({loc: 0, scale: 1, low: -1, high: 1}), [-2, -1, 1, 2], [0, height, height, 0]);
    });
  },
  {inBrief: ['webgpu']},
);

describeBackends(
  'a sampler of a device',
  () => {
    it('draws NaN from each parameter that is NaN, and numbers from the rest', async () => {
      const two = tf.tensor1d([NaN, 2]);
      const made = [
        new dist.Gamma({concentration: two, rate: 1}),
        new dist.Gamma({concentration: 1, rate: two}),
        new dist.Geometric({probs: tf.tensor1d([NaN, 0.5])}),
      ];
      for (const d of made) {
        const drawn = await read(d.sample([], {key: random.key(1)}));
        expect(drawn.map(Number.isNaN)).withContext(d.name).toEqual([true, false]);
      }
      two.dispose();
    });
  },
  {inBrief: ['webgl']},
);
