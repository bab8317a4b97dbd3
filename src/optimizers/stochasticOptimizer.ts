/** Any tf.Optimizer, made to follow stochastic gradients. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import {check} from '../util/errors.js';
import {checkBoolean, checkKeys, checkOneOf} from '../util/options.js';
import {recorder} from '../util/recorder.js';
import {tellOutOfMemory} from '../util/outOfMemory.js';
import {readsAtOnce} from '../math/finite.js';
import {select} from '../math/numerics.js';
import {EstimatorStore, isOwn, withEstimatorStore} from '../graph/estimatorStore.js';
import {inGradientScope} from '../graph/tape.js';
import {checkedGrads, type CheckedGradients, type CostProgram} from '../graph/variableGrads.js';
import {isGone} from '../graph/variablesOf.js';
import {CostWatch, nonFiniteModes, type NonFinite} from './costWatch.js';
import {defaultAdam} from './defaultAdam.js';
import {forwardHyperparameters, setHyperparameter} from './hyperparameters.js';
import {isOptimizer} from './isOptimizer.js';
import {MomentOrder} from './momentOrder.js';
import {readGradients, stepInOrder, type NamedTensor} from './namedGradients.js';
import {RecordedSteps} from './recordedSteps.js';
import {configOf, readSavedOptimizer} from './savedOptimizer.js';
import {stepCompiler} from './stepCompiler.js';
import {loadState, saveState, setIterations, type Part} from './savedState.js';

/** What `stochasticOptimizer` takes beside the optimizer that it wraps. */
export interface StochasticOptimizerConfig {
  /**
   * Trains the estimators' own variables (learned baselines, control variates). Default Adam of rate 1e-3 with an
   * epsilon of 1e-7 on every backend.
   */
  controlVariateOptimizer?: tf.Optimizer;
  /**
   * What becomes of a step with a cost that is not finite. In each case `minimize` leaves it out: no variable, no
   * moment of an optimizer and no state of an estimator takes it in. `warn` (default) says so, with the cost, the nodes
   * that bear on it and the step, ten times at most; `throw` is an error; `skip` says nothing.
   *
   * On cpu and wasm that takes one number read a step. webgl and webgpu are not read in between: there all gradients of
   * such a step count as 0 (three kernels for each variable), so the moments of Adam or Momentum go on as in a step
   * without gradient, and warnings and errors come as soon as the device has told, errors from the next call.
   */
  nonFinite?: NonFinite;
  /**
   * Whether steps are recorded and then run without tfjs's bookkeeping, as `compile` does: those of `model.fit`, and of
   * `minimize` where it is given the same function again. Default false.
   */
  compile?: boolean;
}

/**
 * A tf.Optimizer whose gradients are those of `variableGrads`: for `minimize` and for `model.compile` with `model.fit`.
 * The estimators' own variables are trained in the same step by an optimizer of their own.
 */
export class StochasticOptimizer extends tf.Optimizer {
  /** What saved models call it. */
  static className = 'StochasticOptimizer';

  /** Whether `value` is one of these: tf.Optimizer's own, which classes inherit, takes every optimizer for one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /**
   * The optimizer of the model's variables. What it is tuned by (`learningRate`, `beta1`, …) can be read and set here
   * as well.
   */
  readonly optimizer: tf.Optimizer;
  #controlVariateOptimizer: tf.Optimizer;
  readonly #ownsControlVariateOptimizer: boolean;
  readonly #store = new EstimatorStore();
  readonly #watch: CostWatch;
  /** Null where steps run as they are written. */
  readonly #recorded: RecordedSteps | null;
  readonly #order = new MomentOrder();
  /** The same for the variables of estimators. */
  readonly #ownOrder = new MomentOrder();
  /** The names of those in the last step, in the order of its program. */
  #ownListed: readonly string[] = [];
  /** What the last saving made beside the variables. */
  #saved: tf.Tensor | null = null;

  constructor(optimizer: tf.Optimizer, config: StochasticOptimizerConfig = {}) {
    const who = 'stochasticOptimizer';
    check(isOptimizer(optimizer), who, 'the first argument must be a tf.Optimizer', optimizer);
    checkKeys(who, config, ['controlVariateOptimizer', 'nonFinite', 'compile']);
    const {nonFinite = 'warn', compile = false} = config;
    checkBoolean(who, 'compile', compile);
    checkNonFinite(who, nonFinite);
    const {controlVariateOptimizer = defaultAdam(1e-3)} = config;
    check(
      isOptimizer(controlVariateOptimizer),
      who,
      'controlVariateOptimizer must be a tf.Optimizer',
      controlVariateOptimizer,
    );
    check(
      optimizer !== controlVariateOptimizer,
      who,
      'controlVariateOptimizer must be another object than the optimizer itself',
    );
    super();
    brand(StochasticOptimizer.prototype, 'StochasticOptimizer');
    this.#watch = new CostWatch(nonFinite);
    this.#recorded = compile ? new RecordedSteps(stepCompiler(who)) : null;
    this.optimizer = optimizer;
    this.#controlVariateOptimizer = controlVariateOptimizer;
    this.#ownsControlVariateOptimizer = config.controlVariateOptimizer === undefined;
    forwardHyperparameters(who, this, optimizer);
  }

