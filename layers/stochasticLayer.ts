/** A Keras-style layer whose output is random in training. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {findMaker, makerNames, type DistributionMaker, type LayerShape} from './makers.js';
import {priorConfig, readPrior, type PriorConfig} from './prior.js';

/** The arguments that every tfjs layer takes. */
type BaseLayerArgs = ConstructorParameters<typeof layers.Layer>[0];

/** An estimator by name with a configuration: the form that is saved. */
export interface EstimatorConfig {
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface StochasticLayerArgs extends NonNullable<BaseLayerArgs> {
  /** Default: pathwise where the distribution is reparameterised, else the score function. */
  estimator?: st.Estimator | st.LossFunction | string | EstimatorConfig;
  /** What the layer gives out when the model is not being trained: the distribution's mean (default), its mode, or a sample. */
  inference?: 'mean' | 'mode' | 'sample';
  /** Makes the draws repeatable; each call draws anew. Default: the default stream. */
  seed?: number;
  /** If given, klWeight · KL(q ‖ prior), summed over the event and averaged over the batch, is added to the model's loss. */
  prior?: st.Distribution | PriorConfig;
  /** Default 1. */
  klWeight?: number;
}

export interface StochasticArgs extends StochasticLayerArgs {
  /**
   * The family, by name (`bernoulli`, `oneHotCategorical`, `normal`, `laplace`, `logistic`, `gumbel`, `exponential`, or a registered one), or a
   * function from the layer's inputs to a distribution with one draw for each element of its output.
   */
  distribution: string | DistributionMaker['make'];
}

const OWN = ['distribution', 'estimator', 'inference', 'seed', 'prior', 'klWeight'] as const;
/** What tfjs layers take, in this version. */
const BASE = ['name', 'inputShape', 'batchInputShape', 'batchSize', 'dtype', 'trainable', 'weights', 'inputDType', 'updatable', 'customObjects'];

/**
 * Draws its output from a distribution that its input describes, with batch axes first and everything behind them one event.
 * In training it samples (an estimator of several samples adds a leading axis to everything downstream); otherwise it gives out the mean, the
 * mode or a sample. Train the model with `stochasticOptimizer`.
 */
export class StochasticLayer extends layers.Layer {
  static className = 'Stochastic';

  readonly #maker: DistributionMaker;
  readonly #distributionName: string | null;
  readonly #estimator: st.Estimator | st.LossFunction | undefined;
  readonly #inference: 'mean' | 'mode' | 'sample';
  readonly #seed: number | undefined;
  readonly #prior: st.Distribution | null;
  readonly #klWeight: number;
  /** Nodes of this training step whose KL term was not asked for yet. */
  #pending: st.DistributionTensor[] = [];
  #calls = 0;

  constructor(args: StochasticArgs) {
    if (typeof args !== 'object' || args === null) throw new Error(`stl.stochastic: needs a config object, got ${String(args)}`);
    const {distribution, estimator, inference = 'mean', seed, prior, klWeight = 1, ...base} = args;
    super(base);
    const who = `stl layer ${this.name}`;
    const unknown = Object.keys(base).find(key => !BASE.includes(key));
    if (unknown !== undefined) throw new Error(`${who}: unknown option ${unknown}; known: ${[...OWN, ...BASE].join(', ')}`);
    this.#maker = readMaker(who, distribution);
    this.#distributionName = typeof distribution === 'string' ? distribution : null;
    this.#estimator = readEstimator(who, estimator);
    if (!['mean', 'mode', 'sample'].includes(inference)) throw new Error(`${who}: inference must be mean, mode or sample, got ${String(inference)}`);
    this.#inference = inference;
    if (seed !== undefined && seed !== null && !Number.isSafeInteger(seed)) throw new Error(`${who}: seed must be a safe integer, got ${String(seed)}`);
    this.#seed = seed ?? undefined;
    this.#prior = prior === undefined || prior === null ? null : readPrior(who, prior);
    if (typeof klWeight !== 'number' || !Number.isFinite(klWeight)) throw new Error(`${who}: klWeight must be a finite number, got ${String(klWeight)}`);
    this.#klWeight = klWeight;
    this.supportsMasking = true;
    if (this.#prior !== null) this.addLoss(() => this.#klLoss());
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const made = this.#maker.make(Array.isArray(inputs) ? inputs : [inputs]);
      const distribution = made.batchShape.length > 1 ? st.independent(made, made.batchShape.length - 1) : made;
      const key = this.#nextKey();
      if (kwargs['training'] !== true) return this.#infer(distribution, key);
      const node = new st.DistributionTensor(distribution, {
        name: this.name,
        ...(this.#estimator === undefined ? {} : {estimator: this.#estimator}),
        ...(key === undefined ? {} : {key}),
      });
      // Nodes of steps whose losses nobody asked for are gone by now.
      if (this.#prior !== null) this.#pending = [...this.#pending.filter(earlier => !earlier.value.isDisposed), node];
      return node.value;
    });
  }

  #infer(distribution: st.Distribution, key: st.random.Key | undefined): tf.Tensor {
    switch (this.#inference) {
      case 'mean': return distribution.mean();
      case 'mode': return distribution.mode();
      case 'sample': return distribution.sample([], key === undefined ? {} : {key});
    }
  }

