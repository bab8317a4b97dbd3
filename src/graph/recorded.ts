/** Values that a node is given instead of drawing them: the actions of a replayed or of another policy's episode. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {floatTensor, hostNumbers, shapeOfNumbers, type Numbers} from '../util/numbers.js';
import {sameShape, type Shape} from '../util/shapes.js';
import {isTensor, ofType} from '../util/tensors.js';
import {detach} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import type {Estimator} from './estimator.js';

/** A recorded value, and under what density it was drawn. */
export interface GivenValue {
  readonly value: Numbers;
  /** `[sample…]`. */
  readonly samples: Shape;
  /** ln b(value), `[sample…, batch…]`; null where the node's own distribution drew it. */
  readonly behaviorLogProb: Numbers | null;
}

/** The options `value` and `behaviorLogProb`, whose shapes are checked; null where there is no value. */
export function readRecorded(
  who: string,
  q: Distribution,
  estimator: Estimator | null,
  {value, behaviorLogProb}: {value?: Numbers | undefined; behaviorLogProb?: Numbers | undefined},
): GivenValue | null {
  if (value === undefined) {
    check(behaviorLogProb === undefined, who, 'behaviorLogProb must come with the recorded `value`', behaviorLogProb);
    return null;
  }
  const own = [...q.batchShape, ...q.eventShape];
  const shape = shapeOfNumbers(who, 'value', value);
  const samples = shape.slice(0, Math.max(0, shape.length - own.length));
  check(
    sameShape(shape.slice(samples.length), own) && !shape.includes(0),
    who,
    `value must have the shape [sample…, ${own.join(',')}] of a draw, got the shape [${shape.join(',')}]`,
  );
  if (!isTensor(value)) checkFinite(who, 'value', value);
  if (behaviorLogProb !== undefined) {
    const given = shapeOfNumbers(who, 'behaviorLogProb', behaviorLogProb);
    const heads = shape.slice(0, shape.length - q.eventShape.length);
    if (!sameShape(given, heads))
      fail(
        who,
        `behaviorLogProb must have the shape [${heads.join(',')}] of ln p(value), got the shape [${given.join(',')}]`,
      );
    if (!isTensor(behaviorLogProb)) checkFinite(who, 'behaviorLogProb', behaviorLogProb);
  }
  const drawsItself =
    estimator !== null && (estimator.draw !== undefined || (estimator.coupling ?? 'independent') !== 'independent');
  check(
    !drawsItself,
    who,
    `value: estimator ${JSON.stringify(estimator?.name)} draws values in a way of its own, so it can take no recorded ` +
      'one: take "scoreFunction", "nvil", "movingAverage", "leaveOneOut" or "dice"',
  );
  check(
    estimator?.differentiable !== true || q.inferredDraw !== null,
    who,
    `value: estimator ${JSON.stringify(estimator?.name)} needs a distribution whose noise can be inferred from a value ` +
      '(Normal and others of location and scale; transformed and independent ones of these)',
    q.familyName,
  );
  return {value, samples, behaviorLogProb: behaviorLogProb ?? null};
}

function checkFinite(who: string, name: string, value: Exclude<Numbers, tf.Tensor>): void {
  for (const x of hostNumbers(who, name, value).values) check(Number.isFinite(x), who, `${name} must be finite`, x);
}

/** The value as a constant of the distribution's type. Call it in a tidy. */
export function recordedValue(q: Distribution, {value}: GivenValue): tf.Tensor {
  return detach(ofType(floatOrOwn(value), q.dtype));
}

/** w = p(value) / b(value), constants of the shape of the log-probability; null where the node's own policy acted. */
export function recordedWeights(q: Distribution, x: tf.Tensor, {behaviorLogProb}: GivenValue): tf.Tensor | null {
  if (behaviorLogProb === null) return null;
  const b = floatTensor('DistributionTensor', 'behaviorLogProb', behaviorLogProb);
  return detach(tf.exp(tf.sub(q.logProb(x), b)));
}

const floatOrOwn = (value: Numbers): tf.Tensor =>
  isTensor(value) ? value : floatTensor('DistributionTensor', 'value', value);
