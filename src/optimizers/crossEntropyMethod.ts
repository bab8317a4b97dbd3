/** The cross-entropy method for continuous variables. */
import {checkCount, checkKeys} from '../util/options.js';
import {positiveProbability} from '../constraints/limits.js';
import {nonNegative, openUnitInterval} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {NormalSearch, weightedSum, type Adaptation, type NormalSearchConfig, type Sample} from './normalSearch.js';
import {brand} from '../util/copy.js';

/** Options of `crossEntropyMethod`. */
export interface CrossEntropyMethodConfig extends NormalSearchConfig {
  /** Evaluations a generation, an integer >= 2. Default 100. */
  population?: number;
  /** Default 'diagonal'. */
  covariance?: 'full' | 'diagonal';
  /**
   * The part of a generation that the next distribution is fitted to, in (0, 1); at least two candidates. Default 0.1.
   */
  eliteFraction?: number;
  /** α in (0, 1]: how far mean and covariance go to the fitted ones. Default 1. */
  smoothing?: number;
  /**
   * Z_t >= 0, added to each variance, so that the search does not end early: a number, or a function of the generation
   * t = 0, 1, …. Default 0.
   */
  extraVariance?: number | ((generation: number) => number);
}

/**
 * Samples from a normal distribution and fits the next one to the best, the elite E of a generation:
 *
 *     m ← αm' + (1 − α)m,  m' = mean of E;  C ← αC' + (1 − α)C + Z_t I,  C' = (1/|E|) Σ_E (x − m')(x − m')ᵀ
 *
 * de Boer, Kroese, Mannor and Rubinstein 2005 (A Tutorial on the Cross-Entropy Method, sections 3 and 5, smoothed
 * updating); the extra variance is that of Szita and Lőrincz 2006 (Learning Tetris Using the Noisy Cross-Entropy
 * Method, equation 4).
 */
export class CrossEntropyMethod extends NormalSearch {
  /** |E|: to how many candidates of a generation the next distribution is fitted. */
  readonly elites: number;
  /** α in (0, 1]: how far mean and covariance go to the fitted ones. */
  readonly smoothing: number;
  readonly #extra: (generation: number) => number;

  constructor(config: CrossEntropyMethodConfig = {}) {
    const who = 'crossEntropyMethod';
    checkKeys(who, config, [
      'variables',
      'population',
      'sigma',
      'covariance',
      'eliteFraction',
      'smoothing',
      'extraVariance',
    ]);
    const {population = 100, covariance = 'diagonal', eliteFraction = 0.1, smoothing = 1, extraVariance = 0} = config;
    checkCount(who, 'population', population, 2);
    checkNumber(who, 'eliteFraction', eliteFraction, openUnitInterval);
    checkNumber(who, 'smoothing', smoothing, positiveProbability);
    if (typeof extraVariance !== 'function')
      checkNumber(who, 'extraVariance', extraVariance, nonNegative, {or: 'a function of the generation'});
    super(who, config, population, {kind: covariance, scaled: false});
    brand(CrossEntropyMethod.prototype, 'CrossEntropyMethod');
    this.elites = Math.max(2, Math.round(eliteFraction * population));
    this.smoothing = smoothing;
    this.#extra = typeof extraVariance === 'function' ? extraVariance : () => extraVariance;
  }

  protected override adapt(samples: readonly Sample[]): Adaptation {
    const extra = this.#extra(this.generations);
    checkNumber(this.who, 'the result of extraVariance', extra, nonNegative);
    const share = 1 / this.elites;
    const step = weightedSum(samples, new Array<number>(this.elites).fill(share));
    const terms = samples
      .slice(0, this.elites)
      .map(({y}) => ({weight: this.smoothing * share, vector: y.map((v, i) => v - step[i]!)}));
    return {
      step: step.map(v => this.smoothing * v),
      scale: this.scale,
      commit: () => {
        this.covariance.blend(1 - this.smoothing, terms, extra);
        this.covariance.adopt();
      },
    };
  }
}

/**
 * Makes `CrossEntropyMethod`. Works with an empty config.
 * @example
 * ```ts
 * const x = tf.variable(tf.tensor1d([1, 2]));
 * const optimizer = st.crossEntropyMethod({variables: [x], population: 20});
 * optimizer.minimize(() => tf.sum(tf.square(x)));
 * optimizer.generations; // 1
 * ```
 */
export function crossEntropyMethod(config: CrossEntropyMethodConfig = {}): CrossEntropyMethod {
  return new CrossEntropyMethod(config);
}
