import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../../src/distributions/index.js';
import type {Distribution} from '../../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../../helpers/backends.js';
import {expectDerivative, expectSecondDerivative} from '../../helpers/derivatives.js';
import {expectNear, read, slack, withoutLeak} from '../../helpers/near.js';
import {binomialSlopes, kumaraswamyCurvatures, logCdfs, moments} from '../reference/tails.js';

// each reference names a family
const families = dist as unknown as Record<string, new (config: object) => Distribution>;

/** To its own size, apart from what lies below the normal numbers of float32. */
function expectRelative(actual: number, exact: number, allowed: number, what: string): void {
  if (Math.abs(exact) > 3.4e38)
    return expect(actual)
      .withContext(what)
      .toBe(Math.sign(exact) * Infinity);
  if (!(Math.abs(actual - exact) <= allowed * slack() * Math.abs(exact) + 2e-38))
    fail(`${what}: ${actual} is not near ${exact}`);
}

describeBackends(
  'what leaves float32 on the way to a result that does not',
  () => {
    it('is no logarithm of a cdf', async () => {
      for (const {family, config, x, logCdf} of logCdfs) {
        const actual = await read(withoutLeak('logCdf', () => new families[family]!(config).logCdf(x)));
        x.forEach((at, i) =>
          expectRelative(actual[i]!, logCdf[i]!, 1e-5, `${family} ${JSON.stringify(config)}, logCdf(${at})`),
        );
      }
    });

    it('is no logarithm of the cdf of a falling image, where survival functions take the part of cdfs', async () => {
      const falling = new dist.bijectors.Scale({scale: -1});
      const normals = new dist.TransformedDistribution({
        distribution: new dist.Normal({loc: 0, scale: 1}),
        bijector: falling,
      });
      const weibull = new dist.TransformedDistribution({
        distribution: new dist.Weibull({concentration: 2, scale: 1}),
        bijector: falling,
      });
      const gumbel = new dist.TransformedDistribution({
        distribution: new dist.Gumbel({loc: 0, scale: 1}),
        bijector: falling,
      });
      expectNear(
        await read(withoutLeak('logCdf', () => normals.logCdf([-40, 0, 3]))),
        [-804.608442, -0.693147181, -0.00135080996],
        'normal',
      );
      expectNear(await read(weibull.logCdf([-20, -1])), [-400, -1], 'Weibull');
      expectNear(await read(gumbel.logCdf([-120, 0])), [-120, Math.log(1 - Math.exp(-1))], 'Gumbel');
    });

    it('is no mean and no spread', async () => {
      for (const {family, names, rows} of moments) {
        const config = Object.fromEntries(names.map((name, i) => [name, rows.map(([parameters]) => parameters[i]!)]));
        const d = new families[family]!(config);
        for (const [k, method] of (['mean', 'variance', 'stddev'] as const).entries()) {
          const actual = await read(withoutLeak(method, () => d[method]()));
          rows.forEach((row, i) =>
            expectRelative(actual[i]!, row[k + 1] as number, 3e-5, `${family} ${row[0].join(', ')}, ${method}`),
          );
        }
      }
    });

    it('is no second derivative of a Kumaraswamy density', async () => {
      const at = [0, 1, 2].map(i => tf.tensor1d(kumaraswamyCurvatures.map(([inputs]) => inputs[i]!)));
      for (const i of [0, 1, 2]) {
        const f = (t: tf.Tensor) => {
          const [x, a, b] = at.map((u, j) => (j === i ? t : u));
          return tf.sum(new dist.Kumaraswamy({concentration1: a!, concentration0: b!}).logProb(x!));
        };
        const actual = await read(tf.grad(u => tf.sum(tf.grad(f)(u)))(at[i]!));
        kumaraswamyCurvatures.forEach(([inputs, curvatures], k) =>
          expectRelative(actual[k]!, curvatures[i]!, 1e-4, `${inputs.join(', ')} by ${i}`),
        );
      }
      tf.dispose(at);
    });

    it('is no derivative of a binomial mass by its probability, first or second, also next to 0 and 1', async () => {
      const [k, n, p] = [0, 1, 2].map(i => tf.tensor1d(binomialSlopes.map(row => row[i]!))) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ]; // three
      const f = (t: tf.Tensor) => tf.sum(new dist.Binomial({totalCount: n, probs: t}).logProb(k));
      const first = await read(tf.grad(f)(p));
      const second = await read(tf.grad(u => tf.sum(tf.grad(f)(u)))(p));
      for (const [i, row] of binomialSlopes.entries()) {
        expectRelative(first[i]!, row[3], 1e-5, `first, ${row.join(', ')}`);
        expectRelative(second[i]!, row[4], 1e-5, `second, ${row.join(', ')}`);
      }
      tf.dispose([k, n, p]);
    });

    it('keeps quantiles of certain counts', async () => {
      for (const config of [{probs: 1}, {logits: 100}]) {
        expect(await read(new dist.Binomial({totalCount: 7, ...config}).quantile([0, 1e-30, 0.5, 1])))
          .withContext(JSON.stringify(config))
          .toEqual([0, 7, 7, 7]);
      }
      expect(await read(new dist.Binomial({totalCount: 7, probs: 0}).quantile([0, 0.5, 1]))).toEqual([0, 0, 0]);
      expect(await read(new dist.NegativeBinomial({totalCount: 7, probs: 0}).quantile([0, 0.5, 1]))).toEqual([0, 0, 0]);
    });

    it('has derivatives of logarithms of cdfs', async () => {
      const x = tf.tensor1d([0.3, 0.55, 0.75]);
      const made: Record<string, (t: tf.Tensor) => Distribution> = {
        Weibull: t => new dist.Weibull({concentration: t, scale: 0.7}),
        Exponential: t => new dist.Exponential({rate: t}),
        Kumaraswamy: t => new dist.Kumaraswamy({concentration1: t, concentration0: 2}),
        'Kumaraswamy by b': t => new dist.Kumaraswamy({concentration1: 2, concentration0: t}),
        VonMises: t => new dist.VonMises({loc: 2, concentration: t}),
      };
      for (const [name, make] of Object.entries(made)) {
        const parameter = tf.tensor1d([1.5, 3, 0.8]);
        await expectDerivative(t => make(t).logCdf(x), parameter, `${name} by its parameter`);
        await expectDerivative(t => make(parameter).logCdf(t), x, `${name} by x`);
        if (name !== 'VonMises') await expectSecondDerivative(t => make(parameter).logCdf(t), x, `${name} by x`);
        parameter.dispose();
      }
      x.dispose();
    });
  },
  {inBrief: [gpuOf('what leaves float32')]},
);
