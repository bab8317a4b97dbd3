/** A random node: a value drawn from a distribution inside ordinary tfjs code. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import {check, fail} from '../util/errors.js';
import {checkKeys, checkText} from '../util/options.js';
import {sameShape, sizeOf} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {detach, stopGradient} from '../math/stopGradient.js';
import {checkKey, type Key} from '../keys/key.js';
import {nextKey} from '../random/stream.js';
import {ensureKernels} from '../kernels/index.js';
import {Distribution} from '../distributions/distribution.js';
import {checkTerm, type Estimator, type EstimatorFor, type LossFunction} from './estimator.js';
import type {NodeView} from './nodeView.js';
import {chooseEstimator} from './chooseEstimator.js';
import type {EstimatorName} from './estimatorRegistry.js';
import {unknownDownstream} from './unknownDownstream.js';
import {conventionalAxes} from './axes/convention.js';
import {isEvery} from './axes/factors.js';
import {toConstant} from './cost.js';
import {checkCosts} from './checkCosts.js';
import {nodeCost} from './credit.js';
import {makeValue, type MadeValue} from './drawing.js';
import {noteHeldLogProb} from './heldLogProbs.js';
import {logProbAlong, logProbKept, type Kept} from './kept.js';
import {readRecorded} from './recorded.js';
import {currentRun, isForeignScope} from './run.js';
import {linkNode, linkOf, serve, weighTerm} from './nodeLink.js';
import {StochasticTensor} from './stochasticTensor.js';
import {guardUpstream, type Guarded} from './tape.js';
import {checkValueType, sampleValue, valueTypeOrDefault, type ValueType} from './valueTypes.js';

const WHO = 'DistributionTensor';

/** How a node draws, and how its gradient is estimated; the same options wherever the library makes nodes. */
export interface DistributionTensorOptions<D extends Distribution = Distribution> {
  /**
   * An estimator, its registered name, a plain loss function, or null for none. Default: pathwise where the
   * distribution is reparameterised and the value type does not stop the gradient, else the score function.
   */
  estimator?: EstimatorFor<D> | EstimatorName | LossFunction | null;
  /** Default: that of `withValueType`, or one sample. */
  valueType?: ValueType;
  /**
   * Not empty. For error messages, and to find the node's state in the next step; default one made up from its place.
   */
  name?: string;
  /** Default: the next key of the default stream. */
  key?: Key;
  /**
   * A recorded value in the place of a draw, `[sample…, batch…, event…]`: the action of an episode that is replayed, or
   * that another policy acted in. It is credited as a draw is, by estimators that draw in no way of their own, and with
   * `pathwise` as the draw that it was, its noise inferred. Excludes `valueType`.
   */
  value?: tf.Tensor | tf.TensorLike;
  /**
   * ln b(value), `[sample…, batch…]`, finite, of the distribution b that drew the value, where that is another one: costs
   * downstream are weighted with w = p(value) / b(value) of all such nodes upstream of them (per-decision importance
   * sampling, Precup et al. 2000, section 3). Default: the node's own, w = 1.
   */
  behaviorLogProb?: tf.Tensor | tf.TensorLike;
}

