/** Evolution strategies as a gradient estimator. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import {check} from '../util/errors.js';
import {checkCount, checkKeys, checkBoolean} from '../util/options.js';
import {nonNegative, positive} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import type {VariableGradients} from '../graph/variableGrads.js';
import {foldIn, type Key} from '../keys/key.js';
import {normalValues} from '../random/noise.js';
import type {Candidate} from './candidate.js';
import {
  EvolutionaryOptimizer,
  type AskOptions,
  type EvolutionaryConfig,
  type TellOptions,
} from './evolutionaryOptimizer.js';
import type {Cost, CostFunction, Given} from './costsAtPlaces.js';
import {defaultAdam} from './defaultAdam.js';
import {isOptimizer} from './isOptimizer.js';
import {centeredRanks} from './costRanks.js';

/** Options of `evolutionStrategies`. */
export interface EvolutionStrategiesConfig extends EvolutionaryConfig {
  /** Evaluations for one gradient, an integer >= 2, even with `antithetic`. Default 100. */
  population?: number;
  /** Standard deviation of the perturbations, > 0. Default 0.02. */
  sigma?: number;
  /** Whether each perturbation is evaluated with both signs. Default true. */
  antithetic?: boolean;
  /**
   * Whether ranks, spread over [−1/2, 1/2], take the place of costs. The estimate then belongs to another objective,
   * which no monotone transformation of the costs changes: it is a biased estimate of the gradient of the cost. Default
   * false.
   */
  rankShaping?: boolean;
  /** λ >= 0: adds λθ, the gradient of λ‖θ‖²/2. Default 0. */
  weightDecay?: number;
  /** What `tell` and `minimize` apply the gradient with; it stays the caller's. Default: Adam of learning rate 0.01. */
  optimizer?: tf.Optimizer;
}

/**
 * Estimates the gradient of the smoothed cost E[f(θ + σε)], ε ~ N(0, I), from costs alone:
 *
 *     g = 1/(Nσ) Σᵢ sᵢ εᵢ f(θ + σ sᵢ εᵢ) + λθ
 *
 * with N evaluations, sᵢ = 1, or both signs of each ε with `antithetic`. Unbiased for any f without `rankShaping`,
 * which puts centred ranks in the place of f. Salimans et al. 2017 (Evolution Strategies as a Scalable Alternative to
 * Reinforcement Learning, algorithms 1 and 2, section 2.1), for costs instead of returns.
 */
export class EvolutionStrategies extends EvolutionaryOptimizer {
  /** Standard deviation of the perturbations. */
  readonly sigma: number;
  /** Whether each perturbation is evaluated with both signs. */
  readonly antithetic: boolean;
  /** Whether ranks take the place of costs, which biases the estimate. */
  readonly rankShaping: boolean;
  /** λ of the term λθ in the gradient. */
  readonly weightDecay: number;
  protected override readonly advice: string;
  readonly #given: tf.Optimizer | undefined;
  #own: tf.Optimizer | null = null;

  constructor(config: EvolutionStrategiesConfig = {}) {
    const who = 'evolutionStrategies';
    checkKeys(who, config, [
      'variables',
      'population',
      'sigma',
      'antithetic',
      'rankShaping',
      'weightDecay',
      'optimizer',
    ]);
    const {population = 100, sigma = 0.02, antithetic = true, rankShaping = false, weightDecay = 0, optimizer} = config;
    checkBoolean(who, 'antithetic', antithetic);
    checkBoolean(who, 'rankShaping', rankShaping);
    checkCount(who, 'population', population, 2);
    check(!antithetic || population % 2 === 0, who, 'population must be even with antithetic', population);
    checkNumber(who, 'sigma', sigma, positive);
    checkNumber(who, 'weightDecay', weightDecay, nonNegative);
    check(optimizer === undefined || isOptimizer(optimizer), who, 'optimizer must be a tf.Optimizer', optimizer);
    super(who, config, population);
    brand(EvolutionStrategies.prototype, 'EvolutionStrategies');
    this.sigma = sigma;
    this.antithetic = antithetic;
    this.rankShaping = rankShaping;
    this.advice = rankShaping
      ? 'count a failed evaluation as Infinity'
      : 'count a failed evaluation as a large cost, or as Infinity with rankShaping';
    this.weightDecay = weightDecay;
    this.#given = optimizer;
  }

