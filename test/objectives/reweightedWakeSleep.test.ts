/** Reweighted wake-sleep on a model of three classes and one bit, against enumeration. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {gradientMoments, sigmoid, worstZ, type Moments} from '../helpers/estimates.js';
import {read} from '../helpers/near.js';
import {classes, likelihood, p, parameters, q, unit, type Params} from './threeClasses.js';

/** −∂ ln p(x = 1, z) by the logits of the prior and of the bit, and −∂ ln q(z). */
const slopes = (z: number): Record<string, number[]> => ({
  prior: classes.map(k => p[k]! - unit(z)[k]!),
  bit: classes.map(k => (k === z ? -(1 - sigmoid(parameters['bit']![k]!)) : 0)),
  q: classes.map(k => q[k]! - unit(z)[k]!),
});

/** Σ over lists of K classes of their probability under q times the self-normalised mean of the slopes. */
function enumerated(k: number): Record<string, number[]> {
  const total: Record<string, number[]> = {prior: [0, 0, 0], bit: [0, 0, 0], q: [0, 0, 0]};
  for (let index = 0; index < 3 ** k; index++) {
    const list = Array.from({length: k}, (_, i) => Math.floor(index / 3 ** i) % 3);
    const mass = list.reduce((product, z) => product * q[z]!, 1);
    const w = list.map(z => (p[z]! * likelihood(1, z)) / q[z]!);
    const sum = w.reduce((a, b) => a + b, 0);
    list.forEach((z, i) => add(total, slopes(z), (mass * w[i]!) / sum));
  }
  return total;
}

function add(total: Record<string, number[]>, terms: Record<string, number[]>, factor: number): void {
  for (const [name, values] of Object.entries(total))
    values.forEach((_, i) => (values[i]! += factor * terms[name]![i]!));
}

/** K → ∞: the gradients of −ln p(x = 1) and of KL(p(z|x = 1) ‖ q). */
const limit = (): Record<string, number[]> => {
  const total: Record<string, number[]> = {prior: [0, 0, 0], bit: [0, 0, 0], q: [0, 0, 0]};
  const joint = classes.map(z => p[z]! * likelihood(1, z));
  const evidence = joint.reduce((a, b) => a + b, 0);
  classes.forEach(z => add(total, slopes(z), joint[z]! / evidence));
  return total;
};

const inert = (k: number): st.DistributionTensorOptions => ({
  estimator: null,
  valueType: st.sampleValue(k, {stopGradient: true}),
});

/** The wake-phase losses for x = 1, of the parameters of n copies. */
function wake({prior, bit, q: logits}: Params, k: number): st.WakeSleep {
  const node = new st.DistributionTensor(new st.OneHotCategorical({logits: logits!}), inert(k));
  st.registerPrior(node, new st.OneHotCategorical({logits: prior!}));
  const logit = tf.sum(tf.mul(tf.cast(node.value, 'float32'), bit!), -1);
  return st.reweightedWakeSleep(tf.neg(tf.softplus(tf.neg(logit))));
}

async function wakeMoments(
  k: number,
  n: number,
  of = (losses: st.WakeSleep) => tf.add(losses.modelLoss, losses.inferenceLoss),
): Promise<Record<string, Moments>> {
  st.random.setSeed(k);
  const {prior, bit, q: logits} = parameters;
  return gradientMoments({prior: prior!, bit: bit!, q: logits!}, n, variables => of(wake(variables, k)));
}

