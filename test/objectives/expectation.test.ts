/**
 * Expectations as tensors: values and ordinary gradients against exact ones, for every estimator, alone, nested and as
 * parts of larger graphs.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrief, sizeFor} from '../helpers/backends.js';
import {exactGradient, momentsOf, sigmoid, worstZ} from '../helpers/estimates.js';

interface Case {
  readonly title: string;
  readonly theta: readonly number[];
  /** From parameters `[n, size]` to the distribution of batch shape `[n]`. */
  readonly q: (p: tf.Tensor) => st.Distribution;
  readonly f: (x: tf.Tensor) => tf.Tensor;
  readonly exact: (theta: readonly number[]) => number;
}

const column = (p: tf.Tensor, i: number): tf.Tensor => tf.squeeze(tf.slice(p, [0, i], [-1, 1]), [1]);
const squared = (x: tf.Tensor): tf.Tensor => tf.square(tf.sub(x, 0.3));
const prices = [1.3, -0.4, 2.1];
const softmax = (l: readonly number[]): number[] => {
  const sum = l.reduce((total, x) => total + Math.exp(x), 0);
  return l.map(x => Math.exp(x) / sum);
};

const cases: Case[] = [
  {
    title: 'Bernoulli',
    theta: [0.4],
    q: p => new st.Bernoulli({logits: column(p, 0)}),
    f: squared,
    exact: ([a]) => sigmoid(a!) * 0.49 + (1 - sigmoid(a!)) * 0.09,
  },
  {
    title: 'OneHotCategorical',
    theta: [0.3, -0.5, 0.8],
    q: p => new st.OneHotCategorical({logits: p}),
    f: x => tf.square(tf.sum(tf.mul(x, prices), -1)),
    exact: theta => softmax(theta).reduce((sum, p, i) => sum + p * prices[i]! ** 2, 0),
  },
  {
    title: 'Normal',
    theta: [0.6, 0.8],
    q: p => new st.Normal({loc: column(p, 0), scale: column(p, 1)}),
    f: squared,
    exact: ([loc, scale]) => (loc! - 0.3) ** 2 + scale! ** 2,
  },
];

/** What a registered estimator is tried with here: a critic says what it learns from. */
const make = (name: string): st.Estimator => st.estimators.get(name, name === 'critic' ? {target: 'monteCarlo'} : {});

/**
 * The z-scores of value and gradient over n batch elements, whose gradients are told apart by the weights that they are
 * summed with.
 */
async function zOf(
  {theta, q, f, exact}: Case,
  options: st.ExpectationOptions,
  n: number,
): Promise<{value: number; gradient: number}> {
  const weights = tf.tidy(() => tf.add(1, tf.mul(0.5, tf.cos(tf.range(0, n)))));
  const p = tf.tidy(() => tf.tile(tf.tensor2d([[...theta]]), [n, 1]));
  const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => st.expectation(f, q(x), options))(p, weights);
  expect(value.shape).toEqual([n]);
  const each = tf.tidy(() => tf.div(grad, tf.expandDims(weights, -1)));
  const moments = {gradient: momentsOf(await each.data(), n), value: momentsOf(await value.data(), n)};
  tf.dispose([weights, p, value, grad, each]);
  const parameters = {gradient: [...theta]};
  return {
    gradient: worstZ(
      {gradient: moments.gradient},
      exactGradient(parameters, ({gradient}) => exact(gradient!)),
    ),
    value: worstZ({value: moments.value}, {value: [exact(theta)]}),
  };
}

