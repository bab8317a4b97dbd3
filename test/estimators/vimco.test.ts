/** VIMCO against the exact expectations of multi-sample bounds. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {gains} from '../../src/estimators/vimco.js';
import {describeBackends, itInNode, sizeFor} from '../helpers/backends.js';
import {gradientMoments, MANY, type Moments, sigmoid} from '../helpers/estimates.js';
import {column, square, zOf, type AnyEstimator, type Problem, type Values} from './problems.js';

/** Estimates of one test. */
const size = (): number => sizeFor({cpu: 20_000, wasm: MANY, webgl: 3000, webgpu: 3000});

type Params = Record<string, tf.Tensor>;
/** Makes a node. */
type Make = (q: st.Distribution, options?: st.DistributionTensorOptions) => st.DistributionTensor;
type Costs = (p: Params, make: Make) => tf.Tensor | tf.Tensor[];

const makeWith =
  (estimator: AnyEstimator): Make =>
  (q, options = {}) =>
    new st.DistributionTensor(q, {estimator, ...options});

/** A problem whose nodes are made by `make`, as an estimator's own test needs it. */
function problem(
  parameters: Values,
  costs: Costs,
  expectation: (p: Values) => number,
  estimator: AnyEstimator,
): Problem {
  return {title: '', parameters, costs: p => costs(p, makeWith(estimator)), expectation};
}

async function momentsOf(
  parameters: Values,
  costs: Costs,
  estimator: AnyEstimator,
  n: number,
  seed = 17,
): Promise<Moments> {
  st.random.setSeed(seed);
  return (await gradientMoments(parameters, n, p => costs(p, makeWith(estimator))))['theta']!;
}

// A Bernoulli latent: q has the logit theta₀, the prior theta₁, and ln p(x|z) is −0.4 + theta₂·z.
const discrete: Values = {theta: [0.4, -0.3, 1.1]};
const logBernoulli = (logit: number, z: number): number => -Math.log1p(Math.exp(z === 1 ? -logit : logit));
const logWeight = ([q, prior, slope]: number[], z: number, shift = 0): number =>
  logBernoulli(prior!, z) - 0.4 + slope! * z - logBernoulli(q!, z) + shift;
const logMeanExp = (l: number[]): number => {
  const top = Math.max(...l);
  return top + Math.log(l.reduce((sum, x) => sum + Math.exp(x - top), 0) / l.length);
};

/** E over K draws of f(z₁ … z_K). */
function overTuples(theta: number[], k: number, f: (z: number[]) => number): number {
  let sum = 0;
  for (let code = 0; code < 2 ** k; code++) {
    const z = Array.from({length: k}, (_, i) => (code >> i) & 1);
    sum += z.reduce((p, b) => p * (b === 1 ? sigmoid(theta[0]!) : 1 - sigmoid(theta[0]!)), 1) * f(z);
  }
  return sum;
}

function discreteLogWeights({theta}: Params, z: tf.Tensor, shift = 0): tf.Tensor {
  const log = (i: number): tf.Tensor => new st.Bernoulli({logits: column(theta!, i)}).logProb(z);
  return tf.add(tf.sub(tf.add(log(1), tf.mul(column(theta!, 2), z)), log(0)), shift - 0.4);
}
const discreteCosts: Costs = (p, make) =>
  tf.neg(st.multiSampleBound(discreteLogWeights(p, make(new st.Bernoulli({logits: column(p['theta']!)})).value)));
const discreteBound =
  (k: number) =>
  ({theta}: Values): number =>
    -overTuples(theta!, k, z => logMeanExp(z.map(b => logWeight(theta!, b))));

/** Two scaled bounds, a cost of each sample and a cost of all samples together. */
const mixedCosts: Costs = (p, make) => {
  const z = make(new st.Bernoulli({logits: column(p['theta']!)})).value;
  const l = discreteLogWeights(p, z);
  const together = tf.mul(square(tf.mean(z, 0), 0.2), 2);
  return [
    tf.mul(st.multiSampleBound(l), -1.3),
    tf.add(tf.mul(st.multiSampleBound(tf.mul(l, 0.5)), 0.7), together),
    tf.mul(square(z, 0.4), 1.5),
  ];
};
const mixedExpectation =
  (k: number) =>
  ({theta}: Values): number =>
    overTuples(theta!, k, z => {
      const l = z.map(b => logWeight(theta!, b));
      const mean = (f: (b: number) => number): number => z.reduce((sum, b) => sum + f(b), 0) / k;
      return (
        -1.3 * logMeanExp(l) +
        0.7 * logMeanExp(l.map(x => x / 2)) +
        2 * (mean(b => b) - 0.2) ** 2 +
        1.5 * mean(b => (b - 0.4) ** 2)
      );
    });

