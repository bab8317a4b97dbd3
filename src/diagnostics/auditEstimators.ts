import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {foldIn, split, type Key} from '../keys/key.js';
import type {Estimator} from '../graph/estimator.js';
import {scoreFunction} from '../estimators/scoreFunction.js';
import {readOptions, WHO, type Audit, type AuditOptions, type Contender} from './auditOptions.js';
import type {AuditedEstimator, AuditReference, EstimatorAudit, RefusedEstimator} from './auditResult.js';
import {average, byVariable, describeVariables, logOrNull, zLimit} from './compareMeans.js';
import {enumeratedGradient} from './enumeratedGradient.js';
import {costSizes, samplesIn} from './evaluations.js';
import {gradientMoments, gradients, type Moments} from './gradientSamples.js';
import {trainState} from './trainState.js';

/** An estimator that was measured and not yet compared. */
interface Measured extends Omit<AuditedEstimator, 'variables' | 'z' | 'variance' | 'logVariance' | 'error'> {
  readonly moments: Moments;
}

/**
 * Measures gradient estimators on a program of the user's: the bias, the variance and the cost of each.
 *
 * Each estimator makes `samples` independent estimates of ∂/∂v E[cost] at the present values of the variables, which
 * never change. The means are compared with the exact gradient where the program can be enumerated (each node takes the
 * estimator that the program is given, has a finite support and one sample, and nothing else is random), else with the
 * most precise unbiased estimator; a z-score holds both errors. Where estimates are rarely large (an event that the
 * samples hardly contain) standard errors are too small and z-scores too large: take more samples.
 *
 * What estimators have learnt is used as it is, and what is measured teaches them nothing, so that the baselines of new
 * ones are 0; with `warmup` they are trained on the program before. An estimator that cannot serve the program has a
 * sentence in its row instead.
 *
 * ```ts
 * const logits = tf.variable(tf.tensor1d([0.3, -0.5]));
 * const program = estimator => {
 *   const x = new st.DistributionTensor(st.independent(new st.Bernoulli({logits})), {estimator}).value;
 *   return tf.square(tf.sub(tf.sum(x, -1), 0.7));
 * };
 * const audit = await st.auditEstimators({program, variables: {logits}, estimators: ['scoreFunction', 'relax'], warmup: 300, key: st.random.key(1)});
 * console.log(st.formatAudit(audit));
 * ```
 * @throws on options that make no sense, and where the program itself fails
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const audit = await st.auditEstimators({
 *   program: estimator => {
 *     const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *     return tf.square(tf.sub(b.value, 0.25));
 *   },
 *   variables: {logits},
 *   estimators: ['scoreFunction', 'disarm'],
 *   samples: 10,
 *   key: st.random.key(1),
 * });
 * audit.reference.mean.logits; // [0.0625, 0.0625]
 * ```
 */
export async function auditEstimators(options: AuditOptions): Promise<EstimatorAudit> {
  const audit = readOptions(options);
  const [forPlain, forExact, forEstimators] = split(audit.key, 3) as [Key, Key, Key];
  checkDependence(audit, forPlain);
  const plain = costSizes({...audit, estimator: scoreFunction()}, forPlain);
  const exact = await exactReference(audit, forExact);
  const rows: Array<Measured | RefusedEstimator> = [];
  for (const contender of audit.contenders) {
    // whatever else is audited
    const key = [...contender.label].reduce((k, char) => foldIn(k, char.codePointAt(0)!), forEstimators);
    rows.push(await measure(audit, contender, plain, key));
  }
  const reference = typeof exact === 'string' ? estimatedReference(audit, rows, exact) : exact;
  const components = audit.variables.reduce((n, {variable}) => n + variable.size, 0);
  return {
    backend: tf.getBackend(),
    samples: audit.samples,
    warmup: audit.warmup,
    reference,
    zLimit: zLimit(components),
    estimators: rows.map(row => ('error' in row ? row : toAudited(audit, row, reference))),
  };
}

/** The score function finds a gradient for every variable that bears on the costs. */
function checkDependence({program, variables}: Audit, key: Key): void {
  tf.tidy(() => {
    const {grads} = gradients({program, variables, estimator: scoreFunction()}, key);
    const without = variables.find(({variable}) => grads[variable.name] === undefined);
    check(without === undefined, `${WHO}: variables`, 'the costs must depend on each of them', without?.label);
  });
}

/** Trains, measures and times one estimator. */
async function measure(
  audit: Audit,
  {label, make, owned}: Contender,
  plain: readonly number[],
  key: Key,
): Promise<Measured | RefusedEstimator> {
  let estimator: Estimator | null = null;
  try {
    estimator = make();
    const {program, variables, samples} = audit;
    const [forWarmup, forSizes, forMoments] = split(key, 3) as [Key, Key, Key];
    let runs = 0;
    const step = {program, variables, estimator};
    trainState(step, audit.warmup, audit.learningRate, forWarmup);
    const sizes = costSizes(step, forSizes); // and kernels are compiled before the clock starts
    const start = tf.util.now();
    const moments = await gradientMoments({...step, onRun: () => void runs++}, samples, forMoments);
    const milliseconds = (tf.util.now() - start) / samples;
    const {name, bias, source} = estimator;
    return {
      label,
      name,
      bias,
      source,
      moments,
      runs: runs / samples,
      evaluations: (runs / samples) * samplesIn(sizes, plain),
      milliseconds,
    };
  } catch (error) {
    return {label, error: error instanceof Error ? error.message : String(error)};
  } finally {
    if (owned) estimator?.dispose?.();
  }
}

function toAudited(
  {variables, samples}: Audit,
  {moments, ...facts}: Measured,
  reference: AuditReference | null,
): AuditedEstimator {
  const isReference = reference?.kind === 'estimator' && reference.label === facts.label;
  const described = describeVariables(variables, moments, samples, isReference ? null : reference);
  const zs = Object.values(described).flatMap(({z}) => z ?? []);
  const variance = average(moments.variance);
  return {
    ...facts,
    error: null,
    variables: described,
    z: zs.length === 0 ? null : Math.max(...zs),
    variance,
    logVariance: logOrNull(variance),
  };
}

/** The exact gradient as reference, or why there is none. */
async function exactReference(audit: Audit, key: Key): Promise<AuditReference | string> {
  try {
    const gradient = await enumeratedGradient({...audit, key});
    const part = (of: (x: number) => number): Record<string, number[]> =>
      byVariable(audit.variables, (_, __, from, to) => Array.from(gradient.subarray(from, to), of));
    return {kind: 'exact', label: 'enumerate', reason: null, mean: part(x => x), standardError: part(() => 0)};
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The unbiased estimator with the smallest variance, or the one that was asked for, as reference. */
function estimatedReference(
  {variables, samples, reference: wanted}: Audit,
  rows: ReadonlyArray<Measured | RefusedEstimator>,
  reason: string,
): AuditReference | null {
  const measured = rows.flatMap(row => ('error' in row ? [] : [row]));
  const candidates = measured.filter(row => (wanted === null ? row.bias === 'unbiased' : row.label === wanted));
  if (candidates.length === 0) return null;
  const {label, moments} = candidates.reduce((a, b) =>
    average(b.moments.variance) < average(a.moments.variance) ? b : a,
  );
  const described = describeVariables(variables, moments, samples, null);
  const part = (of: 'mean' | 'standardError'): Record<string, readonly number[]> =>
    Object.fromEntries(Object.entries(described).map(([name, variable]) => [name, variable[of]]));
  return {kind: 'estimator', label, reason, mean: part('mean'), standardError: part('standardError')};
}
