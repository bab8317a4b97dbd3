/** Maps from all numbers onto what a parameter may be, so that an optimizer may move it freely. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {fail} from '../util/errors.js';
import {softplusInverse} from '../functions/elementary/index.js';
import {atLeast, atMost} from '../math/numerics.js';
import {FillScaleTriL, SoftmaxCentered} from '../distributions/transforms/index.js';

/** A differentiable map and its inverse. Call them in a tidy. */
export interface Unconstrained {
  forward(x: tf.Tensor): tf.Tensor;
  inverse(y: tf.Tensor): tf.Tensor;
}

const identity: Unconstrained = {forward: x => x, inverse: y => y};

/** Softplus, whose smallest value is 10⁻³⁰ and not 0. */
const positive: Unconstrained = {
  forward: x => tf.add(tf.softplus(x), 1e-30),
  inverse: y => softplusInverse(atLeast(y, 1e-30)),
};

/** The sigmoid, shrunk so that float32 reaches neither end. */
const E = 1e-7;
const unitInterval: Unconstrained = {
  forward: x => tf.add(tf.mul(tf.sigmoid(x), 1 - 2 * E), E),
  inverse(y) {
    const p = atLeast(atMost(tf.div(tf.sub(y, E), 1 - 2 * E), 1 - E), E);
    return tf.sub(tf.log(p), tf.log(tf.sub(1, p)));
  },
};

const centred = new SoftmaxCentered();
const simplex: Unconstrained = {forward: x => centred.forward(x), inverse: y => centred.inverse(atLeast(y, E))};

const fill = new FillScaleTriL();
const triangular: Unconstrained = {forward: x => fill.forward(x), inverse: y => fill.inverse(y)};

/** By the name of the constraint. */
const maps: Readonly<Record<string, Unconstrained>> = {
  real: identity,
  realVector: identity,
  logWeights: identity,
  positive,
  nonNegative: positive,
  positiveVector: positive,
  unitInterval,
  openUnitInterval: unitInterval,
  simplex,
  lowerTriangularPositive: triangular,
};

/** The map for a parameter; throws in the name of `who` where there is none. */
export function unconstrained(who: string, parameter: string, constraint: Constraint | undefined): Unconstrained {
  const map = constraint === undefined ? undefined : maps[constraint.name];
  if (map === undefined) {
    fail(
      who,
      `parameter ${parameter} cannot be trained freely, for it must be ` +
        `${constraint?.rule ?? 'what its map says'}; give it as numbers, or choose another parametrisation`,
    );
  }
  return map;
}
