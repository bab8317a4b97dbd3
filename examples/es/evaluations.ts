/** How many evaluations an optimizer needs to reach a target. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {TestFunction} from './functions.js';

export interface RunOptions {
  readonly target: number;
  readonly maxEvaluations: number;
  readonly key: st.random.Key;
  /**
   * Whether the value at the variables themselves is what must reach the target, since the candidates keep their
   * distance; those values are not counted as evaluations.
   */
  readonly atVariables?: boolean;
  /** Sees the best value so far after each generation. */
  readonly onGeneration?: (evaluations: number, best: number) => void;
}

export interface RunResult {
  /** Evaluations up to the first value within the target; null if there was none. */
  readonly hit: number | null;
  /** Evaluations in all. */
  readonly evaluations: number;
  readonly best: number;
}

/** An optimizer, and what disposes it with all that was made for it. */
export interface Made {
  readonly optimizer: st.EvolutionaryOptimizer;
  readonly dispose: () => void;
}

export const made = (optimizer: st.EvolutionaryOptimizer, applied?: tf.Optimizer): Made => ({
  optimizer,
  dispose() {
    optimizer.dispose();
    applied?.dispose();
    // tfjs's momentum optimizer forgets the scalar of its learning rate, a protected field
    (applied as unknown as {readonly c?: tf.Scalar} | undefined)?.c?.dispose();
  },
});

/**
 * Runs the optimizer that `make` makes for one variable, until the target, the last evaluation or stagnation. That is
 * as in pycma (tolfunhist, tolfun): the best costs of the last 10 + 30n/λ generations within 1e-12, or within 1e-11
 * with all costs of the last one.
 */
export function run(
  f: TestFunction,
  start: readonly number[],
  make: (x: tf.Variable) => Made,
  options: RunOptions,
): RunResult {
  const {target, maxEvaluations, key, atVariables = false, onGeneration} = options;
  const x = tf.tidy(() => tf.variable(tf.tensor1d([...start])));
  const value = (): number => f(x.dataSync());
  const {optimizer, dispose} = make(x);
  const patience = 10 + Math.ceil((30 * start.length) / optimizer.population);
  const recent: number[] = [];
  let [evaluations, best] = [0, Infinity];
  let hit: number | null = null;
  const see = (cost: number): void => {
    best = Math.min(best, cost);
    if (hit === null && cost <= target) hit = evaluations;
  };
  while (hit === null && evaluations + optimizer.population <= maxEvaluations) {
    const costs = optimizer.ask({key: st.random.foldIn(key, optimizer.generations)}).map(candidate => {
      const cost = optimizer.evaluate(candidate, value);
      evaluations++;
      if (!atVariables) see(cost);
      return cost;
    });
    const generation = optimizer.tell(costs);
    if (atVariables) see(value());
    onGeneration?.(evaluations, best);
    recent.push(generation.best);
    if (recent.length > patience) recent.shift();
    if (recent.length < patience) continue;
    const spread = Math.max(...recent) - Math.min(...recent);
    if (spread < 1e-12 || (spread < 1e-11 && Math.max(...costs) - Math.min(...costs) < 1e-11)) break;
  }
  dispose();
  x.dispose();
  return {hit, evaluations, best};
}

/**
 * CMA-ES started anew with twice the population wherever it stagnates (IPOP; Auger and Hansen 2005): evaluations in all
 * up to the target, or null.
 */
export function runWithRestarts(
  f: TestFunction,
  config: Omit<st.CmaEsConfig, 'variables' | 'population'>,
  startOf: (key: st.random.Key) => number[],
  options: RunOptions,
): number | null {
  let before = 0;
  for (let restart = 0; before < options.maxEvaluations; restart++) {
    const [forStart, key] = st.random.split(st.random.foldIn(options.key, restart)) as [st.random.Key, st.random.Key];
    const start = startOf(forStart);
    const population = (4 + Math.floor(3 * Math.log(start.length))) * 2 ** restart;
    const {hit, evaluations} = run(f, start, x => made(st.cmaEs({...config, variables: [x], population})), {
      ...options,
      key,
      maxEvaluations: options.maxEvaluations - before,
    });
    if (hit !== null) return before + hit;
    if (evaluations < population) return null;
    before += evaluations;
  }
  return null;
}

/** The figures of several runs. */
export interface Summary {
  readonly successes: number;
  readonly runs: number;
  /** Mean and standard deviation over the successful ones. */
  readonly mean: number;
  readonly deviation: number;
}

export function summary(hits: ReadonlyArray<number | null>): Summary {
  const found = hits.filter(hit => hit !== null);
  const mean = found.reduce((a, b) => a + b, 0) / found.length;
  const deviation = Math.sqrt(found.reduce((sum, hit) => sum + (hit - mean) ** 2, 0) / Math.max(1, found.length - 1));
  return {successes: found.length, runs: hits.length, mean, deviation};
}
