/** Values and gradients against closed forms and enumeration, and the signal in the gradient as samples are added. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {gradientMoments, MANY, type Moments, sigmoid} from '../helpers/estimates.js';
import {read} from '../helpers/near.js';
import {column, zOf, type Problem, type Values} from '../estimators/problems.js';
import {evidence, logNormal, moments, renyiExact, values} from './normalModel.js';

type Params = Record<string, tf.Tensor>;
describeBackends(
  'importanceWeightedBound',
  () => {
    it('rises from the ELBO towards the log-evidence as samples are added', async () => {
      const n = sizeFor({cpu: 4000, wasm: 20_000, webgl: 3000, webgpu: 3000});
      const found: Array<ReturnType<typeof moments>> = [];
      for (const k of [1, 4, 64]) found.push(moments(await values(st.importanceWeightedBound, n, k, k)));
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
      const n = sizeFor({cpu: 10_000, wasm: MANY, webgl: 3000, webgpu: 3000});
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
