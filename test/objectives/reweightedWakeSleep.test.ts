/** Reweighted wake-sleep on a model of three classes and one bit, against enumeration. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {gradientMoments, sigmoid, worstZ, type Moments} from '../helpers/estimates.js';
import {read, withoutLeak} from '../helpers/near.js';
import type {Values} from '../estimators/problems.js';

type Params = Record<string, tf.Tensor>;

/** The logits of p(z), of p(x = 1|z) for each z, of q(z|x = 0), and what x = 1 adds to them. */
const parameters: Values = {
  prior: [0.2, -0.5, 0.4],
  bit: [1.2, -0.7, 0.3],
  q: [0.6, 0.1, -0.8],
  shift: [-0.9, 0.4, 0.5],
};
const classes = [0, 1, 2];
const softmax = (logits: number[]): number[] => {
  const e = logits.map(Math.exp);
  return e.map(v => v / e.reduce((a, b) => a + b, 0));
};
const likelihood = (x: number, z: number): number =>
  x === 1 ? sigmoid(parameters['bit']![z]!) : 1 - sigmoid(parameters['bit']![z]!);
const p = softmax(parameters['prior']!);
const q = softmax(parameters['q']!);
const unit = (z: number): number[] => classes.map(k => (k === z ? 1 : 0));

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

describeBackends(
  'sleepLoss',
  () => {
    const asleep = ({prior, bit, q: logits, shift}: Params): tf.Tensor =>
      st.sleepLoss(
        () => {
          const z = new st.OneHotCategorical({logits: prior!}).sample();
          return {x: new st.Bernoulli({logits: tf.sum(tf.mul(tf.cast(z, 'float32'), bit!), -1)}).sample(), z};
        },
        x =>
          new st.OneHotCategorical({logits: tf.add(logits!, tf.mul(tf.expandDims(tf.cast(x, 'float32'), -1), shift!))}),
      );

    it('has the exact gradient of E KL(p(z|x) ‖ q(z|x)) as its mean, and none for the model', async () => {
      const exact: Record<string, number[]> = {prior: [0, 0, 0], bit: [0, 0, 0], q: [0, 0, 0], shift: [0, 0, 0]};
      for (const x of [0, 1]) {
        const conditional = softmax(classes.map(k => parameters['q']![k]! + x * parameters['shift']![k]!));
        for (const z of classes) {
          const mass = p[z]! * likelihood(x, z);
          classes.forEach(k => {
            exact['q']![k]! += mass * (conditional[k]! - unit(z)[k]!);
            exact['shift']![k]! += mass * x * (conditional[k]! - unit(z)[k]!);
          });
        }
      }
      st.random.setSeed(4);
      const n = sizeFor({cpu: 10_000, wasm: 100_000, webgl: 3000, webgpu: 3000});
      const moments = await gradientMoments(parameters, n, asleep);
      expect(worstZ(moments, exact)).toBeLessThan(4.5);
      expect(worstZ(moments, {...exact, q: exact['shift']!})).toBeGreaterThan(4.5);
    });

    it('holds dreams constant though they pass gradients, and serves several latents', async () => {
      const [theta, phi] = [tf.variable(tf.tensor1d([0.5, -1])), tf.variable(tf.tensor1d([0.7, 0.2]))];
      const loss = (): tf.Tensor =>
        st.sleepLoss(
          () => {
            const a = new st.Normal({loc: theta, scale: 1}).sample([], {key: st.random.key(1)}); // reparameterised
            const b = new st.Normal({loc: a, scale: 1}).sample([], {key: st.random.key(2)});
            return {x: tf.add(a, b), z: {a, b}};
          },
          (x, {a}) => ({
            a: new st.Normal({loc: tf.mul(x, phi), scale: 1}),
            b: new st.Normal({loc: tf.mul(a, phi), scale: 1}),
          }),
        );
      const {value, grads} = st.variableGrads(loss, [theta, phi]);
      expect(Object.keys(grads)).toEqual([phi.name]);
      const [a, b] = tf.tidy<[tf.Tensor, tf.Tensor]>(() => {
        const first = new st.Normal({loc: theta, scale: 1}).sample([], {key: st.random.key(1)});
        return [first, new st.Normal({loc: first, scale: 1}).sample([], {key: st.random.key(2)})];
      });
      const [as, bs, fs] = [await read(a), await read(b), Array.from(await phi.data())];
      const got = await grads[phi.name]!.data();
      fs.forEach((f, i) => {
        // ∂/∂f of ½ (a − f x)² + ½ (b − f a)², averaged over two elements
        const x = as[i]! + bs[i]!;
        expect(got[i]).toBeCloseTo((-x * (as[i]! - f * x) - as[i]! * (bs[i]! - f * as[i]!)) / 2, 4);
      });
      tf.dispose([value, grads, theta, phi]);
    });

    it('leaves no tensor, and says in one sentence what is wrong', () => {
      const normal = new st.Normal({loc: [0, 1], scale: 1});
      const dream = (): st.Dream<tf.Tensor> => ({x: normal.sample(), z: normal.sample()});
      withoutLeak('sleepLoss', () => st.sleepLoss(dream, () => normal)).dispose();
      expect(() => st.sleepLoss(3 as never, () => normal)).toThrowError(
        'sleepLoss: the first argument must be a function that returns {x, z}, got 3',
      );
      expect(() => st.sleepLoss(dream, null as never)).toThrowError(
        'sleepLoss: the second argument must be a function from x and z to q, got null',
      );
      expect(() =>
        st.sleepLoss(
          () => ({z: normal.sample()}) as never,
          () => normal,
        ),
      ).toThrowError('sleepLoss: the first function must return {x, z} with a tensor x, got an object with keys z');
      expect(() =>
        st.sleepLoss(
          () => ({x: normal.sample(), z: {}}),
          () => ({}),
        ),
      ).toThrowError(
        'sleepLoss: the first function must return {x, z} with z a tensor or a record of tensors, got an object with keys none',
      );
      expect(() => st.sleepLoss(dream, () => 1 as never)).toThrowError(
        'sleepLoss: the second function must return a distribution for "z", got 1',
      );
      expect(() =>
        st.sleepLoss(
          () => ({x: normal.sample(), z: {a: normal.sample()}}),
          () => ({}) as never,
        ),
      ).toThrowError('sleepLoss: the second function must return a distribution for "a", got undefined');
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
