/** Means over draws: given ones, or new ones. */
import type * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkCount, checkKeys} from '../util/options.js';
import {sameShape, tryBroadcast} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {grow} from '../math/grow.js';
import {keyOrNext} from '../random/drawOptions.js';
import {checkKey, type Key} from '../keys/key.js';
import {Distribution} from '../distributions/distribution.js';

/** Draws that a mean is taken over: given, or made from the distribution. */
export interface DrawOptions {
  /** Draws from the distribution, `[samples, batch…, event…]`, as `sample(n)` gives them. Give these or `samples`. */
  z?: tf.Tensor;
  /** How many to draw. */
  samples?: number;
  /** Default: the next key of the default stream. */
  key?: Key;
}

/** The names of `DrawOptions`. */
const NAMES = ['z', 'samples', 'key'];

/** Checks a distribution and options that hold `DrawOptions` and `others`. */
export function checkDraws(
  who: string,
  q: unknown,
  options: DrawOptions,
  others: readonly string[] = [],
): asserts q is Distribution {
  check(q instanceof Distribution, who, 'the distribution to draw from must be a Distribution', q);
  checkKeys(who, options, [...NAMES, ...others]);
  const {z, samples, key} = options;
  if (samples !== undefined) checkCount(who, 'samples', samples, 1);
  if (key !== undefined) checkKey(who, key);
  const {batchShape, eventShape} = q;
  const rank = batchShape.length + eventShape.length;
  const fits =
    z === undefined ||
    (isTensor(z) &&
      z.rank === rank + 1 &&
      z.shape[0] > 0 &&
      sameShape(z.shape.slice(1), [...batchShape, ...eventShape]));
  check(
    fits,
    who,
    'z must be a tensor of shape [samples, batch…, event…], here ' +
      `[samples${[...batchShape, ...eventShape].map(d => `,${d}`).join('')}]`,
    z,
  );
}

/** The draws that the options give or ask for. Call it in a tidy. */
export function drawsFrom(who: string, q: Distribution, {z, samples, key}: DrawOptions): tf.Tensor {
  check(
    (z === undefined) !== (samples === undefined),
    who,
    `give exactly one of z and samples, got ${z === undefined ? 'neither' : 'both'}`,
  );
  return z ?? q.sample(samples, {key: keyOrNext(who, key)});
}

/**
 * The draws with ln q of each, `[samples, batch…]`: of new ones as they were before a map rounded them, so that it is
 * finite where tanh reached 1. Call it in a tidy.
 */
export function drawsWithLogProb(
  who: string,
  q: Distribution,
  options: DrawOptions,
): {z: tf.Tensor; logProb: tf.Tensor} {
  const {z: given, samples, key} = options;
  if (given === undefined && samples !== undefined && q.isReparameterized) {
    const {value, logProb} = q.sampleAndLogProb(samples, {key: keyOrNext(who, key)});
    return {z: value, logProb};
  }
  const z = drawsFrom(who, q, options);
  return {z, logProb: q.logProb(z)};
}

/**
 * f(z), grown to `[samples, batch…]`; throws in the name of `who` unless it is a float32 tensor with these axes, of
 * size 1 or whole, or a scalar: `[samples]` alone could be taken for `[batch]`.
 */
export function atDraws(
  who: string,
  what: string,
  f: (z: tf.Tensor) => tf.Tensor,
  q: Distribution,
  z: tf.Tensor,
): tf.Tensor {
  const shape = [z.shape[0], ...q.batchShape];
  const value: unknown = f(z);
  const fits =
    isTensor(value) &&
    value.dtype === 'float32' &&
    (value.rank === 0 || value.rank === shape.length) &&
    sameShape(tryBroadcast([value.shape, shape]) ?? [NaN], shape);
  check(fits, who, `${what} must return a float32 tensor of shape [samples, batch…], here [${shape.join(',')}]`, value);
  return grow(value, shape); // as was just checked
}