/**
 * A node of a stochastic computation graph (Schulman et al. 2015): draws `value ~ distribution` and names the estimator
 * of the gradient with respect to the distribution's parameters.
 *
 * `value` has shape `[sample…, batch…, event…]`. It is cut off from autodiff unless the estimator is pathwise.
 * @throws if the estimator cannot serve the distribution, or an option is unknown or of the wrong type.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const {grads} = st.variableGrads(() => {
 *   const q = new st.Bernoulli({logits});
 *   const b = new st.DistributionTensor(q, {estimator: st.scoreFunction(), key: st.random.key(1)});
 *   return tf.square(tf.sub(b.value, 0.25)); // any tfjs code
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export class DistributionTensor<D extends Distribution = Distribution> extends StochasticTensor {
  readonly #distribution: () => Distribution;
  /** Whether the value was drawn, so that its log-probability needs no look at the support. */
  readonly #isDraw: boolean;
  readonly #isRecorded: boolean;
  readonly #stopsScore: boolean;
  readonly #isGuarded: boolean;
  /** What the value was before a map rounded it. */
  readonly #kept: () => Kept | null;

  constructor(distribution: D, options: DistributionTensorOptions<D> = {}) {
    check(distribution instanceof Distribution, WHO, 'the first argument must be a Distribution', distribution);
    checkKeys(WHO, options, ['estimator', 'valueType', 'name', 'key', 'value', 'behaviorLogProb']);
    if (options.name !== undefined) checkText(WHO, 'name', options.name);
    const {valueType: given = options.value === undefined ? valueTypeOrDefault() : sampleValue()} = options;
    checkValueType(WHO, given);
    const name = options.name ?? distribution.name;
    const estimator = chooseEstimator(WHO, distribution, options.estimator, given);
    const recorded = readRecorded(WHO, distribution, estimator, options);
    check(recorded === null || options.valueType === undefined, WHO, 'takes a value or a valueType, not both');
    const valueType = recorded === null ? given : sampleValue(recorded.samples);
    if (options.key !== undefined) checkKey(WHO, options.key);
    const samples = valueType.kind === 'sample' ? valueType.shape : [];
    const asked = [...samples, ...distribution.batchShape, ...distribution.eventShape];
    if (estimator !== null && sizeOf(asked) === 0) {
      fail(
        WHO,
        `node ${JSON.stringify(name)} must have at least one sample of one number, got the shape [${asked.join(',')}]`,
      );
    }
    ensureKernels();

    const run = currentRun();
    const key = options.key ?? nextKey();
    const place = run?.enter(name, key, {estimator: estimator?.name ?? null, batchShape: distribution.batchShape}) ?? {
      place: -1,
      key,
      value: null,
      drawn: () => undefined,
    };
    const node = makeValue(distribution, estimator, valueType, place, recorded);
    const hasTerm = run !== null && estimator !== null && !estimator.differentiable && node.held !== null;
    const parents = Object.values(node.distribution.tensors());
    const guarded =
      hasTerm && parents.length > 0 && isForeignScope() ? guardValue(node.value, parents, name, estimator) : null;
    super(guarded?.value ?? node.value, name);
    brand(DistributionTensor.prototype, 'DistributionTensor');
    this.#isGuarded = guarded !== null;
    this.#kept = node.kept;
    const {distribution: lasting, expand, weights} = node;
    this.#distribution = expand ?? (() => lasting);
    this.#isDraw = valueType.kind !== 'mean';
    this.#isRecorded = recorded !== null;
    this.#stopsScore = estimator?.stopsScore === true;
    const heads = node.value.shape.slice(0, node.value.rank - node.distribution.eventShape.length);
    const link = {
      node: this,
      parents,
      parentRanks: ranksOf(node.distribution),
      shape: heads,
      batchRank: heads.length - (node.sampleRank ?? 0),
      term: hasTerm ? {estimator, view: makeView(node, node.held, name, run.slotOf(estimator, options.name))} : null,
      weights,
      weighsTerm: recorded !== null && weights !== null,
      sampleRank: node.sampleRank,
      place: place.place,
      guard: guarded,
    };
    linkNode(link);
    place.drawn(heads);
    if (hasTerm) run.note(link);
    if (run !== null && place.value !== null) run.substituted = link;
  }

  /**
   * The distribution that the value belongs to: its batch has any sample axes that the value type or the estimator
   * merged into it. With `sampleAndReshapeValue` outside a gradient scope its parameters are new tensors of the
   * caller's.
   */
  get distribution(): Distribution {
    return this.#distribution();
  }

  override logProb(): tf.Tensor {
    if (!this.#isDraw) return super.logProb();
    const result = tf.tidy(() => {
      const {distribution} = this;
      // a constant there too, and no reason to refuse
      const value = this.#isGuarded && !this.#stopsScore ? stopGradient(this.value) : this.value;
      const tensors = Object.entries(distribution.tensors());
      const q =
        this.#stopsScore && tensors.length > 0
          ? distribution.withTensors(Object.fromEntries(tensors.map(([name, t]) => [name, detach(t)])))
          : distribution;
      const shape = value.shape.slice(0, value.rank - q.eventShape.length);
      const logProb = this.#isRecorded ? q.logProb(value) : logProbAlong(q, value, this.#kept());
      return sameShape(logProb.shape, shape) ? logProb : grow(logProb, shape);
    });
    if (this.#stopsScore) noteHeldLogProb(this, result);
    return result;
  }

  override loss(finalLoss: tf.Tensor): tf.Tensor | null {
    const who = `${WHO}.loss`;
    const link = linkOf(who, this);
    const {term} = link;
    if (term === null) return null;
    serve([link]);
    checkCosts(who, finalLoss);
    check(
      !term.view.value.isDisposed,
      who,
      `node ${JSON.stringify(this.name)} must be used inside the gradient scope in which it was made; that one is over`,
    );
    return tf.tidy(() => {
      const {shape, batchRank} = linkOf(who, this);
      const axes = conventionalAxes({shape, batchRank}, finalLoss.shape);
      check(
        axes !== null,
        `node ${JSON.stringify(this.name)}`,
        `its log-probability has shape [${shape.join(',')}] and a cost of shape [${finalLoss.shape.join(',')}] ` +
          'does not align with it; costs have shape [sample…, batch…]: sum over event axes, or make axes events ' +
          'with Independent',
      );
      const cost = nodeCost(shape, [{axes, cost: detach(finalLoss)}]);
      const {surrogate} = checkTerm(
        term.estimator,
        term.estimator.combine(term.view, cost, unknownDownstream(term.estimator, this.name, cost, axes.some(isEvery))),
        term.view.shape,
      );
      return weighTerm(link, surrogate);
    });
  }

  /**
   * The surrogate term of a reward that this value earned: `loss(−reward)`, with the baseline of the node's estimator.
   * Add the mean of the result to what is minimised. `reward` has shape `[sample…, batch…]` or fewer axes.
   * @throws if the node has no surrogate term (reparameterised, mean, or made outside a gradient scope), or a number is
   * not finite.
   */
  reinforce(reward: tf.Tensor | tf.TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const term = this.loss(tf.neg(toConstant(`${WHO}.reinforce`, reward)));
      if (term === null) {
        fail(
          `${WHO}.reinforce`,
          `node ${JSON.stringify(this.name)} needs an estimator with a surrogate term, and a gradient scope ` +
            'around its construction',
        );
      }
      return term;
    });
  }
}

