/** Independent normal numbers, which are multivariate normal as well. */
import type * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../util/numbers.js';
import type {Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import type {Distribution} from './distribution.js';
import {unwrapped} from './independent.js';
import {DiagonalScale, type ScaleMatrix} from './multivariateNormalScale.js';

/**
 * The mean and L of normal numbers along one event axis, or of single ones that stand for `size` of them; null for
 * others.
 */
export function asVector(d: Distribution, size: number): {loc: tf.Tensor; scale: ScaleMatrix} | null {
  const {base, moved} = unwrapped(d);
  if (base.name !== 'Normal' || moved > 1) return null;
  const shape: Shape = moved === 1 ? base.batchShape : [size];
  // a normal distribution has both
  const full = (name: string): tf.Tensor => grow(floatTensor(base.name, name, base.parameters[name]!), shape);
  return {loc: full('loc'), scale: new DiagonalScale(full('scale'))};
}
