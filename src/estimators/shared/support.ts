/** A finite support as one list of values, whatever makes up a value: what estimators that weigh values draw from. */
import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../../util/tensors.js';
import {check} from '../../util/errors.js';
import {checkCount} from '../../util/options.js';
import {sizeOf, type Shape} from '../../util/shapes.js';
import {logSumExp} from '../../functions/logarithms/index.js';
import {atLeast, LEAST, oneHotOf, select} from '../../math/numerics.js';
import {argMaxLast} from '../../random/discrete.js';
import {unrecorded} from '../../math/stopGradient.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {Draw} from '../../graph/estimator.js';

/** How many values may be listed unless the user says otherwise. */
export const DEFAULT_LIMIT = 1024;
/** In the place of ln 0: everything stays finite, and e to it is 0. */
const LOG_ZERO = -1e4;
/** Below any log-probability and any noise added to it: a value that is out of the race. */
const OUT = -1e9;

/** Checks the option `limit` that every estimator of this kind has. */
export function readLimit(who: string, limit: number = DEFAULT_LIMIT): number {
  checkCount(who, 'limit', limit, 1);
  return limit;
}

/** The number of values of `q`. Throws in the name of `who` if that is more than may be listed. */
export function supportSize(who: string, q: Distribution, limit: number): number {
  const size = q.supportSize();
  check(
    size <= limit,
    who,
    `may list at most ${limit} values (the option limit), but ${q.familyName} of event shape ` +
      `[${q.eventShape.join(',')}] has more`,
    size,
  );
  return size;
}

/** Which values a draw has, and how much each counts. */
export interface Chosen {
  /** int32 or float32, broadcasts to [rest, batch, k]: places in the support. */
  readonly index: tf.Tensor;
  /** ln of the factor with which f of each value is summed; broadcasts to [rest, batch, k]. */
  readonly logWeights: tf.Tensor;
  readonly memo?: Readonly<Record<string, tf.Tensor>>;
}

/**
 * From log-probabilities [batch, values], all finite, and the shape [rest, batch, values] to the choice: fewer values
 * than there are.
 */
export type Choose = (logProbs: tf.Tensor, shape: [number, number, number]) => Chosen;

/**
 * A weighted draw along the leading axis, of size k, of `sampleShape`: what `choose` says, or all values with their
 * probabilities where there are no more than k. In the place of a value whose weight is 0, or rounds to 0, stands the
 * most probable one, still of weight 0: nothing downstream ever sees what cannot happen, be its cost or the derivative
 * of that infinite. All axes of samples behind the leading one are one in what `choose` sees, `rest`, and so are those
 * of the batch.
 */
export function drawFromSupport(q: Distribution, sampleShape: Shape, choose?: Choose): Draw {
  const [k, ...rest] = sampleShape as [number, ...number[]]; // the coupled axis comes first
  const {batchShape, eventShape, dtype} = q;
  const [rests, batch] = [sizeOf(rest), sizeOf(batchShape)];
  let names: string[] = [];
  const [value, weights, ...kept] = unrecorded(() => {
    const support = q.enumerateSupport();
    const size = support.shape[0];
    const logProbs = atLeast(tf.transpose(tf.reshape(q.logProbOfDraw(support), [size, batch])), LOG_ZERO);
    const {
      index,
      logWeights,
      memo = {},
    } = choose === undefined || k === size
      ? ({index: tf.range(0, size), logWeights: tf.expandDims(logProbs, 0)} satisfies Chosen)
      : choose(logProbs, [rests, batch, size]);
    names = Object.keys(memo);
    const full = [rests, batch, k];
    const factors = tf.broadcastTo(tf.exp(logWeights), full);
    const counts = tf.greater(factors, LEAST);
    const best = tf.reshape(tf.cast(argMaxLast(logProbs), 'float32'), [1, batch, 1]);
    const places = tf.transpose(select(counts, ofType(index, 'float32'), best), [2, 0, 1]);
    const flat = tf.reshape(ofType(support, 'float32'), [size * batch, sizeOf(eventShape)]); // webgpu gathers floats only
    const values = tf.reshape(tf.gather(flat, rowsOf(places, size * batch)), [
      ...sampleShape,
      ...batchShape,
      ...eventShape,
    ]);
    const weights = tf.transpose(select(counts, tf.mul(factors, k), 0), [2, 0, 1]);
    return [ofType(values, dtype), tf.reshape(weights, [...sampleShape, ...batchShape]), ...Object.values(memo)];
  }) as [tf.Tensor, tf.Tensor, ...tf.Tensor[]]; // as many as are made
  return {value, weights, memo: Object.fromEntries(names.map((name, i) => [name, kept[i]!]))};
}

/** The rows of [values·batch, event] that hold the values at `places` [k, rest, batch]: int32 [k·rest·batch]. */
function rowsOf(places: tf.Tensor, rows: number): tf.Tensor {
  const batch = places.shape[2]!;
  const exact = rows <= 2 ** 24 ? 'float32' : 'int32'; // float32 counts no further
  const place = exact === 'float32' ? places : tf.cast(places, exact);
  const row = tf.reshape(tf.add(tf.mul(place, tf.scalar(batch, exact)), tf.range(0, batch, 1, exact)), [-1]);
  return exact === 'float32' ? tf.cast(row, 'int32') : row;
}

/** The log-probabilities [batch, values] at `index` [rest, batch, k]: [rest, batch, k]. */
export function logProbsAt(logProbs: tf.Tensor, index: tf.Tensor): tf.Tensor {
  const [batch, values] = logProbs.shape as [number, number];
  return tf.sum(tf.mul(oneHotOf(ofType(index, 'float32'), values), tf.reshape(logProbs, [1, batch, 1, values])), -1);
}

/** The log-probabilities with those at `index` [rest, batch, k] out of the race: [rest, batch, values]. */
export function withoutTaken(logProbs: tf.Tensor, index: tf.Tensor): tf.Tensor {
  const taken = tf.sum(oneHotOf(ofType(index, 'float32'), logProbs.shape[1]!), 2);
  return select(tf.greater(taken, 0), OUT, tf.expandDims(logProbs, 0));
}

/**
 * ln of the probability of all values but those at `index` [rest, batch, k]: [rest, batch]. A sum of what is left, not
 * a difference, so that it may be tiny.
 */
export function logMassWithout(logProbs: tf.Tensor, index: tf.Tensor): tf.Tensor {
  return logSumExp(withoutTaken(logProbs, index));
}
