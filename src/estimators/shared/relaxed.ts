/** What the estimators share whose value is soft, or hard with the derivative of a soft one. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../../util/errors.js';
import {detach} from '../../math/stopGradient.js';
import type {Distribution, Relaxation} from '../../distributions/distribution.js';
import type {Draw, EstimatorOf} from '../../graph/estimator.js';
import type {Key} from '../../keys/key.js';
import type {Shape} from '../../util/shapes.js';
import {softenable} from './requirements.js';

/** What sets one of these estimators apart. */
interface RelaxedVariant {
  readonly name: string;
  readonly config: EstimatorOf<'relaxation'>['config'];
  readonly source: string;
  /** Default: `softenable`. */
  readonly requires?: EstimatorOf<'relaxation'>['requires'];
  /** The value, differentiable in the parameters. */
  readonly value: (distribution: Distribution, relaxation: Relaxation, sampleShape: Shape, key: Key) => tf.Tensor;
  readonly dispose: () => void;
}

/** A biased estimator whose value stays differentiable in the parameters. */
export function relaxedEstimator({value, requires = softenable, ...rest}: RelaxedVariant): EstimatorOf<'relaxation'> {
  const {name} = rest;
  return {
    kind: 'estimator',
    needs: 'relaxation',
    bias: 'biased',
    requires,
    evaluations: 1,
    differentiable: true,
    draw(distribution, sampleShape, key): Draw {
      const {relaxation} = distribution;
      check(relaxation !== null, name, `needs ${requires.rule}`, distribution.familyName);
      return {value: value(distribution, relaxation, sampleShape, key)};
    },
    combine: node => fail(name, `node ${JSON.stringify(node.name)} needs no surrogate term`),
    ...rest,
  };
}

/** `hard`, exactly, with the derivative of `soft`, which is finite and broadcasts to it. */
export function straighten(hard: tf.Tensor, soft: tf.Tensor): tf.Tensor {
  return tf.add(hard, tf.sub(soft, detach(soft)));
}
