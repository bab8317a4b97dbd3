/** `st.random` and `st.math`. */

import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Generator} from '../generate.js';
import type {Target} from '../judge.js';

type Options = (g: Generator, shape: number[]) => Record<string, unknown>;

const positive = (g: Generator, shape: number[]) => g.parameter(shape, 0.2, 3);
const anyNumber = (g: Generator, shape: number[]) => g.parameter(shape, -2, 2);
const byLogitsOrProbs = (g: Generator, shape: number[]) =>
  g.maybe() ? {logits: anyNumber(g, shape)} : {probs: g.parameter(shape, 0.1, 0.9)};
const classes = (g: Generator) =>
  g.maybe() ? {logits: g.numbers([4], -1, 1)} : {probs: g.written([0.1, 0.2, 0.3, 0.4], [4])};

const samplers: Record<string, Options> = {
  bits: () => ({}),
  uniform: g => (g.maybe() ? {low: g.real(-2, 0), high: g.real(1, 2)} : {low: -3, high: 5, dtype: 'int32'}),
  normal: (g, s) => ({loc: anyNumber(g, s), scale: positive(g, s)}),
  gumbel: (g, s) => ({loc: anyNumber(g, s), scale: positive(g, s)}),
  logistic: (g, s) => ({loc: anyNumber(g, s), scale: positive(g, s)}),
  laplace: (g, s) => ({loc: anyNumber(g, s), scale: positive(g, s)}),
  exponential: (g, s) => ({rate: positive(g, s)}),
  gamma: (g, s) => ({concentration: positive(g, s), rate: positive(g, s)}),
  logGamma: (g, s) => ({concentration: positive(g, s)}),
  beta: (g, s) => ({concentration1: positive(g, s), concentration0: positive(g, s)}),
  dirichlet: g => ({concentration: g.numbers([3], 0.2, 2)}),
  studentT: (g, s) => ({df: positive(g, s)}),
  vonMises: (g, s) => ({loc: anyNumber(g, s), concentration: positive(g, s)}),
  truncatedNormal: (g, s) => ({
    loc: anyNumber(g, s),
    scale: positive(g, s),
    low: g.parameter(s, -2, 0),
    high: g.parameter(s, 1, 2),
  }),
  bernoulli: (g, s) => ({...byLogitsOrProbs(g, s), dtype: g.pick(['float32', 'int32', 'bool'])}),
  categorical: g => classes(g),
  poisson: (g, s) => (g.maybe() ? {rate: positive(g, s)} : {logRate: anyNumber(g, s), dtype: 'int32'}),
  binomial: (g, s) => ({totalCount: g.numbers(s, 1, 9, () => g.int(1, 9)), ...byLogitsOrProbs(g, s)}),
  negativeBinomial: (g, s) => ({totalCount: positive(g, s), ...byLogitsOrProbs(g, s)}),
  geometric: (g, s) => byLogitsOrProbs(g, s),
  withoutReplacement: g => ({...classes(g), k: g.int(1, 4)}),
  gumbelTopK: g => ({...classes(g), k: g.int(1, 4)}),
};

type Sampler = (shape: number | number[], options: object) => unknown;

const drawing = Object.entries(samplers).map(([name, options]): Target => ({
  name: `random.${name}`,
  run: (g, m) => {
    const shape = g.shape();
    return (st.random as unknown as Record<string, Sampler>)[name]!(...m(shape, {...options(g, shape), key: g.key()}));
  },
}));

const keys: Target[] = [
  {name: 'random.key', run: (g, m) => void st.random.key(...m(g.int(-5, 1e6)))},
  {name: 'random.split', run: (g, m) => void st.random.split(...m(g.key(), g.int(1, 4)))},
  {name: 'random.foldIn', run: (g, m) => void st.random.foldIn(...m(g.key(), g.int(0, 9)))},
  {name: 'random.setSeed', run: (g, m) => st.random.setSeed(...m(g.int(0, 9)))},
  {
    name: 'random.permutation',
    run: (g, m) =>
      g.maybe()
        ? st.random.permutation(...m(g.int(0, 9), {key: g.key()}))
        : st.random.permutation(...m(g.tensor([4, 2]), {key: g.key(), axis: g.int(-2, 1)})),
  },
];

