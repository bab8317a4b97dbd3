/** The families, what can be asked of a distribution, and bijectors. */
/* eslint-disable @typescript-eslint/no-unnecessary-type-assertion -- arguments are as wide as what takes their places */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Generator} from '../generate.js';
import type {Mutate, Target} from '../judge.js';

type Config = (g: Generator) => Record<string, unknown>;

const locScale: Config = g => {
  const s = g.shape();
  return {loc: g.parameter(s, -2, 2), scale: g.parameter(s, 0.3, 2)};
};
const logitsOrProbs = (g: Generator, s: number[]) =>
  g.maybe() ? {logits: g.parameter(s, -2, 2)} : {probs: g.parameter(s, 0.1, 0.9)};
const classes: Config = g =>
  g.maybe() ? {logits: g.numbers([...g.shape(), 3], -1, 1)} : {probs: g.written([0.2, 0.3, 0.5], [3])};
const count = (g: Generator, s: number[]) => g.numbers(g.maybe() ? s : [], 1, 5, () => g.int(1, 5));

/** Legal configurations with finite moments. */
const families: Record<string, Config> = {
  Bernoulli: g => ({...logitsOrProbs(g, g.shape()), dtype: g.pick(['float32', 'int32', 'bool'])}),
  Beta: g => {
    const s = g.shape();
    return {concentration1: g.parameter(s, 1.1, 3), concentration0: g.parameter(s, 1.1, 3)};
  },
  Binomial: g => {
    const s = g.shape();
    return {totalCount: count(g, s), ...logitsOrProbs(g, s)};
  },
  Categorical: classes,
  Cauchy: locScale,
  Chi2: g => ({df: g.parameter(g.shape(), 2.1, 5)}),
  Deterministic: g => ({loc: g.parameter(g.shape(), -2, 2)}),
  Dirichlet: g => ({concentration: g.numbers([...g.shape(), 3], 1.1, 3)}),
  Empirical: g => ({samples: g.numbers([...g.shape(), 4], -2, 2)}),
  Exponential: g => ({rate: g.parameter(g.shape(), 0.3, 2)}),
  Gamma: g => {
    const s = g.shape();
    return {concentration: g.parameter(s, 1.1, 3), rate: g.parameter(s, 0.3, 2)};
  },
  Geometric: g => logitsOrProbs(g, g.shape()),
  Gumbel: locScale,
  HalfCauchy: locScale,
  HalfNormal: g => ({scale: g.parameter(g.shape(), 0.3, 2)}),
  InverseGamma: g => {
    const s = g.shape();
    return {concentration: g.parameter(s, 2.1, 4), scale: g.parameter(s, 0.3, 2)};
  },
  Kumaraswamy: g => {
    const s = g.shape();
    return {concentration1: g.parameter(s, 1.1, 3), concentration0: g.parameter(s, 1.1, 3)};
  },
  Laplace: locScale,
  LogNormal: locScale,
  Logistic: locScale,
  LogitNormal: locScale,
  MultivariateNormalDiag: g => ({loc: g.numbers([3], -2, 2), scaleDiag: g.numbers([...g.shape(), 3], 0.3, 2)}),
  MultivariateNormalFullCovariance: g => ({
    loc: g.numbers([2], -2, 2),
    covarianceMatrix: g.written([2, 0.3, 0.3, 1], [2, 2]),
  }),
  MultivariateNormalTriL: g => ({loc: g.numbers([2], -2, 2), scaleTril: g.written([1, 0, 0.3, 2], [2, 2])}),
  Multinomial: g => ({totalCount: g.int(1, 4), ...classes(g)}),
  NegativeBinomial: g => {
    const s = g.shape();
    return {totalCount: g.parameter(s, 1, 4), ...logitsOrProbs(g, s)};
  },
  Normal: locScale,
  OneHotCategorical: classes,
  Pareto: g => {
    const s = g.shape();
    return {concentration: g.parameter(s, 2.1, 4), scale: g.parameter(s, 0.3, 2)};
  },
  Poisson: g => (g.maybe() ? {rate: g.parameter(g.shape(), 0.3, 4)} : {logRate: g.parameter(g.shape(), -1, 1)}),
  Rademacher: () => ({}),
  RelaxedBernoulli: g => {
    const s = g.shape();
    return {temperature: g.real(0.3, 2), ...logitsOrProbs(g, s)};
  },
  RelaxedOneHotCategorical: g => ({temperature: g.real(0.3, 2), ...classes(g)}),
  StudentT: g => ({...locScale(g), df: g.real(2.1, 5)}),
  TruncatedNormal: g => ({...locScale(g), low: g.real(-3, -2), high: g.real(2, 3)}),
  Uniform: g => {
    const s = g.shape();
    return {low: g.parameter(s, -2, 0), high: g.parameter(s, 0.5, 2)};
  },
  VonMises: g => {
    const s = g.shape();
    return {loc: g.parameter(s, -2, 2), concentration: g.parameter(s, 0.3, 3)};
  },
  Weibull: g => {
    const s = g.shape();
    return {concentration: g.parameter(s, 1.1, 3), scale: g.parameter(s, 0.3, 2)};
  },
  Independent: g => ({
    distribution: new st.Normal({loc: g.numbers([2, 3], -1, 1), scale: g.real(0.3, 2)}),
    reinterpretedBatchNdims: g.int(0, 2),
  }),
  Mixture: g => ({
    cat: new st.Categorical({logits: g.numbers([2], -1, 1)}),
    components: [normal(g, []), new st.Laplace({loc: g.real(-1, 1), scale: 1})],
  }),
  MixtureSameFamily: g => ({
    mixtureDistribution: new st.Categorical({logits: g.numbers([3], -1, 1)}),
    componentsDistribution: normal(g, [3]),
  }),
  TransformedDistribution: g => ({
    distribution: normal(g, g.shape()),
    bijector: g.pick([new st.bijectors.Exp(), new st.bijectors.Sigmoid(), new st.bijectors.Softplus()]),
  }),
};

