/** Gradients of a stochastic objective with respect to variables. */
import * as tf from '@tensorflow/tfjs-core';
import {needBackend} from '../util/backend.js';
import {check} from '../util/errors.js';
import {bytesHeld, tellOutOfMemory} from '../util/outOfMemory.js';
import {recorder} from '../util/recorder.js';
import {isListOf, isVariable} from '../util/tensors.js';
import {checkFunction} from '../util/options.js';
import {checkGradientsRegistered, ensureKernels} from '../kernels/index.js';
import {noteFailedStep} from './failedStep.js';
import {healthOf, type CostHealth} from './costHealth.js';
import {warnOfCuts} from './cuts.js';
import {isOwn} from './estimatorStore.js';
import {objectiveGradients, type OwnGradient} from './ownGradients.js';
import {perExampleCosts} from './perExample.js';
import {Replay} from './replay.js';
import {tellOfConstants, tellOfSamples} from './sampleHint.js';
import {serve} from './nodeLink.js';
import {sumOfMeans} from './surrogateLoss.js';
import {disposeAbandonedTape, readTape} from './tape.js';
import {surrogateTerms} from './terms.js';
import {warnOfUntaken} from './untakenCosts.js';
import {countedCosts, weightedNodes} from './weights.js';

export type CheckedGradients = VariableGradients & {
  health: CostHealth;
  /**
   * The names of the estimators' own variables that have a gradient, in the order of the program, whenever they were
   * made: `grads` has numbers for names in the order of the numbers.
   */
  own: readonly string[];
  /** The nodes of the step in words. */
  describeNodes: () => string;
};

/** A function with random nodes: it gives a cost of shape `[sample…, batch…]`, several, or a scalar. */
export type CostProgram = () => tf.Tensor | readonly tf.Tensor[];

/** A type rather than an interface, so that `tf.dispose` takes it. */
export type VariableGradients = {
  /** The true cost: the mean over sample and batch axes of the summed costs. Never the surrogate. */
  value: tf.Scalar;
  /**
   * By variable name: the estimates for `variables`, and the gradients of the estimators' own variables (learned
   * baselines, control variates).
   */
  grads: tf.NamedTensorMap;
};

/**
 * Estimates ∂/∂v E[mean of the summed costs] for each variable v, where `f` may draw from random nodes: the surrogate
 * loss of Schulman et al. 2015 through one ordinary backward pass.
 *
 * An estimator that must see the cost at other values of its node has `f` run again, so `f` must make the same nodes
 * each time; nodes keep their keys, and calls of `random` without a key give what they gave before. Variables that such
 * a repetition assigns hold afterwards what they held before it, and what it keeps (`tf.keep`) is disposed, so that
 * moving statistics and metrics count once; what else `f` does, counting its calls say, it does again, unless it asks
 * `isRepetition`. Scalars that `f` keeps downstream of weighted draws are weighted as the costs are.
 *
 * @param f returns a cost of shape `[sample…, batch…]` or a list of costs. A scalar is taken apart again: the
 * per-example costs that it is the mean or the sum of are found on the tape, and where they cannot be, the scalar is
 * used and a warning says so once.
 * @param variables default: all trainable variables, those of estimators left out and those that `f` makes, as a layer
 * does at its first call, with them
 * @throws if `f` returns no float tensor, or nothing that depends on a variable; where memory runs out, with the nodes
 * and their estimators
 * @example
 * ```ts
 * const logits = tf.tidy(() => tf.variable(tf.zeros([1])));
 * const {value, grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'enumerate'});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * value; // 0.3125
 * grads[logits.name]; // [0.125]
 * tf.dispose([value, grads, logits]); // no tensor is left behind
 * ```
 */
export function variableGrads(f: CostProgram, variables?: readonly tf.Variable[]): VariableGradients {
  const {value, grads} = checkedGrads(f, variables, false);
  return {value, grads};
}

/**
 * As `variableGrads`, with what is known of costs that are not finite.
 * @param isWatched whether anybody looks at what is known later only
 */
export function checkedGrads(
  f: CostProgram,
  variables: readonly tf.Variable[] | undefined,
  isWatched: boolean,
): CheckedGradients {
  const who = 'variableGrads';
  needBackend();
  checkFunction(who, 'the first argument', f, 'that returns costs');
  check(
    variables === undefined || isListOf(variables, isVariable),
    who,
    'the second argument must be a list of variables',
    variables,
  );
  ensureKernels();
  checkGradientsRegistered();
  const list = (variables ?? modelVariables()).filter(v => v.trainable);
  recorder()?.expected(list.length, [], () => (variables ?? modelVariables()).filter(v => v.trainable).length);
  check(
    list.length > 0 || variables === undefined,
    who,
    'needs at least one trainable variable (a layer or a cell that holds others lists theirs in its trainableWeights)',
    (variables ?? []).map(v => v.name),
  );
  const replay = new Replay(who, f);
  let bytes: number | undefined;
  try {
    return ofStep(who, replay, variablesOf(list, variables === undefined), isWatched, held => (bytes = held));
  } catch (error) {
    tellOutOfMemory(who, error, () => replay.run.describeNodes(), bytes);
    const {turns, withTerm} = replay.run;
    tellOfSamples(
      error,
      withTerm.filter(({node}) => turns?.has(node) !== true),
    );
    tellOfConstants(error, withTerm);
    throw error;
  }
}