describeBackends(
  'reweightedWakeSleep',
  () => {
    const size = (): number => sizeFor({cpu: 5000, wasm: 50_000, webgl: 2000, webgpu: 2000});

    it('has the self-normalised gradients that enumeration gives for few samples', async () => {
      for (const k of [1, 2, 3])
        expect(worstZ(await wakeMoments(k, 2 * size()), enumerated(k)))
          .withContext(`K = ${k}`)
          .toBeLessThan(4.5);
      expect(worstZ(await wakeMoments(2, 2 * size()), limit()))
        .withContext('their bias shows')
        .toBeGreaterThan(4.5);
      expect(
        worstZ(
          await wakeMoments(2, 2 * size(), ({modelLoss, inferenceLoss}) => tf.sub(modelLoss, inferenceLoss)),
          enumerated(2),
        ),
      )
        .withContext('a wrong sign shows')
        .toBeGreaterThan(4.5);
    });

    it('has the gradients of −ln p(x) and KL(p(z|x) ‖ q) as samples are added, with a bias of order 1/K', async () => {
      const exact = limit();
      const bias = (k: number): number => {
        const here = enumerated(k);
        return Math.max(
          ...Object.entries(exact).flatMap(([name, values]) => values.map((v, i) => Math.abs(here[name]![i]! - v))),
        );
      };
      expect(bias(6)).toBeLessThan(bias(3) * 0.7);
      const moments = await wakeMoments(64, sizeFor({cpu: 500, wasm: 5000, webgl: 200, webgpu: 200}));
      for (const [name, values] of Object.entries(exact)) {
        values.forEach((v, i) =>
          expect(Math.abs(moments[name]!.mean[i]! - v))
            .withContext(name)
            .toBeLessThan(bias(6) * 0.2 + 4.5 * moments[name]!.standardError[i]!),
        );
      }
    });

    it('each loss trains its own part, and the bound is a constant', async () => {
      const model = await wakeMoments(2, 50, losses => losses.modelLoss);
      const inference = await wakeMoments(2, 50, losses => losses.inferenceLoss);
      model['q']!.mean.forEach(v => expect(v).toBe(0));
      [...inference['prior']!.mean, ...inference['bit']!.mean].forEach(v => expect(v).toBe(0));
      const w = tf.tensor2d([parameters['q']!]);
      expect(() =>
        tf.grad(logits => wake({prior: tf.zeros([1, 3]), bit: tf.zeros([1, 3]), q: logits}, 2).bound)(w),
      ).toThrowError(/Cannot compute gradient/);
      w.dispose();
    });

    it('gives the importance-weighted bound, and leaves no tensor but its three', async () => {
      const node = new st.DistributionTensor(new st.OneHotCategorical({logits: [parameters['q']!]}), inert(4));
      const options = {
        variationalWithPrior: [[node, new st.OneHotCategorical({logits: parameters['prior']!})]],
      } as const;
      const l = tf.zeros([4, 1]);
      const before = tf.memory().numTensors;
      const {bound, modelLoss, inferenceLoss} = st.reweightedWakeSleep(l, options);
      expect(tf.memory().numTensors - before).toBe(3);
      const other = st.importanceWeightedBound(l, options);
      expect((await bound.data())[0]).toBeCloseTo((await other.data())[0]!, 6);
      tf.dispose([node.value, l, bound, modelLoss, inferenceLoss, other]);
    });

    it('counts a sample that the model leaves out as nothing', async () => {
      const node = new st.DistributionTensor(new st.Normal({loc: [0], scale: 1}), inert(2));
      const l = tf.tensor2d([[-Infinity], [1]]);
      const {modelLoss, inferenceLoss, bound} = st.reweightedWakeSleep(l, {
        variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
      });
      for (const t of [modelLoss, inferenceLoss, bound]) expect(Number.isFinite((await read(t))[0])).toBe(true);
      tf.dispose([node.value, l]);
    });

    it('refuses nodes that would have a gradient of their own beside the losses', () => {
      const loc = tf.variable(tf.tensor1d([0.2]));
      const run = (options: st.DistributionTensorOptions) => () =>
        tf.dispose(
          st.variableGrads(() => {
            const node = new st.DistributionTensor<st.Distribution>(new st.Normal({loc, scale: 1}), {
              ...options,
              name: 'z',
            });
            return st.reweightedWakeSleep(tf.square(node.value), {
              variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
            }).inferenceLoss;
          }, [loc]),
        );
      const rule =
        'reweightedWakeSleep: node "z" must be made with {estimator: null, valueType: sampleValue(K, {stopGradient: true})}, for the losses hold its gradient; ';
      expect(run({estimator: 'scoreFunction', valueType: st.sampleValue(2)})).toThrowError(
        `${rule}it has the estimator "scoreFunction"`,
      );
      expect(run({valueType: st.sampleValue(2)})).toThrowError(`${rule}its value passes gradients to its parameters`);
      expect(run({estimator: null, valueType: st.sampleValue(2)})).toThrowError(
        `${rule}its value passes gradients to its parameters`,
      );
      expect(run(inert(2))).not.toThrow();
      loc.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
