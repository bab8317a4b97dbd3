/**
 * Random variables whose distributions are trained: Bayesian linear regression against the exact posterior, and
 * parameters that keep to their constraints.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';

// y = X w + noise of deviation S, w ~ N(0, I): the posterior is N(MEAN, LAMBDA⁻¹).
const X = [
  [1, 0.9],
  [0.3, -0.4],
  [-0.8, -0.3],
  [1.5, 1.1],
  [-0.2, 0.4],
  [0.6, 0.8],
];
const Y = [0.9, -0.6, -0.4, 2.1, 0.2, 1.2];
const S = 0.5;
const times = (a: number, b: number): number => X.reduce((sum, row) => sum + row[a]! * row[b]!, 0) / S ** 2;
const LAMBDA = [
  [1 + times(0, 0), times(0, 1)],
  [times(0, 1), 1 + times(1, 1)],
] as const;
const DET = LAMBDA[0][0] * LAMBDA[1][1] - LAMBDA[0][1] ** 2;
const SHIFT = [0, 1].map(i => X.reduce((sum, row, n) => sum + row[i]! * Y[n]!, 0) / S ** 2);
const MEAN = [
  (LAMBDA[1][1] * SHIFT[0]! - LAMBDA[0][1] * SHIFT[1]!) / DET,
  (LAMBDA[0][0] * SHIFT[1]! - LAMBDA[0][1] * SHIFT[0]!) / DET,
];
const COVARIANCE = [
  [LAMBDA[1][1] / DET, -LAMBDA[0][1] / DET],
  [-LAMBDA[0][1] / DET, LAMBDA[0][0] / DET],
];

/** ln p(Y|w) of all data for weights `[samples, 2]`. */
const logLikelihood = (w: tf.Tensor): tf.Tensor =>
  tf.sum(
    new st.Normal({loc: tf.matMul(w as tf.Tensor2D, tf.tensor2d(X), false, true), scale: S}).logProb(tf.tensor1d(Y)),
    -1,
  );

/** Minimises with Adam at three rates. */
function train(variable: st.StochasticVariable<st.Distribution>, cost: () => tf.Tensor, steps: number): void {
  for (const rate of [0.1, 0.02, 0.003]) {
    const optimizer = st.stochasticOptimizer(tf.train.adam(rate));
    for (let i = 0; i < steps; i++) optimizer.minimize(cost, false, variable.variables);
    optimizer.dispose();
  }
}

