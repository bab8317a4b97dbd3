/** Divergences of families by location and scale, accurate though the two be almost the same or far apart; all broadcast. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from './apply.js';

/** x/y − 1 − ln(x/y) >= 0, for x, y > 0. */
export const ratioExcess = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => apply('klDivergence', 'StRatioExcess', {x, y});

/** ln Γ(1 + x/y), for x, y > 0; what Γ does near 2 is not rounded with the ratio. */
export const lgammaRatio = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => apply('lgammaRatio', 'StLgammaRatio', {x, y});

/** (s/t)(e^{−d/s} − 1 + d/s), for d >= 0 and s, t > 0. */
export const laplaceBend = (d: tf.Tensor, s: tf.Tensor, t: tf.Tensor): tf.Tensor => apply('laplaceBend', 'StLaplaceBend', {d, s, t});

/** Families of which each has two parameters, in the order of a class's documentation. */
export type TwoParameterFamily = 'Normal' | 'Laplace' | 'Gumbel' | 'Weibull' | 'Cauchy' | 'Uniform';

/** KL(q ‖ p) of two members of a family: q's two parameters, and p's. */
export const divergenceOf = (family: TwoParameterFamily, q: [tf.Tensor, tf.Tensor], p: [tf.Tensor, tf.Tensor]): tf.Tensor =>
  apply('klDivergence', `St${family}Kl`, {m: q[0], s: q[1], n: p[0], t: p[1]});
