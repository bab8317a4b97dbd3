import * as tf from '@tensorflow/tfjs-core';
import {
  bijectors as b,
  Independent,
  klDivergence,
  Normal,
  TransformedDistribution,
  Uniform,
  type Distribution,
} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectDerivative, expectSecondDerivative, linked} from '../helpers/derivatives.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {ksPValue, normalCdf} from '../helpers/statistics.js';

const phi = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
const key = random.key(77);

describeBackends(
  'TransformedDistribution',
  () => {
    const logNormal = () =>
      new TransformedDistribution({distribution: new Normal({loc: 0.5, scale: 0.8}), bijector: new b.Exp()});
    const falling = () =>
      new TransformedDistribution({
        distribution: new Normal({loc: 0.5, scale: 0.8}),
        bijector: new b.Chain([new b.Sigmoid(), new b.Scale({scale: -2})]),
      });

    it('is the log-normal for Exp of a normal', async () => {
      const d = logNormal();
      const x = [1e-3, 0.5, 1, 2, 30];
      const z = x.map(v => (Math.log(v) - 0.5) / 0.8);
      expectNear(
        await read(withoutLeak('logProb', () => d.logProb(x))),
        z.map((v, i) => Math.log(phi(v) / 0.8) - Math.log(x[i]!)),
        'logProb',
      );
      expectNear(await read(withoutLeak('cdf', () => d.cdf(x))), z.map(normalCdf), 'cdf', true);
      expectNear(
        await read(withoutLeak('survival', () => d.survival(x))),
        z.map(v => normalCdf(-v)),
        'survival',
        true,
      );
      expectNear(
        await read(withoutLeak('quantile', () => d.quantile([0.1, 0.5, 0.9]))),
        [-1.2815515655446004, 0, 1.2815515655446004].map(v => Math.exp(0.5 + 0.8 * v)),
        'quantile',
      );
      expectNear(await read(d.logProb([-1, 0])), [-Infinity, -Infinity], 'logProb outside');
      expectNear(await read(d.cdf([-1, 0])), [0, 0], 'cdf outside');
      expectNear(await read(d.survival([-1, 0])), [1, 1], 'survival outside');
      expectNear(await read(d.logCdf([-1, 1])), [-Infinity, Math.log(normalCdf(-0.625))], 'logCdf');
      const draws = await read(withoutLeak('sample', () => d.sample(100_000, {key})));
      expect(ksPValue(draws, v => normalCdf((Math.log(v) - 0.5) / 0.8))).toBeGreaterThan(0.001);
      for (const method of ['mean', 'variance', 'mode', 'entropy', 'enumerateSupport'] as const) {
        expect(d.has(method)).toBe(false);
        expect(() => d[method]()).toThrowError(new RegExp(`^TransformedDistribution: ${method} does not exist`));
      }
    });

    it('turns the cdf round where the map falls', async () => {
      const d = falling();
      const y = [0.05, 0.3, 0.8];
      const z = y.map(v => (Math.log(v / (1 - v)) / -2 - 0.5) / 0.8);
      expectNear(
        await read(d.cdf(y)),
        z.map(v => normalCdf(-v)),
        'cdf',
        true,
      );
      expectNear(await read(d.survival(y)), z.map(normalCdf), 'survival', true);
      expectNear(await read(d.cdf([-0.5, 0, 1, 2])), [0, 0, 1, 1], 'cdf outside');
      expectNear(await read(tf.tidy(() => d.quantile(d.cdf(y)))), y, 'quantile of cdf');
      expect(
        ksPValue(await read(d.sample(100_000, {key})), v => normalCdf((Math.log(v / (1 - v)) / 2 + 0.5) / 0.8)),
      ).toBeGreaterThan(0.001);
      expectNear(
        await read(d.logProb(y)),
        z.map((v, i) => Math.log(phi(v) / 0.8 / (2 * y[i]! * (1 - y[i]!)))),
        'logProb',
      );
    });

    it('keeps moments, mode and entropy under an affine map', async () => {
      const d = new TransformedDistribution({
        distribution: new Normal({loc: [0, 1], scale: 2}),
        bijector: new b.Affine({scale: -3, shift: 5}),
      });
      const same = new Normal({loc: [5, 2], scale: 6});
      for (const method of ['mean', 'variance', 'stddev', 'mode', 'entropy'] as const) {
        expectNear(await read(withoutLeak(method, () => d[method]())), await read(same[method]()), method);
      }
      expectNear(await read(d.cdf([4, 4])), await read(same.cdf([4, 4])), 'cdf');
      expectNear(await read(d.quantile(0.3)), await read(same.quantile(0.3)), 'quantile');
      expectNear(await read(d.logProb([4, 4])), await read(same.logProb([4, 4])), 'logProb');
    });

    it('takes vectors through maps of numbers and of vectors', async () => {
      const base = new Independent({
        distribution: new Normal({
          loc: [
            [0, 1],
            [2, 3],
            [0, 0],
          ],
          scale: 1,
        }),
      });
      const tanh = new TransformedDistribution({distribution: base, bijector: new b.Tanh()});
      expect([tanh.batchShape, tanh.eventShape]).toEqual([[3], [2]]);
      const y = withoutLeak('sample', () => tanh.sample(4, {key}));
      expect(y.shape).toEqual([4, 3, 2]);
      expect(withoutLeak('logProb', () => tanh.logProb([0.1, -0.2])).shape).toEqual([3]);
      const simplex = new TransformedDistribution({distribution: base, bijector: new b.SoftmaxCentered()});
      expect([simplex.batchShape, simplex.eventShape]).toEqual([[3], [3]]);
      expect(simplex.sample(4, {key}).shape).toEqual([4, 3, 3]);
      // by hand at one point
      const p = [0.2, 0.3, 0.5];
      const [u, v] = [Math.log(0.2 / 0.5), Math.log(0.3 / 0.5)];
      expectNear(
        (await read(simplex.logProb(p))).slice(0, 1),
        [Math.log(phi(u) * phi(v - 1)) - Math.log(0.2 * 0.3 * 0.5)],
        'logProb',
      );
      const matrix = new TransformedDistribution({
        distribution: new Independent({distribution: new Normal({loc: [0, 0, 0], scale: 1})}),
        bijector: new b.FillScaleTriL(),
      });
      expect(matrix.eventShape).toEqual([2, 2]);
      const m = matrix.sample(5, {key});
      expect((await read(matrix.logProb(m))).every(Number.isFinite)).toBe(true);
    });

    it('has the derivatives of its samples and its logProb by the parameters of both parts', async () => {
      const build = (loc: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): Distribution =>
        new TransformedDistribution({
          distribution: new Normal({loc, scale}),
          bijector: new b.Chain([new b.Softplus(), new b.Shift({shift})]),
        });
      const [loc, scale, shift] = [tf.tensor1d([0, 1, -1]), tf.tensor1d([1, 0.5, 2]), tf.tensor1d([0.5, 0, -0.5])];
      const y = tf.tensor1d([0.7, 1.2, 3]);
      for (const [what, f, t] of [
        ['loc', (t: tf.Tensor) => build(t, scale, shift).logProb(y), loc],
        ['scale', (t: tf.Tensor) => build(loc, t, shift).logProb(y), scale],
        ['shift', (t: tf.Tensor) => build(loc, scale, t).logProb(y), shift],
        ['y', (t: tf.Tensor) => build(loc, scale, shift).logProb(t), y],
      ] as const) {
        await expectDerivative(f, t, `logProb by ${what}`);
        await expectSecondDerivative(f, t, `logProb by ${what}`);
      }
      await expectDerivative(t => build(loc, scale, t).sample([], {key}), shift, 'sample by shift');
      await expectDerivative(t => build(loc, t, shift).sample([], {key}), scale, 'sample by scale');
    });

    it('has the gradients of expectations', async () => {
      // E e^x and E e^2x of a normal
      const n = 100_000;
      const [loc, scale] = [tf.fill([n], 0.3), tf.fill([n], 0.5)];
      for (const power of [1, 2]) {
        const f = (l: tf.Tensor, s: tf.Tensor) =>
          linked(
            tf.pow(
              new TransformedDistribution({distribution: new Normal({loc: l, scale: s}), bijector: new b.Exp()}).sample(
                [],
                {key},
              ),
              power,
            ),
            l,
            s,
          );
        const exact = [power, power * power * 0.5].map(v => v * Math.exp(power * 0.3 + power * power * 0.125));
        const gradients = tf.grads(f)([loc, scale]);
        for (const [i, g] of gradients.entries()) {
          const values = await read(g);
          const mean = values.reduce((s, v) => s + v, 0) / n;
          const error = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0)) / n;
          expect(Math.abs(mean - exact[i]!) / error).toBeLessThan(4.5);
        }
      }
    });

    it('expands, and takes other tensors', async () => {
      const shift = tf.tensor1d([1, 2]);
      const d = new TransformedDistribution({
        distribution: new Normal({loc: tf.scalar(0), scale: 1}),
        bijector: new b.Shift({shift}),
      });
      expect(Object.keys(d.tensors())).toEqual(['distribution.loc', 'bijector.shift']);
      expect(d.batchShape).toEqual([2]);
      const grown = d.expand([3]);
      expect(grown.batchShape).toEqual([3, 2]);
      expect(grown.sample(4, {key}).shape).toEqual([4, 3, 2]);
      const merged = d.expand([3], {merge: true});
      expect(merged.batchShape).toEqual([6]);
      expectNear(await read(merged.mean()), [1, 2, 1, 2, 1, 2], 'mean');
      const other = d.withTensors({'bijector.shift': tf.tensor1d([5, 6])});
      expectNear(await read(other.mean()), [5, 6], 'mean');
      expect(() => d.withTensors({nonsense: shift})).toThrowError(/unknown parameter "nonsense"/);
    });

    it('has a divergence from another through the same map', async () => {
      const bijector = new b.Exp();
      const [q, p] = [new Normal({loc: 0, scale: 1}), new Normal({loc: 1, scale: 2})];
      const through = (distribution: Distribution, g: b.Bijector = bijector) =>
        new TransformedDistribution({distribution, bijector: g});
      expectNear(await read(klDivergence(through(q), through(p))), await read(klDivergence(q, p)), 'KL');
      expectNear(await read(klDivergence(through(q), through(p, new b.Exp()))), await read(klDivergence(q, p)), 'KL');
      expect(() => klDivergence(through(q), through(p, new b.Softplus()))).toThrowError(
        /^klDivergence: two TransformedDistributions must share one bijector/,
      );
    });

    it('says what is wrong', async () => {
      const base = new Uniform({low: 0, high: 1});
      const make = (config: object) => () =>
        new TransformedDistribution(config as {distribution: Distribution; bijector: b.Bijector});
      expect(make({distribution: 3, bijector: new b.Exp()})).toThrowError(
        'TransformedDistribution: distribution must be a distribution, got 3',
      );
      expect(make({distribution: base, bijector: Math.exp})).toThrowError(
        /^TransformedDistribution: bijector must be a bijector/,
      );
      expect(make({distribution: base, bijector: new b.SoftmaxCentered()})).toThrowError(
        /must have at least 1 event axes for SoftmaxCentered/,
      );
      const d = new TransformedDistribution({distribution: base, bijector: new b.Exp()});
      expectNear(await read(d.logProb([0.5, 1.5, 3])), [-Infinity, -Math.log(1.5), -Infinity], 'logProb');
      if (tf.getBackend() === 'webgpu') return;
      const strict = new TransformedDistribution({distribution: base, bijector: new b.Exp(), validateArgs: true});
      expect(() => strict.logProb([1.5, 3])).toThrowError(
        /^TransformedDistribution.logProb: value must be in the image of in \[low, high\].* got 3 at \[1\]|got 3 at \[1\]/,
      );
    });
  },
  {inBrief: [gpuOf('TransformedDistribution')]},
);
