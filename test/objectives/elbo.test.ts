/** The evidence lower bound in each of its forms, against closed forms on models of Normal variables. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {read, withoutLeak} from '../helpers/near.js';
import {column, square, zOf, type Problem, type Values} from '../estimators/problems.js';

const size = (): number => sizeFor({cpu: 5000, wasm: MANY, webgl: 2000, webgpu: 2000});
const forms: st.ELBOForm[] = ['default', 'analyticKl', 'analyticEntropy', 'sample'];
const LN2PI = Math.log(2 * Math.PI);

type Params = Record<string, tf.Tensor>;
type Options = st.DistributionTensorOptions<st.Normal>;

/** ln N(x; mean, 1). */
const logNormal = (x: number, mean: tf.Tensor): tf.Tensor => tf.sub(tf.mul(square(mean, x), -0.5), 0.5 * LN2PI);

// z ~ N(0, 1), x = 1.3 given z ~ N(z, 1), q = N(theta₀, theta₁): the posterior is N(0.65, 1/√2).
const X = 1.3;
const away: Values = {theta: [0.1, 0.9]};
const posterior: Values = {theta: [X / 2, Math.SQRT1_2]};
const evidence = -0.5 * Math.log(2 * Math.PI * 2) - X ** 2 / 4;
const exactElbo = ({theta}: Values): number => {
  const [m, s] = theta as [number, number]; // two parameters
  return -0.5 * LN2PI - 0.5 * ((X - m) ** 2 + s ** 2) + Math.log(s) - 0.5 * (s ** 2 + m ** 2) + 0.5;
};

function conjugate({theta}: Params, form: st.ELBOForm, options: Options): tf.Tensor {
  const node = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}), options);
  st.registerPrior(node, new st.Normal({loc: 0, scale: 1}));
  return st.elbo(logNormal(X, node.value), {form});
}

function judge(
  costs: (p: Params, estimator: st.Estimator) => tf.Tensor,
  exact: (p: Values) => number,
  parameters: Values,
  estimator: st.Estimator,
  n = size(),
): Promise<number> {
  return zOf(
    {title: '', parameters, costs: p => costs(p, estimator), expectation: exact} satisfies Problem,
    estimator,
    {n},
  );
}

/** The mean and the standard deviation of what `elbo` gives for n copies of the parameters. */
async function valueOf(
  parameters: Values,
  elbo: (p: Params) => tf.Tensor,
  n: number,
): Promise<{mean: number; deviation: number}> {
  st.random.setSeed(5);
  const tiled = Object.fromEntries(
    Object.entries(parameters).map(([name, list]) => [
      name,
      tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([list]), [n, 1]))),
    ]),
  );
  const values: number[] = [];
  let kept: tf.Tensor | undefined;
  const {value, grads} = st.variableGrads(() => {
    const bound = elbo(tiled);
    kept = tf.keep(tf.clone(bound));
    return tf.neg(bound);
  }, Object.values(tiled));
  values.push(...(await read(kept!)));
  tf.dispose([value, grads, tiled]);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return {mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)};
}

