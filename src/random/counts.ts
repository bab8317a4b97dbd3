/** Draws of counts. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {readElementParam, type ElementParam} from './elements/elementParam.js';
import {nonNegative, positive, real, unitInterval} from '../constraints/numberSets.js';
import {drawElements, drawIntegers} from './elements/drawElements.js';
import {properProbability, logOfFloat, notNaN, positiveProbability, wholeCount} from '../constraints/limits.js';
import type {Shape} from '../util/shapes.js';
import {checkOneOf} from '../util/options.js';
import type {LogitsOrProbs} from './discrete.js';
import {binomialOfProbsSampler, binomialSampler} from './elements/binomial.js';
import {geometricOfProbsSampler, geometricSampler} from './elements/geometric.js';
import {
  negativeBinomialOfProbsSampler,
  negativeBinomialSampler,
  poissonOfLogRateSampler,
  poissonSampler,
} from './elements/poisson.js';
import type {SamplerKernel} from '../kernels/elementwise/definition.js';
import type {Key} from '../keys/key.js';
import {onlyOne, startDraw, type RandomOptions, type RandomParam} from './drawOptions.js';

/** Poisson of the given rate >= 0, no checks: float32. A constant. */
export function drawPoisson(rate: ElementParam, shape: Shape, key: Key): tf.Tensor {
  return drawElements(poissonSampler, [rate], shape, key);
}

/** Binomial: successes among totalCount of log-odds `logits`, no checks: float32. A constant. */
export function drawBinomial(totalCount: ElementParam, logits: ElementParam, shape: Shape, key: Key): tf.Tensor {
  return drawElements(binomialSampler, [totalCount, logits], shape, key);
}

/** Negative binomial: successes of log-odds `logits` before totalCount failures, no checks: float32. A constant. */
export function drawNegativeBinomial(
  totalCount: ElementParam,
  logits: ElementParam,
  shape: Shape,
  key: Key,
): tf.Tensor {
  return drawElements(negativeBinomialSampler, [totalCount, logits], shape, key);
}

/** Geometric: failures before the first success of log-odds `logits`, no checks: float32. A constant. */
export function drawGeometric(logits: ElementParam, shape: Shape, key: Key): tf.Tensor {
  return drawElements(geometricSampler, [logits], shape, key);
}

/** What all samplers of counts take. */
export interface CountOptions extends RandomOptions {
  /** Default 'float32', which holds every count up to 2^24 and rounds larger ones. */
  dtype?: 'float32' | 'int32';
}

function finish(
  who: string,
  {dtype = 'float32'}: CountOptions,
  sampler: SamplerKernel,
  parameters: ElementParam[],
  at: {shape: Shape; key: Key},
): tf.Tensor {
  checkOneOf(who, 'dtype', dtype, ['float32', 'int32']);
  return dtype === 'int32'
    ? drawIntegers(who, sampler, parameters, at.shape, at.key)
    : drawElements(sampler, parameters, at.shape, at.key);
}

/** The mean of `poisson`, or its logarithm: exactly one must be given. */
export interface PoissonOptions extends CountOptions {
  /** The mean, >= 0. */
  rate?: RandomParam;
  /** Its logarithm. */
  logRate?: RandomParam;
}

/**
 * Poisson counts of `shape`, to which the parameter broadcasts: arrivals are counted below a rate of 10, from there on
 * transformed rejection (Hörmann 1993). Numbers and arrays give the same counts on every backend. From a tensor a GPU
 * draws in single precision: about one in 10^6 draws is another, mostly a neighbour; of large counts k, about k in
 * 10^7.
 */
export function poisson(shape: number | number[], options: PoissonOptions): tf.Tensor {
  const who = 'random.poisson';
  const at = startDraw(who, shape, options, ['rate', 'logRate', 'dtype']);
  const {name, value} = onlyOne(who, options, 'rate', 'logRate');
  return tf.tidy(() =>
    name === 'rate'
      ? finish(who, options, poissonSampler, [readElementParam(who, name, value, at.shape, nonNegative)], at)
      : finish(who, options, poissonOfLogRateSampler, [readElementParam(who, name, value, at.shape, logOfFloat)], at),
  );
}

const trials: Constraint = {...wholeCount, rule: 'a whole number in [0, 2^24]'};

/** Parameters of `binomial`; they broadcast to the shape that is drawn. */
export interface BinomialOptions extends CountOptions, LogitsOrProbs {
  /** How many trials, a whole number in [0, 2^24]. */
  totalCount: RandomParam;
}

/**
 * Binomial counts of `shape`, to which the parameters broadcast: successes among totalCount trials of probability
 * `probs` or σ(logits). Waiting times where fewer than 10 successes (or failures) are expected, else transformed
 * rejection (Hörmann 1993); right at every probability that the parameter can say, logits of ±80 included. Identity
 * between backends as for `poisson`.
 */
export function binomial(shape: number | number[], options: BinomialOptions): tf.Tensor {
  return countTrials('random.binomial', shape, options, trials, {
    logits: [notNaN, binomialSampler],
    probs: [unitInterval, binomialOfProbsSampler],
  });
}

/** Parameters of `negativeBinomial`; they broadcast to the shape that is drawn. */
export interface NegativeBinomialOptions extends CountOptions, LogitsOrProbs {
  /** How many failures end the count, > 0, not necessarily whole. */
  totalCount: RandomParam;
}

/**
 * Negative binomial counts of `shape`, to which the parameters broadcast: successes of probability `probs` or σ(logits)
 * before totalCount failures, mean totalCount·probs/(1 − probs). Poisson of a gamma rate. Identity between backends as
 * for `poisson`.
 */
export function negativeBinomial(shape: number | number[], options: NegativeBinomialOptions): tf.Tensor {
  return countTrials('random.negativeBinomial', shape, options, positive, {
    logits: [real, negativeBinomialSampler],
    probs: [properProbability, negativeBinomialOfProbsSampler],
  });
}

function countTrials(
  who: string,
  shape: number | number[],
  options: BinomialOptions,
  totalCount: Constraint,
  rules: Record<'logits' | 'probs', readonly [Constraint, SamplerKernel]>,
): tf.Tensor {
  const at = startDraw(who, shape, options, ['totalCount', 'logits', 'probs', 'dtype']);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  const [rule, sampler] = rules[name];
  return tf.tidy(() => {
    const n = readElementParam(who, 'totalCount', options.totalCount, at.shape, totalCount);
    return finish(who, options, sampler, [n, readElementParam(who, name, value, at.shape, rule)], at);
  });
}

/** The probability of a success for `geometric`: logits, or probs in (0, 1]. */
export interface GeometricOptions extends CountOptions, LogitsOrProbs {}

/**
 * Geometric counts of `shape`, to which the parameter broadcasts: failures before the first success of probability
 * `probs` or σ(logits), so from 0 on. Identity between backends as for `poisson`.
 */
export function geometric(shape: number | number[], options: GeometricOptions): tf.Tensor {
  const who = 'random.geometric';
  const at = startDraw(who, shape, options, ['logits', 'probs', 'dtype']);
  const {name, value} = onlyOne(who, options, 'logits', 'probs');
  return tf.tidy(() =>
    name === 'logits'
      ? finish(who, options, geometricSampler, [readElementParam(who, name, value, at.shape, real)], at)
      : finish(
          who,
          options,
          geometricOfProbsSampler,
          [readElementParam(who, name, value, at.shape, positiveProbability)],
          at,
        ),
  );
}
