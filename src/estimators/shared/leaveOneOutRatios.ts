/** Probabilities of sets drawn without replacement, and what becomes of them when elements are left out. */
import * as tf from '@tensorflow/tfjs-core';
import {logSumExp} from '../../functions/logarithms/index.js';

/** For a set S of k values, all logarithms. (A type, since tf.tidy takes no interfaces.) */
export type LeaveOneOutRatios = {
  /** ln p(s) R(S, s), [k, M]: the probability that s was drawn first, given S. */
  first: tf.Tensor;
  /** ln p(s′) R^{D∖s}(S, s′), [k, k, M] for (s, s′): the same with s left out; ln p(s) where s′ = s. */
  second: tf.Tensor;
};

/**
 * The leave-one-out ratios R(S, s) = p^{D∖s}(S∖s) / p(S) and R^{D∖s}(S, s′) = p^{D∖{s,s′}}(S∖{s,s′}) / p^{D∖s}(S∖s) of
 * Kool, van Hoof, Welling 2020 (eq. 10, 15), exact. Let H(X) be the probability that what is left of S comes first once
 * X ⊆ S is out of the way: H(S) = 1 and H(X) = Σ_{s∈S∖X} p(s) / p(D∖X) · H(X ∪ s), so that p^{D∖X}(S∖X) = H(X). 2^k
 * sums in which no term is negative, in logarithms: nothing cancels or underflows.
 * @param logProbs ln p of the values of S, [k, M], finite
 * @param logRest ln p(D∖S), [M], finite
 */
export function leaveOneOutRatios(logProbs: tf.Tensor, logRest: tf.Tensor): LeaveOneOutRatios {
  const [k, width] = logProbs.shape as [number, number];
  const all = Array.from({length: k}, (_, i) => i);
  const rest = tf.reshape(logRest, [1, 1, width]);
  /** By the number of values out of the way: which (as bits) in what order, and ln H of each, [sets, M]. */
  const levels: Array<{sets: number[]; logH: tf.Tensor}> = [];
  for (let out = k; out >= 0; out--) {
    const sets = Array.from({length: 2 ** k}, (_, x) => x).filter(x => bitCount(x) === out);
    if (out === k) {
      levels[k] = {sets, logH: tf.zeros([1, width])};
      continue;
    }
    const above = levels[out + 1]!;
    const members = sets.flatMap(x => all.filter(s => (x & (1 << s)) === 0).map(s => ({x, s})));
    const shape = [sets.length, k - out, width];
    const p = take(
      logProbs,
      members.map(({s}) => s),
      shape,
    );
    const next = take(
      above.logH,
      members.map(({x, s}) => above.sets.indexOf(x | (1 << s))),
      shape,
    );
    const mass = logSumExp(tf.concat([p, tf.tile(rest, [sets.length, 1, 1])], 1), 1);
    levels[out] = {sets, logH: tf.sub(logSumExp(tf.add(p, next), 1), mass)};
  }
  const one = levels[1]!;
  const pairs = levels[2] ?? {sets: [], logH: null};
  // behind the pairs the single ones, for s′ = s
  const table = pairs.logH === null ? one.logH : tf.concat([pairs.logH, one.logH], 0);
  const sets = [...pairs.sets, ...one.sets];
  const both = take(
    table,
    all.flatMap(s => all.map(t => sets.indexOf((1 << s) | (1 << t)))),
    [k, k, width],
  );
  const single = take(
    one.logH,
    all.map(s => one.sets.indexOf(1 << s)),
    [k, width],
  );
  return {
    first: tf.sub(tf.add(logProbs, single), levels[0]!.logH),
    second: tf.sub(tf.add(tf.expandDims(logProbs, 0), both), tf.expandDims(single, 1)),
  };
}

function take(rows: tf.Tensor, index: number[], shape: number[]): tf.Tensor {
  return tf.reshape(tf.gather(rows, tf.tensor1d(index, 'int32')), shape);
}

/** The number of bits set. */
function bitCount(x: number): number {
  return x === 0 ? 0 : (x & 1) + bitCount(x >>> 1);
}