  #nextKey(): st.random.Key | undefined {
    return this.#seed === undefined ? undefined : st.random.foldIn(st.random.key(this.#seed), this.#calls++);
  }

  /** The KL term of the oldest node that has not contributed yet: tfjs-layers asks once for each use of the layer. */
  #klLoss(): tf.Scalar {
    return tf.tidy(() => {
      const node = this.#pending.shift();
      if (node === undefined) return tf.scalar(0);
      const {distribution: q} = node;
      const base = q instanceof st.Independent ? q.distribution : q;
      const events = base.batchShape.length - q.batchShape.length;
      const perElement = st.klDivergence(base, this.#prior!); // the loss is added only where there is a prior
      const perExample = tf.sum(perElement, Array.from({length: events}, (_, i) => q.batchShape.length + i));
      return tf.mul(tf.mean(perExample), this.#klWeight);
    });
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    const shapes = Array.isArray(inputShape[0]) ? inputShape as LayerShape[] : [inputShape as LayerShape]; // one shape holds no shapes
    return this.#maker.outputShape(shapes);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const who = `stl layer ${this.name}`;
    if (this.#distributionName === null) {
      throw new Error(`${who}: a layer whose distribution is a function cannot be saved; give it a name with stl.registerDistribution`);
    }
    const estimator = this.#estimator;
    if (typeof estimator === 'function' || (estimator !== undefined && estimator.config === null)) {
      throw new Error(`${who}: an estimator that holds functions, networks or tensors cannot be saved; give it by name and configuration`);
    }
    const prior = this.#prior === null ? null : priorConfig(this.#prior);
    if (this.#prior !== null && prior === null) throw new Error(`${who}: a prior can be saved if its parameters are numbers or arrays`);
    return {
      ...super.getConfig(),
      distribution: {name: this.#distributionName},
      ...(estimator === undefined ? {} : {estimator: {name: estimator.name, config: estimator.config as tf.serialization.ConfigDict}}),
      inference: this.#inference,
      ...(this.#seed === undefined ? {} : {seed: this.#seed}),
      ...(prior === null ? {} : {prior: prior as unknown as tf.serialization.ConfigDict}), // names and numbers only
      klWeight: this.#klWeight,
    };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>, config: tf.serialization.ConfigDict): T {
    const {distribution, ...rest} = config;
    return new cls({...rest, distribution: (distribution as {name: string}).name}); // written by getConfig
  }
}

function readMaker(who: string, distribution: unknown): DistributionMaker {
  if (typeof distribution === 'function') {
    return {make: distribution as DistributionMaker['make'], outputShape: shapes => shapes[0]!}; // its result is checked when it is called
  }
  const maker = typeof distribution === 'string' ? findMaker(distribution) : undefined;
  if (maker === undefined) throw new Error(`${who}: distribution must be a function or one of ${makerNames().join(', ')}, got ${JSON.stringify(distribution)}`);
  return maker;
}

function readEstimator(who: string, given: StochasticLayerArgs['estimator']): st.Estimator | st.LossFunction | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'function') return given;
  if (typeof given === 'string') return st.estimators.get(given);
  if (typeof given === 'object' && 'kind' in given) return given;
  if (typeof given === 'object' && typeof given.name === 'string') return st.estimators.get(given.name, given.config ?? {});
  throw new Error(`${who}: estimator must be an estimator, a name, {name, config} or a function, got ${String(given)}`);
}

tf.serialization.registerClass(StochasticLayer);