describeBackends(
  'elbo',
  () => {
    for (const form of forms) {
      it(`has the value of the closed form, form ${form}`, async () => {
        const n = size();
        const {mean, deviation} = await valueOf(away, p => conjugate(p, form, {estimator: 'pathwise'}), n);
        expect(Math.abs(mean - exactElbo(away))).toBeLessThan((4.5 * deviation) / Math.sqrt(n) + 1e-5);
      });

      it(`has the exact gradient with several estimators, form ${form}`, async () => {
        for (const estimator of [
          st.pathwise(),
          st.stl(),
          st.scoreFunction(),
          st.measureValued(),
          st.scoreFunction({baseline: st.leaveOneOut({samples: 3})}),
        ]) {
          const z = await judge(
            (p, e) => tf.neg(conjugate(p, form, {estimator: e})),
            p => -exactElbo(p),
            away,
            estimator,
            size() / 2,
          );
          expect(z).withContext(estimator.name).toBeLessThan(4.5);
        }
      });
    }

    it('is the log-evidence at the exact posterior, with no variance in the form sample', async () => {
      const {mean, deviation} = await valueOf(posterior, p => conjugate(p, 'sample', {}), 500);
      expect(mean).toBeCloseTo(evidence, 5);
      expect(deviation).toBeLessThan(1e-5);
      expect((await valueOf(posterior, p => conjugate(p, 'analyticKl', {}), 500)).deviation).toBeGreaterThan(0.3);
    });

    it('with several samples keeps their axis', async () => {
      const node = new st.DistributionTensor(new st.Normal({loc: [0.1, 0.2], scale: 1}), {
        valueType: st.sampleValue(3),
      });
      for (const form of forms) {
        const bound = st.elbo(logNormal(X, node.value), {
          form,
          variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
        });
        expect(bound.shape).toEqual([3, 2]);
        bound.dispose();
      }
      node.value.dispose();
      expect(
        await judge(
          (p, e) => tf.neg(conjugate(p, 'default', {estimator: e, valueType: st.sampleValue(4)})),
          p => -exactElbo(p),
          away,
          st.scoreFunction(),
          size() / 4,
        ),
      ).toBeLessThan(4.5);
    });

    it('a term with the wrong sign, or a divergence left out, is caught', async () => {
      const wrong =
        (factor: number) =>
        (p: Params, estimator: st.Estimator): tf.Tensor => {
          const node = new st.DistributionTensor(
            new st.Normal({loc: column(p['theta']!), scale: column(p['theta']!, 1)}),
            {estimator},
          );
          const likelihood = logNormal(X, node.value);
          const bound = st.elbo(likelihood, {variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]]});
          return tf.neg(tf.add(likelihood, tf.mul(tf.sub(bound, likelihood), factor)));
        };
      expect(await judge(wrong(1), p => -exactElbo(p), away, st.pathwise())).toBeLessThan(4.5);
      expect(await judge(wrong(-1), p => -exactElbo(p), away, st.pathwise())).toBeGreaterThan(4.5);
      expect(await judge(wrong(0), p => -exactElbo(p), away, st.pathwise())).toBeGreaterThan(4.5);
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

// q(z₁) q(z₂|z₁) bottom up, p(z₂) p(z₁|z₂) p(x|z₁) top down: z₂ bears on the model through the prior of z₁ only.
const layers: Values = {theta: [0.4, 0.8, 0.6, 0.7]};
const bottomUp = ({theta}: Params, form: st.ELBOForm, estimator: st.Estimator): tf.Tensor => {
  const z1 = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}), {
    estimator,
    name: 'z1',
  });
  const z2 = new st.DistributionTensor(
    new st.Normal({loc: tf.mul(column(theta!, 2), z1.value), scale: column(theta!, 3)}),
    {estimator, name: 'z2'},
  );
  st.registerPrior(z1, new st.Normal({loc: z2.value, scale: 1}));
  st.registerPrior(z2, new st.Normal({loc: 0, scale: 1}));
  return st.elbo(logNormal(X, z1.value), {form});
};
const exactBottomUp = ({theta}: Values): number => {
  const [a, s, b, t] = theta as [number, number, number, number]; // four parameters
  const likelihood = -0.5 * LN2PI - 0.5 * ((X - a) ** 2 + s ** 2);
  const prior = -0.5 * LN2PI - 0.5 * (((1 - b) * a) ** 2 + ((1 - b) * s) ** 2 + t ** 2);
  const second = Math.log(t) - 0.5 * (t ** 2 + b ** 2 * (a ** 2 + s ** 2)) + 0.5;
  return likelihood + prior + 0.5 * (LN2PI + 1) + Math.log(s) + second;
};
// q(z₂) q(z₁|z₂) top down as well.
const topDown = ({theta}: Params, form: st.ELBOForm, estimator: st.Estimator): tf.Tensor => {
  const z2 = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}), {estimator});
  const z1 = new st.DistributionTensor(
    new st.Normal({loc: tf.mul(column(theta!, 2), z2.value), scale: column(theta!, 3)}),
    {estimator},
  );
  st.registerPrior(z1, new st.Normal({loc: z2.value, scale: 1}));
  st.registerPrior(z2, new st.Normal({loc: 0, scale: 1}));
  return st.elbo(logNormal(X, z1.value), {form});
};
const exactTopDown = ({theta}: Values): number => {
  const [a, s, b, t] = theta as [number, number, number, number]; // four parameters
  const likelihood = -0.5 * LN2PI - 0.5 * ((X - b * a) ** 2 + (b * s) ** 2 + t ** 2);
  const first = Math.log(t) - 0.5 * (t ** 2 + (b - 1) ** 2 * (a ** 2 + s ** 2)) + 0.5;
  return likelihood + first + Math.log(s) - 0.5 * (s ** 2 + a ** 2) + 0.5;
};

