import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {sizeOf} from '../util/shapes.js';
import {LEAST, select} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import {split} from '../keys/key.js';
import type {Estimator} from '../graph/estimator.js';
import type {NodeView} from '../graph/nodeView.js';
import type {Downstream} from '../graph/inquiry.js';
import {sumOverEvent} from './shared/events.js';
import {measures} from './measures/index.js';
import {element, type WeakDerivative} from './measures/measure.js';

/**
 * Measure-valued derivatives: ∂/∂θ E f(x) = c (E f(x⁺) − E f(x⁻)), with the positive and the negative part of ∂p/∂θ as
 * laws of their own (Mohamed et al. 2020, section 6 and table 1). Each element of an event has its own parts, with the
 * others as they were drawn. Where one part is p itself, the draw serves; where both parts move together they share
 * their noise. Costs may have jumps. As many evaluations as elements times parts, and one.
 * @throws if a cost downstream does not keep the sample and batch axes
 */
export function measureValued(config: object = {}): Estimator {
  const who = 'measureValued';
  checkKeys(who, config, []);
  return {
    kind: 'estimator',
    name: who,
    config: {},
    bias: 'unbiased',
    requires: {
      rule: `a distribution with known weak derivatives (${[...measures.keys()].join(', ')}, or Independent of one)`,
      accepts: q => weakDerivatives(q) !== null,
    },
    evaluations: q =>
      1 +
      sizeOf(elementShape(q)) *
        weakDerivatives(q)!.reduce((sum, {derivative}) => sum + count(derivative, q.element), 0),
    source: 'Mohamed, Rosca, Figurnov and Mnih 2020, section 6.1, table 1',
    differentiable: false,
    draw(distribution, sampleShape, key) {
      const one = distribution.element;
      const derivatives = weakDerivatives(distribution)!; // `requires` made sure of them
      const keys = split(key, 1 + derivatives.length);
      const value = detach(distribution.sample(sampleShape, {key: keys[0]!}));
      const parts = derivatives.flatMap(({derivative}, i) => derivative.parts(element(one, value, keys[i + 1]!)));
      return {
        value,
        memo: Object.fromEntries(
          parts.flatMap((part, i) => [
            [`value${i}`, detach(part.value)],
            [`weight${i}`, part.weight],
          ]),
        ),
      };
    },
    combine(node, {total: cost}, downstream) {
      const f = costOfEach(node, cost, downstream);
      const elements = elementShape(node.distribution);
      const terms = Array.from({length: Object.keys(node.memo).length / 2}, (_, i) => {
        const changes = Array.from({length: sizeOf(elements)}, (_, d) =>
          tf.tidy(() => detach(tf.sub(downstream.at(withElement(node, node.memo[`value${i}`]!, d)), f))),
        );
        const change = ofPossible(
          node,
          node.memo[`value${i}`]!,
          tf.reshape(tf.stack(changes, -1), [...node.shape, ...elements]),
        );
        return sumOverEvent(node, tf.mul(change, node.memo[`weight${i}`]!));
      });
      return {surrogate: terms.reduce((a, b) => tf.add(a, b), tf.zeros(node.shape))};
    },
  };
}

/** The axes of elements in an event. */
function elementShape(q: Distribution): number[] {
  return q.element.batchShape.slice(q.batchShape.length);
}

/** The weak derivatives by the parameters that are tensors; null where one is not known. */
function weakDerivatives(q: Distribution): Array<{name: string; derivative: WeakDerivative}> | null {
  const measure = measures.get(q.element.name);
  const names = Object.keys(q.tensors());
  if (measure === undefined || !names.every(name => name in measure)) return null;
  return names.map(name => ({name, derivative: measure[name]!}));
}

function count({values}: WeakDerivative, q: Distribution): number {
  return typeof values === 'number' ? values : values(q);
}

/**
 * The changes of the cost, less those that are not finite at values of probability 0: a cost need not be defined there.
 */
function ofPossible({distribution}: NodeView, value: tf.Tensor, change: tf.Tensor): tf.Tensor {
  if (!distribution.isDiscrete) return change;
  const probs = tf.reshape(tf.exp(detach(distribution.element.logProbOfDraw(value))), change.shape);
  return detach(select(tf.logicalOr(tf.greater(probs, LEAST), tf.isFinite(change)), change, 0));
}

/** One cost for each draw: all draws of an element change together, so a cost of several would mix them up. */
function costOfEach(node: NodeView, cost: tf.Tensor, downstream: Downstream): tf.Tensor {
  check(
    !downstream.isCoupled(),
    `measureValued at node ${JSON.stringify(node.name)}`,
    `each draw must have its own cost, and a cost couples the draws [${node.shape.join(',')}] (a statistic of ` +
      'the batch or a reduction over it): keep the sample and batch axes, or take an estimator that does without, ' +
      'such as "leaveOneOut"',
  );
  return tf.reshape(cost, node.shape);
}

/** The value of the node with that of `other` at element `d` of each event. */
function withElement(node: NodeView, other: tf.Tensor, d: number): tf.Tensor {
  const elements = elementShape(node.distribution);
  const n = sizeOf(elements);
  if (n === 1) return other;
  const behind = node.value.rank - node.shape.length - elements.length;
  const here = tf.tensor(
    Array.from({length: n}, (_, i) => (i === d ? 1 : 0)),
    [...elements, ...new Array<number>(behind).fill(1)],
  );
  return select(tf.greater(here, 0), other, node.value);
}
