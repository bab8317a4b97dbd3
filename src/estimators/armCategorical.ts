import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {safeLog} from '../functions/elementary/index.js';
import {oneHotOf, select, signOf} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import type {Estimator} from '../graph/estimator.js';
import type {NodeView} from '../graph/nodeView.js';
import {antitheticLogistic, locationOf, pairCosts} from './shared/antithetic.js';
import {disarm} from './disarm.js';
import {sumOverEvent} from './shared/events.js';
import {binary, discreteWithClasses} from './shared/requirements.js';

/**
 * DisARM for categorical variables by breaking a stick: class c is taken with probability σ(α_c) = p_c / (p_c + T_c),
 * T_c = Σ_{j>c} p_j, if none before it is. One binary choice for each class, all antithetic, make the two draws z and
 * z̃ (Dong, Mnih, Tucker 2021, section 4). Choices that only one of the draws came to enter by their conditional
 * expectation, and those that neither came to not at all. Summed up, for m = min(z, z̃) < M = max(z, z̃) the derivative
 * with respect to ln p_j is estimated by ½ (f(m) − f(M)) (s 1[j = m] + (1 − s) 1[j > m] p_j/T_m − 1[j = M]), s =
 * σ(|α_m|).
 *
 * The draws are a leading axis of the value. For a Bernoulli it is DisARM. Unbiased (along the simplex, where `probs`
 * are given); two evaluations.
 */
export function armCategorical(config: object = {}): Estimator {
  checkKeys('armCategorical', config, []);
  const pair = disarm(); // for two classes this is what it comes to
  return {
    kind: 'estimator',
    name: 'armCategorical',
    config: {},
    bias: 'unbiased',
    requires: discreteWithClasses,
    evaluations: 2,
    source: 'Dong, Mnih, Tucker 2021, section 4 (DisARM-SB)',
    differentiable: false,
    samples: 2,
    coupling: 'coupled',
    draw(distribution, sampleShape, key) {
      if (binary.accepts(distribution)) return pair.draw!(distribution, sampleShape, key);
      const own = distribution.relaxation!.location().shape; // `requires` made sure of a relaxation
      const logProbs = locationOf(distribution, sampleShape.length + own.length);
      const probs = tf.exp(logProbs);
      const last = probs.rank - 1;
      const sticks = [...probs.shape.slice(0, -1), probs.shape[last]! - 1];
      const after = cumulate(probs, true);
      const logits = tf.slice(
        tf.sub(logProbs, safeLog(after)),
        probs.shape.map(() => 0),
        sticks,
      );
      const taken = tf.cast(
        tf.less(antitheticLogistic([...sampleShape, ...own.slice(0, -1), own[own.length - 1]! - 1], key), logits),
        'float32',
      );
      const all = tf.concat([taken, tf.ones([...taken.shape.slice(0, -1), 1])], taken.rank - 1);
      const first = tf.mul(all, tf.cast(tf.equal(cumulate(all), 1), 'float32'));
      return {value: distribution.relaxation!.harden(first)};
    },
    combine(node, cost, downstream) {
      if (binary.accepts(node.distribution)) return pair.combine(node, cost, downstream);
      const draws = oneHotValue(node);
      const logProbs = locationOf(node.distribution, draws.rank);
      const probs = tf.exp(detach(logProbs));
      const classes = tf.reshape(tf.range(0, probs.shape[probs.rank - 1]!), [
        ...new Array<number>(probs.rank - 1).fill(1),
        -1,
      ]);
      const [z, zTilde] = tf.split(draws, 2, 0) as [tf.Tensor, tf.Tensor];
      const place = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(x, classes), -1, true);
      const order = signOf(tf.sub(place(zTilde), place(z))); // 1 where z comes first, 0 where the draws agree
      const first = select(tf.greater(order, 0), z, zTilde);
      const second = tf.sub(tf.add(z, zTilde), first);
      const behind = tf.mul(probs, tf.cast(tf.greater(classes, place(first)), 'float32'));
      const [p, rest] = [tf.sum(tf.mul(probs, first), -1, true), tf.sum(behind, -1, true)];
      const s = tf.div(tf.maximum(p, rest), tf.add(p, rest));
      const oneMinusS = tf.div(tf.minimum(p, rest), tf.add(p, rest));
      const share = select(tf.greater(rest, 0), tf.div(behind, rest), 0); // no class is behind the last
      const weights = tf.sub(tf.add(tf.mul(s, first), tf.mul(oneMinusS, share)), second);
      const difference = tf.mul(pairCosts('armCategorical', node, cost, weights.rank), tf.mul(order, 0.5));
      return {surrogate: sumOverEvent(node, tf.mul(detach(tf.mul(difference, weights)), logProbs))};
    },
  };
}

/**
 * Sums along the last axis, up to each element or, with `behind`, of those after it. As a matrix, since webgpu sums up
 * to rank 4 only; forwards, since its program for sums from the end keeps the length of the axis that it was first made
 * for.
 */
function cumulate(x: tf.Tensor, behind = false): tf.Tensor {
  const rows = tf.reshape(x, [-1, x.shape[x.rank - 1]!]);
  const sums = behind ? tf.reverse(tf.cumsum(tf.reverse(rows, 1), 1, true), 1) : tf.cumsum(rows, 1);
  return tf.reshape(sums, x.shape);
}

/** The node's value as one-hot vectors along a last axis, whatever its layout. */
function oneHotValue({value, shape, distribution: {batchShape, relaxation}}: NodeView): tf.Tensor {
  const location = relaxation!.location().shape; // `requires` made sure of it
  const sampleAxes = shape.length - batchShape.length;
  return value.rank === sampleAxes + location.length
    ? tf.cast(value, 'float32')
    : oneHotOf(value, location[location.length - 1]!);
}