describeBackends(
  'an expectation',
  () => {
    const n = sizeFor({cpu: 2000, wasm: 10_000, webgl: 1500, webgpu: 1500});

    for (const name of inBrief ? ['scoreFunction', 'pathwise', 'relax', 'unorderedSet'] : st.estimators.names()) {
      it(`with ${name} has the exact value and gradient as its mean`, async () => {
        const before = tf.memory().numTensors;
        const {requires} = make(name);
        const served = cases.filter(({theta, q}) => tf.tidy(() => requires.accepts(q(tf.tensor2d([[...theta]])))));
        expect(served.length).toBeGreaterThan(0);
        for (const problem of served) {
          const estimator = make(name); // with networks for this problem
          st.random.setSeed(11);
          const {value, gradient} = await zOf(problem, {estimator}, n);
          estimator.dispose?.();
          if (estimator.bias === 'biased') continue; // those are told by another test
          expect(value).withContext(`value, ${problem.title}`).toBeLessThan(4.5);
          expect(gradient).withContext(`gradient, ${problem.title}`).toBeLessThan(4.5);
        }
        expect(tf.memory().numTensors).toBe(before);
      });

      it(`with ${name} has the gradient of the graph form, for the same key`, async () => {
        for (const {title, theta, q, f} of cases) {
          const [first, second] = [make(name), make(name)];
          if (!tf.tidy(() => first.requires.accepts(q(tf.tensor2d([[...theta]]))))) continue;
          const p = tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([[...theta]]), [4, 1])));
          const key = st.random.key(3);
          // Networks of their own start from the default stream.
          st.random.setSeed(5);
          const asTensor = tf.variableGrads(
            () => tf.mean<tf.Scalar>(st.expectation(f, q(p), {estimator: first, key})),
            [p],
          );
          st.random.setSeed(5);
          const asGraph = st.variableGrads(
            () => f(new st.DistributionTensor(q(p), {estimator: second, key}).value),
            [p],
          );
          const [a, b] = [await asTensor.grads[p.name]!.data(), await asGraph.grads[p.name]!.data()];
          a.forEach((x, i) => expect(x).withContext(title).toBeCloseTo(b[i]!, 5));
          expect((await asTensor.value.data())[0])
            .withContext(title)
            .toBeCloseTo((await asGraph.value.data())[0]!, 5);
          tf.dispose([asTensor.value, asTensor.grads, asGraph.value, asGraph.grads, p]);
          first.dispose?.();
          second.dispose?.();
        }
      });
    }
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

/** E_a E_{b | a} (a − 2b − 0.3)² with a ~ Bernoulli(σ(θ₀)), b ~ Bernoulli(σ(θ₁ + 1.5 a)). */
const nestedExact = ([t0, t1]: readonly number[]): number => {
  const over = (p: number, g: (bit: number) => number): number => p * g(1) + (1 - p) * g(0);
  return over(sigmoid(t0!), a => over(sigmoid(t1! + 1.5 * a), b => (a - 2 * b - 0.3) ** 2));
};

function nested(p: tf.Tensor, outer: st.ExpectationOptions, inner: st.ExpectationOptions): tf.Tensor {
  return st.expectation(
    a =>
      st.expectation(
        b => squared(tf.sub(a, tf.mul(b, 2))),
        new st.Bernoulli({logits: tf.add(column(p, 1), tf.mul(a, 1.5))}),
        inner,
      ),
    new st.Bernoulli({logits: column(p, 0)}),
    outer,
  );
}

async function nestedZ(n: number, program: (p: tf.Tensor) => tf.Tensor): Promise<number> {
  st.random.setSeed(23);
  const theta = [0.4, -0.7];
  const p = tf.tidy(() => tf.tile(tf.tensor2d([theta]), [n, 1]));
  const gradient = tf.grad(program)(p);
  const moments = momentsOf(await gradient.data(), n);
  tf.dispose([p, gradient]);
  return worstZ(
    {theta: moments},
    exactGradient({theta}, q => nestedExact(q['theta']!)),
  );
}

