/** Of what layers draw while a bound of several samples is taken: how likely it is by them, and by their priors. */
import * as tf from '@tensorflow/tfjs-core';
import {extension, type Distribution} from 'tfjs-stochastic';
import {checkBatchOf, joinedWith, klOverEvent} from './priorKl.js';

/** What the layers drew since the pass began; null while nobody asks. */
let found: tf.Tensor[] | null = null;

/** Runs `pass`, a pass of a model, and gives the terms that its layers noted, each `[batch]`, beside what it gives. */
export function hearRatios<T>(pass: () => T): {value: T; terms: tf.Tensor[]} {
  const before = found;
  const terms: tf.Tensor[] = (found = []);
  try {
    return {value: pass(), terms};
  } finally {
    found = before;
  }
}

/** Whether somebody asks for them. */
export function areRatiosHeard(): boolean {
  return found !== null;
}

/** Notes a term of ln p − ln q, of shape `[batch]`, which lives until the outermost tidy ends. */
export function noteTerm(term: tf.Tensor): void {
  found?.push(...(extension.outlive([term]) ?? []));
}

/** What was drawn of a layer's distribution. */
export interface DrawnOf {
  readonly value: tf.Tensor;
  readonly q: Distribution;
  /** Null in a layer that has none. */
  readonly prior: Distribution | null;
  /** How many axes the batch has. */
  readonly batchRank: number;
}

/** Notes ln p(z) − ln q(z) of what a layer drew, summed over its event. @throws in the name of `who` without a prior of its kind */
export function noteRatio(who: string, {value, q, prior, batchRank}: DrawnOf): void {
  if (found === null) return;
  extension.check(prior !== null, who, 'has no prior, so that what it draws has no place in the bound');
  const joined = joinedWith(q, prior);
  checkBatchOf(who, joined, prior);
  const [shape, own] = [joined.eventShape, prior.eventShape];
  const isOfEach = own.length === 0 && prior.batchShape.length === 0; // as of `klDivergence`
  extension.check(
    isOfEach || (own.length === shape.length && own.every((d, i) => d === shape[i])),
    who,
    `prior must be of one number, or have events of the shape [${shape.join(',')}] of the layer's distribution`,
    own,
  );
  extension.check(
    joined.isDiscrete === prior.isDiscrete,
    who,
    `prior must be ${joined.isDiscrete ? 'discrete' : 'continuous'}, as the layer's ${q.element.familyName} is`,
    prior.familyName,
  );
  const each = prior.logProb(tf.cast(value, prior.dtype));
  const logPrior = isOfEach ? klOverEvent(each, joined.batchShape.length) : each;
  const ratio = tf.sub(logPrior, joined.logProb(value));
  noteTerm(klOverEvent(ratio, batchRank));
}
