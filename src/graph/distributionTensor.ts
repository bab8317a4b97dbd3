/** A random node: a value drawn from a distribution inside ordinary tfjs code. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys, fail} from '../util/errors.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {detach} from '../math/stopGradient.js';
import {checkKey, type Key} from '../random/key.js';
import {nextKey} from '../random/stream.js';
import {ensureKernels} from '../kernels/index.js';
import {Distribution} from '../distributions/distribution.js';
import {isEstimator, type Draw, type Estimator, type EstimatorFor, type LossFunction, type NodeView} from './estimator.js';
import {sharedEstimator, slotOf} from './estimatorStore.js';
import {lossFunctionEstimator} from './lossFunction.js';
import {alignCosts} from './alignCost.js';
import {toConstant} from './cost.js';
import {checkCosts} from './surrogateLoss.js';
import {inGradientScope, persist} from './tape.js';
import {linkNode, linkOf, StochasticTensor} from './stochasticTensor.js';
import {checkValueType, valueTypeOrDefault, type ValueType} from './valueTypes.js';

const WHO = 'DistributionTensor';

export interface DistributionTensorOptions<D extends Distribution = Distribution> {
  /**
   * An estimator, its registered name, a plain loss function, or null for none. Default: pathwise where the distribution is
   * reparameterised and the value type does not stop the gradient, else the score function.
   */
  estimator?: EstimatorFor<D> | string | LossFunction | null;
  /** Default: that of `withValueType`, or one sample. */
  valueType?: ValueType;
  name?: string;
  /** Default: the next key of the default stream. */
  key?: Key;
}

/**
 * A node of a stochastic computation graph (Schulman et al. 2015): draws `value ~ distribution` and names the estimator of the gradient
 * with respect to the distribution's parameters.
 *
 * `value` has shape `[sample…, batch…, event…]`. It is cut off from autodiff unless the estimator is pathwise.
 * @throws if the estimator cannot serve the distribution, or an option is unknown or of the wrong type.
 */
export class DistributionTensor<D extends Distribution = Distribution> extends StochasticTensor {
  readonly #distribution: () => Distribution;

  constructor(distribution: D, options: DistributionTensorOptions<D> = {}) {
    check(distribution instanceof Distribution, WHO, 'the first argument must be a Distribution', distribution);
    checkKeys(WHO, options, ['estimator', 'valueType', 'name', 'key']);
    check(options.name === undefined || (typeof options.name === 'string' && options.name !== ''), WHO, 'name must be a non-empty string', options.name);
    const valueType = options.valueType ?? valueTypeOrDefault();
    checkValueType(WHO, valueType);
    const name = options.name ?? distribution.name;
    const estimator = chooseEstimator(distribution, options.estimator, valueType);
    if (options.key !== undefined) checkKey(WHO, options.key);
    ensureKernels();

    const node = makeValue(distribution, estimator, valueType, options.key);
    super(node.value, name);
    const {distribution: lasting, expand} = node;
    this.#distribution = expand ?? (() => lasting);
    const hasTerm = estimator !== null && !estimator.differentiable && node.held !== null && inGradientScope();
    linkNode({
      node: this,
      parents: Object.values(node.distribution.tensors()),
      term: hasTerm ? {estimator, view: makeView(node, node.held, name, slotOf(estimator, options.name))} : null,
    });
  }

  /**
   * The distribution that the value belongs to: its batch has any sample axes that the value type or the estimator merged into it. With
   * `sampleAndReshapeValue` outside a gradient scope its parameters are new tensors of the caller's.
   */
  get distribution(): Distribution {
    return this.#distribution();
  }

  override loss(finalLoss: tf.Tensor): tf.Tensor | null {
    const who = `${WHO}.loss`;
    const {term} = linkOf(who, this);
    if (term === null) return null;
    checkCosts(who, finalLoss);
    check(!term.view.value.isDisposed, who, `node ${JSON.stringify(this.name)} must be used inside the gradient scope in which it was made; that one is over`);
    return tf.tidy(() => term.estimator.combine(term.view, alignCosts(term.view, [detach(finalLoss)])).surrogate);
  }

  /**
   * The surrogate term of a reward that this value earned: `loss(−reward)`, with the baseline of the node's estimator. Add the mean of
   * the result to what is minimised. `reward` has shape `[sample…, batch…]` or fewer axes.
   * @throws if the node has no surrogate term (reparameterised, mean, or made outside a gradient scope), or a number is not finite.
   */
  reinforce(reward: tf.Tensor | tf.TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const term = this.loss(tf.neg(toConstant(`${WHO}.reinforce`, reward)));
      if (term === null) {
        fail(`${WHO}.reinforce`, `node ${JSON.stringify(this.name)} needs an estimator with a surrogate term, and a gradient scope around its construction`);
      }
      return term;
    });
  }
}

