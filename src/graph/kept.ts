/** The log-probability of a draw that is kept as it was before a map rounded it. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import {detach, influencedBy, stopGradient} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import {followingValue, type PreImageReach} from '../distributions/preImage.js';
import type {Key} from '../keys/key.js';
import {inGradientScope} from './tape.js';

/** A pre-image (distributions/preImage.ts) with what it may be differentiated for. */
export interface Kept {
  readonly x: tf.Tensor;
  readonly reach: PreImageReach;
  /** Whether x is linked to the parameters as the value is; else both are constants. */
  readonly isLinked: boolean;
}

/** A draw, and what it was before a map rounded it; null where the family has no such map. */
export function sampleKept(
  q: Distribution,
  shape: Shape,
  key: Key,
  reach: PreImageReach,
): {value: tf.Tensor; preImage: tf.Tensor | null} {
  const form = q.preImage(reach);
  if (form === null) return {value: q.sample([...shape], {key}), preImage: null};
  const x = form.sample([...shape, ...q.batchShape, ...q.eventShape], key);
  const value = form.value(x);
  return q.isReparameterized ? {value, preImage: x} : {value: stopGradient(value), preImage: stopGradient(x)};
}

/** ln q of a draw; of `kept` where there is such. Nothing of it is seen by derivatives along the value. */
export function logProbKept(q: Distribution, value: tf.Tensor, kept: Kept | null): tf.Tensor {
  const form = kept === null ? null : q.preImage(kept.reach);
  return form === null ? q.logProbOfDraw(value) : form.logProb(kept!.x);
}

/** As `logProbKept`, as a function of the value: for derivatives along it, and for what lies downstream of a node. */
export function logProbAlong(q: Distribution, value: tf.Tensor, kept: Kept | null): tf.Tensor {
  const form = kept === null ? null : q.preImage(kept.reach);
  if (form === null) return q.logProbOfDraw(value);
  const {x, isLinked} = kept!; // there is one if there is a form
  if (!inGradientScope()) return form.logProb(x);
  const logProb = form.logProb(isLinked ? x : followingValue(form, detach(x), value));
  const event = Array.from({length: q.eventShape.length}, (_, i) => value.rank - 1 - i);
  return influencedBy(logProb, event.length === 0 ? value : tf.sum(value, event));
}

/** What the parameters of a distribution hold now: equal as long as nobody assigns to one of its variables. */
export function contentsOf(q: Distribution): object[] {
  return Object.values(q.tensors()).map(t => t.dataId);
}
