/** What distributions over whole numbers from 0 on share. */
import * as tf from '@tensorflow/tfjs-core';
import type {Declaration} from './declaration.js';
import type {Constraint} from '../constraints/constraint.js';
import {nonNegativeInteger} from '../constraints/numberSets.js';
import {firstPairBreaking} from '../constraints/check.js';
import {fail} from '../util/errors.js';
import {hostNumbers} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';
import {select} from '../math/numerics.js';
import {Distribution, type DistributionConfig} from './distribution.js';

/** What all families of counts take. */
export interface IntegerConfig extends DistributionConfig {
  /** The dtype of samples and modes; 'float32' by default, since gradient code multiplies them. */
  dtype?: 'float32' | 'int32';
}

/** Throws unless the numbers of trials are equal, as far as that can be told without reading tensors. */
export function checkSameCount(name: string, q: Distribution, p: Distribution): void {
  const [n, m] = [q.parameters['totalCount'], p.parameters['totalCount']];
  if (n === m || n === undefined || m === undefined || isTensor(n) || isTensor(m)) return;
  const [ofQ, ofP] = [hostNumbers(KL, 'totalCount', n), hostNumbers(KL, 'totalCount', m)];
  const bad = firstPairBreaking(KL, ofQ, ofP, (a, b) => a === b);
  if (bad !== null) fail(KL, `two ${name} distributions must have the same totalCount`, bad.values);
}

const KL = 'klDivergence';

/** A distribution of whole numbers from 0 on; its rules are for whole numbers. */
export abstract class IntegerDistribution extends Distribution {
  protected constructor(
    name: string,
    config: IntegerConfig,
    declared: Declaration,
    oneOf: ReadonlyArray<readonly string[]>,
  ) {
    super(name, config, declared, {oneOf, dtypes: ['float32', 'int32']});
  }

  get support(): Constraint {
    return nonNegativeInteger;
  }

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): false {
    return false;
  }

  /** F(k), its logarithm and 1 − F(k) for whole finite k >= 0. */
  protected abstract cdfAt(k: tf.Tensor): tf.Tensor;
  /** ln F(k) for whole finite k >= 0. */
  protected abstract logCdfAt(k: tf.Tensor): tf.Tensor;
  /** 1 − F(k) for whole finite k >= 0. */
  protected abstract survivalAt(k: tf.Tensor): tf.Tensor;

  protected override _cdf(x: tf.Tensor) {
    return this.atFloor(x, 0, k => this.cdfAt(k));
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.atFloor(x, -Infinity, k => this.logCdfAt(k));
  }

  protected override _survival(x: tf.Tensor) {
    return this.atFloor(x, 1, k => this.survivalAt(k));
  }

  /** In the dtype of the family. */
  protected typed(x: tf.Tensor): tf.Tensor {
    return tf.cast(x, this.dtype);
  }

  /** f at the whole number at or below x, `negative` where x < 0. */
  private atFloor(x: tf.Tensor, negative: number, f: (k: tf.Tensor) => tf.Tensor): tf.Tensor {
    return select(tf.less(x, 0), negative, f(tf.floor(tf.clipByValue(x, 0, 1e37))));
  }
}
