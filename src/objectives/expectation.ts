/** Expectations as ordinary tensors, whose ordinary gradients are estimates. */
import type * as tf from '@tensorflow/tfjs-core';
import {needBackend} from '../util/backend.js';
import {check, failUnknown} from '../util/errors.js';
import {checkCount, checkKeys, checkFunction} from '../util/options.js';
import {broadcastShapes, sameShape, tryBroadcast, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {checkKey, split, type Key} from '../keys/key.js';
import {Distribution} from '../distributions/distribution.js';
import {ensureKernels} from '../kernels/index.js';
import {DistributionTensor, type DistributionTensorOptions} from '../graph/distributionTensor.js';
import {expectedCost, type PartialCost} from '../graph/expectedCost.js';
import {sampleValue} from '../graph/valueTypes.js';

const WHO = 'expectation';

/** An estimator, its name, a plain loss function, or null, as a node takes it. */
export type EstimatorOption<D extends Distribution = Distribution> = DistributionTensorOptions<D>['estimator'];

/** Distributions by name. */
export type DistributionRecord = Readonly<Record<string, Distribution>>;

/** How `expectation` draws, and how its gradient is estimated. */
export interface ExpectationOptions<Q extends Distribution | DistributionRecord = Distribution> {
  /** For a record, one for all or one for each by name. Default: as for `DistributionTensor`. */
  estimator?: Q extends Distribution
    ? EstimatorOption<Q>
    : EstimatorOption | {readonly [name in keyof Q]?: EstimatorOption};
  /**
   * Samples that are drawn and averaged along an axis of their own. Default: one draw without such an axis, or as many
   * as the estimator asks for.
   */
  samples?: number;
  /** Default: the next keys of the default stream. */
  key?: Key;
}

/** What `f` is given. */
export type Drawn<Q extends Distribution | DistributionRecord> = Q extends Distribution
  ? tf.Tensor
  : {readonly [name in keyof Q]: tf.Tensor};

/**
 * E_q[f(x)] ≈ (1/S) Σ_s f(x_s), x_s ~ q, as a tensor of shape `[batch…]`. Inside a gradient scope (`tf.grad`,
 * `tf.variableGrads`, `st.variableGrads`, …) its ordinary gradient, to each element, is the estimate of ∂E_q[f(x)] that
 * `estimator` makes, with respect to q's parameters and to all that `f` uses: the surrogate loss of Schulman et al.
 * 2015 (Theorem 1), attached to the value. It may be scaled, added and used in any function, and `f` may contain
 * expectations itself. Outside a gradient scope it is the same number for the same key: the same draws with the same
 * weights.
 *
 * What an estimator trains of its own (learned baselines, control variates) is trained where `st.variableGrads` or
 * `stochasticOptimizer` opened the scope. Random nodes that `f` makes belong to this expectation; do not use them
 * outside `f`.
 *
 * @param f from x, of shape `[sample…, batch…, event…]`, or for a record of distributions from their values by name, to
 * a float32 tensor of shape `[sample…, batch…]`. Estimators that see f at other values of x have it run again
 * @param q a distribution, or a record of them with one batch shape
 * @throws where `f` returns another shape: with what `f` closes over of a batch of its own, `expand` q to that batch
 * @example
 * ```ts
 * const q = new st.Bernoulli({probs: 0.25});
 * st.expectation(b => tf.square(tf.sub(b, 1)), q, {estimator: 'enumerate'}); // 0.75
 * ```
 */
export function expectation<Q extends Distribution | DistributionRecord>(
  f: (x: Drawn<Q>) => tf.Tensor,
  q: Q,
  options: ExpectationOptions<Q> = {},
): tf.Tensor {
  needBackend();
  checkFunction(WHO, 'the first argument', f, 'of a value');
  checkKeys(WHO, options, ['estimator', 'samples', 'key']);
  const {samples, key} = options;
  if (samples !== undefined) checkCount(WHO, 'samples', samples, 1);
  if (key !== undefined) checkKey(WHO, key);
  const made = recipes(q, options);
  const shape = commonBatch(made);
  const part = (): PartialCost => {
    const nodes = made.map(({distribution, options: own}) => new DistributionTensor(distribution, own));
    const values = nodes.map(node => node.value);
    const x = q instanceof Distribution ? values[0]! : Object.fromEntries(made.map(({name}, i) => [name, values[i]!]));
    const cost: unknown = f(x as Drawn<Q>); // a tensor for a distribution, else a record with its names
    checkCost(
      cost,
      shape,
      nodes.map(node => node.value.shape.slice(0, node.value.rank - node.distribution.eventShape.length)),
    );
    return {cost, shape};
  };
  ensureKernels();
  return expectedCost(WHO, part);
}

interface Recipe {
  readonly name: string;
  readonly distribution: Distribution;
  readonly options: DistributionTensorOptions;
}

/** What to make each node from. */
function recipes(
  q: Distribution | DistributionRecord,
  {estimator, samples, key}: ExpectationOptions<Distribution | DistributionRecord>,
): Recipe[] {
  const optionsOf = (own: EstimatorOption, ownKey: Key | undefined): DistributionTensorOptions => ({
    ...(samples === undefined ? {} : {valueType: sampleValue([samples])}),
    ...(own === undefined ? {} : {estimator: own}),
    ...(ownKey === undefined ? {} : {key: ownKey}),
  });
  if (q instanceof Distribution) {
    const one = estimator as EstimatorOption; // a distribution takes no record of estimators
    return [{name: q.name, distribution: q, options: optionsOf(one, key)}];
  }
  check(
    typeof q === 'object' &&
      q !== null &&
      Object.keys(q).length > 0 &&
      Object.values(q).every(d => d instanceof Distribution),
    WHO,
    'the second argument must be a distribution or a record of distributions',
    q,
  );
  const names = Object.keys(q);
  const keys = key === undefined ? null : split(key, names.length);
  return names.map((name, i) => ({
    name,
    distribution: q[name]!,
    options: {...optionsOf(estimatorOf(estimator, name, names), keys?.[i]), name},
  }));
}

/** The estimator of the distribution `name`: the one for all, or its own. */
function estimatorOf(
  estimator: ExpectationOptions<DistributionRecord>['estimator'],
  name: string,
  names: readonly string[],
): EstimatorOption {
  // no record
  if (typeof estimator !== 'object' || estimator === null || 'kind' in estimator) return estimator as EstimatorOption;
  const record = estimator as Readonly<Record<string, EstimatorOption>>;
  for (const known of Object.keys(record)) if (!names.includes(known)) failUnknown(WHO, 'distribution', known, names);
  return record[name];
}

function commonBatch(made: readonly Recipe[]): Shape {
  const [first, ...others] = made.map(({distribution}) => distribution.batchShape);
  check(
    others.every(shape => sameShape(shape, first!)),
    WHO,
    'the distributions of a record must have one batch shape: expand those that lack it',
    made.map(({distribution}) => distribution.batchShape),
  );
  return first!;
}

/** A cost of another shape would be averaged over axes that are no samples. */
function checkCost(cost: unknown, batch: Shape, nodeShapes: readonly Shape[]): asserts cost is tf.Tensor {
  const shape = broadcastShapes(WHO, nodeShapes);
  const fits =
    isTensor(cost) &&
    cost.dtype === 'float32' &&
    cost.rank >= batch.length &&
    sameShape(cost.shape.slice(cost.rank - batch.length), batch) &&
    cost.rank <= shape.length &&
    sameShape(tryBroadcast([cost.shape, shape]) ?? [], shape);
  check(fits, WHO, `f must return a float32 tensor of shape [sample…, batch…], here [${shape.join(',')}]`, cost);
}