describeBackends(
  'expectations within expectations',
  () => {
    const n = sizeFor({cpu: 2000, wasm: 20_000, webgl: 1000, webgpu: 1000});

    it('are exact where both are enumerated', async () => {
      expect(await nestedZ(2, p => nested(p, {estimator: 'enumerate'}, {estimator: 'enumerate'}))).toBeLessThan(1);
    });

    for (const outer of inBrief
      ? ['scoreFunction']
      : ['scoreFunction', 'rebar', 'relax', 'disarm', 'muProp', 'doubleCv', 'enumerate', 'dice']) {
      it(`are unbiased with ${outer} around others`, async () => {
        for (const inner of ['scoreFunction', 'relax', 'leaveOneOut', 'enumerate', 'dice']) {
          const before = tf.memory().numTensors;
          const [first, second] = [st.estimators.get(outer), st.estimators.get(inner)];
          expect(await nestedZ(n, p => nested(p, {estimator: first}, {estimator: second})))
            .withContext(inner)
            .toBeLessThan(4.5);
          first.dispose?.();
          second.dispose?.();
          expect(tf.memory().numTensors).withContext(inner).toBe(before);
        }
      });
    }

    it('draw the same inside where an estimator outside runs f again, as far as x has no part in it', () => {
      st.random.setSeed(37);
      const seen: number[][] = [];
      const p = tf.zeros([6]);
      tf.tidy(() =>
        tf.grad((logits: tf.Tensor) =>
          st.expectation(
            x =>
              st.expectation(
                y => {
                  seen.push([...y.dataSync()]);
                  return tf.mul(x, y);
                },
                new st.Normal({loc: tf.zeros([6]), scale: 1}),
                {estimator: 'scoreFunction'},
              ),
            new st.Bernoulli({logits}),
            {estimator: 'rebar'},
          ),
        )(p),
      );
      expect(seen.length).toBeGreaterThan(1);
      for (const again of seen) expect(again).toEqual(seen[0]!);
      expect(new Set(seen[0]).size).toBe(6);
      p.dispose();
      st.disposeSharedEstimators();
    });

    it('are unbiased with several samples outside and inside', async () => {
      expect(
        await nestedZ(n / 4, p =>
          nested(p, {estimator: 'scoreFunction', samples: 3}, {estimator: 'scoreFunction', samples: 2}),
        ),
      ).toBeLessThan(4.5);
    });

    it('let a pathwise value outside see the scores inside', async () => {
      // E_x E_{b|x} b·x with x ~ N(θ, 1), b ~ Bernoulli(clip): here the probability is (1 + tanh x)/2.
      const theta = [0.4];
      const grid = Array.from({length: 4001}, (_, i) => -8 + i * 0.004);
      const exact = ([t]: readonly number[]): number =>
        grid.reduce(
          (sum, e) =>
            sum +
            (((0.004 * Math.exp((-e * e) / 2)) / Math.sqrt(2 * Math.PI)) * (t! + e) * (1 + Math.tanh(t! + e))) / 2,
          0,
        );
      const p = tf.tidy(() => tf.tile(tf.tensor2d([theta]), [n, 1]));
      const gradient = tf.grad((t: tf.Tensor) =>
        st.expectation(
          x =>
            st.expectation(b => tf.mul(b, x), new st.Bernoulli({probs: tf.mul(0.5, tf.add(1, tf.tanh(x)))}), {
              estimator: 'scoreFunction',
            }),
          new st.Normal({loc: column(t, 0), scale: 1}),
          {estimator: 'pathwise', key: st.random.key(4)},
        ),
      )(p);
      const moments = momentsOf(await gradient.data(), n);
      tf.dispose([p, gradient]);
      expect(
        worstZ(
          {theta: moments},
          exactGradient({theta}, q => exact(q['theta']!), 1e-4),
        ),
      ).toBeLessThan(4.5);
    });

    it('are counted once in a graph around them', async () => {
      const theta = [0.4, -0.7];
      const p = tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([theta]), [n, 1])));
      st.random.setSeed(29);
      const {value, grads} = st.variableGrads(() => {
        const a = new st.DistributionTensor(new st.Bernoulli({logits: column(p, 0)}), {estimator: 'scoreFunction'})
          .value;
        return st.expectation(
          b => squared(tf.sub(a, tf.mul(b, 2))),
          new st.Bernoulli({logits: tf.add(column(p, 1), tf.mul(a, 1.5))}),
          {estimator: 'relax'},
        );
      }, [p]);
      const moments = momentsOf(await tf.tidy(() => tf.mul(grads[p.name]!, n)).data(), n);
      expect(
        worstZ(
          {theta: moments},
          exactGradient({theta}, q => nestedExact(q['theta']!)),
        ),
      ).toBeLessThan(4.5);
      expect(Object.keys(grads).length).withContext('the control variate inside is trained').toBeGreaterThan(1);
      tf.dispose([value, grads, p]);
      st.disposeSharedEstimators();
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

describeBackends(
  'an expectation as an ordinary tensor',
  () => {
    it('over a record takes an estimator for each name, and shares no key', async () => {
      const n = sizeFor({cpu: 2000, wasm: 20_000, webgl: 1000, webgpu: 1000});
      const theta = [0.4, 0.7];
      const p = tf.tidy(() => tf.tile(tf.tensor2d([theta]), [n, 1]));
      const program = (t: tf.Tensor): tf.Tensor =>
        st.expectation(
          ({bit, x}) => tf.mul(tf.add(bit, 0.5), tf.square(x)),
          {bit: new st.Bernoulli({logits: column(t, 0)}), x: new st.Normal({loc: column(t, 1), scale: 1})},
          {estimator: {bit: 'disarm', x: 'pathwise'}, key: st.random.key(8)},
        );
      const gradient = tf.grad(program)(p);
      const moments = momentsOf(await gradient.data(), n);
      tf.dispose([p, gradient]);
      expect(
        worstZ(
          {theta: moments},
          exactGradient({theta}, ({theta: t}) => (sigmoid(t![0]!) + 0.5) * (t![1]! ** 2 + 1)),
        ),
      ).toBeLessThan(4.5);
    });

    it('is the mean of f outside any gradient scope, the same as inside for the same key', async () => {
      const before = tf.memory().numTensors;
      const program = (logits: tf.Tensor): tf.Tensor =>
        st.expectation(squared, new st.Bernoulli({logits}), {samples: 50, key: st.random.key(2)});
      const logits = tf.tensor1d([0.3, -1]);
      const outside = program(logits);
      const {value, grad} = tf.valueAndGrad(program)(logits);
      const [a, b] = [await outside.data(), await value.data()];
      expect(a.length).toBe(2);
      a.forEach((x, i) => expect(x).toBeCloseTo(b[i]!, 6));
      expect(a[0]).not.toBe(a[1]);
      tf.dispose([logits, outside, value, grad]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('may be scaled, negated and added: the sign of an estimator’s own training does not follow', () => {
      st.random.setSeed(31);
      const p = tf.variable(tf.zeros([16, 3]));
      const step = (sign: number): tf.NamedTensorMap => {
        st.random.setSeed(32);
        const {value, grads} = st.variableGrads(
          () =>
            tf.mul(
              sign,
              st.expectation(x => tf.sum(tf.mul(x, prices), -1), new st.OneHotCategorical({logits: p}), {
                estimator: 'relax',
                key: st.random.key(6),
              }),
            ),
          [p],
        );
        value.dispose();
        st.disposeSharedEstimators();
        return grads;
      };
      const [up, down] = [step(1), step(-1)];
      const own = (grads: tf.NamedTensorMap): tf.Tensor[] =>
        Object.entries(grads).flatMap(([name, g]) => (name === p.name ? [] : [g]));
      expect(own(up).length).toBeGreaterThan(0);
      expect(own(up).length).toBe(own(down).length);
      const gap = tf.tidy(() => own(up).map((g, i) => tf.max(tf.abs(tf.sub(g, own(down)[i]!))).dataSync()[0]!));
      expect(Math.max(...gap)).toBeLessThan(1e-6);
      const flipped = tf.tidy(() => tf.max(tf.abs(tf.add(up[p.name]!, down[p.name]!))).dataSync()[0]!);
      expect(flipped).toBeLessThan(1e-6);
      tf.dispose([up, down, p]);
    });

    it('trains under stochasticOptimizer together with its control variate', () => {
      st.random.setSeed(33);
      const logit = tf.variable(tf.scalar(0));
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      const before = tf.memory().numTensors;
      let after = 0;
      for (let i = 0; i < 60; i++) {
        optimizer.minimize(
          () => st.expectation(squared, new st.Bernoulli({logits: tf.mul(tf.ones([20]), logit)}), {estimator: 'relax'}),
          false,
          [logit],
        );
        if (i === 1) after = tf.memory().numTensors; // moments and networks exist by now
      }
      expect(after).toBeGreaterThan(before);
      expect(tf.memory().numTensors).toBe(after);
      expect(logit.dataSync()[0]).toBeLessThan(-1);
      optimizer.dispose();
      logit.dispose();
    });

    it('costs what the graph form costs, ± 5% of its kernels', async () => {
      const weights = tf.tidy(() => tf.variable(st.random.normal([20, 30], {key: st.random.key(1)})));
      const data = st.random.normal([12, 20], {key: st.random.key(2)});
      const decode = (z: tf.Tensor): tf.Tensor =>
        tf.sum(tf.square(tf.sub(tf.sigmoid(tf.matMul(z, weights, false, true)), data)), -1);
      const q = (): st.Distribution => st.independent(new st.Bernoulli({logits: tf.matMul(data, weights)}));
      for (const name of ['scoreFunction', 'movingAverage', 'relax', 'rebar']) {
        const [first, second] = [st.estimators.get(name), st.estimators.get(name)];
        const asTensor = (): tf.TensorContainer =>
          st.variableGrads(() => st.expectation(decode, q(), {estimator: first}), [weights]);
        const asGraph = (): tf.TensorContainer =>
          st.variableGrads(() => decode(new st.DistributionTensor(q(), {estimator: second}).value), [weights]);
        asTensor(); // makes what is made once
        asGraph();
        const [a, b] = [await tf.profile(asTensor), await tf.profile(asGraph)];
        expect(a.kernels.length / b.kernels.length)
          .withContext(name)
          .toBeLessThan(1.05);
        expect(a.kernels.length / b.kernels.length)
          .withContext(name)
          .toBeGreaterThan(0.95);
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'an expectation refuses',
  () => {
    const bit = (): st.Distribution => new st.Bernoulli({logits: [0, 1, 2]});

    it('an f that returns another shape than [sample…, batch…]', () => {
      const run = (f: (x: tf.Tensor) => tf.Tensor, samples?: number) => (): unknown =>
        tf.tidy(() => st.expectation(f, bit(), samples === undefined ? {} : {samples}));
      expect(run(x => tf.mean(x))).toThrowError(
        'expectation: f must return a float32 tensor of shape [sample…, batch…], here [3], got a float32 tensor of shape []',
      );
      expect(run(x => tf.sum(x, 1), 5)).toThrowError(/here \[5,3\], got a float32 tensor of shape \[5\]/);
      expect(run(x => tf.cast(x, 'int32'))).toThrowError(/got an int32 tensor/);
      expect(run(() => 3 as unknown as tf.Tensor)).toThrowError(/got 3/);
    });

    it('an inner f that averages the samples of the outer one away', () => {
      const inner = (x: tf.Tensor): tf.Tensor => st.expectation(y => tf.mul(x, y), new st.Normal({loc: 0, scale: 1}));
      expect(() => tf.tidy(() => st.expectation(inner, bit()))).toThrowError(
        /f must return .* here \[\], got a float32 tensor of shape \[3\]/,
      );
    });

    it('what is no function, distribution, estimator or number of samples', () => {
      expect(() => st.expectation(1 as never, bit())).toThrowError(/first argument must be a function/);
      expect(() => st.expectation(squared, 1 as never)).toThrowError(
        /must be a distribution or a record of distributions, got 1/,
      );
      expect(() => st.expectation(() => tf.scalar(1), {})).toThrowError(
        /record of distributions, got an object with keys none/,
      );
      expect(() => st.expectation(squared, bit(), {samples: 0})).toThrowError(
        'expectation: samples must be an integer >= 1, got 0',
      );
      expect(() => st.expectation(squared, bit(), {estimator: 'relx'})).toThrowError(
        /unknown estimator "relx"; did you mean "relax"/,
      );
      expect(() => st.expectation(({a}) => a, {a: bit()}, {estimator: {b: 'relax'} as never})).toThrowError(
        /unknown distribution "b"/,
      );
      expect(() => st.expectation(({a}) => a, {a: bit(), b: new st.Bernoulli({logits: 0})})).toThrowError(
        /must have one batch shape/,
      );
    });

    it('and leaves nothing behind', () => {
      const before = tf.memory().numTensors;
      const p = tf.zeros([3]);
      expect(() =>
        tf.grad((logits: tf.Tensor) => st.expectation(x => tf.mean(x), new st.Bernoulli({logits})))(p),
      ).toThrowError(/f must return/);
      p.dispose();
      expect(tf.memory().numTensors - before).toBeLessThan(30); // what tfjs itself keeps of an abandoned scope
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