describeBackends(
  'stochasticVariable, Bayes by backprop on linear regression',
  () => {
    const steps = sizeFor({cpu: 80, wasm: 80, webgl: 60, webgpu: 60});
    const valueType = st.sampleValue(64);

    const meanField = (): st.StochasticVariable<st.Normal> => {
      const start = [tf.tensor1d([0, 0]), tf.tensor1d([0.5, 0.5])] as const;
      const w = st.stochasticVariable(
        new st.Normal({loc: start[0], scale: start[1]}),
        new st.Normal({loc: 0, scale: 1}),
      );
      tf.dispose([...start]);
      return w;
    };

    it('reaches the best Normal with independent elements', async () => {
      st.random.setSeed(8);
      const w = meanField();
      train(w, () => tf.neg(st.elbo(logLikelihood(w.draw({valueType}).value), {keepBatchDim: false})), steps);
      const {loc, scale} = w.distribution().parameters as {loc: tf.Tensor; scale: tf.Tensor};
      const [m, s] = [Array.from(await loc.data()), await read(scale)];
      MEAN.forEach((mean, i) => expect(Math.abs(m[i]! - mean)).toBeLessThan(0.02));
      // the mean field has the conditional deviations
      MEAN.forEach((_, i) => expect(Math.abs(s[i]! * Math.sqrt(LAMBDA[i]![i]!) - 1)).toBeLessThan(0.04));
      // which are smaller than the marginal ones
      MEAN.forEach((_, i) => expect(s[i]! / Math.sqrt(COVARIANCE[i]![i]!)).toBeLessThan(0.8));
      w.dispose();
    });

    it('has one gradient by the ELBO of shared latents and by its divergence', async () => {
      const w = meanField();
      const draw = (): tf.Tensor => logLikelihood(w.draw({valueType, key: st.random.key(1)}).value);
      const one = st.variableGrads(() => tf.neg(st.elbo(draw(), {keepBatchDim: false})), w.variables);
      const other = st.variableGrads(() => tf.sub(w.divergence(), draw()), w.variables);
      for (const {name} of w.variables)
        expectNear(await one.grads[name]!.data(), Array.from(await other.grads[name]!.data()), name);
      tf.dispose([one, other]);
      w.dispose();
    });

    it('reaches the exact posterior with a full factor, where stl has no variance left', async () => {
      st.random.setSeed(9);
      const w = st.stochasticVariable(
        new st.MultivariateNormalTriL({
          loc: tf.tensor1d([0, 0]),
          scaleTril: tf.tensor2d([
            [0.5, 0],
            [0, 0.5],
          ]),
        }),
        new st.MultivariateNormalDiag({scaleDiag: [1, 1]}),
        {estimator: 'stl'},
      );
      train(w, () => tf.neg(st.elbo(logLikelihood(w.draw({valueType}).value), {form: 'sample'})), steps);
      const {loc, scaleTril} = w.distribution().parameters as {loc: tf.Tensor; scaleTril: tf.Tensor};
      const [m, l] = [Array.from(await loc.data()), await read(scaleTril)];
      MEAN.forEach((mean, i) => expect(Math.abs(m[i]! - mean)).toBeLessThan(0.005));
      const covariance = [
        [l[0]! ** 2, l[0]! * l[2]!],
        [l[0]! * l[2]!, l[2]! ** 2 + l[3]! ** 2],
      ];
      covariance.forEach((row, i) =>
        row.forEach((v, j) => expect(Math.abs(v - COVARIANCE[i]![j]!)).toBeLessThan(0.002)),
      );
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'stochasticVariable',
  () => {
    const t = (values: number[]): tf.Tensor => tf.tensor(values, undefined, 'float32');
    const posteriors: Record<string, () => [st.Distribution, st.Distribution]> = {
      Gamma: () => [
        new st.Gamma({concentration: t([0.3, 2]), rate: t([5, 0.01])}),
        new st.Gamma({concentration: 1, rate: 1}),
      ],
      Beta: () => [
        new st.Beta({concentration1: t([0.4]), concentration0: t([3])}),
        new st.Beta({concentration1: 1, concentration0: 1}),
      ],
      Bernoulli: () => [new st.Bernoulli({probs: t([0.001, 0.5, 0.999])}), new st.Bernoulli({probs: 0.5})],
      Categorical: () => [
        new st.Categorical({
          probs: tf.tensor2d([
            [0.1, 0.2, 0.7],
            [0.9, 0.05, 0.05],
          ]),
        }),
        new st.Categorical({logits: [0, 0, 0]}),
      ],
      Dirichlet: () => [
        new st.Dirichlet({concentration: t([0.5, 2, 7])}),
        new st.Dirichlet({concentration: [1, 1, 1]}),
      ],
      MultivariateNormalTriL: () => [
        new st.MultivariateNormalTriL({
          loc: t([1, -2]),
          scaleTril: tf.tensor2d([
            [0.3, 0],
            [-0.4, 2],
          ]),
        }),
        new st.MultivariateNormalDiag({scaleDiag: [1, 1]}),
      ],
      'Independent VonMises': () => [
        st.independent(new st.VonMises({loc: t([0.3, -1]), concentration: t([2, 0.1])})),
        st.independent(new st.VonMises({loc: [0, 0], concentration: 1})),
      ],
      Mixture: () => [
        new st.Mixture({
          cat: new st.Categorical({logits: t([0.3, -1])}),
          components: [new st.Normal({loc: t([1]), scale: 1}), new st.Laplace({loc: t([-1]), scale: t([0.2])})],
        }),
        new st.Normal({loc: 0, scale: 1}),
      ],
      MixtureSameFamily: () => [
        new st.MixtureSameFamily({
          mixtureDistribution: new st.Categorical({probs: t([0.2, 0.8])}),
          componentsDistribution: new st.Normal({loc: t([1, 2]), scale: t([1, 0.1])}),
        }),
        new st.Normal({loc: 0, scale: 1}),
      ],
      LogNormal: () => [
        new st.TransformedDistribution({
          distribution: new st.Normal({loc: t([0.4]), scale: t([0.7])}),
          bijector: new st.bijectors.Exp(),
        }),
        new st.LogNormal({loc: 0, scale: 1}),
      ],
    };

    for (const [title, make] of Object.entries(posteriors)) {
      it(`starts from the parameters given, and keeps them valid however far its variables go: ${title}`, async () => {
        const [posterior, prior] = make();
        const w = st.stochasticVariable(posterior, prior);
        expect(w.variables.length).toBe(Object.keys(posterior.tensors()).length);
        const here = w.distribution().tensors();
        for (const [name, start] of Object.entries(posterior.tensors()))
          expectNear(await here[name]!.data(), Array.from(await start.data()), name, false, 1e-5);
        for (const far of [-1000, -30, 30, 1000]) {
          w.variables.forEach(v => v.assign(tf.fill(v.shape, far)));
          const parameters = w.distribution().tensors();
          for (const [name, tensor] of Object.entries(parameters)) {
            const constraint = posterior.parameterConstraints[name]!;
            const valid =
              constraint.name === 'lowerTriangularPositive'
                ? (await tensor.data()).every(Number.isFinite)
                : (await constraint.contains(tensor).data()).every(v => v === 1);
            expect(valid).withContext(`${name} at ${far}`).toBe(true);
          }
        }
        w.dispose();
      });
    }

    it('trains what was given as tensors only, under names of its own', async () => {
      const scale = tf.tensor1d([0.5, 2]);
      const w = st.stochasticVariable(new st.Normal({loc: [1, 2], scale}), new st.Normal({loc: 0, scale: 1}), {
        name: 'weights',
        estimator: 'stl',
      });
      expect(w.variables.map(v => v.name)).toEqual(['weights/scale']);
      expect(w.name).toBe('weights');
      const node = tf.tidy(() => w.draw({valueType: st.sampleValue(3), key: st.random.key(1)}).value);
      expect(node.shape).toEqual([3, 2]);
      expect(() =>
        st.stochasticVariable(new st.Normal({loc: 0, scale}), new st.Normal({loc: 0, scale: 1}), {name: 'weights'}),
      ).toThrowError('stochasticVariable: the name must be new: there is a variable, got "weights/scale"');
      const [kl] = await read(withoutLeak('divergence', () => w.divergence()));
      const exact = [
        [1, 0.5],
        [2, 2],
      ].reduce((sum, [m, s]) => sum - Math.log(s!) + 0.5 * (s! ** 2 + m! ** 2) - 0.5, 0);
      expect(kl).toBeCloseTo(exact, 4);
      tf.dispose([scale, node]);
      w.dispose();
    });

    it('gives its divergence by draws where there is no closed form, and asks for their number', async () => {
      const w = st.stochasticVariable(new st.Normal({loc: tf.scalar(0), scale: 1}), new st.Cauchy({loc: 0, scale: 1}));
      expect(() => w.divergence()).toThrowError(
        /^klDivergence: no closed form for \(Normal, Cauchy\), give \{samples\}/,
      );
      const [kl] = await read(
        w.divergence({samples: sizeFor({cpu: 5000, wasm: 50_000, webgl: 5000, webgpu: 5000}), key: st.random.key(2)}),
      );
      // −½(ln 2π + 1) + ln π + E ln(1 + z²) = −1.4189 + 1.1447 + 0.5334
      expect(Math.abs(kl! - 0.2592)).toBeLessThan(0.03);
      w.dispose();
    });

    it('leaves no tensor in a step, and none at all once disposed', () => {
      const before = tf.memory().numTensors;
      const start = tf.tensor1d([0.2, 0.3]);
      const w = st.stochasticVariable(new st.Normal({loc: start, scale: start}), new st.Normal({loc: 0, scale: 1}));
      start.dispose();
      const made = tf.memory().numTensors;
      expect(made - before).toBe(2);
      for (let i = 0; i < 2; i++)
        tf.dispose(
          st.variableGrads(
            () => tf.neg(st.elbo(tf.sum(tf.square(w.draw().value)), {keepBatchDim: false})),
            w.variables,
          ),
        );
      expect(tf.memory().numTensors).toBe(made);
      w.dispose();
      expect(tf.memory().numTensors).toBe(before);
      expect(() => w.draw()).toThrowError('stochasticVariable: "Normal" was disposed');
      expect(() => w.divergence()).toThrowError('stochasticVariable: "Normal" was disposed');
    });

    it('says in one sentence what is wrong, and leaves no variable', () => {
      const before = tf.memory().numTensors;
      const prior = new st.Normal({loc: 0, scale: 1});
      const one = tf.tensor1d([1]);
      const matrix = tf.tensor2d([[1]]);
      const make =
        (posterior: st.Distribution, of: st.Distribution = prior, options: st.StochasticVariableOptions = {}) =>
        () =>
          st.stochasticVariable(posterior, of, options);
      const normal = new st.Normal({loc: one, scale: 1});
      expect(make(3 as never)).toThrowError('stochasticVariable: the posterior must be a distribution, got 3');
      expect(make(normal, null as never)).toThrowError(
        'stochasticVariable: the prior must be a distribution, got null',
      );
      expect(make(new st.Normal({loc: [1], scale: 1}))).toThrowError(
        'stochasticVariable: the posterior must have a parameter that is a tensor: those are trained, got a Normal',
      );
      expect(make(normal, st.independent(new st.Normal({loc: [0, 1], scale: 1})))).toThrowError(
        "stochasticVariable: the prior must have the posterior's event shape [], got [2]",
      );
      expect(make(normal, new st.Normal({loc: [0, 1], scale: 1}))).toThrowError(
        "stochasticVariable: the prior's batch must broadcast to the posterior's [1], got [2]",
      );
      expect(make(normal, prior, {name: ''})).toThrowError(
        'stochasticVariable: name must be a non-empty string, got ""',
      );
      expect(make(normal, prior, {nam: 'w'} as never)).toThrowError(
        'stochasticVariable: unknown option "nam"; did you mean "name"?',
      );
      expect(
        make(
          new st.MultivariateNormalFullCovariance({loc: [0], covarianceMatrix: matrix}),
          new st.MultivariateNormalDiag({scaleDiag: [1]}),
        ),
      ).toThrowError(
        'stochasticVariable: parameter covarianceMatrix cannot be trained freely, for it must be a symmetric positive definite matrix; give it as numbers, or choose another parametrisation',
      );
      expect(
        make(new st.TransformedDistribution({distribution: prior, bijector: new st.bijectors.Shift({shift: one})})),
      ).toThrowError(
        'stochasticVariable: parameter bijector.shift cannot be trained freely, for it must be what its map says; give it as numbers, or choose another parametrisation',
      );
      tf.dispose([one, matrix]);
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: ['webgpu'], inNode: ['wasm']},
);
