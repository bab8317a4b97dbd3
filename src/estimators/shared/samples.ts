/**
 * The samples of a node side by side, for estimators that control the cost of one sample with what is known at the
 * others.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {grow} from '../../math/grow.js';
import {derivatives} from '../../math/derivatives.js';
import {detach} from '../../math/stopGradient.js';
import {checkSampleCosts} from '../../baselines/sampleCosts.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {NodeCost, NodeView} from '../../graph/nodeView.js';
import type {Downstream} from '../../graph/inquiry.js';

/**
 * K samples along the first axis, all other sample and batch axes in one, the event in one: `[K, rest]` or `[K, rest,
 * event]`.
 */
export interface Samples {
  /** f at each sample, a constant. */
  readonly costs: tf.Tensor;
  readonly values: tf.Tensor;
  /** ∂f/∂x at each sample, a constant. */
  readonly slopes: tf.Tensor;
  /** E x, differentiable in the parameters. */
  readonly means: tf.Tensor;
  /** log p(x), differentiable in the parameters. */
  readonly logProb: tf.Tensor;
}

/** @throws in the name of `name` with fewer than two samples, or if the costs do not keep the sample axis */
export function readSamples(name: string, node: NodeView, cost: NodeCost, downstream: Downstream): Samples {
  const each = checkSampleCosts(name, node, cost);
  const {shape, samples: k, value} = node;
  const rest = sizeOf(shape) / k;
  const perSample = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [k, rest]);
  const perElement = (x: tf.Tensor): tf.Tensor =>
    tf.reshape(grow(tf.cast(x, 'float32'), value.shape), [k, rest, value.size / (k * rest)]);
  return {
    costs: perSample(grow(each, shape)),
    values: perElement(value),
    slopes: detach(perElement(downstream.gradient())),
    means: perElement(node.distribution.mean()),
    logProb: perSample(node.logProb()),
  };
}

/** For each sample the mean of `x`, `[K, …]`, over the other K − 1. */
export function meanOfOthers(x: tf.Tensor): tf.Tensor {
  return tf.div(tf.sub(tf.sum(x, 0, true), x), x.shape[0] - 1);
}

/** Σ over the event. */
export function dot(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(a, b), -1);
}

/**
 * What the variables of a control variate minimise: the square of the whole estimate, all samples together, by way of
 * the distribution's parameters. `surrogate` is connected to those variables; the estimate's mean does not depend on
 * them, so this has the gradient of its variance.
 */
export function squaredEstimate(distribution: Distribution, surrogate: tf.Tensor): tf.Tensor {
  const estimates = derivatives(tf.sum(surrogate), Object.values(distribution.tensors()));
  return estimates.map(g => tf.mean(tf.square(g))).reduce((a, b) => tf.add(a, b));
}
