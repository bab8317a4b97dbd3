/** Kullback–Leibler divergences: the table of closed forms, to which each family adds its pairs, and the estimate for the rest. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys, fail, StochasticError} from '../util/errors.js';
import {broadcastShapes, sameShape, type Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import type {Key} from '../random/key.js';
import {Distribution} from './distribution.js';
import {expectationUnder} from './expectationUnder.js';

type Rule = (q: Distribution, p: Distribution) => tf.Tensor;

const table = new Map<string, Rule>();
const pair = (q: string, p: string): string => `${q}, ${p}`;

/** Adds KL(q ‖ p) for two families by name; '*' as the second stands for every family. A later rule replaces an earlier one. */
export function registerKl<Q extends Distribution, P extends Distribution>(q: string, p: string, rule: (q: Q, p: P) => tf.Tensor): void {
  table.set(pair(q, p), rule as unknown as Rule); // found by these names only, so q and p are of these classes
}

/** The pairs of families that have a closed form, in the order in which they came. */
export function klPairs(): Array<[q: string, p: string]> {
  return [...table.keys()].map(key => key.split(', ') as [string, string]); // made by `pair`
}

export interface MonteCarloOptions {
  /** How many draws from q the estimate takes, where there is no closed form; without it such a pair is an error. */
  samples?: number;
  key?: Key;
}

/**
 * KL(q ‖ p) = E_q[ln q − ln p] in nats, of the broadcast batch shape: in closed form where there is one. For other pairs, and only if
 * `samples` is given, the mean of ln q − ln p over so many draws from q: unbiased, and so is its gradient (pathwise if q is
 * reparameterised, by the score function if not).
 * @throws if there is no closed form for the pair (the error lists the pairs there are) and no number of samples, or the event shapes differ
 */
export function klDivergence(q: Distribution, p: Distribution, options: MonteCarloOptions = {}): tf.Tensor {
  const who = 'klDivergence';
  const {shape, samples} = checkPair(who, q, p, options);
  const rule = table.get(pair(q.name, p.name)) ?? table.get(pair(q.name, '*'));
  if (rule !== undefined) return tf.tidy(() => grow(rule(q, p), shape));
  if (samples === undefined) {
    fail(who, `no closed form for (${pair(q.name, p.name)}), give {samples} for an estimate; there is one for (${[...table.keys()].join('), (')})`);
  }
  return tf.tidy(() => grow(expectationUnder(q, samples, options.key, x => tf.sub(q.logProb(x), p.logProb(x))), shape));
}

/**
 * H(q, p) = −E_q[ln p] in nats, of the broadcast batch shape: the entropy of q plus KL(q ‖ p) where both have closed forms. For
 * other pairs, and only if `samples` is given, the mean of −ln p over so many draws from q, with an unbiased gradient as in `klDivergence`.
 */
export function crossEntropy(q: Distribution, p: Distribution, options: MonteCarloOptions = {}): tf.Tensor {
  const who = 'crossEntropy';
  const {shape, samples} = checkPair(who, q, p, options);
  const closed = q.has('entropy') && (table.has(pair(q.name, p.name)) || table.has(pair(q.name, '*')));
  if (closed) return tf.tidy(() => grow(tf.add(q.entropy(), klDivergence(q, p)), shape));
  if (samples === undefined) fail(who, `no closed form for (${pair(q.name, p.name)}), give {samples} for an estimate`);
  return tf.tidy(() => grow(expectationUnder(q, samples, options.key, x => tf.neg(p.logProb(x))), shape));
}

/** KL(q ‖ p) in closed form; null where there is none. @throws if the shapes do not fit */
export function closedFormKl(q: Distribution, p: Distribution): tf.Tensor | null {
  checkPair('klDivergence', q, p, {});
  try {
    return klDivergence(q, p);
  } catch (error) {
    if (error instanceof StochasticError) return null; // the pair has no rule, or a rule that asks for more than shapes that fit
    throw error;
  }
}

function checkPair(who: string, q: Distribution, p: Distribution, options: MonteCarloOptions): {shape: Shape; samples: number | undefined} {
  check(q instanceof Distribution, who, 'q must be a distribution', q);
  check(p instanceof Distribution, who, 'p must be a distribution', p);
  checkKeys(who, options, ['samples', 'key']);
  const {samples} = options;
  check(samples === undefined || (Number.isSafeInteger(samples) && samples >= 1), who, 'samples must be an integer >= 1', samples);
  const [qe, pe] = [q.eventShape, p.eventShape];
  check(sameShape(qe, pe), who, `event shapes must be equal, got [${qe.join(',')}] and [${pe.join(',')}]`);
  return {shape: broadcastShapes(who, [q.batchShape, p.batchShape]), samples};
}
