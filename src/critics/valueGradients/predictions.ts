/** What policies and models give, and recorded values as draws from it. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {sameShape, tryBroadcast, type Shape} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';
import {detach} from '../../math/stopGradient.js';
import {Distribution} from '../../distributions/distribution.js';
import {checkResult} from './transitions.js';

/**
 * A distribution of vectors, of batch shape [batch…] and event shape [n], or its centre, [batch…, n], about which there
 * is noise that does not depend on anything.
 */
export type Prediction = tf.Tensor | Distribution;

/** π(s): what action follows on states [batch…, n]. */
export type ControlPolicy = (states: tf.Tensor) => Prediction;

/** V(s), the cost expected from state s on: [batch…]. */
export type StateValue = (states: tf.Tensor) => tf.Tensor;

/** Q(s, a), the cost expected from state s on after action a: [batch…]. */
export type ActionValue = (states: tf.Tensor, actions: tf.Tensor) => tf.Tensor;

/**
 * The recorded x as the draw that it was of what the function `name` predicts: f(s, a) + scale·ζ with ζ = (x − f(s, a))
 * / scale inferred and held constant, so that derivatives are taken where the recorded step went.
 */
export function recordedDraw(who: string, name: string, prediction: unknown, x: tf.Tensor): tf.Tensor {
  if (isTensor(prediction)) {
    const centre = checkResult(who, name, prediction, x.shape);
    return tf.add(centre, detach(tf.sub(x, centre)));
  }
  const q = checkDistribution(who, name, prediction, x.shape);
  const {inferredDraw} = q;
  check(
    inferredDraw !== null,
    who,
    `${name} must return a distribution whose noise can be inferred (Normal and others of location and scale, ` +
      'multivariate normals; transformed and independent ones of these)',
    q.familyName,
  );
  return inferredDraw(x);
}

/** `prediction`, if it is a distribution of values of that shape. */
export function checkDistribution(who: string, name: string, prediction: unknown, shape: Shape): Distribution {
  check(prediction instanceof Distribution, who, `${name} must return a tensor or a distribution`, prediction);
  const [batch, event] = [shape.slice(0, -1), shape.slice(-1)];
  const fits =
    sameShape(prediction.eventShape, event) && sameShape(tryBroadcast([prediction.batchShape, batch]) ?? [-1], batch);
  check(
    fits,
    who,
    `${name} must return a distribution of batch shape [${batch.join(',')}] and event shape ` +
      `[${event.join(',')}] (independent() makes events of axes)`,
    [prediction.batchShape, prediction.eventShape],
  );
  return prediction;
}
