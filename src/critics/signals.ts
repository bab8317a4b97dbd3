/** From Q to what is known about the gradient at a node. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import {derivatives} from '../math/derivatives.js';
import {detach} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import {sumOverEvent} from '../estimators/shared/events.js';
import {drawRelaxed} from '../estimators/shared/relaxedDraw.js';
import type {Draw} from '../graph/estimator.js';
import type {NodeView} from '../graph/nodeView.js';
import {sampleKept} from '../graph/kept.js';
import type {Key} from '../keys/key.js';
import type {Shape} from '../util/shapes.js';
import {joinRows} from './criticFeatures.js';
import type {Known} from './known.js';
import type {SignalName} from './signalName.js';

/** All of the node's shape. */
export interface Signal {
  /** Q at the draw (relaxed: at z̃), a constant: what is subtracted from the cost that multiplies the score. */
  readonly baseline: tf.Tensor;
  /** Its derivative is, on average, that of E Q: the signal without the cost. */
  readonly alone: tf.Tensor;
  /** Its derivative is, on average, that of E (baseline · log p), which the subtraction takes away. */
  readonly compensation: tf.Tensor;
}

/** Draws what the signal needs. */
export function drawFor(signal: SignalName, distribution: Distribution, sampleShape: Shape, key: Key): Draw {
  if (signal === 'relaxed') return drawRelaxed('critic', distribution, sampleShape, key);
  const {value: x, preImage} = sampleKept(distribution, sampleShape, key, 'fixed');
  return signal === 'pathwise' ? {value: detach(x), preImage, memo: {x}} : {value: x, preImage};
}

/** @param temperature of the relaxed signal */
export function signalOf(known: Known, temperature: number): Signal {
  const {view, critic} = known;
  const name = critic.signal(view);
  if (name === 'support') return {baseline: known.value, alone: known.expectation, compensation: known.expectation};
  if (name === 'relaxed') return relaxed(known, temperature);
  const x = view.memo['x']!; // drawFor has put it there
  const path = along(view, x, derivatives(tf.sum(known.prediction), [x])[0]!);
  return {baseline: known.value, alone: path, compensation: path};
}

/**
 * As RELAX with c(z) = Q(soften(z)): ∂E c(z) = E ∂c(z), and E [c(z̃) ∂log p + ∂c(z̃)] is the same (Grathwohl et al.
 * 2018, eq. 8).
 */
function relaxed(known: Known, temperature: number): Signal {
  const {view, critic, context} = known;
  const rows = sizeOf(view.shape);
  const [z, tilde] = [view.memo['z']!, view.memo['zTilde']!]; // drawFor has put them there
  const softRows = (at: tf.Tensor): tf.Tensor => {
    const soft = view.distribution.relaxation!.soften(at, temperature); // the signal was chosen for it
    return joinRows(tf.reshape(soft, [rows, soft.size / rows]), context);
  };
  const q = critic.predict(view, tf.concat([softRows(z), softRows(tilde)]));
  const [slope, tildeSlope] = derivatives(tf.sum(q), [z, tilde]) as [tf.Tensor, tf.Tensor]; // as many as asked for
  const alone = along(view, z, slope);
  return {
    baseline: detach(tf.reshape(tf.slice(q, [rows], [rows]), view.shape)),
    alone,
    compensation: tf.sub(alone, along(view, tilde, tildeSlope)),
  };
}

/** Σ over the event of ⊥slope·x: the derivative of Q(x) in what x was made from, with the network held constant. */
function along(view: NodeView, x: tf.Tensor, slope: tf.Tensor): tf.Tensor {
  return sumOverEvent(view, tf.mul(detach(slope), x));
}
