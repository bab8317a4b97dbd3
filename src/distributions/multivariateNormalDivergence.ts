/** Kullback–Leibler divergences between multivariate normal distributions, however their covariances are given. */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {normalKl, ratioExcess} from '../functions/scaleKl/index.js';
import type {ScaleMatrix} from './multivariateNormalScale.js';

/**
 * KL(q ‖ p), `distance` from p's mean to q's. With L = q's factor, M = p's and D = M⁻¹(L − M), it is |D|²/2 + |M⁻¹
 * distance|²/2 + Σ (rᵢ − 1 − ln rᵢ), rᵢ = Lᵢᵢ/Mᵢᵢ: the textbook's (tr(Σp⁻¹Σq) + … − n − ln det(Σp⁻¹Σq))/2 without its
 * differences of almost equal numbers.
 */
export function gaussianDivergence(q: ScaleMatrix, p: ScaleMatrix, distance: tf.Tensor): tf.Tensor {
  if (q.isDiagonal && p.isDiagonal) return tf.sum(normalKl([distance, q.diagonal()], [tf.scalar(0), p.diagonal()]), -1);
  const halves = tf.mul(tf.add(spread(q.matrix(), p), p.squares(distance)), 0.5);
  return tf.add(halves, tf.sum(ratioExcess(q.diagonal(), p.diagonal()), -1));
}

/** |D|². */
function spread(l: tf.Tensor, p: ScaleMatrix): tf.Tensor {
  const m = p.matrix();
  const shape = broadcastShapes('klDivergence', [l.shape, m.shape]);
  return tf.sum(tf.square(p.solve(tf.sub(grow(l, shape), grow(m, shape)))), [-2, -1]);
}