/**
 * In a scope of tfjs nobody adds the surrogate term unless the user does: a gradient that leads through the value
 * without one is an error, since everything before the node would get none.
 */
function guardValue(value: tf.Tensor, parents: readonly tf.Tensor[], name: string, estimator: Estimator): Guarded {
  const guarded = guardUpstream(value, parents, () =>
    fail(
      `node ${JSON.stringify(name)}`,
      `its estimator ${JSON.stringify(estimator.name)} adds a surrogate term to the loss, and the loss that is ` +
        'being differentiated has none, so nothing before the node would be trained by it: wrap the optimizer, ' +
        'st.stochasticOptimizer(tf.train.adam(…)), also for model.compile; or use st.variableGrads in the place ' +
        'of tf.variableGrads; or differentiate the mean of st.surrogateLoss(costs). Where the value is to be a ' +
        'constant, use st.stopGradient(node.value)',
    ),
  );
  value.dispose();
  return guarded;
}

function makeView(node: MadeValue, held: tf.Tensor, name: string, slot: string): NodeView {
  const {distribution, kept, isRecorded, memo, samples, weights} = node;
  const shape = held.shape.slice(0, held.rank - distribution.eventShape.length);
  return {
    name,
    slot,
    distribution,
    value: held,
    memo,
    shape,
    samples,
    weights,
    logProb: () => (isRecorded ? distribution.logProb(held) : logProbKept(distribution, held, kept())),
  };
}

/** For each tensor of a distribution the number of axes that are not the batch's. */
function ranksOf(distribution: Distribution): number[] {
  const ranks = distribution.tensorRanks();
  return Object.keys(distribution.tensors()).map(name => ranks[name]!);
}
