/**
 * Kullback–Leibler divergences: the closed forms that families know (`klRules`) and that users add, and the estimate for
 * the rest.
 */
import * as tf from '@tensorflow/tfjs-core';
import {needBackend} from '../util/backend.js';
import {check, fail, StochasticError} from '../util/errors.js';
import {checkCount, checkKeys, checkFunction} from '../util/options.js';
import {broadcastShapes, sameShape, tryBroadcast, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {grow} from '../math/grow.js';
import {checkKey, type Key} from '../keys/key.js';
import {Distribution} from './distribution.js';
import {expectationUnder} from './expectationUnder.js';
import type {KlRule} from './klRule.js';

/** Null where the pair has a closed form for others of its members only, as those made of other distributions may. */
type PairRule = (q: Distribution, p: Distribution) => tf.Tensor | null;

const table = new Map<string, PairRule>();
const pair = (q: string, p: string): string => `${q}, ${p}`;

/**
 * Adds KL(q ‖ p) for two families by name; '*' as the second stands for every family. It replaces what the families
 * know themselves, and what was registered before. A rule that gives null has no closed form for these two.
 * @throws unless the names are names and the rule is a function
 */
export function registerKl<Q extends Distribution, P extends Distribution>(
  q: string,
  p: string,
  rule: (q: Q, p: P) => tf.Tensor | null,
): void {
  const who = 'registerKl';
  for (const [place, name, form] of [
    ['first', q, /^\w+$/],
    ['second', p, /^(\w+|\*)$/],
  ] as const) {
    const isName = typeof name === 'string' && form.test(name);
    check(isName, who, `the ${place} argument must be the name of a family`, name);
  }
  checkFunction(who, 'the rule', rule, 'of two distributions');
  table.set(pair(q, p), rule as unknown as PairRule); // found by these names only, so q and p are of these classes
}

/**
 * The pairs of families that have a closed form: those that these distributions, and what they are made of, know, and
 * those that were registered.
 */
export function klPairs(distributions: Iterable<Distribution>): Array<[q: string, p: string]> {
  const known = [...distributions].flatMap(d => withParts(d)).flatMap(d => d.klRules().map(({q, p}) => pair(q, p)));
  return [...new Set([...known, ...table.keys()])].map(key => key.split(', ') as [string, string]); // made by `pair`
}

/** A distribution and those that it is made of, which are its fields, each once. */
function withParts(d: Distribution, known = new Set<Distribution>()): Distribution[] {
  if (known.has(d)) return [];
  known.add(d);
  const parts = Object.values(d)
    .flat()
    .filter((field: unknown) => field instanceof Distribution);
  return [d, ...parts.flatMap(part => withParts(part, known))];
}

/** The registered rule for a pair, or that of q's family, or that of p's. */
function find(q: Distribution, p: Distribution, name: string): PairRule | undefined {
  const registered = table.get(pair(q.name, name));
  if (registered !== undefined) return registered;
  const fits = (rule: KlRule) => rule.q === q.name && rule.p === name;
  const found = rulesOf(q).find(fits) ?? rulesOf(p).find(fits);
  return found && ((a, b) => found.divergence(a, b));
}

function rulesOf(d: Distribution): readonly KlRule[] {
  const rules: unknown = d.klRules();
  check(Array.isArray(rules), 'klDivergence', `klRules() of ${d.name} must return a list of rules`, rules);
  return rules as readonly KlRule[];
}

/** What to do where there is no closed form. */
export interface MonteCarloOptions {
  /** How many draws from q the estimate takes, where there is no closed form; without it such a pair is an error. */
  samples?: number;
  /** Of those draws; default the next key of the default stream. */
  key?: Key;
}

/**
 * KL(q ‖ p) = E_q[ln q − ln p] in nats, of the broadcast batch shape: in closed form where there is one. For other
 * pairs, and only if `samples` is given, the mean of ln q − ln p over so many draws from q: unbiased, and so is its
 * gradient (pathwise if q is reparameterised, by the score function if not). A p of single numbers, of batch and event
 * shape [], stands for independent ones, one for each number of q's events.
 * @throws if there is no closed form for the pair (the error names those of the same families that there are) and no
 * number of samples, or the event shapes differ
 * @example
 * ```ts
 * const q = new st.Normal({loc: 1, scale: 1});
 * const p = new st.Normal({loc: 0, scale: 1});
 * st.klDivergence(q, p); // 0.5
 * ```
 */
export function klDivergence(q: Distribution, p: Distribution, options: MonteCarloOptions = {}): tf.Tensor {
  const who = 'klDivergence';
  const {shape, samples, logProbOfP} = checkPair(who, q, p, options);
  return tf.tidy(() => {
    const exact = exactKl(q, p, samples);
    if (exact !== null) return grow(exact, shape);
    if (samples === undefined) {
      const near = nearPairs(q, p);
      fail(who, `${withoutForm(q, p)}${near.length > 0 ? `; there is one for (${near.join('), (')})` : ''}`);
    }
    return grow(
      expectationUnder(q, samples, options.key, x => tf.sub(q.logProb(x), logProbOfP(x))),
      shape,
    );
  });
}

/**
 * H(q, p) = −E_q[ln p] in nats, of the broadcast batch shape: the entropy of q plus KL(q ‖ p) where both have closed
 * forms. For other pairs, and only if `samples` is given, the mean of −ln p over so many draws from q, with an unbiased
 * gradient as in `klDivergence`.
 */
export function crossEntropy(q: Distribution, p: Distribution, options: MonteCarloOptions = {}): tf.Tensor {
  const who = 'crossEntropy';
  const {shape, samples, logProbOfP} = checkPair(who, q, p, options);
  return tf.tidy(() => {
    const exact = q.has('entropy') ? exactKl(q, p, samples) : null;
    if (exact !== null) return grow(tf.add(q.entropy(), exact), shape);
    if (samples === undefined) fail(who, withoutForm(q, p));
    return grow(
      expectationUnder(q, samples, options.key, x => tf.neg(logProbOfP(x))),
      shape,
    );
  });
}

/**
 * KL(q ‖ p) in closed form, of the broadcast batch shape; null where there is none. @throws if the shapes do not fit
 */
export function closedFormKl(q: Distribution, p: Distribution): tf.Tensor | null {
  const {shape} = checkPair('klDivergence', q, p, {});
  const found = tf.tidy(() => {
    const exact = exactKl(q, p, 1);
    return exact === null ? [] : [grow(exact, shape)];
  });
  return found[0] ?? null;
}

/**
 * KL(q ‖ p) by the table, for rules of families made of others; null where there is no rule. A rule that asks for more
 * than fitting shapes throws, unless an estimate can take its place, as the number of samples says. Call it in a tidy.
 */
export function exactKl(q: Distribution, p: Distribution, samples?: number): tf.Tensor | null {
  const rule = find(q, p, p.name) ?? find(q, p, '*');
  if (rule === undefined) return null;
  try {
    const exact: unknown = rule(q, p);
    check(
      exact === null || isTensor(exact),
      'klDivergence',
      `the rule for (${pair(q.name, p.name)}) must return a tensor or null`,
      exact,
    );
    if (exact !== null) {
      const batch = tryBroadcast([q.batchShape, p.batchShape]) ?? [];
      const fits = tryBroadcast([exact.shape, batch]);
      check(
        fits !== null && sameShape(fits, batch),
        'klDivergence',
        `the rule for (${pair(q.name, p.name)}) must give the batch shape of the two`,
        exact.shape,
      );
    }
    return exact;
  } catch (error) {
    if (samples !== undefined && error instanceof StochasticError) return null;
    throw error;
  }
}

const withoutForm = (q: Distribution, p: Distribution): string =>
  `no closed form for (${pair(q.familyName, p.familyName)}), give {samples} for an estimate`;

/** The most pairs that a message names. */
const FEW = 4;

/**
 * Known pairs that start with a family of q, or are one of p with itself; of wrappers those within count. Equal
 * ones come first.
 */
function nearPairs(q: Distribution, p: Distribution): string[] {
  const familiesOf = (d: Distribution): string[] => d.familyName.match(/\w+\b(?!\()/g) ?? [];
  const [ofQ, ofP] = [familiesOf(q), familiesOf(p)];
  const equal = ([a, b]: [string, string]) => Number(a === b);
  const near = klPairs([q, p]).filter(([a, b]) => ofQ.includes(a) || (a === b && ofP.includes(a)));
  return near
    .sort((first, second) => equal(second) - equal(first))
    .slice(0, FEW)
    .map(([a, b]) => pair(a, b));
}

interface Checked {
  shape: Shape;
  samples: number | undefined;
  /** ln p of values of q. */
  logProbOfP: (x: tf.Tensor) => tf.Tensor;
}

function checkPair(who: string, q: Distribution, p: Distribution, options: MonteCarloOptions): Checked {
  needBackend();
  check(q instanceof Distribution, who, 'q must be a distribution', q);
  check(p instanceof Distribution, who, 'p must be a distribution', p);
  checkKeys(who, options, ['samples', 'key']);
  const {samples, key} = options;
  if (samples !== undefined) checkCount(who, 'samples', samples, 1);
  if (key !== undefined) checkKey(who, key);
  const [qe, pe] = [q.eventShape, p.eventShape];
  if (pe.length === 0 && p.batchShape.length === 0 && qe.length > 0) {
    return {
      shape: q.batchShape,
      samples,
      logProbOfP: x =>
        tf.sum(
          p.logProb(x),
          qe.map((_, i) => x.rank - 1 - i),
        ),
    };
  }
  if (!sameShape(qe, pe)) {
    const advice =
      pe.length === 0 || qe.length === 0 ? '; independent(d, n) makes event axes of the n last batch axes' : '';
    fail(who, `event shapes must be equal, got [${qe.join(',')}] and [${pe.join(',')}]${advice}`);
  }
  return {shape: broadcastShapes(who, [q.batchShape, p.batchShape]), samples, logProbOfP: x => p.logProb(x)};
}
