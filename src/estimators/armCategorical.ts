import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/errors.js';
import {safeLog} from '../math/elementary.js';
import {oneHotOf, select, signOf} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import type {Estimator, NodeView} from '../graph/estimator.js';
import {register} from '../graph/estimatorRegistry.js';
import {antitheticLogistic, pairCosts} from './antithetic.js';
import {disarm} from './disarm.js';
import {sumOverEvent} from './events.js';
import {binary, discreteWithClasses} from './requirements.js';

/**
 * DisARM for categorical variables by breaking a stick: class c is taken with probability σ(α_c) = p_c / (p_c + T_c), T_c = Σ_{j>c} p_j, if none before it is. One
 * binary choice for each class, all antithetic, make the two draws z and z̃ (Dong, Mnih, Tucker 2021, section 4). Choices that only one of the
 * draws came to enter by their conditional expectation, and those that neither came to not at all. Summed up, for m = min(z, z̃) < M = max(z, z̃) the
 * derivative with respect to ln p_j is estimated by ½ (f(m) − f(M)) (s 1[j = m] + (1 − s) 1[j > m] p_j/T_m − 1[j = M]), s = σ(|α_m|).
 *
 * The draws are a leading axis of the value. For a Bernoulli it is DisARM. Unbiased (along the simplex, where `probs` are given); two evaluations.
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
      const logProbs = logProbsOf(distribution);
      const probs = tf.exp(logProbs);
      const last = probs.rank - 1;
      const sticks = [...probs.shape.slice(0, -1), probs.shape[last]! - 1];
      const after = tf.cumsum(probs, last, true, true);
      const logits = tf.slice(tf.sub(logProbs, safeLog(after)), probs.shape.map(() => 0), sticks);
      const taken = tf.cast(tf.less(antitheticLogistic([...sampleShape, ...sticks], key), logits), 'float32');
      const all = tf.concat([taken, tf.ones([...taken.shape.slice(0, -1), 1])], taken.rank - 1);
      const first = tf.mul(all, tf.cast(tf.equal(tf.cumsum(all, all.rank - 1), 1), 'float32'));
      return {value: distribution.relaxation!.harden(first)}; // `requires` made sure of a relaxation
    },
    combine(node, cost, downstream) {
      if (binary.accepts(node.distribution)) return pair.combine(node, cost, downstream);
      const logProbs = logProbsOf(node.distribution);
      const probs = tf.exp(detach(logProbs));
      const count = probs.shape[probs.rank - 1]!;
      const classes = tf.range(0, count);
      const [z, zTilde] = tf.split(oneHotValue(node, probs.rank, count), 2, 0) as [tf.Tensor, tf.Tensor];
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

/** ln p of the classes, `[batch…, elements…, classes]`: finite, and differentiable in whichever parameter was given. */
function logProbsOf({relaxation}: Distribution): tf.Tensor {
  return relaxation!.location(); // the requirement made sure of it
}

/** The node's value as one-hot vectors along a last axis of `classes`, whatever its layout; `rank` is that of the parameters. */
function oneHotValue({value, shape, distribution: {batchShape}}: NodeView, rank: number, classes: number): tf.Tensor {
  const ownAxes = value.rank - (shape.length - batchShape.length);
  return ownAxes === rank ? tf.cast(value, 'float32') : oneHotOf(value, classes);
}

register('armCategorical', armCategorical);
