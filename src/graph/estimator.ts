/**
 * What a gradient estimator is. After Storchastic's decomposition (van Krieken et al. 2021): how a value is drawn, how
 * the cost that lies downstream becomes a surrogate term, and what trains the estimator's own variables.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {Distribution} from '../distributions/distribution.js';
import type {Key} from '../keys/key.js';
import {check} from '../util/errors.js';
import {tryBroadcast, type Shape} from '../util/shapes.js';
import {isListOf, isTensor, isVariable} from '../util/tensors.js';
import type {EstimatorFacts} from './estimatorFacts.js';
import type {Downstream, LateCost} from './inquiry.js';
import {areStates, type NodeStates} from './nodeStates.js';
import type {NodeCost, NodeView} from './nodeView.js';
import type {StochasticTensor} from './stochasticTensor.js';

/** What `draw` gives back. */
export interface Draw {
  /** The value, of shape `[sample…, batch…, event…]`. */
  readonly value: tf.Tensor;
  /** Tensors that `combine` will ask for; they are kept until the gradient scope ends. */
  readonly memo?: Readonly<Record<string, tf.Tensor>>;
  /** Where the value came of one (`sampleKept`): what it was before a map rounded it, of `fixed` reach. */
  readonly preImage?: tf.Tensor | null;
  /**
   * A constant factor for each sample, which broadcasts to `[sample…, batch…]`, where samples do not count alike: the
   * mean of weight·f(x) over the samples estimates E f(x). Everything downstream is weighted with it. Default 1.
   */
  readonly weights?: tf.Tensor;
}

/** An estimator's contribution for one node. */
export interface Term {
  /**
   * A tensor that broadcasts to the node's `shape`. The gradient of its mean over `shape` is the estimate of the
   * gradient of the mean cost. Its value has no meaning.
   */
  readonly surrogate: tf.Tensor;
  /** What the estimator's own variables minimise: a tensor (its mean counts) and those variables. */
  readonly objective?: Objective;
}

/** What trains an estimator's or a baseline's own variables: they get the gradient of the mean of a loss. */
export interface Objective {
  /** A tensor of any shape, made in the open gradient scope; its mean counts. */
  readonly loss: tf.Tensor;
  /** Those that follow it; no others get a gradient from it. */
  readonly variables: readonly tf.Variable[];
}

/** A gradient estimator. Configured once, used for any number of nodes and steps; state is kept per node slot. */
export interface Estimator extends EstimatorFacts {
  /**
   * Draws a value of shape `[sampleShape…, batch…, event…]` from `distribution`, whose batch shape includes any sample
   * axis of a `perSample` estimator. With a coupling the first axis of `sampleShape` is the estimator's own. Default:
   * `distribution.sample`.
   */
  draw?(distribution: Distribution, sampleShape: Shape, key: Key): Draw;
  /** From the downstream cost to the surrogate term. */
  combine(node: NodeView, cost: NodeCost, downstream: Downstream): Term;
  /**
   * What stands in for a cost that is not known yet: its expectation given the node's value, of the node's shape, a
   * constant. In a repetition nothing is to be learnt from it.
   */
  standIn?(node: NodeView, late: LateCost): tf.Tensor;
  /** What is remembered of each node from step to step, for saving; undefined where nothing is. */
  readonly states?: NodeStates | undefined;
  /**
   * As `config`, with the tfjs-layers models that it was given in their places, where nothing else keeps it from being
   * saved; default `config`.
   */
  readonly configWithModels?: Readonly<Record<string, unknown>> | null;
  /** Disposes the estimator's own variables. */
  dispose?(): void;
}

/** An estimator that needs a distribution with some capability, told apart by the type checker. */
export type EstimatorOf<Need extends 'reparameterization' | 'relaxation'> = Estimator & {
  /** What the distribution must have; `requires` says the same while a program runs. */
  readonly needs: Need;
};

/**
 * The estimators that can serve `D`, as far as its type tells; a general `Distribution` is checked when the node is
 * made.
 */
export type EstimatorFor<D extends Distribution> = Estimator & {
  /** Only what `D` has, where its type tells. */
  readonly needs?: boolean extends D['isReparameterized']
    ? 'reparameterization' | 'relaxation'
    : D['isReparameterized'] extends true
      ? 'reparameterization'
      : 'relaxation';
};

/** bayesflow's loss_fn: (node, its value as a constant, the downstream cost as a constant) to a surrogate term. */
export type LossFunction = (node: StochasticTensor, value: tf.Tensor, cost: tf.Tensor) => tf.Tensor;

/**
 * Whether `x` has all that nodes ask of an estimator.
 * @param x anything
 */
export function isEstimator(x: unknown): x is Estimator {
  if (typeof x !== 'object' || x === null) return false;
  const {kind, name, combine, requires, states, dispose} = x as Partial<Estimator>;
  return (
    kind === 'estimator' &&
    typeof name === 'string' &&
    typeof combine === 'function' &&
    typeof requires?.accepts === 'function' &&
    typeof requires.rule === 'string' &&
    areStates(states) &&
    (dispose === undefined || typeof dispose === 'function')
  );
}

/** What `combine` gave; throws in the estimator's name unless it is a term for a node of that shape. */
export function checkTerm(estimator: Estimator, made: Term, shape: Shape): Term {
  const who = `estimator ${JSON.stringify(estimator.name)}`;
  const {surrogate, objective} = (made as Partial<Term> | null | undefined) ?? {}; // a user's may give anything
  check(
    isTensor(surrogate) && !surrogate.isDisposed,
    who,
    'combine must return {surrogate} with a tensor that is alive',
    made,
  );
  check(
    tryBroadcast([surrogate.shape, shape])?.length === shape.length,
    who,
    `its surrogate term must broadcast to the node's shape [${shape.join(',')}]`,
    surrogate,
  );
  check(
    objective === undefined || (isTensor(objective?.loss) && isListOf(objective.variables, isVariable)),
    who,
    'its objective must be {loss, variables}, a tensor and a list of variables',
    objective,
  );
  return made;
}