describeBackends(
  'vimco',
  () => {
    const z = (
      costs: Costs,
      expectation: (p: Values) => number,
      estimator: st.Estimator,
      n = size(),
    ): Promise<number> => zOf(problem(discrete, costs, expectation, estimator), estimator, {n});

    for (const k of [2, 3, 5]) {
      it(`has the exact gradient of the bound of ${k} samples as its mean`, async () => {
        expect(await z(discreteCosts, discreteBound(k), st.vimco({samples: k}))).toBeLessThan(4.5);
      });
    }

    it('serves sums of bounds, costs of each sample and costs of all samples together', async () => {
      expect(await z(mixedCosts, mixedExpectation(3), st.vimco({samples: 3}))).toBeLessThan(4.5);
    });

    it('without a bound is leave-one-out', async () => {
      const costs: Costs = ({theta}, make) => square(make(new st.Bernoulli({logits: column(theta!)})).value, 0.3);
      const [one, other] = [st.vimco({samples: 3}), st.scoreFunction({baseline: st.leaveOneOut({samples: 3})})];
      const found = await momentsOf(discrete, costs, one, 50);
      const wanted = await momentsOf(discrete, costs, other, 50);
      found.mean.forEach((m, i) => expect(m).toBeCloseTo(wanted.mean[i]!, 5));
    });

    it('has much less variance than the score function on the same bound', async () => {
      // A likelihood of e⁻³, and a part that no draw bears on.
      const low: Costs = (p, make) =>
        tf.neg(
          st.multiSampleBound(discreteLogWeights(p, make(new st.Bernoulli({logits: column(p['theta']!)})).value, -3)),
        );
      const large: Costs = (p, make) => tf.add(discreteCosts(p, make) as tf.Tensor, 3); // one cost
      const n = sizeFor({cpu: 4000, wasm: 4000, webgl: 1000, webgpu: 1000});
      const variance = async (
        costs: Costs,
        estimator: st.Estimator,
        options: st.DistributionTensorOptions = {},
      ): Promise<number> =>
        (await momentsOf(discrete, (p, make) => costs(p, (q, more) => make(q, {...options, ...more})), estimator, n))
          .variance[0]!;
      for (const costs of [low, large]) {
        const plain = await variance(costs, st.scoreFunction(), {valueType: st.sampleValue(5)});
        expect(await variance(costs, st.vimco({samples: 5}))).toBeLessThan(0.1 * plain);
      }
    });

    it('takes the samples of a value type', async () => {
      const costs: Costs = (p, make) => discreteCosts(p, q => make(q, {valueType: st.sampleValue(3)}));
      expect(await z(costs, discreteBound(3), st.vimco())).toBeLessThan(4.5);
    });

    it('serves a global latent, a bound for each example', async () => {
      // One draw for all of a batch of two: shape [K, 1] and [K, n, 1] against log-weights [K, n, 2].
      const costs: Costs = (p, make) => {
        const node = make(new st.Bernoulli({logits: tf.slice(p['theta']!, [0, 0], [-1, 1])})).value;
        const l = tf.concat(
          [0, 2].map(shift => tf.mul(tf.expandDims(discreteLogWeights(p, tf.squeeze(node, [2])), 2), 1 + shift)),
          2,
        );
        return tf.neg(st.multiSampleBound(l));
      };
      const expectation = ({theta}: Values): number =>
        -overTuples(theta!, 3, b =>
          [1, 3].reduce((sum, scale) => sum + logMeanExp(b.map(x => scale * logWeight(theta!, x))) / 2, 0),
        );
      expect(await z(costs, expectation, st.vimco({samples: 3}), size() / 2)).toBeLessThan(4.5);
    });

    it('serves a chain: the nodes below share the samples of the first, and the bound keeps an axis in their place', async () => {
      // z₁ ~ q(theta₀), z₂ | z₁ ~ q(theta₁ + z₁), a table of ln p.
      const table = (a: number, b: number): number => 0.5 * a - 0.8 * b + 1.2 * a * b;
      const costs: Costs = ({theta}) => {
        const first = new st.DistributionTensor(new st.Bernoulli({logits: column(theta!)}), {
          estimator: st.vimco({samples: 3}),
        });
        const second = new st.DistributionTensor(new st.Bernoulli({logits: tf.add(column(theta!, 1), first.value)}), {
          estimator: st.vimco({samples: null}),
        });
        const [a, b] = [first.value, second.value];
        const p = tf.add(tf.sub(tf.mul(a, 0.5), tf.mul(b, 0.8)), tf.mul(tf.mul(a, b), 1.2));
        return tf.neg(tf.expandDims(st.multiSampleBound(tf.sub(tf.sub(p, first.logProb()), second.logProb())), 0));
      };
      const expectation = ({theta}: Values): number => {
        let sum = 0;
        for (let code = 0; code < 4 ** 3; code++) {
          const pairs = Array.from({length: 3}, (_, i) => [(code >> (2 * i)) & 1, (code >> (2 * i + 1)) & 1] as const);
          const logs = pairs.map(([a, b]) => logBernoulli(theta![0]!, a) + logBernoulli(theta![1]! + a, b));
          sum -= Math.exp(logs.reduce((x, y) => x + y)) * logMeanExp(pairs.map(([a, b], i) => table(a, b) - logs[i]!));
        }
        return sum;
      };
      expect(await z(costs, expectation, st.vimco())).toBeLessThan(4.5);
    });

    describe('is caught when wrong:', () => {
      const wrong: Record<string, (logWeights: tf.Tensor) => tf.Tensor> = {
        'the bound of all samples as the baseline': l => tf.expandDims(st.multiSampleBound(l), 0),
        'the mean of all log-weights in the place of the mean of the others': l =>
          tf.log(
            tf.div(tf.add(tf.sub(tf.sum(tf.exp(l), 0, true), tf.exp(l)), tf.exp(tf.mean(l, 0, true))), l.shape[0]),
          ),
      };
      for (const [name, baseline] of Object.entries(wrong)) {
        it(name, async () => {
          const broken: st.Estimator = {
            ...st.vimco({samples: 3}),
            combine(node, {total: cost}, downstream) {
              const [bound] = downstream.bounds();
              return {
                surrogate: tf.mul(
                  node.logProb(),
                  st.stopGradient(tf.sub(cost, tf.mul(bound!.slope, baseline(bound!.logWeights)))),
                ),
              };
            },
          };
          expect(await z(discreteCosts, discreteBound(3), broken)).toBeGreaterThan(4.5);
        });
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'vimco in numbers of any size',
  () => {
    itInNode('is right where log-weights are in the thousands', async () => {
      const shifted: Costs = (p, make) =>
        tf.neg(
          st.multiSampleBound(
            discreteLogWeights(p, make(new st.Bernoulli({logits: column(p['theta']!)})).value, -5000),
          ),
        );
      const found = await momentsOf(discrete, shifted, st.vimco(), 500);
      const wanted = await momentsOf(discrete, discreteCosts, st.vimco(), 500);
      found.mean.forEach((m, i) => expect(Math.abs(m - wanted.mean[i]!)).toBeLessThan(1e-3));
    });

    it('compares the bound with that of the other samples, in numbers of any size', async () => {
      const columns = [
        [0.3, -1.2, 2.1, 0],
        [-4000, -4001, -3990, -4000.5],
        [-Infinity, 1, 2, -Infinity],
        [3, -Infinity, -Infinity, -Infinity],
        new Array<number>(4).fill(-Infinity),
      ];
      const found = tf.tidy(() => tf.transpose(gains(tf.transpose(tf.tensor2d(columns)))));
      const got = await found.data();
      columns.forEach((l, c) =>
        l.forEach((_, k) => {
          const others = l.filter((__, j) => j !== k);
          const none = Math.max(...others) === -Infinity;
          const ofOthers = none ? 0 : logMeanExp([...others, others.reduce((a, b) => a + b) / 3]);
          expect(got[4 * c + k]).toBeCloseTo(Math.max(...l) === -Infinity ? 0 : logMeanExp(l) - ofOthers, 4);
        }),
      );
      found.dispose();
    });

    itInNode('gives finite numbers where samples have weight 0, and nothing where all have', async () => {
      const at = async (offset: number[][]): Promise<number[]> => {
        const w = tf.variable(tf.tensor1d([0.3, -0.2]));
        const {grads, value} = st.variableGrads(() => {
          const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
            estimator: st.vimco({samples: 3}),
            key: st.random.key(4),
          });
          return tf.neg(st.multiSampleBound(tf.add(node.logProb(), offset)));
        }, [w]);
        const found = Array.from(await grads[w.name]!.data());
        tf.dispose([w, grads, value]);
        return found;
      };
      const some = await at([
        [0, -Infinity],
        [-Infinity, -Infinity],
        [0, -Infinity],
      ]);
      const none = await at([
        [0, 0],
        [-Infinity, 0],
        [0, 0],
      ]);
      expect(some.every(Number.isFinite)).toBeTrue();
      expect(some[0]).toBeCloseTo(none[0]!, 6);
      expect(some[0]).not.toBe(0);
      expect(some[1]).toBe(0);
    });

    itInNode('takes a bound that was added to the cost of each sample', async () => {
      const n = sizeFor({cpu: 20_000, wasm: 20_000, webgl: 2000, webgpu: 2000});
      const w = tf.variable(tf.fill([n], 0.4));
      st.random.setSeed(3);
      const {value, grads} = st.variableGrads(() => {
        const z = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: st.vimco({samples: 3})}).value;
        return tf.add(st.multiSampleBound(tf.add(tf.mul(z, 1.3), 0.2)), tf.square(tf.sub(z, 0.3)));
      }, [w]);
      const found = Array.from(await grads[w.name]!.data(), g => g * n);
      tf.dispose([w, value, grads]);
      // Σ over the 8 outcomes, differentiated by hand: dp/dw = p (1 − p).
      const p = 1 / (1 + Math.exp(-0.4));
      const exact = Array.from({length: 8}, (_, c) => [0, 1, 2].map(k => (c >> k) & 1)).reduce((sum, z) => {
        const cost =
          Math.log(z.reduce((t, b) => t + Math.exp(1.3 * b + 0.2), 0) / 3) +
          z.reduce((t, b) => t + (b - 0.3) ** 2, 0) / 3;
        const probability = z.reduce((t, b) => t * (b === 1 ? p : 1 - p), 1);
        return sum + cost * probability * z.reduce((t, b) => t + b - p, 0);
      }, 0);
      const mean = found.reduce((a, b) => a + b, 0) / n;
      const error = Math.sqrt(found.reduce((a, b) => a + (b - mean) ** 2, 0)) / n;
      expect(Math.abs(mean - exact)).toBeLessThan(4.5 * error);
    });

    itInNode('refuses costs that are not linear in the bound', () => {
      const run = (f: (bound: tf.Tensor, z: tf.Tensor) => tf.Tensor | tf.Tensor[]) => () => {
        const w = tf.variable(tf.tensor1d([0.3, -0.2]));
        try {
          tf.dispose(
            st.variableGrads(() => {
              const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'vimco', name: 'z'});
              return f(st.multiSampleBound(node.logProb()), node.value);
            }, [w]),
          );
        } finally {
          w.dispose();
        }
      };
      const linear = /^vimco at node "z": the costs must be linear in a multi-sample bound/;
      expect(run(l => tf.square(l))).toThrowError(linear);
      expect(run((l, z) => tf.mul(l, tf.mean(z, 0)))).toThrowError(linear);
      expect(run((_, z) => tf.mean(z, 0))).toThrowError(
        /^vimco at node "z": the costs must keep the sample axis of size 4/,
      );
      expect(run(l => tf.mul(l, -2))).not.toThrow();
      expect(() => st.vimco({samples: 1})).toThrowError(
        'vimco: samples must be an integer >= 2, or null for no axis of its own, got 1',
      );
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);
