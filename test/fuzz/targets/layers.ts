/** Layers, what is made of models with them, and what layers of users' own are made with. */
/* eslint-disable @typescript-eslint/no-unnecessary-type-assertion -- arguments are as wide as what takes their places */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import type {Generator} from '../generate.js';
import type {Mutate, Target} from '../judge.js';
import {normal} from './distributions.js';
import {using} from './using.js';

/** A layer that was not built, or whose first use failed, cannot be disposed. */
const owner = (layer: tfl.layers.Layer) => ({
  dispose: () => {
    const {_refCount: uses} = layer as unknown as {_refCount: number | null}; // a field of tfjs-layers
    return layer.built && uses !== null ? layer.dispose() : null;
  },
});

/** Applies a layer to an input in training and not, and writes and reads its configuration. */
function useLayer(layer: tfl.layers.Layer, g: Generator, m: Mutate, shape: readonly number[] = [4]): unknown {
  const cls = layer.constructor as unknown as typeof stl.StochasticLayer; // or VariationalLayer, with the same static side
  return using(owner(layer), () =>
    g.pick<() => unknown>([
      () => layer.apply(...m(g.tensor([2, ...shape]) as tf.Tensor)),
      () => {
        const v = g.variable([2, ...shape]);
        return st.variableGrads(
          () => tf.sum(tf.square(layer.apply(v as tf.Tensor, {training: true}) as tf.Tensor), -1),
          [v],
        );
      },
      () => void layer.getConfig(...m()),
      () => void layer.computeOutputShape(...m([null, ...shape] as tfl.Shape)),
      () => using(owner(cls.fromConfig(cls as never, ...m(layer.getConfig()))), () => null),
    ])(),
  );
}

const layerOptions = (g: Generator) => ({
  estimator: g.pick<st.Estimator | string | {name: string; config: object} | undefined>([
    undefined,
    'scoreFunction',
    {name: 'scoreFunction', config: {}},
    st.scoreFunction(),
  ]),
  inference: g.pick(['mean', 'mode', 'sample'] as const),
  seed: g.int(0, 9),
  klWeight: 1,
});

/** The families that no target above stands for, by name, with options of their own and the length of their inputs. */
const families: ReadonlyArray<readonly [name: keyof typeof stl, width: number, own?: (g: Generator) => object]> = [
  ['beta', 4],
  ['categorical', 4],
  ['exponential', 3],
  ['gamma', 4],
  ['gumbel', 4],
  ['laplace', 4],
  ['logistic', 4],
  ['mixtureLogistic', 6, () => ({components: 2})],
  ['mixtureNormal', 6, () => ({components: 2})],
  ['mixtureOf', 6, g => ({components: 2, component: g.pick<unknown>(['normal', {name: 'laplace', config: {}}])})],
  ['multivariateNormalDiag', 4],
  ['multivariateNormalTriL', 5],
  ['negativeBinomial', 4],
  ['poisson', 3],
  ['relaxedBernoulli', 3, () => ({temperature: 0.5})],
  ['relaxedOneHotCategorical', 3, () => ({temperature: 0.5})],
  ['studentT', 6],
  ['vonMises', 4],
];

const ofFamilies = families.map(([name, width, own = () => ({})]): Target => ({
  name: `stl.${name}`,
  mayRefuse: true, // not every family has a mean or a mode
  ...(name === 'beta' || name === 'gamma' ? {loose: true} : {}), // whose mode may be nowhere
  run: (g, m) => {
    const {estimator, inference, seed} = layerOptions(g);
    const output = g.pick(['value', 'distribution'] as const);
    const options = {...own(g), inference, seed, output, ...(output === 'value' ? {estimator} : {})};
    return useLayer((stl[name] as (args: object) => stl.StochasticLayer)(...m(options as object)), g, m, [width]);
  },
}));

const weightOptions = (g: Generator): object => ({
  ...(g.int(0, 3) === 0
    ? {posterior: g.pick<unknown>(['dropout', {name: 'dropout', config: {rate: 0.3, shared: g.maybe()}}])}
    : {
        posterior: g.pick<unknown>(['normal', 'laplace', {name: 'logistic', config: {scale: 0.1}}]),
        prior: g.pick<unknown>(['scaleMixture', 'learned', new st.Normal({loc: 0, scale: 1})]),
      }),
  randomBias: g.maybe(),
  inference: g.pick(['mean', 'sample'] as const),
  seed: g.int(0, 9),
  klWeight: g.real(0, 1),
});

/** Nothing is put in the place of these. */
const legal: Mutate = (...args) => args;