/** The variables to differentiate in; an open list takes those in that the function makes. */
interface Variables {
  readonly list: tf.Variable[];
  readonly isOpen: boolean;
}

function variablesOf(list: tf.Variable[], isOpen: boolean): Variables {
  return {list, isOpen};
}

/**
 * @param note told the bytes that tensors hold when the forward pass ends, well or not: the scope frees them before an
 * error is out of it
 */
function ofStep(
  who: string,
  replay: Replay,
  {list, isOpen}: Variables,
  isWatched: boolean,
  note: (bytes: number) => void,
): CheckedGradients {
  let value: tf.Scalar | null = null;
  let own: OwnGradient[] = [];
  let loss: tf.Scalar | null = null;
  let health: CostHealth | null = null;
  // the engine wants one at the start, and reads the list when the function has run
  const inputs: tf.Tensor[] = list.length > 0 ? [...list] : [tf.scalar(0)];
  const standIn = list.length > 0 ? null : inputs[0]!;
  try {
    const forward = (): tf.Scalar => {
      const costs = replay.first();
      warnOfUntaken();
      if (isOpen) list.splice(0, list.length, ...modelVariables());
      check(list.length > 0, who, 'needs at least one trainable variable', []);
      inputs.splice(0, inputs.length, ...list);
      const {credits, given, influenced} = perExampleCosts(readTape(who), costs, 0, replay.firstPassEnds);
      serve(influenced.map(({link}) => link)); // nodes of a scope of tfjs around this one
      const counted = countedCosts(costs, credits, weightedNodes(influenced));
      value = tf.keep(meanCost(counted));
      health = healthOf(value, costs, readTape(who), isWatched);
      warnOfCuts(readTape(who), {costs, influenced, withTerm: replay.run.withTerm, variables: list});
      if (weightedNodes(influenced).length > 0 || replay.hasPasses) replay.settleKept();
      const {terms, objectives} = surrogateTerms({credits, given, influenced, replay});
      own = objectiveGradients([...objectives, ...replay.run.takeObjectives()]);
      own.forEach(({gradient}) => tf.keep(gradient));
      return (loss = sumOfMeans([...counted, ...terms.map(({surrogate}) => surrogate)]));
    };
    // As tf.variableGrads, which leaves a tensor behind where it finds no path to a variable.
    const result = tf.engine().gradients(
      () => {
        try {
          return forward();
        } finally {
          note(bytesHeld());
        }
      },
      inputs,
      undefined,
      true,
    );
    result.value.dispose();
    const grads: tf.NamedTensorMap = {};
    // with allowNoGradients, its last argument, some may be missing
    const found = result.grads as Array<tf.Tensor | undefined>;
    found.forEach((gradient, i) => {
      if (gradient) grads[list[i]!.name] = gradient;
    });
    check(
      Object.keys(grads).length > 0,
      who,
      'the costs must depend on at least one of the variables; numbers that were read off tensors depend on none, and a ' +
        'model draws in model.apply(x, {training: true}) alone',
    );
    for (const {variable, gradient} of own) {
      grads[variable.name]?.dispose();
      grads[variable.name] = release(gradient);
    }
    // both were assigned in the closure above
    return {
      value: release(value!),
      grads,
      health: health!,
      own: own.map(({variable}) => variable.name),
      describeNodes: () => replay.run.describeNodes(),
    };
  } catch (error) {
    const means = (health as CostHealth | null)?.later?.means; // assigned in the closure above, as the others
    // The loss too: where the backward pass fails, the engine forgets it.
    const kept = [value, loss, means] as Array<tf.Tensor | null | undefined>; // as above
    tf.dispose([...kept.flatMap(t => (t && !t.isDisposed ? [t] : [])), ...own.map(o => o.gradient)]);
    disposeAbandonedTape();
    noteFailedStep(replay.held);
    throw error;
  } finally {
    standIn?.dispose();
    replay.dispose();
  }
}

/** All trainable variables that are not an estimator's own. */
export function modelVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables).filter(v => v.trainable && !isOwn(v));
}

/** Σ over costs of the mean of each. */
function meanCost(costs: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() =>
    costs.map(c => (c.rank === 0 ? tf.clone(c) : tf.mean(c))).reduce((a, b) => tf.add(a, b)),
  ) as tf.Scalar; // each is a scalar
}

/** A kept tensor handed over to the caller's scope. */
function release<T extends tf.Tensor>(kept: T): T {
  const handed = tf.clone<T>(kept);
  kept.dispose();
  return handed;
}
