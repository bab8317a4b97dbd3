/** What a critic's network sees: one row `[value, context]` for each draw of a node. */
import * as tf from '@tensorflow/tfjs-core';
import {oneHot} from '../constraints/vectors.js';
import {boolean} from '../constraints/numberSets.js';
import {check, fail} from '../util/errors.js';
import {sameShape, sizeOf, tryBroadcast, type Shape} from '../util/shapes.js';
import {isTensor, ofType} from '../util/tensors.js';
import {grow} from '../math/grow.js';
import {oneHotOf} from '../math/numerics.js';
import {detach, unrecorded} from '../math/stopGradient.js';
import {parameterFeatures} from '../baselines/parameterFeatures.js';
import type {Distribution} from '../distributions/distribution.js';
import type {NodeView} from '../graph/nodeView.js';
import {linkOf, nodeOfView} from '../graph/nodeLink.js';
import type {StochasticTensor} from '../graph/stochasticTensor.js';

/**
 * From a node to what lies upstream of it and bears on its costs: `[sample…, batch…, features]`, or one number for each
 * draw.
 */
export type Context = (node: NodeView) => tf.Tensor;

/**
 * Values as float features `[rows, features]`: class indices one-hot, in the layout of their relaxation; angles by
 * cosine and sine, since a function that jumps where angles begin anew has wrong derivatives; all others as they are.
 */
export function valueFeatures(q: Distribution, x: tf.Tensor, rows: number): tf.Tensor {
  const float = ofType(x, 'float32');
  const classes = classesOf(q);
  const laid =
    classes !== null ? oneHotOf(float, classes) : q.isPeriodic ? tf.stack([tf.cos(float), tf.sin(float)], -1) : float;
  return tf.reshape(laid, [rows, laid.size / rows]);
}

/** How long a row `[value, context]` is where the context is that of a node of this distribution by default. */
export function widthOfRows(q: Distribution): number {
  const perNumber = classesOf(q) ?? (q.isPeriodic ? 2 : 1);
  const [{shape}] = unrecorded(() => [parameterFeatures(q)]) as [tf.Tensor]; // as many as are made
  return sizeOf(q.eventShape) * perNumber + (shape[shape.length - 1] ?? 1);
}

/** The number of classes where a value is a class index, else null. */
function classesOf(q: Distribution): number | null {
  const {relaxation, support, batchShape, eventShape} = q;
  if (relaxation === null || support.name === boolean.name || support.name === oneHot.name) return null;
  const [{shape}] = unrecorded(() => [relaxation.location()]) as [tf.Tensor]; // as many as are made
  return shape.length > batchShape.length + eventShape.length ? shape[shape.length - 1]! : null;
}

/** The context of each draw, a constant `[rows, features]`; by default the parameters of the node's distribution. */
export function contextFeatures(who: string, node: NodeView, context: Context | undefined): tf.Tensor {
  const given: unknown = context === undefined ? parameterFeatures(node.distribution) : context(node);
  const {shape: head, name} = node;
  const at = `${who} at node ${JSON.stringify(name)}`;
  check(
    isTensor(given) && given.dtype !== 'string' && given.dtype !== 'complex64',
    at,
    'the context must be a tensor of numbers',
    given,
  );
  const t = detach(ofType(given, 'float32'));
  const isOne = context !== undefined && fits(t.shape, head);
  if (!isOne && !(t.rank > 0 && fits(t.shape.slice(0, -1), head))) {
    fail(
      at,
      `the context must broadcast to the node's shape [${head.join(',')}], with or without a last axis of features`,
      given,
    );
  }
  const features = isOne ? 1 : t.shape[t.rank - 1]!;
  return tf.reshape(grow(isOne ? tf.expandDims(t, -1) : t, [...head, features]), [sizeOf(head), features]);
}

/**
 * The values of another node for each draw of `view`: `[rows, features]`, a constant. Its sample axes are those of
 * `view`, or it has none; its batch broadcasts to that of `view`.
 */
export function featuresBeside(who: string, view: NodeView, node: StochasticTensor): tf.Tensor {
  const {value, distribution, name} = node;
  const at = `${who} at node ${JSON.stringify(view.name)}`;
  check(!value.isDisposed, at, `a late cost depends on node ${JSON.stringify(name)}, whose value was disposed`);
  const head = value.shape.slice(0, value.rank - distribution.eventShape.length);
  const samples = linkOf(at, node).sampleRank ?? 0;
  const own = linkOf(at, nodeOfView(view)).sampleRank ?? 0;
  const spread =
    samples > 0 ? head : [...new Array<number>(Math.max(0, view.shape.length - head.length)).fill(1), ...head];
  check(
    (samples === 0 || samples === own) && fits(spread, view.shape),
    at,
    `a late cost depends on node ${JSON.stringify(name)} too, whose draws must broadcast to [sample…, batch…], ` +
      `here [${view.shape.join(',')}]`,
    value,
  );
  const features = valueFeatures(distribution, detach(value), sizeOf(head));
  const width = features.shape[1]!;
  return tf.reshape(grow(tf.reshape(features, [...spread, width]), [...view.shape, width]), [
    sizeOf(view.shape),
    width,
  ]);
}

function fits(shape: Shape, head: Shape): boolean {
  const both = tryBroadcast([shape, head]);
  return both !== null && sameShape(both, head);
}

/**
 * All values of the node with the context of each draw: `[values · rows, features]`, a constant. The value varies
 * slowest.
 */
export function supportRows(node: NodeView, context: tf.Tensor): tf.Tensor {
  const {distribution: q, shape} = node;
  const [rows, batch] = [sizeOf(shape), sizeOf(q.batchShape)];
  const support = q.enumerateSupport();
  const values = support.shape[0];
  const features = valueFeatures(q, support, values * batch);
  const width = features.shape[1]!;
  const spread = tf.reshape(
    grow(tf.reshape(features, [values, 1, batch, width]), [values, rows / batch, batch, width]),
    [values * rows, width],
  );
  return joinRows(spread, values === 1 ? context : tf.tile(context, [values, 1]));
}

/**
 * The features of each value of a finite support, those of the batch's first element: `[values, features]`, a constant.
 */
export function supportFeatures(q: Distribution): tf.Tensor {
  const support = q.enumerateSupport();
  const values = support.shape[0];
  const features = valueFeatures(q, support, values * sizeOf(q.batchShape));
  const width = features.shape[1]!;
  return tf.reshape(
    tf.slice(tf.reshape(features, [values, sizeOf(q.batchShape), width]), [0, 0, 0], [values, 1, width]),
    [values, width],
  );
}

/** `[value, context]`. */
export function joinRows(value: tf.Tensor, context: tf.Tensor): tf.Tensor {
  return tf.concat([value, context], 1);
}