/** What is put into the options of a tfjs layer, and given to it, is tfjs's own affair: the options of the weights are judged. */
const ofWeights = (
  [
    ['denseReparameterization', {units: 2}, [4]],
    ['denseLocalReparameterization', {units: 2}, [4]],
    ['denseFlipout', {units: 2, activation: 'relu'}, [4]],
    ['denseVariationalDropout', {units: 2}, [4]],
    ['conv1dReparameterization', {filters: 2, kernelSize: 2}, [3, 2]],
    ['conv1dFlipout', {filters: 2, kernelSize: 2}, [3, 2]],
    ['conv2dReparameterization', {filters: 2, kernelSize: 2}, [3, 3, 1]],
    ['conv2dFlipout', {filters: 2, kernelSize: 2}, [3, 3, 1]],
  ] as const
).map(([name, inside, shape]): Target => ({
  name: `stl.${name}`,
  mayRefuse: true, // not every posterior serves every method
  run: (g, m) => {
    const [options] = m(weightOptions(g));
    const make = stl[name] as (args: object) => stl.VariationalLayer;
    const given = (options as unknown) instanceof tf.Tensor ? {} : options; // its strides would be taken for the layer's
    return useLayer(make({...inside, ...given}), g, legal, shape);
  },
}));

/** A model of one random layer, which ends with the case. */
function modelOf(g: Generator, layer: tfl.layers.Layer): tfl.Sequential {
  const model = tfl.sequential({layers: [layer]});
  return Object.assign(model, {dispose: g.own(model).dispose.bind(model)});
}

const normalModel = (g: Generator, args: stl.StochasticLayerArgs = {}): tfl.Sequential =>
  modelOf(g, stl.normal({inputShape: [4], seed: g.int(0, 9), ...args}));
const priorArgs: stl.StochasticLayerArgs = {prior: {name: 'Normal', config: {loc: 0, scale: 1}}};

const ofModels: Target[] = [
  {
    name: 'stl.monteCarlo',
    run: (g, m) => {
      const [model, args] = m(normalModel(g), {samples: 3, batchSize: 2, quantiles: [0.1, 0.9]}); // tfjs reads the input
      const x = g.tensor([2, 4]) as tf.Tensor;
      const takesLong = Number.isInteger(args?.samples) && args.samples > 50 && args.samples <= 2 ** 24; // more are refused
      return stl.monteCarlo(model, x, takesLong ? {...args, samples: 50} : args);
    },
  },
  {
    name: 'stl.logLikelihoodBound',
    run: (g, m) => {
      const [model, args] = m(normalModel(g, priorArgs), {samples: 3, batchSize: 2, loss: 'meanSquaredError' as const});
      const [x, y] = m(g.tensor([2, 4]) as tf.Tensor, g.tensor([2, 2]) as tf.Tensor);
      const takesLong = Number.isInteger(args?.samples) && args.samples > 50 && args.samples <= 2 ** 24;
      return stl.logLikelihoodBound(model, x, y, takesLong ? {...args, samples: 50} : args);
    },
  },
  {
    name: 'stl.distributionOf',
    run: (g, m) =>
      tf.tidy(() =>
        stl
          .distributionOf(...m(normalModel(g, {output: 'distribution'}), g.tensor([2, 4]) as tf.Tensor, {output: 0}))
          .mean(),
      ),
  },
  {
    name: 'stl.negativeLogLikelihood',
    run: (g, m) => {
      const target = g.tensor([2, 2]);
      const input = g.tensor([2, 4]);
      return tf.tidy(() => {
        const layer = stl.normal({output: 'distribution'});
        return stl.negativeLogLikelihood(...m(target, layer.apply(input) as tf.Tensor));
      });
    },
  },
  {
    name: 'stl.sampleValue',
    run: (g, m) => {
      const layer = stl.sampleValue(...m({samples: 2} as Parameters<typeof stl.sampleValue>[0]));
      return tf.tidy(() => layer.apply(stl.normal({output: 'distribution'}).apply(g.tensor([2, 4]))) as tf.Tensor);
    },
  },
  {
    name: 'stl.meanValue',
    run: (g, m) => {
      const layer = stl.meanValue(...m({} as stl.MeanValueArgs));
      return tf.tidy(() => layer.apply(stl.normal({output: 'distribution'}).apply(g.tensor([2, 4]))) as tf.Tensor);
    },
  },
  {
    name: 'stl.observedValue',
    run: (g, m) => {
      const layer = stl.observedValue(...m({weight: 0.5} as stl.ObservedValueArgs));
      return tf.tidy(() => {
        const p = stl.normal({output: 'distribution'}).apply(g.tensor([2, 4])) as tf.Tensor;
        return layer.apply([p, g.tensor([2, 2])]) as tf.Tensor;
      });
    },
  },
  {
    name: 'stl.withCosts',
    run: (g, m) =>
      stl
        .withCosts(...m('meanSquaredError' as stl.LossName | stl.Loss, normalModel(g, priorArgs)))
        .loss(g.tensor([2, 2]), g.tensor([2, 2])),
  },
  {
    name: 'stl.klMetric',
    run: (g, m) => stl.klMetric(...m(normalModel(g, priorArgs)))(g.tensor([2, 2]), g.tensor([2, 2])),
  },
  {
    name: 'stl.sumOver',
    run: (g, m) =>
      stl.sumOver(...m('meanSquaredError' as stl.LossName | stl.Loss))(...m(g.tensor([2, 3]), g.tensor([2, 3]))),
  },
  {
    name: 'stl.klSchedule',
    run: (g, m) =>
      g.maybe()
        ? stl.klSchedule.linear(...m({from: 0, to: 1, steps: 10, delay: 2})).at(g.int(0, 20))
        : stl.klSchedule.cyclical(...m({from: 0, to: 1, period: 10, ratio: 0.5, cycles: 2})).at(g.int(0, 20)),
  },
];

