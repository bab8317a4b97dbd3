/**
 * The importance-weighted bound and Rényi's: values and gradients against closed forms and enumeration, and the signal
 * in the gradient as samples are added.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {gradientMoments, sigmoid, type Moments} from '../helpers/estimates.js';
import {read, withoutLeak} from '../helpers/near.js';
import {column, square, zOf, type Problem, type Values} from '../estimators/problems.js';

const LN2PI = Math.log(2 * Math.PI);
type Params = Record<string, tf.Tensor>;
type Bound = (logLikelihood: tf.Tensor, options: {variationalWithPrior: st.LatentsWithPriors}) => tf.Tensor;
const iwae: Bound = (l, options) => st.importanceWeightedBound(l, options);
const renyi =
  (alpha: number): Bound =>
  (l, options) =>
    st.renyiBound(l, {...options, alpha});

// z ~ N(0, 1), x = 1.3 given z ~ N(z, 1), q = N(m, s).
const X = 1.3;
const [m, s] = [0.1, 0.9];
const evidence = -0.5 * Math.log(4 * Math.PI) - X ** 2 / 4;
const logNormal = (mean: tf.Tensor): tf.Tensor => tf.sub(tf.mul(square(mean, X), -0.5), 0.5 * LN2PI);

/** The bound of n replicates of K samples of q = N(m, s). */
async function values(bound: Bound, n: number, k: number, seed = 1): Promise<number[]> {
  return read(
    tf.tidy(() => {
      const node = new st.DistributionTensor(new st.Normal({loc: tf.fill([n], m), scale: s}), {
        valueType: st.sampleValue(k),
        key: st.random.key(seed),
      });
      return bound(logNormal(node.value), {variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]]});
    }),
  );
}