/** A normal of that batch shape. */
export function normal(g: Generator, shape: number[]): st.Normal {
  return new st.Normal({loc: g.numbers(shape, -1, 1), scale: g.real(0.3, 2)});
}

type Family = new (config: unknown) => st.Distribution;
const library = st as unknown as Record<string, Family>;

/** Legal distributions of any family. */
export function anyDistribution(g: Generator): st.Distribution {
  const name = g.pick(Object.keys(families));
  return new library[name]!(families[name]!(g));
}

/** What is asked of a distribution: each method of the public face of `Distribution`. */
const questions: Record<string, (q: st.Distribution, g: Generator, m: Mutate) => unknown> = {
  sample: (q, g, m) => q.sample(...m(g.pick([[], 2, [2], [2, 1]]), {key: g.key()})),
  sampleAndLogProb: (q, g, m) =>
    tf.tidy(() => q.sampleAndLogProb(...m(g.pick([[], 2, [2], [2, 1]]), {key: g.key()})).logProb),
  preImage: (q, g, m) =>
    tf.tidy(
      () =>
        q.preImage(...m(g.pick(['whole', 'fixed'] as const)))?.sample([2, ...q.batchShape, ...q.eventShape], g.key()) ??
        tf.scalar(0),
    ),
  logProb: (q, g, m) => q.logProb(...m(draw(q, g))),
  prob: (q, g, m) => q.prob(...m(draw(q, g))),
  cdf: (q, g, m) => (q.has('cdf') ? q.cdf(...m(draw(q, g))) : null),
  logCdf: (q, g, m) => (q.has('logCdf') ? q.logCdf(...m(draw(q, g))) : null),
  survival: (q, g, m) => (q.has('survival') ? q.survival(...m(draw(q, g))) : null),
  quantile: (q, g, m) => (q.has('quantile') ? q.quantile(...m(g.numbers(q.batchShape, 0.1, 0.9))) : null),
  mean: (q, _, m) => (q.has('mean') ? q.mean(...m()) : null),
  variance: (q, _, m) => (q.has('variance') ? q.variance(...m()) : null),
  stddev: (q, _, m) => (q.has('stddev') ? q.stddev(...m()) : null),
  covariance: (q, _, m) => (q.has('covariance') ? q.covariance(...m()) : null),
  mode: (q, _, m) => (q.has('mode') ? q.mode(...m()) : null),
  entropy: (q, _, m) => (q.has('entropy') ? q.entropy(...m()) : null),
  enumerateSupport: (q, _, m) => (q.has('enumerateSupport') ? q.enumerateSupport(...m()) : null),
  supportSize: (q, _, m) => (q.has('enumerateSupport') ? q.supportSize(...m()) : null),
  has: (q, g, m) => void q.has(...m(g.pick(['cdf', 'mean', 'entropy'] as const))),
  logProbOfDraw: (q, g, m) => tf.tidy(() => q.logProbOfDraw(...m(q.sample([2], {key: g.key()})))),
  tensors: (q, _, m) => void q.tensors(...m()),
  withTensors: (q, _, m) => q.withTensors(...m(q.tensors())),
  expand: (q, g, m) => q.expand(...m(g.pick([[], [2], [2, 1]]))),
  broadcastBatch: (q, _, m) => q.broadcastBatch(...m([2, ...q.batchShape])),
};

export const questionNames = Object.keys(questions);

/** Questions whose answers depend on which parameters are tensors. */
const ofTensors = ['tensors', 'withTensors', 'expand', 'broadcastBatch'];

/** A value that was drawn, in some form. */
function draw(q: st.Distribution, g: Generator): st.Param {
  const x = g.keep(q.sample(g.pick([[], [2]]), {key: g.key()}));
  return g.written(Array.from(x.dataSync()), x.shape);
}

const ofFamilies = Object.entries(families).map(([name, config]): Target => ({
  name,
  run: (g, m) => {
    const [full] = m({...config(g), ...(g.next() < 0.2 ? {validateArgs: g.maybe()} : {})});
    const q = new library[name]!(full);
    return questions[g.pick(g.isWritten ? questionNames.filter(name => !ofTensors.includes(name)) : questionNames)]!(
      q,
      g,
      m,
    );
  },
}));

