/** When a search has nothing more to find: the stopping rules of CMA-ES, as data. */
import {checkKeys, checkBoolean} from '../util/options.js';
import {checkNumber} from '../constraints/check.js';
import {positive} from '../constraints/numberSets.js';

/** What a rule looks at. */
export interface SearchState {
  readonly generations: number;
  readonly population: number;
  readonly mean: Float64Array;
  /** σ√Cᵢᵢ in each coordinate, and σp_c. */
  readonly deviations: Float64Array;
  readonly path: Float64Array;
  /** σ at the start, and σ times the longest axis now. */
  readonly start: number;
  readonly longest: number;
  readonly axisRatio: number;
  /** Axis i of the distribution, σ√(dᵢ)·bᵢ. */
  readonly axis: (i: number) => Float64Array;
  /** The least and the median cost of each generation, the last one at the end. */
  readonly bests: readonly number[];
  readonly medians: readonly number[];
  /** The costs of the last generation. */
  readonly costs: readonly number[];
}

/** A rule with a bound, or one that is on or off. */
interface StoppingTest {
  readonly by: number | true;
  readonly holds: (state: SearchState, by: number) => boolean;
}

/** Costs are compared over this many generations. */
const recent = ({mean, population}: SearchState): number => 10 + Math.ceil((30 * mean.length) / population);
const span = (values: readonly number[]): number => {
  const [least, most] = values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  return least === most ? 0 : most - least;
};
const latest = (state: SearchState): readonly number[] | null =>
  state.generations < recent(state) ? null : state.bests.slice(-recent(state));
/** Whether a step changes nothing in the variables, which are float32. */
const vanishes = (at: number, step: number): boolean => Math.fround(at + step) === Math.fround(at);

/** Longest memory of costs, in generations. */
export const MEMORY = 20_000;

/**
 * Hansen, The CMA Evolution Strategy: A Tutorial (arXiv 1604.00772), section B.3, with the bounds given there. In the
 * order in which they are asked.
 */
const rules = {
  noEffectAxis: {
    by: true,
    holds: ({axis, generations, mean}) => axis(generations % mean.length).every((v, i) => vanishes(mean[i]!, 0.1 * v)),
  },
  noEffectCoord: {by: true, holds: ({deviations, mean}) => deviations.some((v, i) => vanishes(mean[i]!, 0.2 * v))},
  conditionCov: {by: 1e14, holds: ({axisRatio}, by) => axisRatio ** 2 > by},
  equalFunValues: {by: true, holds: state => span(latest(state) ?? [0, 1]) === 0},
  stagnation: {by: true, holds: hasStagnated},
  tolXUp: {by: 1e4, holds: ({longest, start}, by) => longest > by * start},
  tolFun: {by: 1e-12, holds: (state, by) => span([...(latest(state) ?? [0, Infinity]), ...state.costs]) < by},
  tolX: {
    by: 1e-12,
    holds: ({deviations, path, start}, by) => [...deviations, ...path].every(v => Math.abs(v) < by * start),
  },
} satisfies Record<string, StoppingTest>;

/** The name of a rule. */
export type StoppingRule = keyof typeof rules;

/**
 * Bounds of the rules, or whether they are asked at all; each is by default, with the bound of the tutorial.
 *
 * - `noEffectAxis`, `noEffectCoord`: a tenth of a standard deviation along an axis (a fifth in a coordinate) changes no
 *   variable, in float32
 * - `conditionCov`: the condition of C is above 1e14
 * - `equalFunValues`: the best of the last 10 + ⌈30n/λ⌉ generations are all equal
 * - `stagnation`: over the last fifth of the generations, at least 120 + 30n/λ, neither best nor median costs have got
 *   better
 * - `tolXUp`: the longest axis is 1e4 times as long as at the start
 * - `tolFun`: the costs of the last generation and the best of the last 10 + ⌈30n/λ⌉ differ by less than 1e-12
 * - `tolX`: all standard deviations are below 1e-12 times `sigma`
 */
export type StoppingConfig = {
  readonly [name in StoppingRule]?: (typeof rules)[name]['by'] extends true ? boolean : number | false;
};

const names = Object.keys(rules) as StoppingRule[]; // its own keys

/** Throws in the name of `who` unless `config` is a `StoppingConfig`. */
export function checkStopping(who: string, config: StoppingConfig): void {
  checkKeys(`${who}: stop`, config, names);
  for (const name of names) {
    const bound: unknown = config[name];
    if (bound === undefined) continue;
    if (rules[name].by === true) checkBoolean(`${who}: stop`, name, bound);
    else if (bound !== false) checkNumber(`${who}: stop`, name, bound, positive, {or: 'false', isDouble: true});
  }
}

/** The first rule that holds, null where none does. */
export function stoppingRule(config: StoppingConfig, state: SearchState): StoppingRule | null {
  return (
    names.find(name => {
      const {by, holds}: StoppingTest = rules[name];
      const bound = config[name] ?? by;
      return bound !== false && holds(state, Number(bound));
    }) ?? null
  );
}

function hasStagnated({bests, medians, mean, population, generations}: SearchState): boolean {
  const length = Math.min(
    MEMORY,
    Math.max(Math.ceil(120 + (30 * mean.length) / population), Math.ceil(generations / 5)),
  );
  if (generations < length) return false;
  const part = Math.floor(0.3 * length);
  return [bests, medians].every(history => {
    const window = history.slice(-length);
    return median(window.slice(-part)) >= median(window.slice(0, part));
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[sorted.length >> 1]!;
}