/** A layer as far as costs are concerned. */
const costLayer = () => ({name: 'l', addLoss: () => undefined});

const ofExtension: Target[] = [
  {
    name: 'extension.layerCosts',
    run: (_, m) => void st.extension.layerCosts(...m(costLayer() as st.extension.CostLayer)),
  },
  {
    name: 'extension.hearCosts',
    run: (g, m) => void st.extension.hearCosts(...m(() => st.extension.addCost(costLayer(), g.tensor([2])))),
  },
  {name: 'extension.keptByFailedStep', run: (_, m) => void st.extension.keptByFailedStep(...m())},
  {name: 'extension.readsAtOnce', run: (_, m) => st.extension.readsAtOnce(...m())},
  {
    name: 'extension.addCost',
    run: (g, m) =>
      st.extension.addCost(
        ...m(costLayer() as st.extension.CostLayer, g.tensor([2]), {name: 'kl', report: g.tensor([2])}),
      ),
  },
  {
    name: 'extension.noteHostState',
    run: (_, m) => st.extension.noteHostState(...m({} as object, {read: () => 1, write: () => undefined})),
  },
  {name: 'extension.recorder', run: (_, m) => void st.extension.recorder(...m())},
  {name: 'extension.isEstimator', run: (_, m) => st.extension.isEstimator(...m(st.scoreFunction()))},
  {name: 'extension.inGradientScope', run: (_, m) => st.extension.inGradientScope(...m())},
  {name: 'extension.currentTape', run: (_, m) => void st.extension.currentTape(...m())},
  {
    name: 'extension.outlive',
    run: (g, m) => tf.tidy(() => tf.tidy(() => void st.extension.outlive(...m([g.tensor([3])])))),
  },
  {
    name: 'extension.sampleInTurn',
    run: (g, m) => {
      const logits = g.tensor([3]);
      return st.extension.sampleInTurn(
        ...m(() => new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'scoreFunction'})),
      ).value;
    },
  },
];

export const layerTargets: readonly Target[] = [
  ...ofFamilies,
  ...ofWeights,
  ...ofModels,
  ...ofExtension,
  {
    name: 'stl.variational',
    run: (g, m) =>
      useLayer(stl.variational(...m(tfl.layers.dense({units: 2}) as tfl.layers.Layer, weightOptions(g))), g, legal),
  },
  {
    name: 'stl.learnedGaussianDropout',
    run: (g, m) => {
      const {inference, seed, klWeight} = weightOptions(g) as stl.WeightOptions;
      const rates = {rate: g.real(0.1, 0.9), shared: g.maybe()};
      const args = {...rates, inference, seed, klWeight} as stl.LearnedGaussianDropoutArgs;
      return useLayer(stl.learnedGaussianDropout(...m(args)), g, m);
    },
  },
  ...(['bernoulli', 'oneHotCategorical'] as const).map((name): Target => ({
    name: `stl.${name}`,
    run: (g, m) =>
      useLayer(
        stl[name](
          ...m({
            ...layerOptions(g),
            prior: new st[name === 'bernoulli' ? 'Bernoulli' : 'OneHotCategorical'](
              name === 'bernoulli' ? {probs: 0.5} : {logits: [0, 0, 0, 0]},
            ),
          } as stl.StochasticLayerArgs),
        ),
        g,
        m,
      ),
  })),
  {
    name: 'stl.normal',
    run: (g, m) =>
      useLayer(
        stl.normal(
          ...m({...layerOptions(g), prior: {name: 'Normal', config: {loc: 0, scale: 1}}} as stl.StochasticLayerArgs),
        ),
        g,
        m,
      ),
  },
  {
    name: 'stl.stochastic',
    mayRefuse: true,
    run: (g, m) =>
      useLayer(
        stl.stochastic(
          ...m({
            ...layerOptions(g),
            distribution: g.pick<stl.StochasticArgs['distribution']>([
              'laplace',
              'gumbel',
              ([x]) => new st.Normal({loc: x!, scale: 1}),
            ]),
          } as stl.StochasticArgs),
        ),
        g,
        m,
      ),
  },
  {
    name: 'stl.registerDistribution',
    run: (g, m) =>
      stl.registerDistribution(...m(g.newName(), {make: () => normal(g, [2]), outputShape: () => [null, 2]})),
  },
  {
    name: 'stl.perSample',
    run: (g, m) =>
      stl.perSample(...m('meanSquaredError' as stl.LossName | stl.Loss))(...m(g.tensor([2, 3]), g.tensor([4, 2, 3]))),
  },
];
