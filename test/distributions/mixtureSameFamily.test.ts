import * as tf from '@tensorflow/tfjs-core';
import {Bernoulli, Categorical, Independent, MixtureSameFamily, Normal} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {expectDerivative, expectSecondDerivative, linked} from '../helpers/derivatives.js';
import {exactGradient, gradientMoments, worstZ} from '../helpers/estimates.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {normalCdf} from '../helpers/statistics.js';

const key = random.key(78);
const phi = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

describeBackends(
  'MixtureSameFamily',
  () => {
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
      expect(d.tensorRanks()).toEqual({'mixture.logits': 1, 'components.loc': 1}); // the components are no batch
      expect(withoutLeak('sample', () => d.sample([2, 5], {key})).shape).toEqual([2, 5, 3]);
      expect(d.logProb(0).shape).toEqual([3]);
      const merged = d.expand([2], {merge: true});
      expect(merged.batchShape).toEqual([6]);
      expectNear(await read(merged.mean()), [...(await read(d.mean())), ...(await read(d.mean()))], 'mean');
      expect(d.expand([2]).batchShape).toEqual([2, 3]);
      expectNear(await read(d.withTensors({'components.loc': tf.zeros([3, 2])}).mean()), [0, 0, 0], 'mean');
    });

    it('mixes vectors and discrete numbers', async () => {
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
      const cat = new Categorical({probs: [0.2, 0.5, 0.3]});
      const normal = new Normal({loc: 0, scale: 1});
      const bad = (f: () => unknown, message: string | RegExp) => expect(f).toThrowError(message as string);
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

describeBackends(
  'the elements of a vector from a MixtureSameFamily',
  () => {
    it('are drawn given those before, so that products of them have the right gradients', async () => {
      // E x₁x₂ = Σ w_k·4m_k·m_k; the first element tells which component it is, the second hardly
      const theta = [0.3, -0.2, -0.6, 0.8];
      const exact = ([a, b, m, n]: number[]): number => {
        const w = 1 / (1 + Math.exp(b! - a!));
        return 4 * (w * m! ** 2 + (1 - w) * n! ** 2);
      };
      const moments = await gradientMoments({theta}, 2000, ({theta: t}) => {
        const [logits, loc] = tf.split(t!, 2, -1) as [tf.Tensor, tf.Tensor]; // two
        const q = new MixtureSameFamily({
          mixtureDistribution: new Categorical({logits}),
          componentsDistribution: new Independent({
            distribution: new Normal({loc: tf.stack([tf.mul(loc, 4), loc], -1), scale: 0.8}),
          }),
        });
        return tf.prod(q.sample([], {key}), -1);
      });
      expect(
        worstZ(
          moments,
          exactGradient({theta}, p => exact(p['theta']!)),
        ),
      ).toBeLessThan(4.5);
    });
  },
  {only: ['cpu'], inBrief: []},
);
