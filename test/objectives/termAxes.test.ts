/**
 * Terms of bounds in the shape of their model: sample axes and batch axes are told by what nodes know, so that sizes
 * which happen to be equal make no difference. Two layers with every estimator.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {exactGradient} from '../helpers/estimates.js';
import {read} from '../helpers/near.js';
import {column, zOf, type Problem, type Values} from '../estimators/problems.js';

type Params = Record<string, tf.Tensor>;
const logProb = (z: number, logit: number): number => z * logit - Math.log1p(Math.exp(logit));
const float = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'float32');
const theta = [0.4, -0.3, 0.8];
const model = {likelihood: [-1.3, -0.4], z1: [-0.2, 0.7], z2: 0.3};

/** ln p(x, z₁, z₂) − ln q(z₁) q(z₂|z₁) of the model x|z₁, z₁|z₂, z₂ over two bits. */
function logWeight([a, b, c]: number[], z1: number, z2: number): {weight: number; mass: number} {
  const q = logProb(z1, a!) + logProb(z2, b! + c! * z1);
  return {
    weight: model.likelihood[z1]! + logProb(z1, model.z1[0]! + model.z1[1]! * z2) + logProb(z2, model.z2) - q,
    mass: Math.exp(q),
  };
}
const outcomes = (p: number[]): Array<{weight: number; mass: number}> =>
  [0, 1].flatMap(z1 => [0, 1].map(z2 => logWeight(p, z1, z2)));
const exactElbo = ({theta: p}: Values): number => outcomes(p!).reduce((sum, {weight, mass}) => sum + mass * weight, 0);
/** E of L_α over K = 2 pairs. */
const exactBound =
  (alpha: number) =>
  ({theta: p}: Values): number => {
    const all = outcomes(p!);
    const of = (u: number, v: number): number =>
      alpha === 1 ? (u + v) / 2 : Math.log((Math.exp((1 - alpha) * u) + Math.exp((1 - alpha) * v)) / 2) / (1 - alpha);
    return all.reduce((sum, u) => all.reduce((inner, v) => inner + u.mass * v.mass * of(u.weight, v.weight), sum), 0);
  };

/** ln p(x|z₁), with both priors registered. */
function twoLayers({theta: p}: Params, first: st.Estimator, second = first): tf.Tensor {
  const z1 = new st.DistributionTensor<st.Distribution>(new st.Bernoulli({logits: column(p!)}), {
    estimator: first,
    name: 'z1',
  });
  const z2 = new st.DistributionTensor<st.Distribution>(
    new st.Bernoulli({logits: tf.add(column(p!, 1), tf.mul(column(p!, 2), float(z1.value)))}),
    {estimator: second, name: 'z2'},
  );
  st.registerPrior(z1, new st.Bernoulli({logits: tf.add(tf.mul(float(z2.value), model.z1[1]!), model.z1[0]!)}));
  st.registerPrior(z2, new st.Bernoulli({logits: model.z2}));
  return tf.add(tf.mul(float(z1.value), model.likelihood[1]! - model.likelihood[0]!), model.likelihood[0]!);
}

