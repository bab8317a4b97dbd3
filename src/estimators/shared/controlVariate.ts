/** What LAX and RELAX share: the control variate c_φ, the estimate per parameter, and the objective that trains φ. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {sameShape, sizeOf} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';
import {derivatives} from '../../math/derivatives.js';
import {detach} from '../../math/stopGradient.js';
import {joinFeatures, parameterFeatures} from '../../baselines/parameterFeatures.js';
import {denseNetwork, type Network, type NetworkLike} from '../../baselines/network.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {NodeView} from '../../graph/nodeView.js';
import type {Term} from '../../graph/estimator.js';

/**
 * From z `[sample…, batch…, event…]` and the node to c(z) `[sample…, batch…]`, with or without a last axis of size 1.
 */
export type ControlVariate = NetworkLike<[node: NodeView]>;

/** A control variate in use: its values, and what belongs to it. */
export interface ControlVariateState extends Network<[node: NodeView]> {
  dispose(): void;
}

/**
 * The default control variate: a perceptron on squash(z) and the node's parameters, with extra variables (such as a
 * temperature) of its own.
 * @param distribution of the node, or one of another batch
 * @param size how many numbers of one value `squash` gives
 */
export function defaultControlVariate(
  units: readonly number[],
  squash: (z: tf.Tensor, node: NodeView) => tf.Tensor,
  extra: readonly tf.Variable[],
  distribution: Distribution,
  size: number,
): ControlVariateState {
  const {shape, rank} = parameterFeatures(distribution);
  const network = denseNetwork({inputSize: size + shape[rank - 1]!, units});
  /** The parameters of a node, for as long as they live: c is evaluated at two draws. */
  const known = new WeakMap<NodeView, tf.Tensor>();
  const featuresOf = (node: NodeView): tf.Tensor => {
    let features = known.get(node);
    if (features === undefined || features.isDisposed)
      known.set(node, (features = parameterFeatures(node.distribution)));
    return features;
  };
  return {
    variables: [...network.variables, ...extra],
    call(z, node) {
      const head = node.shape;
      const squashed = squash(z, node);
      const input = joinFeatures(
        [tf.reshape(squashed, [...head, squashed.size / sizeOf(head)]), featuresOf(node)],
        head,
      );
      return network.call(input);
    },
    dispose() {
      network.dispose();
      extra.forEach(v => v.dispose());
    },
  };
}

/** c(z) in the node's shape. */
export function evaluateControlVariate(
  who: string,
  controlVariate: Network<[node: NodeView]>,
  z: tf.Tensor,
  node: NodeView,
): tf.Tensor {
  const out: unknown = controlVariate.call(z, node);
  const {shape} = node;
  check(
    isTensor(out) && (sameShape(out.shape, shape) || sameShape(out.shape, [...shape, 1])),
    `${who} at node ${JSON.stringify(node.name)}`,
    `the control variate must return a tensor of shape [${shape.join(',')}] or [${[...shape, 1].join(',')}]`,
    out,
  );
  return out.rank === shape.length ? out : tf.reshape(out, shape);
}

/**
 * Assembles g = (f − c)·∂log p + ∂c for each parameter. The surrogate is linear in the parameters with g as its slope.
 * The variance of g has the gradient ∂/∂φ E[g²], since E[g] does not depend on φ (Grathwohl et al. 2018, eq. 7), so φ
 * minimises g².
 *
 * @param residual f − c of the node's shape, connected to φ
 * @param pathwisePart what is differentiated with respect to the parameters beside the score: a scalar
 */
export function combineControlVariate(
  node: NodeView,
  residual: tf.Tensor,
  pathwisePart: tf.Tensor,
  variables: readonly tf.Variable[],
): Term {
  const parameters = Object.values(node.distribution.tensors());
  if (parameters.length === 0) return {surrogate: tf.zeros(node.shape)};
  const scores = derivatives(tf.sum(node.logProb()), parameters);
  const paths = derivatives(pathwisePart, parameters);
  const estimates = parameters.map((_, i) => {
    const score = scores[i]!;
    const spread = tf.reshape(residual, [...node.shape, ...new Array<number>(score.rank - node.shape.length).fill(1)]);
    return tf.add(tf.mul(spread, score), paths[i]!);
  });
  const overEvent = (x: tf.Tensor): tf.Tensor =>
    tf.sum(
      x,
      Array.from({length: x.rank - node.shape.length}, (_, i) => node.shape.length + i),
    );
  const surrogate = parameters
    .map((p, i) => overEvent(tf.mul(detach(estimates[i]!), p)))
    .reduce((a, b) => tf.add(a, b));
  const loss = estimates.map(g => overEvent(tf.square(g))).reduce((a, b) => tf.add(a, b));
  return {surrogate, objective: {loss, variables}};
}