  /** What trains the variables of estimators. */
  get controlVariateOptimizer(): tf.Optimizer {
    return this.#controlVariateOptimizer;
  }

  /** Of the wrapped optimizer. */
  get learningRate(): number {
    return (this.optimizer as unknown as {learningRate: number}).learningRate; // tfjs declares it protected
  }

  set learningRate(rate: number) {
    this.setLearningRate(rate);
  }

  /**
   * Sets the learning rate of the wrapped optimizer, from the next step on.
   * @throws if the wrapped optimizer has no learning rate, or `rate` is no finite number
   */
  setLearningRate(rate: number): void {
    setHyperparameter('stochasticOptimizer', this.optimizer, 'learningRate', rate);
  }

  /**
   * One step on E[mean of the costs that `f` returns].
   * @param returnCost whether to return the true cost (never the surrogate), a scalar
   * @param varList default: all trainable variables, those of estimators left out
   */
  override minimize(f: CostProgram, returnCost = false, varList?: tf.Variable[]): tf.Scalar | null {
    if (this.#recorded === null || recorder() !== null || inGradientScope() || !this.#recorded.comesBack(f))
      return this.#minimize(f, returnCost, varList);
    const stamp = `${returnCost} ${varList?.map(({name}) => name).join(' ')}`;
    return this.#recorded.of(f, stamp, () => this.#minimize(f, returnCost, varList))(null);
  }

  /**
   * With `compile: true` a step of one argument that is recorded, for adapters whose steps come down to `minimize`; else
   * the step itself.
   * @param owner what the step is of: it has one recording, until it is asked for with another `stamp`
   */
  recordedStep<D, R>(owner: object, stamp: unknown, step: (data: D) => R): (data: D) => R {
    return this.#recorded?.of(owner, stamp, step) ?? step;
  }

  #minimize(f: CostProgram, returnCost: boolean, varList: tf.Variable[] | undefined): tf.Scalar | null {
    const {value, grads, isBad, describeNodes} = this.#compute(f, varList);
    let isDone = false;
    try {
      if (!isBad)
        this.#apply(
          grads,
          value,
          varList?.map(({name}) => name),
        );
      isDone = true;
    } catch (error) {
      tellOutOfMemory('stochasticOptimizer', error, () => `when it applied the gradients ${describeNodes()}`);
      throw error;
    } finally {
      tf.dispose(grads);
      if (!isDone || !returnCost) value.dispose();
    }
    this.incrementIterations();
    return returnCost ? value : null;
  }

  /**
   * As `variableGrads`; the gradients include those of the estimators' own variables. Where a cost is not finite, this
   * warns or throws as `nonFinite` says; whether such gradients are applied is up to the caller.
   */
  override computeGradients(f: CostProgram, varList?: tf.Variable[]): {value: tf.Scalar; grads: tf.NamedTensorMap} {
    const {value, grads} = this.#compute(f, varList);
    return {value, grads};
  }

  #compute(f: CostProgram, varList: tf.Variable[] | undefined): CheckedGradients & {isBad: boolean} {
    const checked = withEstimatorStore(this.#store, () => checkedGrads(f, varList, this.#watch.isListening));
    this.#ownListed = checked.own;
    try {
      return {...checked, isBad: this.#watch.look(checked.health, () => this.iterations + 1)};
    } catch (error) {
      tf.dispose([checked.value, checked.grads]);
      this.incrementIterations();
      throw error;
    }
  }

  /** Hands each gradient to the optimizer that its variable belongs to. */
  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    this.#apply(readGradients(gradients), null);
    this.incrementIterations();
  }

  /**
   * On devices that are not read in between what is not finite has no part in it.
   * @param cost where it is not finite, all gradients count as 0
   * @param listed the variables that were asked for; default those with a gradient
   */
  #apply(grads: tf.NamedTensorMap, cost: tf.Scalar | null, listed?: readonly string[]): void {
    if (readsAtOnce()) {
      this.#step(grads, listed);
      return;
    }
    const finite = tf.tidy(() => {
      const gate = cost === null ? null : tf.mul(cost, 0); // 0, or NaN
      return Object.fromEntries(
        Object.entries(grads).map(([name, g]) => [
          name,
          select(tf.isFinite(gate === null ? g : tf.add(g, gate)), g, 0),
        ]),
      );
    });
    try {
      this.#step(finite, listed);
    } finally {
      tf.dispose(finite);
    }
  }

  #step(grads: tf.NamedTensorMap, listed: readonly string[] | undefined): void {
    const own = (name: string): boolean => {
      const variable = tf.engine().registeredVariables[name];
      return variable !== undefined && isOwn(variable);
    };
    const names = Object.keys(grads);
    const ofModel = names.filter(name => !own(name));
    if (ofModel.length > 0) {
      this.#order.meet(this.optimizer, ofModel, listed ?? ofModel);
      stepInOrder(this.optimizer, this.#order.names, grads);
    }
    const found = new Set(names.filter(own));
    const ownNames = [...new Set([...this.#ownListed.filter(name => found.has(name)), ...found])];
    if (ownNames.length === 0) return;
    // tf.disposeVariables() takes the moments of Adam as well.
    if (this.#ownsControlVariateOptimizer && isGone(this.#controlVariateOptimizer)) {
      this.#controlVariateOptimizer = defaultAdam(1e-3);
      this.#ownOrder.reset();
    }
    this.#ownOrder.meet(this.#controlVariateOptimizer, ownNames, ownNames);
    stepInOrder(this.#controlVariateOptimizer, this.#ownOrder.names, grads);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      optimizer: configOf(this.optimizer),
      controlVariateOptimizer: configOf(this.controlVariateOptimizer),
      nonFinite: this.#watch.mode,
      ...(this.#recorded === null ? {} : {compile: true}),
    };
  }

  /** An optimizer like the one that gave this configuration with `getConfig`. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    check(
      typeof config === 'object' && config !== null,
      'stochasticOptimizer',
      'the saved configuration must be an object',
      config,
    );
    const {optimizer, controlVariateOptimizer, nonFinite, compile} = config;
    // The constructor of this class takes two optimizers; tfjs types every constructor as one of any arguments.
    const [entry, ownEntry] = [optimizer, controlVariateOptimizer].map(readSavedOptimizer) as [
      () => tf.Optimizer,
      () => tf.Optimizer,
    ]; // both are read before either is made
    checkNonFinite('stochasticOptimizer', nonFinite ?? 'warn'); // before anything is made
    return new cls(entry(), {
      controlVariateOptimizer: ownEntry(),
      ...(nonFinite === undefined ? {} : {nonFinite}),
      ...(compile === undefined ? {} : {compile}),
    });
  }

  get #parts(): Part[] {
    return [
      {optimizer: this.optimizer, order: this.#order},
      {optimizer: this.#controlVariateOptimizer, order: this.#ownOrder},
    ];
  }

  /**
   * What both optimizers remember (moments, powers of decay rates, numbers of steps), so that one with the same
   * configuration goes on after `setWeights` as this one would, to the bit. The variables are those that are trained
   * with: clone them to keep what they hold now. The first tensor lives until the next call.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    const weights = await saveState(this.iterations, this.#parts);
    this.#saved?.dispose();
    this.#saved = tf.keep(weights[0]!.tensor);
    return weights;
  }

  /**
   * Takes over what `getWeights` gave. At the next step the variables must be those of the saved steps, in their order,
   * as those of a loaded model are.
   * @throws for weights of an optimizer of another class, for what is missing, of a wrong shape or not finite
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const iterations = await loadState(this.#parts, weights);
    setIterations(this, iterations ?? this.optimizer.iterations);
  }

  /** Disposes both optimizers and the variables of the estimators that were named by a string. */
  override dispose(): void {
    this.#parts.forEach(({optimizer}) => {
      optimizer.dispose();
      tf.dispose((optimizer as unknown as {c?: tf.Tensor}).c); // which tfjs's Momentum leaves behind
    });
    this.#store.dispose();
    this.#watch.dispose();
    this.#recorded?.dispose();
    this.#saved?.dispose();
    this.#saved = null;
  }
}

function checkNonFinite(who: string, mode: unknown): void {
  checkOneOf(who, 'nonFinite', mode, nonFiniteModes);
}

/**
 * Wraps any tf.Optimizer so that it trains through random nodes, by hand (`minimize`) or in a Keras-style model
 * (`compile`, `fit`). Inside `fit` the credit is per example. The loss that it reports is the true loss.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([1]));
 * const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
 * optimizer.minimize(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'enumerate'});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, false, [logits]);
 * logits; // [-0.125]
 * ```
 */
export function stochasticOptimizer(
  optimizer: tf.Optimizer,
  config: StochasticOptimizerConfig = {},
): StochasticOptimizer {
  return new StochasticOptimizer(optimizer, config);
}

tf.serialization.registerClass(StochasticOptimizer);
