/** Kullback–Leibler divergences between multivariate normal distributions, however their covariances are given. */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes} from '../util/shapes.js';
import {log1pmx} from '../math/elementary.js';
import {grow} from '../math/grow.js';
import {diagonalOf} from '../math/linalg.js';
import {select} from '../math/numerics.js';
import type {Scale} from './multivariateNormalScale.js';

/**
 * KL(q ‖ p), `distance` from p's mean to q's. With L = q's factor, M = p's and D = M⁻¹(L − M), it is |D|²/2 + |M⁻¹ distance|²/2
 * + Σ (Dᵢᵢ − ln(Lᵢᵢ/Mᵢᵢ)): the textbook's (tr(Σp⁻¹Σq) + … − n − ln det(Σp⁻¹Σq))/2 without
 * its differences of almost equal numbers.
 */
export function gaussianDivergence(q: Scale, p: Scale, distance: tf.Tensor): tf.Tensor {
  const ratios = tf.div(q.diagonal(), p.diagonal());
  const {spread, diagonal} = q.isDiagonal && p.isDiagonal ? ofDiagonals(q, p) : ofMatrices(q, p);
  const halves = tf.mul(tf.add(spread, p.squares(distance)), 0.5);
  return tf.add(halves, tf.sum(excess(diagonal, ratios), -1));
}

/** |D|² and the diagonal of D. */
interface Difference {
  spread: tf.Tensor;
  diagonal: tf.Tensor;
}

function ofDiagonals(q: Scale, p: Scale): Difference {
  const d = tf.div(tf.sub(q.diagonal(), p.diagonal()), p.diagonal());
  return {spread: tf.sum(tf.square(d), -1), diagonal: d};
}

function ofMatrices(q: Scale, p: Scale): Difference {
  const [l, m] = [q.matrix(), p.matrix()];
  const shape = broadcastShapes('klDivergence', [l.shape, m.shape]);
  const d = p.solve(tf.sub(grow(l, shape), grow(m, shape)));
  return {spread: tf.sum(tf.square(d), [-2, -1]), diagonal: diagonalOf(d)};
}

/** u − ln r, u = r − 1: by u where r is near 1, by r where u has lost it. */
function excess(u: tf.Tensor, r: tf.Tensor): tf.Tensor {
  const near = tf.less(tf.abs(u), 0.5);
  return select(near, tf.neg(log1pmx(select(near, u, 0))), tf.sub(u, tf.log(select(near, 1, r))));
}
