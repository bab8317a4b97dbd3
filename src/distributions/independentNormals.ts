/**
 * Divergences between multivariate normal distributions and independent normal ones, which are of the first kind as
 * well.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../util/numbers.js';
import type {Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import type {Distribution} from './distribution.js';
import {unwrapped} from './independent.js';
import {exactKl, registerKl} from './kl.js';
import {MultivariateNormalDiag} from './multivariateNormalDiag.js';

/**
 * Normal numbers along one event axis, or single ones that stand for as many, as a multivariate normal distribution;
 * null for others.
 */
function asVector(d: Distribution, size: number): MultivariateNormalDiag | null {
  const {base, moved} = unwrapped(d);
  if (base.name !== 'Normal' || moved > 1) return null;
  const shape: Shape = moved === 1 ? base.batchShape : [size];
  // a normal distribution has both
  const full = (name: string): tf.Tensor => grow(floatTensor(base.name, name, base.parameters[name]!), shape);
  return new MultivariateNormalDiag({loc: full('loc'), scaleDiag: full('scale')});
}

for (const family of ['MultivariateNormalDiag', 'MultivariateNormalTriL', 'MultivariateNormalFullCovariance']) {
  for (const other of ['Independent', 'Normal']) {
    registerKl(family, other, (q, p) => {
      const vector = asVector(p, q.eventShape[0]!);
      return vector === null ? null : exactKl(q, vector);
    });
  }
  registerKl('Independent', family, (q, p) => {
    const vector = asVector(q, p.eventShape[0]!);
    return vector === null ? null : exactKl(vector, p);
  });
}