const relaxations: Target = {
  name: 'relaxation',
  run: (g, m) =>
    tf.tidy(() => {
      const q = g.pick([
        () => new st.Bernoulli({logits: g.numbers([3], -1, 1)}),
        () => new st.Categorical({logits: g.numbers([3], -1, 1)}),
        () => new st.OneHotCategorical({logits: g.numbers([2, 3], -1, 1)}),
      ])();
      const {relaxation} = q;
      const z = g.keep(relaxation.sample([], {key: g.key()}));
      return g.pick([
        () => relaxation.sample(...m([2], {key: g.key()})),
        () => relaxation.harden(...m(z)),
        () => relaxation.conditional(...m(relaxation.harden(z), {key: g.key()})),
        () => relaxation.soften(...m(z as tf.Tensor, 0.5 as number | tf.Tensor)),
        () => relaxation.location(),
      ])();
    }),
};

const divergences: Target[] = (['klDivergence', 'crossEntropy'] as const).map(name => ({
  name,
  mayRefuse: true,
  run: (g, m) =>
    st[name](...m(anyDistribution(g), anyDistribution(g), g.maybe() ? {} : {samples: g.int(1, 4), key: g.key()})),
}));

const bijectors: Record<string, (g: Generator) => unknown[]> = {
  Affine: g => [{shift: g.numbers([2], -1, 1), scaleTriL: g.written([1, 0, 0.3, 2], [2, 2])}],
  Chain: () => [[new st.bijectors.Exp(), new st.bijectors.Softplus()]],
  Exp: () => [],
  FillScaleTriL: () => [{}],
  Invert: () => [new st.bijectors.Exp()],
  Scale: g => [g.maybe() ? {scale: g.parameter([3], 0.3, 2)} : {logScale: g.parameter([3], -1, 1)}],
  Shift: g => [{shift: g.parameter([3], -1, 1)}],
  Sigmoid: () => [],
  SoftmaxCentered: () => [],
  Softplus: () => [],
  Tanh: () => [],
};

const maps: Record<string, (b: st.bijectors.Bijector, g: Generator, m: Mutate) => unknown> = {
  forward: (b, g, m) => b.forward(...m(input(b, g))),
  inverse: (b, g, m) => b.inverse(...m(output(b, g))),
  forwardLogDetJacobian: (b, g, m) => b.forwardLogDetJacobian(...m(input(b, g), b.inputRank)),
  inverseLogDetJacobian: (b, g, m) => b.inverseLogDetJacobian(...m(output(b, g), b.outputRank)),
  forwardShape: (b, _, m) => void b.forwardShape(...m([3])),
  inverseShape: (b, _, m) => void b.inverseShape(...m(b.name === 'FillScaleTriL' ? [2, 2] : [3])),
  valueShapes: (b, _, m) => void b.valueShapes(...m()),
  tensors: (b, _, m) => void b.tensors(...m()),
  withTensors: (b, _, m) => void b.withTensors(...m(b.tensors())),
  expand: (b, g, m) => Object.values(b.expand(...m(g.pick([[], [2, 3]]))).tensors()),
};

export const mapNames = Object.keys(maps);

const input = (b: st.bijectors.Bijector, g: Generator): st.Param => g.numbers([b.name === 'Affine' ? 2 : 3], 0.1, 0.9);

function output(b: st.bijectors.Bijector, g: Generator): st.Param {
  const y = g.keep(b.forward(g.tensor([b.name === 'Affine' ? 2 : 3], 0.1, 0.9)));
  return g.written(Array.from(y.dataSync()), y.shape);
}

const ofBijectors = Object.entries(bijectors).map(([name, args]): Target => ({
  name: `bijectors.${name}`,
  mayRefuse: true,
  run: (g, m) => {
    const make = (st.bijectors as unknown as Record<string, new (...a: unknown[]) => st.bijectors.Bijector>)[name]!;
    const b = new make(...m(...args(g)));
    return maps[g.pick(mapNames)]!(b, g, m);
  },
}));

const others: Target[] = [
  relaxations,
  {name: 'independent', run: (g, m) => st.independent(...m(normal(g, [2, 3]), g.int(0, 2))).sample([], {key: g.key()})},
  {name: 'registerKl', run: (_, m) => st.registerKl(...m('FuzzedFamily', 'FuzzedFamily', () => tf.scalar(0)))},
  {
    name: 'constraints.interval',
    run: (g, m) => tf.tidy(() => st.constraints.interval(...m(0, 1)).contains(g.tensor([3]))),
  },
  {
    name: 'constraints.openInterval',
    run: (g, m) => tf.tidy(() => st.constraints.openInterval(...m(0, 1)).contains(g.tensor([3]))),
  },
  {
    name: 'constraints.integerInterval',
    run: (g, m) => tf.tidy(() => st.constraints.integerInterval(...m(0, 4)).contains(g.tensor([3]))),
  },
];

export const distributionTargets: readonly Target[] = [...ofFamilies, ...divergences, ...ofBijectors, ...others];