function moments(of: number[]): {mean: number; error: number} {
  const mean = of.reduce((a, b) => a + b, 0) / of.length;
  return {mean, error: Math.sqrt(of.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / of.length};
}

/** ln p(x) − D_α(q ‖ posterior), the posterior being N(x/2, 1/√2), in the closed form for two Normals. */
function renyiExact(alpha: number): number {
  const variance = (1 - alpha) * s ** 2 + alpha * 0.5;
  const divergence =
    alpha === 1
      ? Math.log(Math.SQRT1_2 / s) + (s ** 2 + (m - X / 2) ** 2) - 0.5
      : Math.log(Math.SQRT1_2 / s) +
        Math.log(0.5 / variance) / (2 * (alpha - 1)) +
        (alpha * (m - X / 2) ** 2) / (2 * variance);
  return evidence - divergence;
}

describeBackends(
  'importanceWeightedBound',
  () => {
    it('rises from the ELBO towards the log-evidence as samples are added', async () => {
      const n = sizeFor({cpu: 4000, wasm: 20_000, webgl: 3000, webgpu: 3000});
      const found: Array<ReturnType<typeof moments>> = [];
      for (const k of [1, 4, 64]) found.push(moments(await values(iwae, n, k, k)));
      expect(Math.abs(found[0]!.mean - renyiExact(1))).toBeLessThan(4.5 * found[0]!.error);
      found
        .slice(1)
        .forEach((next, i) =>
          expect(next.mean - found[i]!.mean).toBeGreaterThan(4.5 * Math.hypot(next.error, found[i]!.error)),
        );
      const last = found[2]!;
      expect(last.mean).toBeLessThan(evidence + 4.5 * last.error);
      expect(last.mean).toBeGreaterThan(evidence - 0.01);
    });

    it('finds its latents on the tape, and is multiSampleBound of their weights', async () => {
      const w = tf.tensor1d([0.3, -0.4]);
      const [one, other] = withoutLeakOfTwo(
        () =>
          [true, false].map(byName =>
            tf.grad(loc => {
              const node = new st.DistributionTensor(new st.Normal({loc: loc, scale: 1}), {
                valueType: st.sampleValue(5),
                key: st.random.key(2),
              });
              const prior = new st.Normal({loc: 0, scale: 1});
              if (!byName)
                return st.multiSampleBound(
                  tf.sub(tf.add(logNormal(node.value), prior.logProb(node.value)), node.logProb()),
                );
              st.registerPrior(node, prior);
              return st.importanceWeightedBound(logNormal(node.value));
            })(w),
          ) as [tf.Tensor, tf.Tensor],
      );
      const [a, b] = [await read(one), await read(other)];
      a.forEach((v, i) => expect(v).toBeCloseTo(b[i]!, 6));
      w.dispose();
    });

    it('has the exact gradient for discrete latents, with vimco and with the score function', async () => {
      // z ~ Bernoulli(σ(0.4)), x given z with ln p = −1 or 0.5, K = 2.
      const [prior, logs] = [0.4, [-1, 0.5]];
      const logWeight = (theta: number, z: 0 | 1): number =>
        logs[z]! +
        (z === 1 ? -Math.log1p(Math.exp(-prior)) : -Math.log1p(Math.exp(prior))) -
        Math.log(z === 1 ? sigmoid(theta) : 1 - sigmoid(theta));
      const problem = (estimator: st.Estimator): Problem => ({
        title: '',
        parameters: {theta: [-0.6]},
        costs({theta}) {
          const node = new st.DistributionTensor(new st.Bernoulli({logits: column(theta!)}), {
            estimator,
            valueType: st.sampleValue(estimator.name === 'vimco' ? [] : 2),
          });
          const likelihood = tf.add(tf.mul(tf.cast(node.value, 'float32'), 1.5), -1);
          return tf.neg(
            st.importanceWeightedBound(likelihood, {variationalWithPrior: [[node, new st.Bernoulli({logits: prior})]]}),
          );
        },
        expectation({theta}) {
          const p = sigmoid(theta![0]!);
          let sum = 0;
          for (const a of [0, 1] as const) {
            for (const b of [0, 1] as const) {
              const mass = (a === 1 ? p : 1 - p) * (b === 1 ? p : 1 - p);
              sum -= mass * Math.log((Math.exp(logWeight(theta![0]!, a)) + Math.exp(logWeight(theta![0]!, b))) / 2);
            }
          }
          return sum;
        },
      });
      const n = sizeFor({cpu: 10_000, wasm: 100_000, webgl: 3000, webgpu: 3000});
      for (const estimator of [st.vimco({samples: 2}), st.scoreFunction()])
        expect(await zOf(problem(estimator), estimator, {n}))
          .withContext(estimator.name)
          .toBeLessThan(4.5);
      // A gradient that is off by a tenth would be caught.
      const right = problem(st.vimco({samples: 2}));
      expect(await zOf({...right, expectation: p => right.expectation(p) * 0.9}, 'vimco', {n})).toBeGreaterThan(4.5);
    });

    it('keeps the signal of dreg in the gradient of the proposal as samples are added, and loses that of pathwise', async () => {
      // The toy Gaussian of Rainforth et al. 2018 (z ~ N(μ, I), x given z ~ N(z, I), q = N(x/2 + b, 2/3 I)), as in
      // Tucker et al. 2019, figure 1: one x at a time, b off its optimum 0.
      const d = 20;
      const n = sizeFor({cpu: 1000, wasm: 1500, webgl: 200, webgpu: 200});
      const start: Values = {theta: Array.from({length: d}, (_, i) => (i % 2 === 0 ? 0.1 : -0.1))};
      const ratio = async (k: number, doubly: boolean): Promise<number> => {
        st.random.setSeed(k);
        const {mean, variance}: Moments = (
          await gradientMoments(start, n, ({theta}: Params) => {
            const rows = theta!.shape[0];
            const x = tf.mul(st.random.normal([rows, d]), Math.SQRT2); // from the model with μ = 0
            const q = st.independent(new st.Normal({loc: tf.add(tf.div(x, 2), theta!), scale: Math.sqrt(2 / 3)}));
            const node = new st.DistributionTensor(
              q,
              doubly ? {estimator: st.dreg({samples: k})} : {estimator: 'pathwise', valueType: st.sampleValue(k)},
            );
            st.registerPrior(node, st.independent(new st.Normal({loc: tf.zeros([d]), scale: 1})));
            return tf.neg(st.importanceWeightedBound(tf.mul(tf.sum(tf.square(tf.sub(x, node.value)), -1), -0.5)));
          })
        )['theta']!;
        return mean.reduce((sum, v, i) => sum + Math.abs(v) / Math.sqrt(variance[i]!), 0) / d;
      };
      const [few, many] = [1, 64];
      const plain = [await ratio(few, false), await ratio(many, false)] as const;
      const doubly = [await ratio(few, true), await ratio(many, true)] as const;
      expect(plain[1] / plain[0]).toBeLessThan(0.5);
      expect(doubly[1] / doubly[0]).toBeGreaterThan(1.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** As `withoutLeak`, for two tensors. */
function withoutLeakOfTwo(f: () => [tf.Tensor, tf.Tensor]): [tf.Tensor, tf.Tensor] {
  const before = tf.memory().numTensors;
  const result = f();
  expect(tf.memory().numTensors - before).toBe(2);
  return result;
}

describeBackends(
  'renyiBound',
  () => {
    it('is the importance-weighted bound at α = 0 and the mean ELBO at α = 1, which α → 1 approaches', async () => {
      const [zero, one, near, bound, single] = [
        await values(renyi(0), 50, 8),
        await values(renyi(1), 50, 8),
        await values(renyi(1 - 1e-5), 50, 8),
        await values(iwae, 50, 8),
        await read(
          tf.tidy(() => {
            const node = new st.DistributionTensor(new st.Normal({loc: tf.fill([50], m), scale: s}), {
              valueType: st.sampleValue(8),
              key: st.random.key(1),
            });
            return tf.mean(
              st.elbo(logNormal(node.value), {
                form: 'sample',
                variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
              }),
              0,
            );
          }),
        ),
      ];
      zero.forEach((v, i) => expect(v).toBeCloseTo(bound[i]!, 5));
      one.forEach((v, i) => expect(v).toBeCloseTo(single[i]!, 5));
      near.forEach((v, i) => expect(Math.abs(v - single[i]!)).toBeLessThan(1e-4));
    });

    it('stays finite for log-weights of any size, and for weights of 0', async () => {
      const node = new st.DistributionTensor(new st.Normal({loc: [0, 0], scale: 1}), {valueType: st.sampleValue(3)});
      const flat = new st.Uniform({low: -100, high: 100});
      for (const alpha of [0, 0.5, 1 - 1e-6, 2]) {
        const l = tf.tensor2d([
          [1000, -1000],
          [990, -990],
          [1010, -1010],
        ]);
        const bound = await read(
          withoutLeak('renyiBound', () => st.renyiBound(l, {alpha, variationalWithPrior: [[node, flat]]})),
        );
        bound.forEach(v => expect(Number.isFinite(v)).toBe(true));
        expect(Math.abs(bound[0]! - 1000)).toBeLessThan(30);
        l.dispose();
      }
      const l = tf.tensor2d([
        [-Infinity, 1],
        [0, 1],
        [0, 1],
      ]);
      const bound = await read(st.renyiBound(l, {alpha: 1 - 1e-4, variationalWithPrior: [[node, flat]]}));
      expect(bound[1]).toBeGreaterThan(-20);
      bound.forEach(v => expect(v).not.toBeNaN());
      tf.dispose([l, node.value]);
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

describeBackends(
  'renyiBound, against closed forms',
  () => {
    it('falls as α rises, for the same draws', async () => {
      let last: number[] | null = null;
      for (const alpha of [-3, -1, 0, 0.5, 0.995, 1, 1.005, 2, 5]) {
        const here = await values(renyi(alpha), 100, 6);
        if (last !== null)
          here.forEach((v, i) =>
            expect(v)
              .withContext(`α = ${alpha}`)
              .toBeLessThan(last![i]! + 2e-5),
          );
        last = here;
      }
    });

    it('tends to ln p(x) less the divergence between Normals', async () => {
      const k = sizeFor({cpu: 20_000, wasm: 100_000, webgl: 5000, webgpu: 5000});
      for (const alpha of [0, 0.3, 0.7, 1, 1.2]) {
        const found = moments(await values(renyi(alpha), 10, k));
        expect(Math.abs(found.mean - renyiExact(alpha)))
          .withContext(`α = ${alpha}`)
          .toBeLessThan(4.5 * found.error * Math.sqrt(10 / 9) + 1e-4);
        expect(Math.abs(found.mean - (renyiExact(alpha) + 0.1)))
          .withContext(`α = ${alpha}, 0.1 more`)
          .toBeGreaterThan(4.5 * found.error);
      }
    });

    it('has the exact gradient, by quadrature for two samples, with pathwise, dreg and vimco', async () => {
      const alpha = 0.4;
      const beta = 1 - alpha;
      const h = 0.08;
      const points = Array.from({length: 201}, (_, i) => (i - 100) * h);
      const masses = points.map(e => (h * Math.exp((-e * e) / 2)) / Math.sqrt(2 * Math.PI));
      const exact = ({theta}: Values): number => {
        // the trapezium rule is exact to rounding here
        const [a, b] = theta as [number, number]; // two parameters
        const l = points.map(e => {
          const z = a + b * e;
          return beta * (-0.5 * (z * z + (X - z) ** 2) + 0.5 * e * e + Math.log(b));
        });
        let sum = 0;
        l.forEach((x, i) =>
          l.forEach(
            (y, j) =>
              (sum -=
                (masses[i]! * masses[j]! * (Math.max(x, y) + Math.log((1 + Math.exp(-Math.abs(x - y))) / 2))) / beta),
          ),
        );
        return sum;
      };
      const costs =
        (estimator: st.Estimator) =>
        ({theta}: Params): tf.Tensor => {
          const own = estimator.name === 'pathwise' || estimator.name === 'scoreFunction';
          const node = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}), {
            estimator,
            ...(own ? {valueType: st.sampleValue(2)} : {}),
          });
          return tf.neg(
            st.renyiBound(logNormal(node.value), {
              alpha,
              variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
            }),
          );
        };
      const n = sizeFor({cpu: 10_000, wasm: 100_000, webgl: 3000, webgpu: 3000});
      for (const estimator of [st.pathwise(), st.dreg({samples: 2}), st.vimco({samples: 2}), st.scoreFunction()]) {
        expect(
          await zOf(
            {title: '', parameters: {theta: [0.1, 0.9]}, costs: costs(estimator), expectation: exact},
            estimator,
            {n},
          ),
        )
          .withContext(estimator.name)
          .toBeLessThan(4.5);
      }
      const ofElbo = ({theta}: Values): number =>
        0.5 * ((X - theta![0]!) ** 2 + theta![0]! ** 2) + theta![1]! ** 2 - Math.log(theta![1]!);
      expect(
        await zOf(
          {title: '', parameters: {theta: [0.1, 0.9]}, costs: costs(st.dreg({samples: 2})), expectation: ofElbo},
          'dreg',
          {n},
        ),
      ).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'bounds of several samples, what they are given',
  () => {
    it('say in one sentence what is wrong', () => {
      const prior = new st.Normal({loc: 0, scale: 1});
      const one = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {name: 'z'});
      const several = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {
        name: 'z',
        valueType: st.sampleValue(3),
      });
      const all = (of: st.DistributionTensor): st.BoundOptions => ({variationalWithPrior: [[of, prior]]});
      for (const [who, bound] of [
        ['importanceWeightedBound', (l: tf.Tensor, o: st.BoundOptions) => st.importanceWeightedBound(l, o)],
        ['renyiBound', (l: tf.Tensor, o: st.BoundOptions) => st.renyiBound(l, {...o, alpha: 0.5})],
        ['reweightedWakeSleep', (l: tf.Tensor, o: st.BoundOptions) => st.reweightedWakeSleep(l, o).bound],
      ] as const) {
        const samples = `${who}: needs K samples along a leading axis of their own: make the nodes with sampleValue(K), or with an estimator that draws several, got a float32 tensor of shape `;
        expect(() => bound(tf.zeros([2]), all(one))).toThrowError(`${samples}[2]`);
        expect(() => bound(tf.zeros([]), all(several))).toThrowError(`${samples}[]`);
        expect(() => bound(tf.zeros([0, 2]), all(several))).toThrowError(
          `${who}: K, the size of the leading axis, must be at least 1, got 0`,
        );
        expect(() => bound(tf.zeros([2]), all(several))).toThrowError(
          new RegExp(`^${who}: node "z" has a term of shape \\[3,2\\], which must broadcast`),
        );
        expect(() => bound(tf.zeros([3, 2]), {})).toThrowError(
          `${who}: outside a gradient scope the latents cannot be found: list them in variationalWithPrior`,
        );
        expect(() => bound(tf.zeros([3, 2]), {form: 'sample'} as never)).toThrowError(
          new RegExp(`^${who}: unknown option "form"`),
        );
        expect(() => bound(7 as never, all(several))).toThrowError(
          `${who}: logLikelihood must be a float32 tensor of shape [sample…, batch…], got 7`,
        );
      }
      const l = tf.zeros([3, 2]);
      for (const alpha of [NaN, Infinity, -Infinity, '1', undefined]) {
        expect(() => st.renyiBound(l, {...all(several), alpha: alpha as number})).toThrowError(
          /^renyiBound: alpha must be a finite number, got /,
        );
      }
      const w = tf.scalar(0.3);
      expect(() =>
        tf.grad(loc => {
          const node = new st.DistributionTensor(new st.Normal({loc: loc, scale: 1}), {
            name: 'z',
            valueType: st.sampleValue(2),
          });
          return st.importanceWeightedBound(tf.square(node.value));
        })(w),
      ).toThrowError(
        'importanceWeightedBound: node "z" needs a prior: call registerPrior, or list the latents in variationalWithPrior',
      );
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
