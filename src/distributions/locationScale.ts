/** Families of loc + scale · z with mean and variance. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {real} from '../constraints/numberSets.js';
import type {DistributionConfig, Param} from './distribution.js';
import {Standardised} from './standardised.js';

/** Location and scale; they broadcast to [batch…]. */
export interface LocationScaleConfig extends DistributionConfig {
  /** Where z = 0 lies: what is added to scale·z. Any finite number. */
  loc: Param;
  /** Greater than 0. */
  scale: Param;
}

/** A standardised family whose moments exist. */
export abstract class LocationScale extends Standardised {
  get support(): Constraint {
    return real;
  }

  /** Mean, variance, mode and entropy of the standard member. */
  protected abstract override get standard(): {mean: number; variance: number; mode: number; entropy: number};

  protected override _mean() {
    return this.place(this.standard.mean);
  }

  protected override _variance() {
    return tf.mul(tf.square(this.param('scale')), this.standard.variance);
  }

  protected override _stddev() {
    return tf.mul(this.param('scale'), Math.sqrt(this.standard.variance));
  }
}