describeBackends(
  'two layers of latents',
  () => {
    const names = [
      'scoreFunction',
      'leaveOneOut',
      'enumerate',
      'importance',
      'raoBlackwell',
      'sumAndSample',
      'unorderedSet',
      'disarm',
      'arm',
      'arms',
      'muProp',
      'relax',
      'doubleCv',
      'vimco',
    ];
    const n = sizeFor({cpu: 1000, wasm: 4000, webgl: 300, webgpu: 300});
    for (const name of names) {
      it(`have the exact gradient of the ELBO with ${name} at both nodes`, async () => {
        for (const form of ['default', 'sample'] as const) {
          const estimator = st.estimators.get(name);
          const problem = (factor: number): Problem => ({
            title: '',
            parameters: {theta},
            costs: p => tf.neg(st.elbo(twoLayers(p, estimator), {form})),
            expectation: p => -factor * exactElbo(p),
          });
          expect(await zOf(problem(1), estimator, {n}))
            .withContext(form)
            .toBeLessThan(4.5);
          if (name === 'enumerate')
            expect(await zOf(problem(0.9), estimator, {n}))
              .withContext('a tenth less')
              .toBeGreaterThan(4.5);
        }
      });
    }

    it('have the exact gradient where only the second, which the likelihood does not depend on, or only the first draws several', async () => {
      for (const [first, second] of [
        [st.scoreFunction(), st.estimators.get('leaveOneOut')],
        [st.estimators.get('enumerate'), st.scoreFunction()],
        [st.scoreFunction(), st.estimators.get('enumerate')],
      ] as const) {
        for (const form of ['default', 'sample'] as const) {
          const problem: Problem = {
            title: '',
            parameters: {theta},
            costs: p => tf.neg(st.elbo(twoLayers(p, first, second), {form})),
            expectation: p => -exactElbo(p),
          };
          expect(await zOf(problem, first, {n}))
            .withContext(`${first.name}, ${second.name}, ${form}`)
            .toBeLessThan(4.5);
        }
      }
    });

    it('have the exact gradient of each bound with vimco, the samples drawn at the first', async () => {
      const [first, second] = [st.vimco({samples: 2}), st.vimco({samples: null})];
      const warn = spyOn(console, 'warn'); // samples that a bound takes together are no examples of a batch
      const bounds: Array<[number, (l: tf.Tensor) => tf.Tensor]> = [
        [0, l => st.importanceWeightedBound(l)],
        [0.5, l => st.renyiBound(l, {alpha: 0.5})],
        [1, l => st.renyiBound(l, {alpha: 1})],
        [-1, l => st.renyiBound(l, {alpha: -1})],
      ];
      for (const [alpha, bound] of bounds) {
        const problem = (factor: number): Problem => ({
          title: '',
          parameters: {theta},
          costs: p => tf.neg(tf.expandDims(bound(twoLayers(p, first, second)), 0)),
          expectation: p => -factor * exactBound(alpha)(p),
        });
        const many = sizeFor({cpu: 4000, wasm: 20_000, webgl: 300, webgpu: 300});
        expect(await zOf(problem(1), first, {n: many}))
          .withContext(`alpha ${alpha}`)
          .toBeLessThan(4.5);
        if (alpha === 1)
          expect(await zOf(problem(0.7), first, {n: many}))
            .withContext('three tenths less')
            .toBeGreaterThan(4.5);
      }
      expect(warn).not.toHaveBeenCalled();
    });

    it('have values outside a gradient scope too, with samples of samples', () => {
      const bound = tf.tidy(() => {
        const z1 = new st.DistributionTensor(new st.Normal({loc: tf.zeros([5]), scale: 1}), {
          valueType: st.sampleValue(3),
        });
        const z2 = new st.DistributionTensor(new st.Normal({loc: z1.value, scale: 1}), {valueType: st.sampleValue(2)});
        return st.elbo(tf.neg(z1.value), {
          form: 'sample',
          variationalWithPrior: [
            [z1, new st.Normal({loc: z2.value, scale: 1})],
            [z2, new st.Normal({loc: 0, scale: 1})],
          ],
        });
      });
      expect(bound.shape).toEqual([2, 3, 5]);
      bound.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'vimco',
  () => {
    it('has the exact gradient of Rényi’s bound with every α, the ELBO at 1 among them', async () => {
      // z ~ Bernoulli(σ(0.4)), ln p(x|z) = −1 or 0.5
      const logs = [-1, 0.5];
      const weight = (p: number, z: number): number => logs[z]! + logProb(z, 0.4) - logProb(z, p);
      const estimator = st.vimco({samples: 3});
      for (const alpha of [1, 0.999, 0.5, 2]) {
        const of = (w: number[]): number =>
          alpha === 1
            ? w.reduce((a, b) => a + b) / 3
            : Math.log(w.reduce((sum, l) => sum + Math.exp((1 - alpha) * l), 0) / 3) / (1 - alpha);
        const expectation = ({theta: at}: Values): number =>
          -[0, 1, 2, 3, 4, 5, 6, 7]
            .map(k => [k & 1, (k >> 1) & 1, k >> 2])
            .reduce(
              (sum, z) =>
                sum +
                Math.exp(z.reduce((mass, b) => mass + logProb(b, at![0]!), 0)) * of(z.map(b => weight(at![0]!, b))),
              0,
            );
        const problem: Problem = {
          title: '',
          parameters: {theta: [-0.6]},
          expectation,
          costs({theta: p}) {
            const node = new st.DistributionTensor<st.Distribution>(new st.Bernoulli({logits: column(p!)}), {
              estimator,
            });
            return tf.mul(
              st.renyiBound(tf.add(tf.mul(float(node.value), 1.5), -1), {
                alpha,
                variationalWithPrior: [[node, new st.Bernoulli({logits: 0.4})]],
              }),
              -1,
            );
          },
        };
        expect(await zOf(problem, estimator, {n: sizeFor({cpu: 4000, wasm: 20_000, webgl: 300, webgpu: 300})}))
          .withContext(`alpha ${alpha}`)
          .toBeLessThan(4.5);
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'bounds whose sizes happen to be equal',
  () => {
    const prior = new st.Normal({loc: 0, scale: 1});
    const normal = (shape: number[], samples: number[]): st.DistributionTensor =>
      new st.DistributionTensor(new st.Normal({loc: tf.fill(shape, 0.3), scale: 0.8}), {
        name: 'z',
        key: st.random.key(4),
        ...(samples.length > 0 ? {valueType: st.sampleValue(samples)} : {}),
      });
    const objectives: Record<string, (of: tf.Tensor, node: st.DistributionTensor) => tf.Tensor> = {
      'elbo analyticKl': (of, node) => st.elbo(of, {form: 'analyticKl', variationalWithPrior: [[node, prior]]}),
      'elbo analyticEntropy': (of, node) =>
        st.elbo(of, {form: 'analyticEntropy', variationalWithPrior: [[node, prior]]}),
      'elbo sample': (of, node) => st.elbo(of, {form: 'sample', variationalWithPrior: [[node, prior]]}),
      elboWithLogJoint: (of, node) => st.elboWithLogJoint(of, {variational: [node]}),
      'elboWithLogJoint sample': (of, node) => st.elboWithLogJoint(of, {form: 'sample', variational: [node]}),
      importanceWeightedBound: (of, node) => st.importanceWeightedBound(of, {variationalWithPrior: [[node, prior]]}),
      renyiBound: (of, node) => st.renyiBound(of, {alpha: 0.3, variationalWithPrior: [[node, prior]]}),
      reweightedWakeSleep: (of, node) =>
        st.reweightedWakeSleep(of, {
          variationalWithPrior: [
            [
              new st.DistributionTensor(node.distribution, {
                estimator: null,
                valueType: st.sampleValue(node.value.shape[0], {stopGradient: true}),
                name: 'z',
              }),
              prior,
            ],
          ],
        }).bound,
    };

    for (const [name, objective] of Object.entries(objectives)) {
      it(`refuse where they would refuse others: ${name}`, () => {
        tf.tidy(() => {
          // samples [S] of the model, draws [S, n] of the node: axis n is of the batch, and the model has none
          for (const [s, n] of [
            [3, 3],
            [4, 3],
            [3, 4],
          ] as const) {
            expect(() => objective(tf.zeros([s]), normal([n], [s])))
              .withContext(`${s} samples, batch ${n}`)
              .toThrowError(
                /^\w+: node "z" has a term of shape \[(\d,)?\d\], which must broadcast to the shape \[sample…, batch…\]/,
              );
          }
          // as many samples of the node as the model has examples
          for (const [s, n] of [
            [3, 3],
            [4, 3],
          ] as const) {
            const [of, node] = [tf.zeros([s, n]), normal([n], [s])];
            expect(() => objective(of, node)).not.toThrow();
          }
        });
      });
    }

    it('refuse functions of draws that give one axis of two', () => {
      const estimates: Record<
        string,
        (f: (z: tf.Tensor) => tf.Tensor, q: st.Distribution, samples: number) => tf.Tensor
      > = {
        elboRatio: (f, q, samples) => st.elboRatio(f, q, {samples}),
        renyiRatio: (f, q, samples) => st.renyiRatio(f, q, 0.5, {samples}),
        expectationImportanceSampler: (f, q, samples) =>
          st.monteCarlo.expectationImportanceSampler(f, z => q.logProb(z), q, {samples}),
        expectationImportanceSamplerLogSpace: (f, q, samples) =>
          st.monteCarlo.expectationImportanceSamplerLogSpace(f, z => q.logProb(z), q, {samples}),
      };
      for (const [name, estimate] of Object.entries(estimates)) {
        for (const [s, n] of [
          [3, 3],
          [4, 3],
        ] as const) {
          const q = new st.Normal({loc: new Array<number>(n).fill(0), scale: 1});
          expect(() => tf.tidy(() => estimate(z => tf.sum(z, 1), q, s)))
            .withContext(`${name} ${s} ${n}`)
            .toThrowError(/must return a float32 tensor of shape \[samples, batch…\]/);
          expect(() => tf.tidy(() => estimate(z => tf.sum(z, 1, true), q, s)))
            .withContext(`${name} ${s} ${n}`)
            .not.toThrow();
        }
      }
    });

    it('take samples for samples where a latent has no batch and the model has one', async () => {
      for (const [s, n] of [
        [3, 3],
        [3, 5],
      ] as const) {
        for (const form of ['sample', 'analyticEntropy', 'default'] as const) {
          for (const keepBatchDim of [true, false]) {
            const [found, logs] = tf.tidy(() => {
              const node = normal([], [s]);
              const logRatio = tf.sub(
                prior.logProb(node.value),
                form === 'sample' ? node.logProb() : tf.neg(node.entropy()),
              );
              const term =
                form === 'default' ? tf.fill([s], Math.log(0.8) - 0.5 * (0.3 ** 2 + 0.8 ** 2) + 0.5) : logRatio;
              return [
                st.elbo(tf.zeros([s, n]), {form, keepBatchDim, variationalWithPrior: [[node, prior]]}),
                term,
              ] as const;
            });
            expect(found.shape).toEqual([s, n]);
            const [values, terms] = [await read(found), await read(logs)];
            values.forEach((v, i) =>
              expect(v)
                .withContext(`${form} ${s} ${n}`)
                .toBeCloseTo(terms[Math.floor(i / n)]!, 4),
            );
          }
        }
      }
    });

    it('give n shared weights their gradient on N examples, S = n = N or not', async () => {
      for (const [s, n, examples] of [
        [2, 2, 2],
        [3, 3, 3],
        [4, 4, 4],
        [3, 2, 4],
      ] as const) {
        const a = Array.from({length: examples}, (_, i) =>
          Array.from({length: n}, (_, j) => Math.sin(1 + i * n + 2 * j)),
        );
        const phi = Array.from({length: n}, (_, j) => 0.4 - 0.3 * j);
        for (const estimator of ['scoreFunction', 'pathwise']) {
          const [v, isNormal] = [tf.variable(tf.tensor1d(phi)), estimator === 'pathwise'];
          let drawn: tf.Tensor | null = null;
          const {value, grads} = st.variableGrads(() => {
            const z = new st.DistributionTensor<st.Distribution>(
              isNormal ? new st.Normal({loc: v, scale: 1}) : new st.Bernoulli({logits: v}),
              {estimator, key: st.random.key(s), valueType: st.sampleValue([s])},
            );
            drawn = tf.keep(tf.clone(z.value));
            const of = isNormal ? new st.Normal({loc: 0, scale: 1}) : new st.Bernoulli({logits: 0});
            return st.elbo(
              tf.neg(tf.sum(tf.square(tf.matMul(z.value as tf.Tensor2D, tf.tensor2d(a), false, true)), 1)),
              {keepBatchDim: false, variationalWithPrior: [[z, of]]},
            );
          }, [v]);
          const w = await read(drawn!);
          const fits = Array.from({length: s}, (_, k) =>
            a.map(row => row.reduce((sum, x, j) => sum + x * w[k * n + j]!, 0)),
          );
          const sigma = phi.map(p => 1 / (1 + Math.exp(-p)));
          // a part of the cost of each draw
          const divergence = sigma.reduce((sum, q) => sum + q * Math.log(2 * q) + (1 - q) * Math.log(2 - 2 * q), 0);
          const exact = phi.map(
            (p, j) =>
              fits.reduce(
                (sum, fit, k) =>
                  sum +
                  (isNormal
                    ? fit.reduce((t, x, i) => t - 2 * x * a[i]![j]!, 0)
                    : -fit.reduce((t, x) => t + x * x, divergence) * (w[k * n + j]! - sigma[j]!)),
                0,
              ) /
                s -
              (isNormal ? p : p * sigma[j]! * (1 - sigma[j]!)),
          ); // less the divergence's
          (await read(grads[v.name]!)).forEach((g, j) =>
            expect(g).withContext(`${estimator} ${s} ${n} ${examples}`).toBeCloseTo(exact[j]!, 3),
          );
          tf.dispose([v, value]);
        }
      }
    });

    it('sum the terms of n shared weights for each of S samples, S = n or not', async () => {
      for (const [s, n, examples] of [
        [3, 3, 3],
        [4, 3, 3],
        [3, 4, 3],
        [2, 3, 4],
      ] as const) {
        for (const shape of [[s], [s, 1], [s, examples]]) {
          const [found, exact] = tf.tidy(() => {
            const node = normal([n], [s]);
            const terms = tf.sum(tf.sub(prior.logProb(node.value), node.logProb()), 1);
            return [
              st.elbo(tf.zeros(shape), {form: 'sample', keepBatchDim: false, variationalWithPrior: [[node, prior]]}),
              terms,
            ] as const;
          });
          expect(found.shape).toEqual(shape);
          const [values, terms] = [await read(found), await read(exact)];
          values.forEach((v, i) => expect(v).toBeCloseTo(terms[Math.floor(i / (values.length / s))]!, 4));
        }
        expect(() =>
          tf.tidy(() =>
            st.elbo(tf.zeros([s + 1]), {
              form: 'sample',
              keepBatchDim: false,
              variationalWithPrior: [[normal([n], [s]), prior]],
            }),
          ),
        ).toThrowError(
          /^elbo: node "z" needs a prior whose batch broadcasts to its own, and a model that keeps the sample axes/,
        );
        expect(() =>
          tf.tidy(() =>
            st.elbo(tf.zeros([s]), {
              keepBatchDim: false,
              variationalWithPrior: [[normal([], [s]), new st.Normal({loc: tf.zeros([s]), scale: tf.ones([2, s])})]],
            }),
          ),
        ).toThrowError(/^elbo: node "z" needs a prior/);
      }
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a stochasticVariable with a batch-shaped posterior',
  () => {
    // n weights of N(m, 0.8), N examples: the cost of example j is (Σᵢ wᵢ + j − 1)², which all weights bear on
    const parameters = {theta: [0.5, -0.2, 0.3]};
    const bias = (j: number): number => j - 1;
    for (const examples of [3, 2]) {
      it(`is credited with the cost of all ${examples} examples, as many as it has weights or not`, async () => {
        st.random.setSeed(5);
        const means = tf.tensor1d(parameters.theta);
        const w = st.stochasticVariable(new st.Normal({loc: means, scale: 0.8}), new st.Normal({loc: 0, scale: 1}), {
          estimator: 'scoreFunction',
        });
        const runs = 1200;
        const sums = [0, 0, 0];
        const squares = [0, 0, 0];
        for (let i = 0; i < runs; i++) {
          const {value, grads} = st.variableGrads(
            () =>
              tf.square(
                tf.add(
                  tf.sum(w.draw().value),
                  Array.from({length: examples}, (_, j) => bias(j)),
                ),
              ),
            w.variables,
          );
          (await Object.values(grads)[0]!.data()).forEach((g, k) => {
            sums[k]! += g / runs;
            squares[k]! += (g * g) / runs;
          });
          tf.dispose({...grads, value});
        }
        const exact = exactGradient(parameters, ({theta: m}) => {
          const total = m!.reduce((a, b) => a + b, 0);
          return (
            Array.from({length: examples}, (_, j) => (total + bias(j)) ** 2 + 3 * 0.64).reduce((a, b) => a + b, 0) /
            examples
          );
        })['theta']!;
        sums.forEach((mean, k) => {
          const error = Math.sqrt((squares[k]! - mean ** 2) / runs);
          expect(Math.abs(mean - exact[k]!))
            .withContext(`${mean} for ${exact[k]}`)
            .toBeLessThan(4.5 * error);
          expect(error).toBeLessThan(0.15 * examples);
        });
        tf.dispose(means);
        w.dispose();
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);
