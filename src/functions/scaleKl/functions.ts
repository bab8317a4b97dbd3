/**
 * Divergences of families by location and scale, accurate though the two be almost the same or far apart; all
 * broadcast.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import {
  cauchyKlKernel,
  gumbelKlKernel,
  laplaceBendKernel,
  laplaceKlKernel,
  lgammaRatioKernel,
  normalKlKernel,
  ratioExcessKernel,
  uniformKlKernel,
  weibullKlKernel,
} from './kernels.js';

/** x/y − 1 − ln(x/y) >= 0, for x, y > 0. */
export const ratioExcess = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => apply('klDivergence', ratioExcessKernel, {x, y});

/** ln Γ(1 + x/y), for x, y > 0; what Γ does near 2 is not rounded with the ratio. */
export const lgammaRatio = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => apply('lgammaRatio', lgammaRatioKernel, {x, y});

/** (s/t)(e^{−d/s} − 1 + d/s), for d >= 0 and s, t > 0. */
export const laplaceBend = (d: tf.Tensor, s: tf.Tensor, t: tf.Tensor): tf.Tensor =>
  apply('laplaceBend', laplaceBendKernel, {d, s, t});

/** The two parameters of a member of a family, in the order of its class's documentation. */
export type TwoParameters = readonly [tf.Tensor, tf.Tensor];

/** KL(q ‖ p) of two members of a family of two parameters. */
const kl = (kernel: FunctionKernel<'m' | 's' | 'n' | 't'>, q: TwoParameters, p: TwoParameters): tf.Tensor =>
  apply('klDivergence', kernel, {m: q[0], s: q[1], n: p[0], t: p[1]});

export const normalKl = (q: TwoParameters, p: TwoParameters): tf.Tensor => kl(normalKlKernel, q, p);
export const laplaceKl = (q: TwoParameters, p: TwoParameters): tf.Tensor => kl(laplaceKlKernel, q, p);
export const gumbelKl = (q: TwoParameters, p: TwoParameters): tf.Tensor => kl(gumbelKlKernel, q, p);
export const weibullKl = (q: TwoParameters, p: TwoParameters): tf.Tensor => kl(weibullKlKernel, q, p);
export const cauchyKl = (q: TwoParameters, p: TwoParameters): tf.Tensor => kl(cauchyKlKernel, q, p);
export const uniformKl = (q: TwoParameters, p: TwoParameters): tf.Tensor => kl(uniformKlKernel, q, p);
