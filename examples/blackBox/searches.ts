/** What the example's searches have in common, and those of evolution to compare them with. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {CostService} from './costService.js';

/** A search for the place of the least cost. */
export interface Search {
  /** Asks for the costs of one generation, and moves as soon as it can. */
  step(): Promise<void>;
  /** Where it stands. */
  place(): number[];
}

export interface SearchConfig {
  readonly service: CostService;
  /** Coordinates. */
  readonly size: number;
  /** Candidates of a generation. */
  readonly population: number;
  /** Standard deviation of the candidates at the start. */
  readonly sigma: number;
  /** Of Adam. */
  readonly rate: number;
  readonly key: st.random.Key;
}

/** N(μ, σ²) over places; μ and ln σ follow the gradient of the expected cost. */
export class SearchDistribution {
  readonly mean: tf.Variable;
  readonly logSigma: tf.Variable;

  constructor({size, sigma}: SearchConfig) {
    this.mean = tf.variable(tf.zeros([size]));
    this.logSigma = tf.variable(tf.fill([size], Math.log(sigma)));
  }

  normal(): st.Distribution {
    return st.independent(new st.Normal({loc: this.mean, scale: tf.exp(this.logSigma)}), 1);
  }

  /** Minimises the cost of places, `[candidates]`. */
  minimize(optimizer: st.StochasticOptimizer, cost: () => tf.Tensor): void {
    optimizer.minimize(cost, false, [this.mean, this.logSigma]);
  }
}

/** Asks for candidates, waits for all of their costs, and tells them. */
export function evolution(
  {service, size, key}: SearchConfig,
  make: (x: tf.Variable) => st.EvolutionaryOptimizer,
): Search {
  const x = tf.variable(tf.zeros([size]));
  const search = make(x);
  return {
    async step() {
      const candidates = search.ask({key: st.random.foldIn(key, search.generations)});
      search.tell(
        await service.costs(candidates.map(c => tf.tidy(() => Array.from(search.perturb(c)[0]!.dataSync())))),
      );
    },
    place: () => Array.from(x.dataSync()),
  };
}
