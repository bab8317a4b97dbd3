/** Means of estimates against a reference, in standard errors. */
import {scalar} from '../functions/normal/index.js';
import type {AuditReference, VariableAudit} from './auditResult.js';
import type {Labelled} from './auditOptions.js';
import type {Moments} from './gradientSamples.js';

/** Single precision leaves this much of a component open, or of 1 where that is more. */
const ROUNDING = 1e-5;
/** How often an audit without any bias may pass the limit. */
const FALSE_ALARMS = 1e-5;

/**
 * For each component |mean − reference| / √(s² + s_ref²), the errors not taken below what rounding leaves; the largest.
 */
export function worstZ(
  mean: readonly number[],
  standardError: readonly number[],
  reference: readonly number[],
  referenceError: readonly number[],
): number {
  return mean.reduce((worst, m, i) => {
    const exact = reference[i]!;
    const error = Math.hypot(standardError[i]!, referenceError[i]!);
    return Math.max(worst, Math.abs(m - exact) / Math.max(error, ROUNDING * Math.max(1, Math.abs(exact))));
  }, 0);
}

/** What normal z-scores of `components` components pass once in 100,000 audits (Bonferroni). */
export function zLimit(components: number): number {
  return -scalar.ndtri(FALSE_ALARMS / (2 * components));
}

/** Moments by variable, compared with `reference` unless it is null. */
export function describeVariables(
  variables: readonly Labelled[],
  {mean, variance}: Moments,
  samples: number,
  reference: AuditReference | null,
): Record<string, VariableAudit> {
  return byVariable(variables, (label, {shape}, from, to) => {
    const variances = variance.subarray(from, to);
    const means = Array.from(mean.subarray(from, to));
    const standardError = Array.from(variances, v => Math.sqrt(v / samples));
    const overall = average(variances);
    const z =
      reference === null ? null : worstZ(means, standardError, reference.mean[label]!, reference.standardError[label]!);
    return {shape: [...shape], mean: means, standardError, z, variance: overall, logVariance: logOrNull(overall)};
  });
}

/** `part` of each variable, with where its components begin and end in flat lists. */
export function byVariable<T>(
  variables: readonly Labelled[],
  part: (label: string, variable: Labelled['variable'], from: number, to: number) => T,
): Record<string, T> {
  let from = 0;
  return Object.fromEntries(
    variables.map(({label, variable}) => [label, part(label, variable, from, (from += variable.size))]),
  );
}

export function average(list: Float64Array): number {
  return list.reduce((a, b) => a + b, 0) / list.length;
}

/** ln x; null for 0. */
export function logOrNull(x: number): number | null {
  return x > 0 ? Math.log(x) : null;
}
