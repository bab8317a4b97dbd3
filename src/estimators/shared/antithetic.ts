/**
 * What the antithetic estimators of binary variables share: the logit of each element however it is given, pairs of
 * draws, and terms linear in the logit.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../../util/shapes.js';
import {detach} from '../../math/stopGradient.js';
import {checkSampleCosts} from '../../baselines/sampleCosts.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {Key} from '../../keys/key.js';
import {logisticNoise} from '../../random/noise.js';
import type {NodeCost, NodeView} from '../../graph/nodeView.js';
import {spreadOverEvent, sumOverEvent} from './events.js';

/**
 * Where the noise behind a discrete value is centred, finite and differentiable in whichever parameter was given: the
 * logits of binary variables, `[batch…, event…]`, or ln p of classes along a last axis. Axes of size 1 in front make it
 * of rank `rank`: webgpu broadcasts a tensor of fewer axes wrongly to rank 5 or more.
 */
export function locationOf({relaxation}: Distribution, rank: number): tf.Tensor {
  const location = relaxation!.location(); // the requirement made sure of it
  return tf.reshape(location, [...new Array<number>(rank - location.rank).fill(1), ...location.shape]);
}

/** The term whose derivative with respect to the logit of each element is `slope`, of the rank of the node's value. */
export function alongLogits(node: NodeView, slope: tf.Tensor): tf.Tensor {
  return sumOverEvent(node, tf.mul(detach(slope), locationOf(node.distribution, slope.rank)));
}

/**
 * Standard logistic noise L and −L, one behind the other along the first axis of `shape`: ln(u / (1 − u)) of antithetic
 * uniforms u and 1 − u.
 */
export function antitheticLogistic([samples, ...rest]: Shape, key: Key): tf.Tensor {
  const noise = logisticNoise([samples! / 2, ...rest], key); // the estimator's own axis leads
  return tf.concat([noise, tf.neg(noise)], 0);
}

/** `x` of a first half of the samples minus that of the second half: `[samples/2, …]`. */
export function halvesDiffer(x: tf.Tensor): tf.Tensor {
  const [first, second] = tf.split(tf.cast(x, 'float32'), 2, 0) as [tf.Tensor, tf.Tensor];
  return tf.sub(first, second);
}

/**
 * f(b) − f(b̃) of each antithetic pair, with axes of size 1 for an event of `rank` axes in all.
 * @throws in the name of `name` if the cost does not keep the sample axis
 */
export function pairCosts(name: string, node: NodeView, cost: NodeCost, rank = node.value.rank): tf.Tensor {
  return spreadOverEvent(halvesDiffer(checkSampleCosts(name, node, cost)), rank);
}