describeBackends(
  'elbo of two layers of latents',
  () => {
    for (const estimator of [st.pathwise(), st.scoreFunction(), st.stl()]) {
      it(`finds a latent that only a prior depends on, and takes no divergence of conditionals that its draw couples, ${estimator.name}`, async () => {
        for (const form of ['default', 'analyticEntropy', 'sample'] as const) {
          expect(
            await judge(
              (p, e) => tf.neg(bottomUp(p, form, e)),
              p => -exactBottomUp(p),
              layers,
              estimator,
              size() / 2,
            ),
          )
            .withContext(form)
            .toBeLessThan(4.5);
        }
      });

      it(`takes divergences of conditionals where the prior comes first, ${estimator.name}`, async () => {
        for (const form of ['default', 'analyticKl', 'sample'] as const) {
          expect(
            await judge(
              (p, e) => tf.neg(topDown(p, form, e)),
              p => -exactTopDown(p),
              layers,
              estimator,
              size() / 2,
            ),
          )
            .withContext(form)
            .toBeLessThan(4.5);
        }
      });
    }

    it('has the values of the closed forms', async () => {
      const n = size();
      for (const [program, exact] of [
        [bottomUp, exactBottomUp],
        [topDown, exactTopDown],
      ] as const) {
        const {mean, deviation} = await valueOf(layers, p => program(p, 'default', st.pathwise()), n);
        expect(Math.abs(mean - exact(layers))).toBeLessThan((4.5 * deviation) / Math.sqrt(n));
      }
    });

    it('refuses the analytic divergence where it does not hold, in a gradient scope and outside', () => {
      const rule =
        'elbo: form "analyticKl" does not hold at node "z1": its prior depends on its own draw, through another latent; take the form "sample" or "analyticEntropy"';
      const [m, s] = [tf.scalar(0.3), tf.scalar(0.8)];
      const program = (): tf.Tensor => {
        const z1 = new st.DistributionTensor(new st.Normal({loc: m, scale: s}), {name: 'z1'});
        const z2 = new st.DistributionTensor(new st.Normal({loc: z1.value, scale: 1}), {name: 'z2'});
        return st.elbo(logNormal(X, z1.value), {
          form: 'analyticKl',
          variationalWithPrior: new Map([
            [z1, new st.Normal({loc: z2.value, scale: 1})],
            [z2, new st.Normal({loc: 0, scale: 1})],
          ]),
        });
      };
      expect(() => tf.tidy(() => tf.grad(program)(m))).toThrowError(rule);
      expect(() => tf.tidy(program)).toThrowError(rule);
      tf.dispose([m, s]);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

// Two bits z with their prior and ln p(x|z) = −½ (z·c − 0.7)².
const bits = {prior: [0.3, -0.2], c: [1.5, -0.8]};
const exactBits = ({theta}: Values): number => {
  let elbo = 0;
  for (const z of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]) {
    const logProb = (logits: readonly number[]): number =>
      logits.reduce((sum, l, i) => sum + z[i]! * l - Math.log1p(Math.exp(l)), 0);
    const fit = z.reduce((sum, b, i) => sum + b * bits.c[i]!, -0.7);
    elbo += Math.exp(logProb(theta!)) * (-0.5 * fit ** 2 + logProb(bits.prior) - logProb(theta!));
  }
  return elbo;
};

describeBackends(
  'elbo of discrete latents',
  () => {
    for (const name of [
      'scoreFunction',
      'leaveOneOut',
      'enumerate',
      'importance',
      'raoBlackwell',
      'sumAndSample',
      'unorderedSet',
      'disarm',
      'arms',
      'muProp',
      'rebar',
      'relax',
      'doubleCv',
    ]) {
      it(`has the exact gradient with ${name}, in each form`, async () => {
        for (const form of ['analyticKl', 'analyticEntropy', 'sample'] as const) {
          const costs = ({theta}: Params, estimator: st.Estimator): tf.Tensor => {
            const node = new st.DistributionTensor<st.Distribution>(
              st.independent(new st.Bernoulli({logits: theta!})),
              {estimator},
            );
            st.registerPrior(node, st.independent(new st.Bernoulli({logits: bits.prior})));
            const fit = square(tf.sum(tf.mul(tf.cast(node.value, 'float32'), bits.c), -1), 0.7);
            return tf.neg(st.elbo(tf.mul(fit, -0.5), {form}));
          };
          const z = await judge(
            costs,
            p => -exactBits(p),
            {theta: [0.6, -0.4]},
            st.estimators.get(name),
            sizeFor({cpu: 2000, wasm: 5000, webgl: 500, webgpu: 500}),
          );
          expect(z).withContext(form).toBeLessThan(4.5);
        }
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'elboWithLogJoint',
  () => {
    const program = ({theta}: Params, form: st.ELBOForm, estimator: st.Estimator): tf.Tensor => {
      const node = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}), {
        estimator,
      });
      return st.elboWithLogJoint(tf.add(logNormal(X, node.value), logNormal(0, node.value)), {form});
    };

    for (const form of ['default', 'analyticEntropy', 'sample'] as const) {
      it(`has the gradient of the closed form, form ${form}`, async () => {
        for (const estimator of [st.pathwise(), st.scoreFunction(), st.stl()]) {
          expect(
            await judge(
              (p, e) => tf.neg(program(p, form, e)),
              p => -exactElbo(p),
              away,
              estimator,
              size() / 2,
            ),
          )
            .withContext(estimator.name)
            .toBeLessThan(4.5);
        }
      });
    }

    it('is the log-evidence at the exact posterior, with no variance in the form sample', async () => {
      const {mean, deviation} = await valueOf(posterior, p => program(p, 'sample', st.pathwise()), 500);
      expect(mean).toBeCloseTo(evidence, 5);
      expect(deviation).toBeLessThan(1e-5);
      expect((await valueOf(posterior, p => program(p, 'default', st.pathwise()), 500)).deviation).toBeGreaterThan(0.3);
    });

    it('refuses the analytic divergence, and a model that no latent is upstream of', () => {
      const x = tf.scalar(1);
      const node = new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}));
      expect(() => st.elboWithLogJoint(x, {form: 'analyticKl'})).toThrowError(
        'elboWithLogJoint: form "analyticKl" needs the prior apart from the likelihood: use elbo',
      );
      expect(() => st.elboWithLogJoint(x)).toThrowError(
        'elboWithLogJoint: outside a gradient scope the latents cannot be found: list them in variational',
      );
      expect(() => st.elboWithLogJoint(x, {variational: []})).toThrowError(
        'elboWithLogJoint: variational must be a list of nodes, not empty, got []',
      );
      expect(() => st.elboWithLogJoint(x, {variational: [3 as never]})).toThrowError(
        'elboWithLogJoint: a latent must be a DistributionTensor, got 3',
      );
      expect(() => tf.grad(y => st.elboWithLogJoint(tf.square(y)))(x)).toThrowError(
        /^elboWithLogJoint: there must be a DistributionTensor upstream of the model/,
      );
      tf.dispose([x, node.value]);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'elbo, what it is given',
  () => {
    it('sums the terms of shared latents over their batch', async () => {
      const prior = new st.Normal({loc: 0, scale: 1});
      const node = new st.DistributionTensor(
        new st.Normal({
          loc: [
            [0.5, -1, 2],
            [0, 0.3, 1],
          ],
          scale: 0.5,
        }),
        {valueType: st.sampleValue(4), key: st.random.key(3)},
      );
      const model = tf.zeros([4, 5]); // 4 samples, 5 examples
      const kl = [0.5, -1, 2, 0, 0.3, 1].reduce((sum, m) => sum - Math.log(0.5) + 0.5 * (m ** 2 + 0.25) - 0.5, 0);
      const analytic = withoutLeak('elbo', () =>
        st.elbo(model, {variationalWithPrior: [[node, prior]], keepBatchDim: false}),
      );
      expect(analytic.shape).toEqual([4, 5]);
      for (const v of await read(analytic)) expect(v).toBeCloseTo(-kl, 4);
      const sampled = await read(
        st.elbo(model, {variationalWithPrior: [[node, prior]], keepBatchDim: false, form: 'sample'}),
      );
      const z = Array.from(await node.value.data());
      const q = Array.from(await node.logProb().data());
      sampled.forEach((v, i) => {
        const s = Math.floor(i / 5);
        let expected = 0;
        for (let j = 6 * s; j < 6 * s + 6; j++) expected += -0.5 * (LN2PI + z[j]! ** 2) - q[j]!;
        expect(v).toBeCloseTo(expected, 4);
      });
      tf.dispose([node.value, model]);
    });

    it('says in one sentence what is wrong', () => {
      const prior = new st.Normal({loc: 0, scale: 1});
      const node = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {name: 'z'});
      const cauchy = new st.DistributionTensor(new st.Cauchy({loc: [0, 1], scale: 1}), {name: 'c'});
      const model = tf.zeros([2]);
      const pairs = [[node, prior]] as const;
      const run =
        (options: st.ElboOptions, of = model) =>
        () =>
          st.elbo(of, options);
      expect(run({variationalWithPrior: pairs, form: 'analytic' as never})).toThrowError(
        /^elbo: unknown form "analytic"; (did you mean|known:)/,
      );
      expect(run({variationalWithPrior: pairs, form: 'sampel' as never})).toThrowError(
        'elbo: unknown form "sampel"; did you mean "sample"?',
      );
      expect(run({variationalwithprior: pairs} as never)).toThrowError(
        'elbo: unknown option "variationalwithprior"; did you mean "variationalWithPrior"?',
      );
      expect(run({})).toThrowError(
        'elbo: outside a gradient scope the latents cannot be found: list them in variationalWithPrior',
      );
      expect(run({variationalWithPrior: []})).toThrowError(
        'elbo: variationalWithPrior must be a Map from node to prior or a list of [node, prior], not empty, got []',
      );
      expect(run({variationalWithPrior: [[node, 1 as never]]})).toThrowError(
        'elbo: the prior of node "z" must be a distribution, got 1',
      );
      expect(
        run({variationalWithPrior: [[node, st.independent(new st.Normal({loc: [0, 0], scale: 1}))]]}),
      ).toThrowError('elbo: the prior of node "z" must have its event shape [], got [2]');
      expect(run({variationalWithPrior: pairs, keepBatchDim: 1 as never})).toThrowError(
        'elbo: keepBatchDim must be true or false, got 1',
      );
      expect(run({variationalWithPrior: pairs}, tf.zeros([2], 'int32'))).toThrowError(
        'elbo: logLikelihood must be a float32 tensor of shape [sample…, batch…], got an int32 tensor of shape [2]',
      );
      expect(() => st.elbo(3 as never)).toThrowError(
        'elbo: logLikelihood must be a float32 tensor of shape [sample…, batch…], got 3',
      );
      expect(run({variationalWithPrior: [[cauchy, prior]], form: 'analyticKl'})).toThrowError(
        'elbo: form "analyticKl" needs a closed form of the divergence at node "c", and there is none for (Cauchy, Normal)',
      );
      expect(run({variationalWithPrior: pairs}, tf.zeros([3]))).toThrowError(
        /^elbo: node "z" has a term of shape \[2\], which must broadcast to the shape \[sample…, batch…\] .* got \[3\]$/,
      );
      expect(run({variationalWithPrior: pairs}, tf.scalar(0))).toThrowError(
        /^elbo: node "z" has a term of shape \[2\], which must broadcast/,
      );
      const mixture = new st.Mixture({
        cat: new st.Categorical({probs: [0.5, 0.5]}),
        components: [new st.Normal({loc: 0, scale: 1}), new st.Normal({loc: 1, scale: 1})],
      });
      const mixed = new st.DistributionTensor(mixture, {name: 'm'});
      expect(run({variationalWithPrior: [[mixed, prior]], form: 'analyticEntropy'}, tf.scalar(0))).toThrowError(
        'elbo: form "analyticEntropy" needs a closed form of the entropy at node "m", and there is none for Mixture(Normal, Normal)',
      );
      expect(run({variationalWithPrior: [[mixed, prior]]}, tf.scalar(0))).not.toThrow(); // the form default samples
      expect(() => st.registerPrior(node.value as never, prior)).toThrowError(
        'registerPrior: a latent must be a DistributionTensor, got a float32 tensor of shape [2]',
      );
      expect(() => st.registerPrior(node, null as never)).toThrowError(
        'registerPrior: the prior of node "z" must be a distribution, got null',
      );
      const merged = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {
        name: 'z',
        valueType: st.sampleAndReshapeValue(3),
      });
      expect(run({variationalWithPrior: [[merged, prior]], keepBatchDim: false}, tf.zeros([6]))).toThrowError(
        'elbo: keepBatchDim: false needs sample axes apart from the batch at node "z": use sampleValue',
      );
    });

    it('names a latent without a prior', () => {
      const w = tf.scalar(0.3);
      expect(() =>
        tf.grad(loc => {
          const node = new st.DistributionTensor(new st.Normal({loc: loc, scale: 1}), {name: 'z'});
          return st.elbo(tf.square(node.value));
        })(w),
      ).toThrowError('elbo: node "z" needs a prior: call registerPrior, or list the latents in variationalWithPrior');
      w.dispose();
    });

    it('keeps a registered prior for as long as the gradient scope, and leaves no tensor', async () => {
      const w = tf.variable(tf.scalar(0.3), true, 'elboW');
      const gradient = withoutLeak('elbo', () =>
        tf.tidy(() => {
          const {value, grads} = st.variableGrads(() => {
            const node = new st.DistributionTensor(new st.Normal({loc: w, scale: 1}), {key: st.random.key(1)});
            // tensors of a tidy that is over
            tf.tidy(() => st.registerPrior(node, new st.Normal({loc: tf.add(0, 1), scale: tf.add(1, 1)})));
            return tf.neg(st.elbo(tf.mul(node.value, 0)));
          }, [w]);
          value.dispose();
          return grads['elboW']!;
        }),
      );
      expect((await read(gradient))[0]).toBeCloseTo((0.3 - 1) / 4, 5); // ∂KL/∂m = (m − m₀)/s₀²
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu', 'wasm']},
);
