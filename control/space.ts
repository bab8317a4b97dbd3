/** What observations and actions may be. */
import * as tf from '@tensorflow/tfjs-core';
import {extension} from 'tfjs-stochastic';
import {categorical, uniform, type Key} from 'tfjs-stochastic/random';

/** Of a draw from a space. */
export interface SpaceSampleOptions {
  /** Where the randomness comes from; without one, from the default stream. */
  readonly key?: Key;
}

/** Vectors within bounds: `low[j] <= x[j] <= high[j]`, where a bound may be infinite. */
export class BoxSpace {
  /** Tells the two kinds of spaces apart. */
  readonly kind = 'box';
  /** The least value of each number. */
  readonly low: readonly number[];
  /** The largest value of each number. */
  readonly high: readonly number[];

  /**
   * @param low the least value of each number
   * @param high the largest; throws unless there are as many, and none is below its `low`
   */
  constructor(low: readonly number[], high: readonly number[]) {
    const who = 'ctl.BoxSpace';
    const isList = (x: unknown) => Array.isArray(x) && x.findIndex(v => typeof v !== 'number' || Number.isNaN(v)) < 0;
    extension.check(isList(low) && low.length > 0, who, 'low must be a list of one number or more', low);
    extension.check(isList(high) && high.length === low.length, who, `high must be ${low.length} numbers`, high);
    for (const [j, least] of low.entries())
      extension.check(high[j]! >= least, who, `high must be >= low, which is ${least} at [${j}]`, high[j]);
    this.low = [...low];
    this.high = [...high];
  }

  /** How many numbers a vector has. */
  get size(): number {
    return this.low.length;
  }

  /** `count` vectors, uniform within the bounds, of shape `[count, size]`. Throws where a bound is infinite. */
  sample(count: number, options: SpaceSampleOptions = {}): tf.Tensor2D {
    const who = 'ctl.BoxSpace.sample';
    checkSample(who, count, options);
    const isBounded = [...this.low, ...this.high].every(Number.isFinite);
    extension.check(isBounded, who, 'the bounds must be finite', [this.low, this.high]);
    const {low, high} = this;
    return tf.tidy(() => {
      const [least, most] = [tf.tensor1d([...low]), tf.tensor1d([...high])];
      const drawn = tf.add(least, tf.mul(uniform([count, this.size], options), tf.sub(most, least)));
      return tf.reshape(drawn, [count, this.size]);
    });
  }
}

/** One of `n` things: 0, 1, …, n − 1. */
export class DiscreteSpace {
  /** Tells the two kinds of spaces apart. */
  readonly kind = 'discrete';
  /** An action is one number. */
  readonly size = 1;
  /** How many things there are. */
  readonly n: number;

  /** Throws unless `n` is an integer >= 1. */
  constructor(n: number) {
    extension.checkCount('ctl.DiscreteSpace', 'n', n, 1);
    this.n = n;
  }

  /** `count` whole numbers below n, each as likely as the other, of shape `[count]` and dtype int32. */
  sample(count: number, options: SpaceSampleOptions = {}): tf.Tensor1D {
    checkSample('ctl.DiscreteSpace.sample', count, options);
    return tf.tidy(() => {
      const drawn = categorical([count], {logits: new Array<number>(this.n).fill(0), ...options});
      return tf.reshape(tf.cast(drawn, 'int32'), [count]);
    });
  }
}

/** What actions may be. */
export type ActionSpace = BoxSpace | DiscreteSpace;

function checkSample(who: string, count: number, options: SpaceSampleOptions): void {
  extension.checkCount(who, 'count', count, 1);
  extension.checkKeys(who, options, ['key']);
}

/** Vectors of `size` numbers without bounds. */
export function anyVector(size: number): BoxSpace {
  return new BoxSpace(new Array<number>(size).fill(-Infinity), new Array<number>(size).fill(Infinity));
}
