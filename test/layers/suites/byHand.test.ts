/** What a compiled model with a layer computes is what the same model computes that is written by hand, with the same keys. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder, seeded} from '../models.js';

type Options = stl.StochasticLayerArgs;
/** The layer, how many numbers it reads, and the distribution that it makes of their blocks of equal length. */
type Case = [
  make: (options: Options) => stl.StochasticLayer,
  blocks: number,
  byHand: (...p: tf.Tensor[]) => st.Distribution,
];

const isLearning = (name: st.EstimatorName | undefined): boolean =>
  ['nvil', 'relax', 'rebar', 'muProp', 'doubleCv'].includes(name ?? '');
const one = (q: st.Distribution): st.Distribution => st.independent(q, 1);
const plus = (x: tf.Tensor): tf.Tensor => tf.softplus(x);
const locScale =
  (Family: new (c: {loc: tf.Tensor; scale: tf.Tensor}) => st.Distribution): ((...p: tf.Tensor[]) => st.Distribution) =>
  (loc, raw) =>
    one(new Family({loc: loc, scale: plus(raw)}));

const cases: Record<string, Case> = {
  bernoulli: [stl.bernoulli, 1, l => one(new st.Bernoulli({logits: l, dtype: 'float32'}))],
  oneHotCategorical: [stl.oneHotCategorical, 1, l => new st.OneHotCategorical({logits: l, dtype: 'float32'})],
  categorical: [
    o => stl.categorical(o),
    1,
    l => one(new st.Categorical({logits: tf.expandDims(l, 1), dtype: 'float32'})),
  ],
  normal: [stl.normal, 2, locScale(st.Normal)],
  laplace: [stl.laplace, 2, locScale(st.Laplace)],
  logistic: [stl.logistic, 2, locScale(st.Logistic)],
  gumbel: [stl.gumbel, 2, locScale(st.Gumbel)],
  studentT: [stl.studentT, 3, (d, l, s) => one(new st.StudentT({df: tf.add(plus(d), 2), loc: l, scale: plus(s)}))],
  beta: [stl.beta, 2, (a, b) => one(new st.Beta({concentration1: plus(a), concentration0: plus(b)}))],
  gamma: [stl.gamma, 2, (a, b) => one(new st.Gamma({concentration: plus(a), rate: plus(b)}))],
  exponential: [stl.exponential, 1, r => one(new st.Exponential({rate: plus(r)}))],
  poisson: [stl.poisson, 1, r => one(new st.Poisson({rate: tf.exp(r)}))],
  negativeBinomial: [stl.negativeBinomial, 2, (n, l) => one(new st.NegativeBinomial({totalCount: plus(n), logits: l}))],
  vonMises: [stl.vonMises, 2, (l, k) => one(new st.VonMises({loc: l, concentration: plus(k)}))],
  multivariateNormalDiag: [
    stl.multivariateNormalDiag,
    2,
    (l, s) => new st.MultivariateNormalDiag({loc: l, scaleDiag: plus(s)}),
  ],
  relaxedBernoulli: [
    o => stl.relaxedBernoulli({...o, temperature: 0.7}),
    1,
    l => one(new st.RelaxedBernoulli({logits: l, temperature: 0.7})),
  ],
  relaxedOneHotCategorical: [
    o => stl.relaxedOneHotCategorical({...o, temperature: 0.7}),
    1,
    l => new st.RelaxedOneHotCategorical({logits: l, temperature: 0.7}),
  ],
};

describeBackends(
  'a compiled model equals the same one by hand, with the same keys:',
  () => {
    const data = (): [tf.Tensor2D, tf.Tensor2D] => [
      tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1], [3, 2]),
      tf.tensor2d([0.1, 0.9, 0.3, 0.8, 0.2, 0.5], [3, 2]),
    ];
    /** Draws of three steps, the fourth by `model.fit` of an epoch. */
    const compare = async ([make, blocks, byHand]: Case, estimator: st.EstimatorName | undefined): Promise<void> => {
      const size = 2; // numbers in a block
      const {optimizer, read} = recorder();
      const first = layers.dense({units: size * blocks, inputShape: [2], ...seeded(1)});
      const layer = make({seed: 7, ...(estimator === undefined ? {} : {estimator})});
      const last = layers.dense({units: 2, activation: 'tanh', ...seeded(2)});
      const model = sequential({layers: [first, layer, last]});
      model.compile({optimizer, loss: 'meanSquaredError'});
      const [x, y] = data();
      const weights = model.trainableWeights.map(w => w.read() as tf.Variable);
      // what an estimator owns is trained in fit alone
      for (let call = 0; call < (isLearning(estimator) ? 1 : 2); call++) {
        const {history} = await model.fit(x, y, {epochs: 1, batchSize: 3, shuffle: false, verbose: 0});
        const step = (await read())[0]!;
        const {value, grads} = st.variableGrads(() => {
          const params = first.apply(x) as tf.Tensor;
          const node = new st.DistributionTensor(byHand(...tf.split(params, blocks, -1)), {
            ...(estimator === undefined ? {} : {estimator: st.estimators.get(estimator)}),
            key: st.random.foldIn(st.random.key(7), call),
          });
          const out = last.apply(node.value) as tf.Tensor;
          return tf.mean(tf.square(tf.sub(out, y)), -1);
        }, weights);
        expect(history['loss']![0] as number).toBeCloseTo((await value.data())[0]!, 5);
        for (const {name} of weights) {
          const expected = await grads[name]!.data();
          const largest = Math.max(...expected.map(Math.abs), 1);
          step[name]!.forEach((g, i) =>
            expect(Math.abs(g - expected[i]!))
              .withContext(`${name}, number ${i}, call ${call}`)
              .toBeLessThan(2e-5 * largest),
          );
        }
        tf.dispose([value, grads]);
      }
      tf.dispose([x, y]);
      model.dispose();
      optimizer.dispose();
    };

    for (const [name, one] of Object.entries(cases)) {
      it(`${name}, with the estimator that it has by default, and with the score function`, async () => {
        await compare(one, undefined);
        await compare(one, 'scoreFunction');
      });
    }

    for (const estimator of [
      'leaveOneOut',
      'disarm',
      'arms',
      'arm',
      'enumerate',
      'doubleCv',
      'vimco',
      'rebar',
      'relax',
      'nvil',
      'muProp',
    ] as const)
      it(`bernoulli under ${estimator}`, () => compare(cases['bernoulli']!, estimator));
  },
  {inBrief: [], inNode: ['cpu']},
);
