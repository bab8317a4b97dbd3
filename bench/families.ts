/** The families as benchmarks draw from them and weigh with them, a million numbers at a time. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** Where each parameter lies; `vectors` are of ten numbers for each event, the others of one. */
export interface BenchFamily {
  readonly ranges: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Whether events, or parameters of one draw, are vectors. */
  readonly vectors?: boolean;
  /** Which parameters are numbers for each event all the same. */
  readonly numbers?: readonly string[];
  readonly make: (parameters: Record<string, unknown>) => st.Distribution;
}

/** How many numbers a vector has. */
export const CLASSES = 10;

const [real, positive, shape, unit] = [
  [-1, 1],
  [0.5, 2],
  [0.5, 5],
  [0.1, 0.9],
] as const;
const locScale = {loc: real, scale: positive};

/** A family of numbers whose class takes parameters of these ranges. */
function of(
  Class: new (config: never) => st.Distribution,
  ranges: BenchFamily['ranges'],
  rest: Partial<BenchFamily> = {},
): BenchFamily {
  return {ranges, make: config => new Class(config as never), ...rest}; // each takes an object of its own names
}

/** By name, every family whose parameters can be numbers or tensors of numbers. */
export const families = {
  Bernoulli: of(st.Bernoulli, {logits: [-2, 2]}),
  Beta: of(st.Beta, {concentration1: shape, concentration0: shape}),
  Binomial: of(st.Binomial, {totalCount: [20, 20], logits: [-2, 2]}),
  Categorical: of(st.Categorical, {logits: [-2, 2]}, {vectors: true}),
  Cauchy: of(st.Cauchy, locScale),
  Chi2: of(st.Chi2, {df: [1, 10]}),
  Deterministic: of(st.Deterministic, {loc: real}),
  Dirichlet: of(st.Dirichlet, {concentration: shape}, {vectors: true}),
  Exponential: of(st.Exponential, {rate: positive}),
  Gamma: of(st.Gamma, {concentration: shape, rate: positive}),
  Geometric: of(st.Geometric, {probs: unit}),
  Gumbel: of(st.Gumbel, locScale),
  HalfCauchy: of(st.HalfCauchy, locScale),
  HalfNormal: of(st.HalfNormal, {scale: positive}),
  InverseGamma: of(st.InverseGamma, {concentration: [1.5, 5], scale: positive}),
  Kumaraswamy: of(st.Kumaraswamy, {concentration1: shape, concentration0: shape}),
  Laplace: of(st.Laplace, locScale),
  LogNormal: of(st.LogNormal, locScale),
  Logistic: of(st.Logistic, locScale),
  LogitNormal: of(st.LogitNormal, locScale),
  Multinomial: of(st.Multinomial, {totalCount: [20, 20], logits: [-2, 2]}, {vectors: true, numbers: ['totalCount']}),
  MultivariateNormalDiag: of(st.MultivariateNormalDiag, {loc: real, scaleDiag: positive}, {vectors: true}),
  NegativeBinomial: of(st.NegativeBinomial, {totalCount: [1, 10], logits: [-2, 2]}),
  Normal: of(st.Normal, locScale),
  OneHotCategorical: of(st.OneHotCategorical, {logits: [-2, 2]}, {vectors: true}),
  Pareto: of(st.Pareto, {concentration: [1, 5], scale: positive}),
  Poisson: of(st.Poisson, {rate: [1, 20]}),
  RelaxedBernoulli: of(st.RelaxedBernoulli, {temperature: positive, logits: [-2, 2]}),
  RelaxedOneHotCategorical: of(
    st.RelaxedOneHotCategorical,
    {temperature: [0.5, 0.5], logits: [-2, 2]},
    {vectors: true, numbers: ['temperature']},
  ),
  StudentT: of(st.StudentT, {df: [2, 10], ...locScale}),
  TruncatedNormal: of(st.TruncatedNormal, {...locScale, low: [-2, -1], high: [1, 3]}),
  Uniform: of(st.Uniform, {low: [-2, -1], high: [1, 2]}),
  VonMises: of(st.VonMises, {loc: real, concentration: shape}),
  Weibull: of(st.Weibull, {concentration: shape, scale: positive}),
} satisfies Record<string, BenchFamily>;

/** The families made of others, or of matrices, and those without parameters: not measured here. */
export type NotMeasured =
  | 'Empirical'
  | 'Independent'
  | 'Mixture'
  | 'MixtureSameFamily'
  | 'MultivariateNormalFullCovariance'
  | 'MultivariateNormalTriL'
  | 'Rademacher'
  | 'TransformedDistribution';

/** The middles of the ranges: numbers, or lists of numbers that differ. */
export function fromNumbers({ranges, vectors = false, numbers = [], make}: BenchFamily): st.Distribution {
  const entries = Object.entries(ranges).map(([name, [low, high]]) => {
    if (!vectors || numbers.includes(name)) return [name, (low + high) / 2] as const;
    const step = (high - low) / CLASSES;
    return [name, Array.from({length: CLASSES}, (_, i) => low + (i + 0.5) * step)] as const;
  });
  return make(Object.fromEntries<unknown>(entries));
}

/** Tensors over the ranges, for `size` numbers in all. */
export function tensorsOf(
  {ranges, vectors = false, numbers = []}: BenchFamily,
  size: number,
): Record<string, tf.Tensor> {
  const events = vectors ? size / CLASSES : size;
  return Object.fromEntries(
    Object.entries(ranges).map(([name, [low, high]], i) => {
      const whole = low === high; // a count, or a temperature that all share
      const shape = vectors && !numbers.includes(name) ? [events, CLASSES] : [events];
      const key = st.random.key(i);
      const value = whole ? tf.fill(shape, low) : st.random.uniform(shape, {low, high, key});
      return [name, value];
    }),
  );
}

/** How many events make `size` numbers. */
export const eventsIn = ({vectors = false}: BenchFamily, size: number): number => (vectors ? size / CLASSES : size);
