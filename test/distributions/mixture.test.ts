import * as tf from '@tensorflow/tfjs-core';
import {
  Bernoulli,
  Categorical,
  Exponential,
  Independent,
  Laplace,
  Mixture,
  MixtureSameFamily,
  Normal,
  type Distribution,
} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {expectDerivative, expectSecondDerivative, linked} from '../helpers/derivatives.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {ksPValue, normalCdf} from '../helpers/statistics.js';

const key = random.key(78);
const phi = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
const [W, LOC, SCALE] = [
  [0.2, 0.5, 0.3],
  [-2, 0, 3],
  [0.5, 1, 2],
];
const cdf = (x: number) => W.reduce((s, w, k) => s + w * normalCdf((x - LOC[k]!) / SCALE[k]!), 0);
const MEAN = 0.2 * -2 + 0.3 * 3;
const VARIANCE = W.reduce((s, w, k) => s + w * (SCALE[k]! ** 2 + (LOC[k]! - MEAN) ** 2), 0);

describeBackends(
  'mixtures',
  () => {
    const same = () =>
      new MixtureSameFamily({
        mixtureDistribution: new Categorical({probs: W}),
        componentsDistribution: new Normal({loc: LOC, scale: SCALE}),
      });
    const any = () =>
      new Mixture({
        cat: new Categorical({probs: W}),
        components: LOC.map((loc, k) => new Normal({loc, scale: SCALE[k]!})),
      });

    for (const [name, make] of [
      ['MixtureSameFamily', same],
      ['Mixture', any],
    ] as const) {
      it(`${name}: has the weighted density, cdf and moments, and draws from them`, async () => {
        const d: Distribution = make();
        expect([d.batchShape, d.eventShape, d.name]).toEqual([[], [], name]);
        const x = [-30, -3, -1.5, 0, 0.7, 4, 40];
        const logs = x.map(v => {
          const terms = W.map(
            (w, k) => Math.log(w / SCALE[k]!) - 0.5 * ((v - LOC[k]!) / SCALE[k]!) ** 2 - 0.5 * Math.log(2 * Math.PI),
          );
          const top = Math.max(...terms);
          return top + Math.log(terms.reduce((s, t) => s + Math.exp(t - top), 0));
        });
        expectNear(await read(withoutLeak('logProb', () => d.logProb(x))), logs, 'logProb');
        const inner = x.slice(1, 6);
        expectNear(await read(withoutLeak('cdf', () => d.cdf(inner))), inner.map(cdf), 'cdf', true);
        expectNear(
          await read(withoutLeak('survival', () => d.survival(inner))),
          inner.map(v => W.reduce((s, w, k) => s + w * normalCdf((LOC[k]! - v) / SCALE[k]!), 0)),
          'survival',
          true,
        );
        expectNear(
          await read(withoutLeak('logCdf', () => d.logCdf(inner))),
          inner.map(v => Math.log(cdf(v))),
          'logCdf',
        );
        expectNear(await read(withoutLeak('mean', () => d.mean())), [MEAN], 'mean');
        expectNear(await read(withoutLeak('variance', () => d.variance())), [VARIANCE], 'variance');
        expectNear(await read(d.stddev()), [Math.sqrt(VARIANCE)], 'stddev');
        const draws = await read(
          withoutLeak('sample', () =>
            d.sample(sizeFor({cpu: 100_000, wasm: 100_000, webgl: 5_000, webgpu: 5_000}), {key}),
          ),
        );
        expect(ksPValue(draws, cdf)).toBeGreaterThan(0.001);
        expect(d.sample(0, {key}).shape).toEqual([0]);
        for (const method of ['quantile', 'mode', 'entropy', 'enumerateSupport'] as const) {
          expect(d.has(method)).toBe(false);
          expect(() => (d[method] as (p: number) => unknown)(0.5)).toThrowError(
            new RegExp(`^${name}: ${method} does not exist`),
          );
        }
      });
    }

    it('broadcasts batches, expands, and takes other tensors', async () => {
      const logits = tf.tensor1d([0, 1]);
      const loc = tf.tensor2d([
        [0, 1],
        [2, 3],
        [4, 5],
      ]);
      const d = new MixtureSameFamily({
        mixtureDistribution: new Categorical({logits}),
        componentsDistribution: new Normal({loc, scale: 1}),
      });
      expect(d.batchShape).toEqual([3]);
      expect(Object.keys(d.tensors())).toEqual(['mixture.logits', 'components.loc']);
      expect(withoutLeak('sample', () => d.sample([2, 5], {key})).shape).toEqual([2, 5, 3]);
      expect(d.logProb(0).shape).toEqual([3]);
      const merged = d.expand([2], {merge: true});
      expect(merged.batchShape).toEqual([6]);
      expectNear(await read(merged.mean()), [...(await read(d.mean())), ...(await read(d.mean()))], 'mean');
      expect(d.expand([2]).batchShape).toEqual([2, 3]);
      expectNear(await read(d.withTensors({'components.loc': tf.zeros([3, 2])}).mean()), [0, 0, 0], 'mean');
      const any = new Mixture({
        cat: new Categorical({logits}),
        components: [new Normal({loc: [0, 1, 2], scale: 1}), new Laplace({loc: 0, scale: tf.scalar(2)})],
      });
      expect(any.batchShape).toEqual([3]);
      expect(any.expand([2], {merge: true}).sample(4, {key}).shape).toEqual([4, 6]);
      expect(Object.keys(any.tensors())).toEqual(['cat.logits', '1.scale']);
    });

    it('mixes distributions of different supports, of vectors, and discrete ones', async () => {
      const d = new Mixture({
        cat: new Categorical({probs: [0.4, 0.6]}),
        components: [new Exponential({rate: 1}), new Normal({loc: 0, scale: 1})],
      });
      expectNear(
        await read(d.logProb([-1, 1])),
        [Math.log(0.6 * phi(1)), Math.log(0.6 * phi(1) + 0.4 * Math.exp(-1))],
        'logProb',
      );
      const vectors = new MixtureSameFamily({
        mixtureDistribution: new Categorical({probs: [0.4, 0.6]}),
        componentsDistribution: new Independent({
          distribution: new Normal({
            loc: [
              [0, 0, 0],
              [5, 5, 5],
            ],
            scale: 1,
          }),
        }),
      });
      expect([vectors.batchShape, vectors.eventShape]).toEqual([[], [3]]);
      expectNear(await read(vectors.mean()), [3, 3, 3], 'mean');
      const x = [0, 0, 1];
      expectNear(
        await read(vectors.logProb(x)),
        [Math.log(0.4 * phi(0) ** 2 * phi(1) + 0.6 * phi(5) ** 2 * phi(4))],
        'logProb',
      );
      const coins = new MixtureSameFamily({
        mixtureDistribution: new Categorical({probs: [0.4, 0.6]}),
        componentsDistribution: new Bernoulli({probs: [0.1, 0.9], dtype: 'int32'}),
      });
      expect(coins.isDiscrete).toBe(true);
      expect(coins.isReparameterized).toBe(false);
      expect(coins.sample(3, {key}).dtype).toBe('int32');
      expectNear(await read(coins.prob([0, 1])), [0.42, 0.58], 'prob');
    });

    it('has the right derivatives of logProb', async () => {
      const x = tf.tensor1d([-1, 0.5, 2]);
      const logits = tf.tensor2d([
        [0, 1],
        [1, -1],
        [0.3, 0],
      ]);
      const build = (l: tf.Tensor, loc: tf.Tensor) =>
        new MixtureSameFamily({
          mixtureDistribution: new Categorical({logits: l}),
          componentsDistribution: new Normal({loc, scale: 0.7}),
        });
      const loc = tf.tensor2d([
        [-1, 1],
        [0, 2],
        [1, 3],
      ]);
      await expectDerivative(t => build(t, loc).logProb(x), logits, 'by logits');
      await expectSecondDerivative(t => build(t, loc).logProb(x), logits, 'by logits');
      await expectDerivative(t => build(logits, t).logProb(x), loc, 'by loc');
      await expectSecondDerivative(t => build(logits, t).logProb(x), loc, 'by loc');
      await expectDerivative(t => build(logits, loc).logProb(t), x, 'by x');
    });

    it('has the gradients of expectations by its samples, for weights, locations and scales', async () => {
      const [w1, w2] = [
        Math.exp(0.3) / (Math.exp(0.3) + Math.exp(-0.2)),
        Math.exp(-0.2) / (Math.exp(0.3) + Math.exp(-0.2)),
      ];
      const second = [1 + 0.64, 4 + 2.25]; // E x² of the components
      const cases = [
        {
          f: (x: tf.Tensor) => x,
          exact: [
            [w1 * w2 * -3, w1 * w2 * 3],
            [w1, w2],
            [0, 0],
          ],
        },
        {
          f: (x: tf.Tensor) => tf.square(x),
          exact: [
            [w1 * w2 * (second[0]! - second[1]!), w1 * w2 * (second[1]! - second[0]!)],
            [w1 * -2, w2 * 4],
            [w1 * 1.6, w2 * 3],
          ],
        },
      ];
      for (const vectors of [false, true]) {
        const n = sizeFor(
          vectors
            ? {cpu: 5_000, wasm: 5_000, webgl: 1_000, webgpu: 1_000}
            : {cpu: 50_000, wasm: 50_000, webgl: 4_000, webgpu: 2_000},
        );
        const tile = (v: number[]) => tf.tidy(() => tf.tile(tf.tensor2d([v]), [n, 1]));
        const parameters = [tile([0.3, -0.2]), tile([-1, 2]), tile([0.8, 1.5])];
        const build = (logits: tf.Tensor, loc: tf.Tensor, scale: tf.Tensor) => {
          const components = vectors
            ? new Independent({
                distribution: new Normal({
                  loc: tf.stack([loc, tf.mul(loc, 2)], -1),
                  scale: tf.stack([scale, scale], -1),
                }),
              })
            : new Normal({loc, scale});
          return new MixtureSameFamily({
            mixtureDistribution: new Categorical({logits}),
            componentsDistribution: components,
          });
        };
        for (const {f, exact} of cases) {
          // of the second element if there are two: twice the location, so that the derivatives by loc double or
          // quadruple
          const value = (x: tf.Tensor) => f(vectors ? tf.squeeze(tf.split(x, 2, -1)[1]!, [-1]) : x);
          const g = tf.grads((...ts: tf.Tensor[]) =>
            linked(value(build(...(ts as [tf.Tensor, tf.Tensor, tf.Tensor])).sample([], {key})), ...ts),
          )(parameters);
          const isSquare = exact[1]![1] !== w2;
          const expected = !vectors
            ? exact
            : isSquare
              ? [[w1 * w2 * (4 + 0.64 - 16 - 2.25), w1 * w2 * (16 + 2.25 - 4 - 0.64)], [w1 * -8, w2 * 16], exact[2]!]
              : [exact[0]!.map(v => 2 * v), exact[1]!.map(v => 2 * v), exact[2]!];
          for (let i = 0; i < 3; i++) {
            const values = await g[i]!.data();
            for (const j of [0, 1]) {
              const column = Float64Array.from({length: n}, (_, row) => values[2 * row + j]!);
              const mean = column.reduce((s, v) => s + v, 0) / n;
              const error = Math.sqrt(column.reduce((s, v) => s + (v - mean) ** 2, 0)) / n;
              const z = Math.abs(mean - expected[i]![j]!) / (error + 1e-6);
              if (!(z < 4.5))
                fail(
                  `${vectors ? 'vectors' : 'numbers'}, ${isSquare ? 'x²' : 'x'}, parameter ${i} [${j}]: ${mean} against ${expected[i]![j]}, z = ${z}`,
                );
            }
          }
          tf.dispose(g);
        }
        tf.dispose(parameters);
      }
    });

    it('has the second derivatives of its samples', async () => {
      // x(θ) with F(x; θ) constant; by central differences of the first derivative at the same draw
      const d = (loc: tf.Tensor) =>
        new MixtureSameFamily({
          mixtureDistribution: new Categorical({probs: [0.4, 0.6]}),
          componentsDistribution: new Normal({loc, scale: [0.8, 1.5]}),
        });
      const base = tf.tensor1d([-1, 1]);
      const cdfAt = (x: number, l: number) => 0.4 * normalCdf((x - l) / 0.8) + 0.6 * normalCdf((x - 1) / 1.5);
      const x0 = (await read(d(base).sample([], {key})))[0]!;
      const solve = (l: number) => {
        const level = cdfAt(x0, -1);
        let [low, high] = [x0 - 5, x0 + 5];
        for (let i = 0; i < 200; i++) {
          const mid = (low + high) / 2;
          if (cdfAt(mid, l) < level) low = mid;
          else high = mid;
        }
        return (low + high) / 2;
      };
      const h = 1e-3;
      const first = (solve(-1 + h) - solve(-1 - h)) / (2 * h);
      const second = (solve(-1 + h) - 2 * solve(-1) + solve(-1 - h)) / (h * h);
      const f = (l: tf.Tensor) => tf.sum(d(tf.concat([tf.reshape(l, [1]), tf.tensor1d([1])])).sample([], {key}));
      expectNear(await read(tf.grad(f)(tf.scalar(-1))), [first], 'first', false, 1e-4);
      expectNear(await read(tf.grad(l => tf.grad(f)(l))(tf.scalar(-1))), [second], 'second', false, 1e-3);
    });

    it('says what is wrong', () => {
      const cat = new Categorical({probs: W});
      const normal = new Normal({loc: 0, scale: 1});
      const bad = (f: () => unknown, message: string | RegExp) => expect(f).toThrowError(message as string);
      bad(
        () => new Mixture({cat, components: []}),
        'Mixture: components must be a list of distributions, at least one, got []',
      );
      bad(
        () => new Mixture({cat, components: [normal]}),
        'Mixture: there must be as many components as cat has classes, 3, got 1',
      );
      bad(
        () =>
          new Mixture({
            cat,
            components: [normal, normal, new Normal({loc: [0, 1], scale: 1}), 3] as unknown as Distribution[],
          }),
        /must be a list of distributions, at \[3\], got 3/,
      );
      bad(
        () => new Mixture({cat, components: [normal, normal, new Bernoulli({logits: 0, dtype: 'int32'})]}),
        /all components must have the dtype "float32" of the first, at \[2\], got "int32"/,
      );
      bad(
        () =>
          new MixtureSameFamily({
            mixtureDistribution: cat,
            componentsDistribution: new Normal({loc: [0, 1], scale: 1}),
          }),
        /as many components along its last batch axis as mixtureDistribution has classes, 3, got 2/,
      );
      bad(
        () => new MixtureSameFamily({mixtureDistribution: cat, componentsDistribution: normal}),
        /must have a batch axis/,
      );
      bad(
        () =>
          new MixtureSameFamily({
            mixtureDistribution: normal as unknown as Categorical,
            componentsDistribution: normal,
          }),
        /^MixtureSameFamily: mixtureDistribution must be a Categorical/,
      );
    });
  },
  {inBrief: [gpuOf('mixtures')]},
);
