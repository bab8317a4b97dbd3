/** Evolution strategy with covariance matrix adaptation. */
import {check} from '../util/errors.js';
import {checkCount, checkKeys, checkBoolean} from '../util/options.js';
import {defaultPopulation, fullParameters, separableParameters, type CmaParameters} from './cmaParameters.js';
import {NormalSearch, weightedSum, type Adaptation, type NormalSearchConfig, type Sample} from './normalSearch.js';
import {checkStopping, median, MEMORY, stoppingRule, type StoppingConfig, type StoppingRule} from './stopping.js';
import {brand} from '../util/copy.js';

/** Options of `cmaEs`; each has a default that suits most functions. */
export interface CmaEsConfig extends NormalSearchConfig {
  /** λ, an integer >= 2. Default 4 + ⌊3 ln n⌋ for n numbers in the variables; more for functions with many optima. */
  population?: number;
  /**
   * 'full' costs O(n²) memory and O(n³) time now and then; 'diagonal' is the separable CMA-ES, O(n). Default 'full'.
   */
  covariance?: 'full' | 'diagonal';
  /** With 'full': whether the worst candidates make the distribution narrower along their directions. Default true. */
  active?: boolean;
  /** The bounds of the rules that `stopped` names, or false for one that is not to be asked. */
  stop?: StoppingConfig;
}

/**
 * (μ/μ_w, λ)-CMA-ES: samples x = m + σy, y ~ N(0, C), and from the samples sorted by cost takes, with ⟨y⟩ = Σ_{i≤μ}
 * wᵢyᵢ,
 *
 *     m ← m + σ⟨y⟩
 *     p_σ ← (1 − c_σ)p_σ + √(c_σ(2 − c_σ)μ_eff) C^{−1/2}⟨y⟩,  σ ← σ exp(c_σ/d_σ (‖p_σ‖/E‖N(0, I)‖ − 1))
 *     p_c ← (1 − c_c)p_c + h_σ √(c_c(2 − c_c)μ_eff) ⟨y⟩
 *     C ← (1 + c₁δ(h_σ) − c₁ − c_μΣwᵢ)C + c₁p_c p_cᵀ + c_μ Σ wᵢ°yᵢyᵢᵀ
 *
 * Only the order of the costs matters, so +∞ is a cost like others. Hansen, The CMA Evolution Strategy: A Tutorial
 * (arXiv 1604.00772, figure 6 and table 1, with negative weights); for 'diagonal' Ros and Hansen 2008, where C is its
 * diagonal. State and arithmetic are in double precision on the host.
 */
export class CmaEs extends NormalSearch {
  /** Whether the worst candidates shrink the distribution along their directions. */
  readonly active: boolean;
  readonly #constants: CmaParameters;
  /** E‖N(0, I)‖. */
  readonly #expectedNorm: number;
  /** Generations between two decompositions of C. */
  readonly #interval: number;
  readonly #stop: StoppingConfig;
  readonly #sigmaAtStart: number;
  #pathSigma: Float64Array;
  #pathC: Float64Array;
  #bests: number[] = [];
  #medians: number[] = [];
  #costs: readonly number[] = [];

  constructor(config: CmaEsConfig = {}) {
    const who = 'cmaEs';
    checkKeys(who, config, ['variables', 'population', 'sigma', 'covariance', 'active', 'stop']);
    const {population = defaultPopulation, covariance = 'full', active = covariance === 'full', stop = {}} = config;
    if (config.population !== undefined) checkCount(who, 'population', config.population, 2);
    checkBoolean(who, 'active', active);
    check(!active || covariance === 'full', who, "active needs the covariance 'full'", covariance);
    checkStopping(who, stop);
    super(who, config, population, {kind: covariance, scaled: true});
    brand(CmaEs.prototype, 'CmaEs');
    this.active = active;
    this.#stop = {...stop};
    this.#sigmaAtStart = this.scale;
    const n = this.parameters.size;
    const constants =
      covariance === 'full' ? fullParameters(n, this.population, active) : separableParameters(n, this.population);
    this.#constants = constants;
    this.#expectedNorm = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    // tutorial, section B.2
    this.#interval = covariance === 'full' ? Math.max(1, Math.floor(1 / (10 * n * (constants.c1 + constants.cMu)))) : 1;
    this.#pathSigma = new Float64Array(n);
    this.#pathC = new Float64Array(n);
  }

