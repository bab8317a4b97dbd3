import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../util/tensors.js';
import {check} from '../util/errors.js';
import {checkCount, checkFunction, checkKeys} from '../util/options.js';
import {sameShape, tryBroadcast} from '../util/shapes.js';
import {LEAST, select} from '../math/numerics.js';
import {unrecorded} from '../math/stopGradient.js';
import {split} from '../keys/key.js';
import {Distribution} from '../distributions/distribution.js';
import type {Estimator} from '../graph/estimator.js';
import {missedBy} from './shared/coverage.js';
import {fixedSupport} from './shared/requirements.js';
import {weightedScore} from './shared/weighted.js';

/** Where values are drawn, and how many. */
export interface ImportanceConfig {
  /**
   * Where values come from: a distribution, or a function from the node's distribution to one. Its parameters are
   * constants here. Default: the node's own distribution, which makes this the score function.
   */
  proposal?: Distribution | ((distribution: Distribution) => Distribution);
  /** K, an integer >= 1, default 1: values along a leading axis where the value type asks for none. */
  samples?: number;
}

/**
 * Importance sampling: ∂/∂θ E_p[f(x)] = E_r[w f(x) ∂/∂θ log p(x|θ)], w = p(x|θ) / r(x), with values from a proposal r
 * (Kahn and Marshall 1953; for gradients Glynn 1990). Everything downstream is weighted with w. Unbiased if r can give
 * every value that p can. A value that p cannot have, or with a weight that rounds to 0, counts 0, and one of p's is
 * put in its place, so that costs never see it.
 * @throws where the proposal is no distribution, or its event shape, its batch shape or its discreteness do not fit, or
 * its support is known to miss values of p
 */
export function importance(config: ImportanceConfig = {}): Estimator {
  const who = 'importance';
  checkKeys(who, config, ['proposal', 'samples']);
  const {proposal, samples = 1} = config;
  if (proposal !== undefined && !((proposal as unknown) instanceof Distribution))
    checkFunction(who, 'proposal', proposal, "from the node's distribution to another, or a distribution");
  checkCount(who, 'samples', samples, 1);
  return {
    kind: 'estimator',
    name: who,
    config: proposal === undefined ? {samples} : null,
    bias: 'unbiased',
    requires: fixedSupport,
    evaluations: samples,
    source: 'Kahn and Marshall 1953; Glynn 1990',
    differentiable: false,
    ...(samples === 1 ? {} : {samples}),
    draw(p, sampleShape, key) {
      const [forValue, forOthers] = split(key, 2);
      const [value, weights] = unrecorded(() => {
        const r = proposalFor(who, proposal, p);
        const shape = [...sampleShape, ...p.batchShape];
        const drawn = ofType(r.sample(sampleShape, {key: forValue!}), 'float32');
        const logR = r.logProbOfDraw(drawn);
        const weight = tf.exp(tf.sub(p.logProbOfDraw(drawn), logR));
        if (r === p || (r.support === p.support && !p.isDiscrete)) return [typed(drawn, p.dtype), weight];
        const inside = tf.logicalAnd(tf.broadcastTo(p.support.contains(drawn), shape), tf.greater(weight, LEAST));
        const spread = tf.reshape(inside, [...shape, ...p.eventShape.map(() => 1)]);
        const possible = select(spread, drawn, ofType(p.sample(sampleShape, {key: forOthers!}), 'float32'));
        return [typed(possible, p.dtype), select(inside, weight, 0)];
      }) as [tf.Tensor, tf.Tensor]; // two are made
      return {value, weights};
    },
    combine: weightedScore,
  };
}

/** The proposal for this node, of its batch shape. */
function proposalFor(who: string, proposal: ImportanceConfig['proposal'], p: Distribution): Distribution {
  const r: unknown = typeof proposal === 'function' ? proposal(p) : (proposal ?? p);
  check(r instanceof Distribution, who, 'the function must return a distribution', r);
  const names = `the proposal ${r.familyName} for ${p.familyName}`;
  check(
    sameShape(r.eventShape, p.eventShape),
    who,
    `${names} must have the event shape [${p.eventShape.join(',')}]`,
    r.eventShape,
  );
  check(r.isDiscrete === p.isDiscrete, who, `${names} must be ${p.isDiscrete ? 'discrete' : 'continuous'}`);
  const joint = tryBroadcast([r.batchShape, p.batchShape]);
  check(
    joint !== null && sameShape(joint, p.batchShape),
    who,
    `${names} must have a batch shape that broadcasts to [${p.batchShape.join(',')}]`,
    r.batchShape,
  );
  const missed = r === p ? null : missedBy(r, p);
  check(missed === null, who, `${names} must cover its support, but ${missed}`);
  return sameShape(r.batchShape, p.batchShape) ? r : r.broadcastBatch(p.batchShape);
}

/** A float32 tensor in another dtype. */
function typed(x: tf.Tensor, dtype: tf.DataType): tf.Tensor {
  return dtype === 'float32' ? tf.clone(x) : tf.cast(x, dtype);
}