/** For each function the interval of each of its arguments, where that is to be wider than `ANYWHERE`. */
const functions: Record<string, ReadonlyArray<readonly [number, number]>> = {
  betainc: [
    [0.3, 3],
    [0.3, 3],
    [0.1, 0.9],
  ],
  betaincc: [
    [0.3, 3],
    [0.3, 3],
    [0.1, 0.9],
  ],
  betaincInv: [
    [0.3, 3],
    [0.3, 3],
    [0.1, 0.9],
  ],
  logBetainc: [
    [0.3, 3],
    [0.3, 3],
    [0.1, 0.9],
  ],
  logBetaincc: [
    [0.3, 3],
    [0.3, 3],
    [0.1, 0.9],
  ],
  digamma: [[0.3, 5]],
  lgamma: [[0.3, 5]],
  lbeta: [
    [0.3, 5],
    [0.3, 5],
  ],
  erf: [[-3, 3]],
  erfc: [[-3, 3]],
  erfcx: [[-1, 3]],
  erfinv: [[-0.9, 0.9]],
  expm1: [[-1, 1]],
  i0e: [[-3, 3]],
  i1e: [[-3, 3]],
  igamma: [
    [0.3, 3],
    [0.1, 5],
  ],
  igammac: [
    [0.3, 3],
    [0.1, 5],
  ],
  igammaInv: [
    [0.3, 3],
    [0.1, 0.9],
  ],
  igammacInv: [
    [0.3, 3],
    [0.1, 0.9],
  ],
  logIgamma: [
    [0.3, 3],
    [0.1, 5],
  ],
  logIgammac: [
    [0.3, 3],
    [0.1, 5],
  ],
  log1mexp: [[-3, -0.1]],
  log1p: [[-0.5, 2]],
  logAddExp: [
    [-2, 2],
    [-2, 2],
  ],
  logNdtr: [[-5, 3]],
  ndtr: [[-3, 3]],
  ndtri: [[0.1, 0.9]],
  softplusInverse: [[0.1, 3]],
  xlog1py: [
    [0, 2],
    [0, 2],
  ],
  xlogy: [
    [0, 2],
    [0.1, 2],
  ],
};

type OfNumbers = (...args: unknown[]) => tf.Tensor;
const math = st.math as unknown as Record<string, OfNumbers>;

/** What most functions take. */
const ANYWHERE = [0.3, 0.9] as const;

/** A positive definite matrix of 2 rows. */
const matrix = (g: Generator) => g.written([2 + g.next(), 0.3, 0.3, 1 + g.next()], [2, 2]);

const asked: Target[] = [
  {name: 'math.polygamma', run: (g, m) => math['polygamma']!(...m(g.int(0, 3), g.numbers(g.shape(), 0.3, 5)))},
  {name: 'math.cholesky', run: (g, m) => st.math.cholesky(...m(matrix(g)))},
  {name: 'math.logDet', run: (g, m) => st.math.logDet(...m(matrix(g)))},
  {
    name: 'math.triangularSolve',
    run: (g, m) =>
      st.math.triangularSolve(
        ...m(g.written([1.5, 0, 0.3, 2], [2, 2]), g.numbers([2, 3], -1, 1), {lower: g.maybe(), adjoint: g.maybe()}),
      ),
  },
];

const special = Object.entries(math)
  .filter(([name]) => !asked.some(target => target.name === `math.${name}`))
  .map(([name, f]): Target => ({
    name: `math.${name}`,
    run: (g, m) => {
      const shape = g.shape();
      const ranges = functions[name] ?? new Array<typeof ANYWHERE>(f.length).fill(ANYWHERE);
      return f(...m(...ranges.map(([low, high]) => g.parameter(shape, low, high))));
    },
  }));

export const randomTargets: readonly Target[] = [...drawing, ...keys, ...special, ...asked];