  /** The step size σ. */
  get sigma(): number {
    return this.scale;
  }

  /**
   * The stopping rule that holds as the search stands; null where none does. Nothing stops by itself: look at it after
   * each generation.
   */
  get stopped(): StoppingRule | null {
    if (this.generations === 0) return null;
    const {covariance, scale, population, generations, mean, axisRatio} = this;
    const scaled = (v: Float64Array): Float64Array => v.map(x => scale * x);
    return stoppingRule(this.#stop, {
      generations,
      population,
      mean,
      axisRatio,
      start: this.#sigmaAtStart,
      longest: scale * covariance.longest(),
      axis: i => scaled(covariance.axis(i)),
      deviations: scaled(covariance.deviations()),
      path: scaled(this.#pathC),
      bests: this.#bests,
      medians: this.#medians,
      costs: this.#costs,
    });
  }

  protected override adapt(samples: readonly Sample[], costs: readonly number[]): Adaptation {
    const {weights, mu, muEff, c1, cMu, cSigma, dSigma, cC} = this.#constants;
    const n = this.parameters.size;
    const mean = weightedSum(samples, weights.slice(0, mu));

    const white = this.covariance.whiten(mean);
    const gain = Math.sqrt(cSigma * (2 - cSigma) * muEff);
    const pathSigma = this.#pathSigma.map((p, i) => (1 - cSigma) * p + gain * white[i]!);
    const norm = Math.sqrt(squaredNorm(pathSigma));

    // h_σ: while σ grows fast the path of C stalls, lest C grow too.
    const settled =
      norm / Math.sqrt(1 - (1 - cSigma) ** (2 * (this.generations + 1))) < (1.4 + 2 / (n + 1)) * this.#expectedNorm;
    const push = settled ? Math.sqrt(cC * (2 - cC) * muEff) : 0;
    const pathC = this.#pathC.map((p, i) => (1 - cC) * p + push * mean[i]!);

    const keep = 1 + (settled ? 0 : c1 * cC * (2 - cC)) - c1 - cMu * weights.reduce((a, b) => a + b, 0);
    const terms = weights.map((w, i) => {
      const {y, z} = samples[i]!;
      return {weight: cMu * (w >= 0 ? w : (w * n) / squaredNorm(z)), vector: y}; // ‖C^{−1/2}y‖ = ‖z‖
    });
    return {
      step: mean.map(v => this.scale * v),
      scale: this.scale * Math.exp((cSigma / dSigma) * (norm / this.#expectedNorm - 1)),
      commit: () => {
        this.#pathSigma = pathSigma;
        this.#pathC = pathC;
        this.covariance.blend(keep, [...terms, {weight: c1, vector: pathC}]);
        if ((this.generations + 1) % this.#interval === 0) this.covariance.adopt();
        this.#remember(costs);
      },
    };
  }

  /** @param costs of a generation, rising */
  #remember(costs: readonly number[]): void {
    this.#costs = costs;
    for (const [history, cost] of [
      [this.#bests, costs[0]!],
      [this.#medians, median(costs)],
    ] as const) {
      history.push(cost);
      if (history.length > 2 * MEMORY) history.splice(0, MEMORY);
    }
  }
}

function squaredNorm(z: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i]! ** 2;
  return sum;
}

/**
 * Makes `CmaEs`. Works with an empty config.
 * @example
 * ```ts
 * const x = tf.variable(tf.tensor1d([1, 2]));
 * const optimizer = st.cmaEs({variables: [x]});
 * optimizer.minimize(() => tf.sum(tf.square(x)));
 * optimizer.generations; // 1
 * ```
 */
export function cmaEs(config: CmaEsConfig = {}): CmaEs {
  return new CmaEs(config);
}