/** Resolves the `estimator` option and checks that it can serve the distribution. */
function chooseEstimator(q: Distribution, option: DistributionTensorOptions['estimator'], valueType: ValueType): Estimator | null {
  if (option === null) return null;
  const byDefault = q.isReparameterized && !valueType.stopGradient ? 'pathwise' : 'scoreFunction';
  const chosen = option ?? byDefault;
  const estimator = typeof chosen === 'string' ? sharedEstimator(WHO, chosen) :
      isEstimator(chosen) ? chosen :
      typeof chosen === 'function' ? lossFunctionEstimator(chosen) :
      fail(WHO, 'estimator must be an estimator, its name, a function (node, value, cost) => Tensor, or null', chosen);
  if (valueType.kind === 'mean') return null;
  check(estimator.requires.accepts(q), WHO, `estimator ${JSON.stringify(estimator.name)} needs ${estimator.requires.rule}, got ${q.familyName}`);
  check(!(estimator.differentiable && valueType.stopGradient), WHO,
      `estimator ${JSON.stringify(estimator.name)} needs the gradient that the value type stops; leave stopGradient out or choose another estimator`);
  return estimator;
}

interface Drawn {
  readonly distribution: Distribution;
  /** Makes `distribution` again where its parameters do not outlive the tidy that it was made in. */
  readonly expand?: () => Distribution;
  readonly value: tf.Tensor;
  /** The value as a constant that outlives tidies; null where there will be no surrogate term. */
  readonly held: tf.Tensor | null;
  readonly memo: Readonly<Record<string, tf.Tensor>>;
  readonly samples: number;
}

/** Draws the value inside a tidy: only the value stays with the caller, the rest with the gradient scope. */
function makeValue(given: Distribution, estimator: Estimator | null, valueType: ValueType, key: Key | undefined): Drawn {
  let drawn: Drawn | undefined;
  tf.tidy(() => {
    drawn = valueType.kind === 'mean' ? takeMean(given, valueType.stopGradient) : draw(given, estimator, valueType, key ?? nextKey());
    return drawn.value;
  });
  return drawn!;
}

function takeMean(given: Distribution, stop: boolean): Drawn {
  const distribution = persistParameters(given);
  const mean = distribution.mean();
  return {distribution, value: stop ? detach(mean) : mean, held: null, memo: {}, samples: 1};
}

function draw(given: Distribution, estimator: Estimator | null, valueType: Exclude<ValueType, {kind: 'mean'}>, key: Key): Drawn {
  const merge = valueType.kind === 'sampleAndReshape';
  let sampleShape: Shape = merge ? [valueType.n] : valueType.shape;
  if (!merge && sampleShape.length === 0 && estimator?.samples !== undefined) sampleShape = [estimator.samples];
  const samples = sampleShape[0] ?? 1;
  const recording = inGradientScope();
  let q = given;
  const leading = sampleShape;
  const again = merge && !recording ? {expand: () => given.expand(leading, {merge})} : {};
  if (merge || (recording && estimator?.perSample === true)) {
    q = q.expand(sampleShape, {merge});
    sampleShape = [];
  }
  q = persistParameters(q);
  if (estimator === null || estimator.differentiable) {
    const x = q.sample(sampleShape, {key});
    return {distribution: q, value: valueType.stopGradient ? detach(x) : x, held: null, memo: {}, samples, ...again};
  }
  const {value, memo = {}}: Draw = recording && estimator.draw !== undefined ? estimator.draw(q, sampleShape, key) : {value: q.sample(sampleShape, {key})};
  const names = Object.keys(memo);
  const [held, ...kept] = persist([detach(value), ...Object.values(memo)]);
  return {distribution: q, value: detach(value), held: held!, memo: Object.fromEntries(names.map((n, i) => [n, kept[i]!])), samples, ...again};
}

/** The same distribution on parameters that live until the gradient scope ends. */
function persistParameters(q: Distribution): Distribution {
  const parameters = q.tensors();
  const names = Object.keys(parameters);
  if (names.length === 0 || !inGradientScope()) return q;
  const kept = persist(Object.values(parameters));
  return q.withTensors(Object.fromEntries(names.map((n, i) => [n, kept[i]!])));
}

function makeView(node: Drawn, held: tf.Tensor, name: string, slot: string): NodeView {
  const {distribution, memo, samples} = node;
  const shape = held.shape.slice(0, held.rank - distribution.eventShape.length);
  check(sizeOf(shape) > 0, WHO, `node ${JSON.stringify(name)} must have at least one sample`, held);
  return {name, slot, distribution, value: held, memo, shape, samples, logProb: () => distribution.logProbOfDraw(held)};
}
