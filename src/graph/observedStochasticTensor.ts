/** A random node whose value is known. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import {needBackend} from '../util/backend.js';
import {check} from '../util/errors.js';
import {checkKeys, checkText} from '../util/options.js';
import {hostNumbers, shapeOfNumbers} from '../util/numbers.js';
import {sameShape, tryBroadcast} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {Distribution} from '../distributions/distribution.js';
import {persist} from './tape.js';
import {linkNode} from './nodeLink.js';
import {StochasticTensor} from './stochasticTensor.js';

/**
 * An observed random variable: `value` is data, not a sample, so it has no surrogate term and stops no influence.
 * Its `logProb()` is the likelihood of the data.
 *
 * @throws if the value's shape does not end in the distribution's event shape or does not broadcast with its batch
 * shape.
 * @example
 * ```ts
 * const x = new st.ObservedStochasticTensor(new st.Normal({loc: 0, scale: 1}), tf.tensor1d([0, 1]));
 * x.logProb(); // [-0.9189, -1.4189]
 * ```
 */
export class ObservedStochasticTensor extends StochasticTensor {
  readonly #distribution: Distribution;

  constructor(distribution: Distribution, value: tf.Tensor | tf.TensorLike, options: {name?: string} = {}) {
    const who = 'ObservedStochasticTensor';
    needBackend();
    check(distribution instanceof Distribution, who, 'the first argument must be a Distribution', distribution);
    check(value !== null && value !== undefined, who, 'the second argument must be the observed value', value);
    checkKeys(who, options, ['name']);
    if (options.name !== undefined) checkText(who, 'name', options.name);
    const {batchShape, eventShape} = distribution;
    const shape = shapeOfNumbers(who, 'the value', value);
    const head = shape.slice(0, Math.max(0, shape.length - eventShape.length));
    const tail = shape.slice(head.length);
    check(
      sameShape(tail, eventShape) && tryBroadcast([head, batchShape]) !== null,
      who,
      `the value must have the shape [sample…, batch…, event…] with batch [${batchShape.join(',')}] and event ` +
        `[${eventShape.join(',')}], got the shape [${shape.join(',')}]`,
    );
    const x = isTensor(value)
      ? value
      : tf.tidy(() =>
          tf.cast(tf.tensor(hostNumbers(who, 'the value', value).values, shape, 'float32'), distribution.dtype),
        );
    super(x, options.name ?? distribution.name);
    brand(ObservedStochasticTensor.prototype, 'ObservedStochasticTensor');
    const parameters = distribution.tensors();
    const names = Object.keys(parameters);
    const kept = persist(Object.values(parameters));
    this.#distribution =
      names.length === 0
        ? distribution
        : distribution.withTensors(Object.fromEntries(names.map((n, i) => [n, kept[i]!])));
    linkNode({
      node: this,
      parents: [],
      parentRanks: [],
      term: null,
      weights: null,
      shape: head,
      batchRank: Math.min(head.length, batchShape.length),
      sampleRank: Math.max(0, head.length - batchShape.length),
      place: -1,
    });
  }

  get distribution(): Distribution {
    return this.#distribution;
  }

  override loss(): null {
    return null;
  }
}