  /**
   * The estimate, with nothing moved: for any tf.Optimizer's `applyGradients`, or for arithmetic of one's own.
   * @returns `value`, the mean of the costs, which estimates E[f(θ + σε)], and `grads` by variable name, each of its
   * variable's shape; a promise if f returns promises
   */
  gradient<C extends Cost | Promise<Cost>>(f: CostFunction<C>, options: AskOptions = {}): Given<C, VariableGradients> {
    return this.generation(f, options, (candidates, costs) => this.#gradients(candidates, costs)) as Given<
      C,
      VariableGradients
    >; // f decides which
  }

  /**
   * The estimate from the costs of the candidates that were asked for last, in the order of `ask`. Nothing moves. As
   * `tell` otherwise.
   */
  gradientFrom(costs: ArrayLike<number>, options: TellOptions = {}): VariableGradients {
    const {candidates, costs: list} = this.told(costs, options);
    const gradients = this.#gradients(candidates, list);
    this.noteUse();
    return gradients;
  }

  override dispose(): void {
    super.dispose();
    this.#own?.dispose();
    this.#own = null;
  }

  protected override candidates(key: Key): Candidate[] {
    if (!this.antithetic) return super.candidates(key);
    return Array.from({length: this.population}, (_, i) => ({key: foldIn(key, i >> 1), sign: i % 2 === 0 ? 1 : -1}));
  }

  protected override valuesAt({key, sign}: Candidate): tf.Tensor[] {
    const step = normalValues(this.parameters.size, key).map(e => this.sigma * sign * e);
    const {base} = this.parameters;
    return this.parameters.split(step).map((t, i) => tf.add(base[i]!, t));
  }

  protected override update(candidates: readonly Candidate[], costs: readonly number[]): void {
    const grads = this.#estimate(candidates, costs);
    const optimizer = this.#given ?? (this.#own ??= defaultAdam(0.01));
    // As a list: tfjs's optimizers keep their moments by position.
    optimizer.applyGradients(this.parameters.variables.map(({name}) => ({name, tensor: grads[name]!})));
    tf.dispose(grads);
  }

  #gradients(candidates: readonly Candidate[], costs: readonly number[]): VariableGradients {
    const grads = this.#estimate(candidates, costs);
    return {value: tf.scalar(costs.reduce((a, b) => a + b, 0) / costs.length), grads};
  }

  #estimate(candidates: readonly Candidate[], costs: readonly number[]): tf.NamedTensorMap {
    const infinite = costs.findIndex(cost => !Number.isFinite(cost));
    check(
      this.rankShaping || infinite < 0,
      this.who,
      `costs must be finite without rankShaping; the cost of candidate ${infinite} is not`,
      costs[infinite],
    );
    const weights = this.rankShaping ? centeredRanks(costs) : costs;
    const {size, variables} = this.parameters;
    const sum = new Float64Array(size);
    for (const [i, {key, sign}] of candidates.entries()) {
      const partner = this.antithetic ? weights[i + 1]! : 0; // both signs share their noise
      if (this.antithetic && sign < 0) continue;
      const weight = (weights[i]! - partner) / (candidates.length * this.sigma);
      if (weight === 0) continue;
      const noise = normalValues(size, key);
      for (let j = 0; j < size; j++) sum[j]! += weight * noise[j]!;
    }
    const beyond = sum.find(v => !Number.isFinite(Math.fround(v)));
    check(
      beyond === undefined,
      this.who,
      'the estimate must be finite in float32: scale the costs down, or use rankShaping',
      beyond,
    );
    return tf.tidy(() =>
      Object.fromEntries(
        this.parameters.split(sum).map((g, i) => {
          const variable = variables[i]!;
          return [variable.name, this.weightDecay === 0 ? g : tf.add(g, tf.mul(variable, this.weightDecay))];
        }),
      ),
    );
  }
}

/**
 * Makes `EvolutionStrategies`. Works with an empty config.
 * @example
 * ```ts
 * const x = tf.variable(tf.tensor1d([1, 2]));
 * const optimizer = st.evolutionStrategies({variables: [x], population: 20, sigma: 0.1});
 * optimizer.minimize(() => tf.sum(tf.square(x)));
 * optimizer.generations; // 1
 * ```
 */
export function evolutionStrategies(config: EvolutionStrategiesConfig = {}): EvolutionStrategies {
  return new EvolutionStrategies(config);
}
