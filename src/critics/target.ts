/** What a critic regresses on. */
import {fail} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {unitInterval} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';

/** The cost that was seen below the node. */
export interface MonteCarloTarget {
  /** Tells the two targets apart. */
  readonly kind: 'monteCarlo';
}

/** What critics further down expect, mixed with what was seen there. */
export interface TemporalDifference {
  /** Tells the two targets apart. */
  readonly kind: 'temporalDifference';
  /** λ in [0, 1]: what part of what was seen is kept. */
  readonly lambda: number;
}

/** `'td'` is `temporalDifference({lambda: 0})`. */
export type CriticTarget = 'monteCarlo' | 'td' | MonteCarloTarget | TemporalDifference;

/**
 * G = the sum of the costs below the node, less Σ Q(w′) − E Q(w′) over the critics below that know E Q(w′), whose mean
 * is 0: no bias, whatever those critics are.
 */
export function monteCarloTarget(): MonteCarloTarget {
  return {kind: 'monteCarlo'};
}

/**
 * G(w) = (costs below w and below none of the next critics) + Σ over the next critics w′ of (1 − λ) Q(w′) + λ G(w′):
 * TD(0) with λ = 0, the costs as they were seen with λ = 1 (Sutton and Barto 2018, section 12.1, on a graph: Xu et al.
 * 2018), less Q(w′) − E Q(w′) where E Q(w′) is known. Where no critic is further down, G is the cost itself.
 * @param config.lambda in [0, 1], default 0
 */
export function temporalDifference(config: {lambda?: number} = {}): TemporalDifference {
  const who = 'temporalDifference';
  checkKeys(who, config, ['lambda']);
  const {lambda = 0} = config;
  checkNumber(who, 'lambda', lambda, unitInterval);
  return {kind: 'temporalDifference', lambda};
}

/** Reads the option `target` of `who`. */
export function readTarget(who: string, target: unknown): MonteCarloTarget | TemporalDifference {
  if (target === 'monteCarlo') return monteCarloTarget();
  if (target === 'td') return temporalDifference();
  if (typeof target === 'object' && target !== null && 'kind' in target) {
    if (target.kind === 'monteCarlo') return monteCarloTarget();
    if (target.kind === 'temporalDifference')
      return temporalDifference({lambda: (target as TemporalDifference).lambda});
  }
  return fail(
    who,
    'target must be "monteCarlo", "td", st.monteCarloTarget() or st.temporalDifference({lambda})',
    target,
  );
}
