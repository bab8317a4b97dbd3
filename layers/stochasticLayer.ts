/** A Keras-style layer whose output is random in training. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, LayerVariable, type LayersModel, version_layers as ofLayers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {foldIn, type Key} from 'tfjs-stochastic/random';
import {checkApplied, checkLayerArgs, layerArgNames, readShapes, realInputs} from './layerArgs.js';
import type {DistributionMaker, LayerShape} from './families/distributionMaker.js';
import {findMaker, type DistributionName, type NamedDistribution} from './families/familyNames.js';
import {tag} from './outputs/tags.js';
import {checkInference, letDraw, meanOfDraws, type Inference} from './values/inference.js';
import {EstimatorState, readSavedSlots, type SavedSlot} from './estimatorState.js';
import {LayerState, savedKlWeight, scopeOfNames, type AddWeight} from './layerState.js';
import {modelsFromJson, modelsIn, modelsToJson, startAnew, weightsOfModel} from './modelNetworks.js';
import {priorConfig} from './prior.js';
import {mendRecurrentStates} from './recurrentStates.js';
import {mendTrainOnBatch} from './trainOnBatch.js';
import {mendTrainingConfig} from './trainingConfig.js';
import {noteCall} from './unlistedWeights.js';
import {mendCompile} from './costs/compiledMetrics.js';
import {noteCostName, OBSERVED} from './costs/costNames.js';
import {areRatiosHeard, noteRatio, noteTerm} from './costs/drawnRatios.js';
import {mendEvaluation} from './costs/lossInEvaluation.js';
import {watchTrainSteps} from './costs/trainStep.js';
import {mendHiddenCosts} from './costs/hiddenCosts.js';
import {readKlWeight, weighted, type KlWeight, type ReadKlWeight} from './costs/klWeight.js';
import {priorOptions, readPriorTerm, type PriorOptions, type PriorTerm} from './costs/priorTerm.js';

/** The arguments that every tfjs layer takes. */
type BaseLayerArgs = ConstructorParameters<typeof layers.Layer>[0];

/** Options of every random layer, beside those of tfjs layers. */
export interface StochasticLayerArgs<Name extends st.EstimatorName = st.EstimatorName>
  extends NonNullable<BaseLayerArgs>, PriorOptions {
  /** Default: pathwise where the distribution is reparameterised, else the score function. */
  estimator?: Omit<st.Estimator, 'config'> | st.LossFunction | st.EstimatorName | st.NamedEstimator<Name>;
  /**
   * `'value'` (default): a random value in training. `'distribution'`: what the layer gives out, in training and
   * otherwise, stands for its distribution, for the loss `negativeLogLikelihood` and for `distributionOf`; nothing is
   * drawn that gradients have to be estimated for, so there is no estimator.
   */
  output?: 'value' | 'distribution';
  /**
   * What the layer gives out when the model is not being trained, and what stands for a distribution: its mean
   * (default, but the mode of families without a mean), its mode, or a sample; for a distribution also its standard
   * deviation. A number n is the mean over n draws of what this layer gives out: what comes behind sees that one mean.
   * (For the mean of a model's predictions over draws see `monteCarlo`.)
   */
  inference?: Inference;
  /**
   * What becomes of the samples of an estimator that takes several. Default false: the model runs once for each sample
   * in a training step, so that whatever layers, losses and metrics come behind see `[batch, …]`. true: they stand in
   * front of the batch, `[sample, batch, …]`, in one run, which is faster where all that comes behind can take them; losses
   * are then compiled with `perSample`.
   */
  sampleAxis?: boolean;
  /**
   * How many values are drawn for each example in training, where the estimator does not say: the loss is the mean over
   * them. Default 1.
   */
  samples?: number;
  /**
   * Makes the draws repeatable; each call draws anew. Those in training and those outside of it are counted apart, so that
   * predictions change nothing in training. Networks that an estimator makes itself start from the default stream:
   * `st.random.setSeed` repeats those. Default: the default stream.
   */
  seed?: number;
}

/** Options of `stochastic`: those of every random layer, and the family. */
export interface StochasticArgs<Name extends st.EstimatorName = st.EstimatorName> extends StochasticLayerArgs<Name> {
  /**
   * The family, by name (that of its function: `bernoulli`, `normal` and so on, or a registered one) or as `{name,
   * config}` with its options, or a function from the layer's inputs to a distribution with values of the first input's
   * shape. A function cannot be saved; a name can.
   */
  distribution: DistributionName | NamedDistribution | DistributionMaker['make'];
}

/** The options of every random layer: its own, and those that tfjs layers take in this version. */
export const layerOptions: readonly string[] = [
  'estimator',
  'output',
  'inference',
  'sampleAxis',
  'samples',
  'seed',
  ...priorOptions,
  ...layerArgNames,
];

/**
 * Draws its output from a distribution that its input describes, with batch axes first and everything behind them one
 * event. In training it samples, and where its estimator takes several samples the model runs once for each (see
 * `sampleAxis`);
 * otherwise it gives out the mean, the mode or a sample. Train the model with `stochasticOptimizer`. Where `training`
 * is not given, as in `model.apply(x)` and `model.predict(x)`, this is inference, and a gradient that leads through the
 * layer is an error.
 */
export class StochasticLayer extends layers.Layer {
  /** What saved models call it. */
  static className = 'Stochastic';

  readonly #maker: DistributionMaker;
  /** Null where the distribution is a function. */
  readonly #named: NamedDistribution | null;
  readonly #estimator: st.Estimator | st.LossFunction | undefined;
  readonly #ownsEstimator: boolean;
  readonly #output: 'value' | 'distribution';
  #inference: Inference | 'observed' = 'mean';
  /** Its place among the layers that draw whatever `inference` says; null where it does not. */
  #drawsAs: number | null = null;
  /** Parameters that outlive calls of inference, and what stands for them. */
  #lasting: Array<{value: tf.Tensor; tensors: tf.Tensor[]}> = [];
  readonly #hasSampleAxis: boolean;
  readonly #samples: number;
  readonly #seed: number | undefined;
  readonly #term: PriorTerm | null;
  readonly #state: LayerState;
  /** Null where the estimator remembers nothing. */
  readonly #estimatorState: EstimatorState | null;
  /** What a saved configuration told of it; null for a layer that was not saved. */
  #savedSlots: readonly SavedSlot[] | null = null;
  /** The models that are the estimator's networks, by their options. */
  readonly #models: ReadonlyMap<string, LayersModel>;
  #modelWeights: LayerVariable[] = [];
  #ownsModels = false;
  /** Whether weights are loaded once the layer is built. */
  #isLoading = false;
  #isStateBuilt = false;
  /** What tfjs-layers writes before the names of this layer's weights. */
  #scope = '';
  /** Of the input that the layer was built for; an input of more axes has sample axes in front. */
  #inputRank = 0;

  constructor(args: StochasticArgs) {
    const versions = [ofLayers, tf.version_core];
    st.extension.check(
      versions[0] === versions[1],
      'stl',
      'tfjs-layers and tfjs-core must be of one version',
      versions,
    );
    st.extension.checkKeys('stl.stochastic', args, ['distribution', ...layerOptions]);
    const {
      distribution,
      estimator,
      output = 'value',
      inference,
      sampleAxis = false,
      samples = 1,
      seed,
      prior,
      klWeight,
      freeBits,
      klSamples,
      ...base
    } = args;
    checkLayerArgs(base);
    super(base);
    const who = this.#who;
    this.#named = readNamed(who, distribution);
    this.#maker =
      this.#named === null
        ? {make: distribution as DistributionMaker['make'], outputShape: shapes => shapes[0]!} // a function, checked by what it gives
        : findMaker(who, this.#named);
    this.#estimator = readEstimator(who, estimator);
    this.#ownsEstimator = this.#estimator !== estimator;
    this.#models = modelsIn(savedConfigOf(this.#estimator));
    const states = typeof this.#estimator === 'object' ? this.#estimator.states : undefined;
    this.#estimatorState =
      states === undefined ? null : new EstimatorState(who, states, this.name, () => this.#disposeEstimator());
    st.extension.checkOneOf(who, 'output', output, ['value', 'distribution']);
    st.extension.check(
      output === 'value' || estimator === undefined,
      who,
      "with output: 'distribution' nothing is drawn in training, so there is no estimator",
      estimator,
    );
    this.#output = output;
    this.inference = inference === undefined ? (this.#maker.inference ?? 'mean') : inference;
    st.extension.checkBoolean(who, 'sampleAxis', sampleAxis);
    this.#hasSampleAxis = sampleAxis;
    st.extension.checkCount(who, 'samples', samples, 1);
    st.extension.check(
      output === 'value' || samples === 1,
      who,
      "with output: 'distribution' nothing is drawn in training, so there are no samples",
      samples,
    );
    this.#samples = samples;
    if (seed !== undefined) st.extension.checkInteger(who, 'seed', seed);
    this.#seed = seed;
    this.supportsMasking = true;
    this.#term = readPriorTerm(who, this, {prior, klWeight, freeBits, klSamples});
    if (this.#maker.observed !== undefined) {
      st.extension.layerCosts(this); // tfjs-layers knows of it from the start
      noteCostName(this, OBSERVED);
    }
    letDraw(this, {
      inTraining: output === 'value' && this.#maker.observed === undefined ? 'output' : 'nothing',
      family: this.#named?.name,
      begin: place => void (this.#drawsAs = place),
      end: () => void (this.#drawsAs = null),
    });
    this.#state = new LayerState({
      add: (name, shape, dtype, initializer) => this.addWeight(name, shape, dtype, initializer, undefined, false),
      seed,
      term: this.#term?.kl ?? null,
    });
  }

  /**
   * What the divergence from the prior counts; it may be changed from step to step. Of a layer without a prior it is 0.
   */
  get klWeight(): ReadKlWeight {
    return this.#term?.kl.weight ?? 0;
  }

  set klWeight(weight: KlWeight) {
    st.extension.check(
      this.#term !== null,
      this.#who,
      'klWeight weighs the divergence from a prior, and there is none',
    );
    this.#term.kl.weight = weight;
    if (this.built) this.#state.build();
  }

  /** What the layer gives out when the model is not being trained; it may be changed at any time. */
  get inference(): Inference | 'observed' {
    return this.#inference;
  }

  set inference(inference: Inference | 'observed') {
    const known = ['mean', 'mode', 'sample'];
    if (this.#output === 'distribution') known.push('stddev');
    if (this.#maker.observed !== undefined) known.push('observed');
    checkInference(this.#who, inference, known);
    this.#inference = inference;
  }

  /** As it was given; another one needs another layer. */
  get estimator(): st.Estimator | st.LossFunction | undefined {
    return this.#estimator;
  }

  /** As it was given; another one needs another layer. */
  get prior(): st.Distribution | null {
    return this.#term?.prior ?? null;
  }

  /** λ of the free bits. */
  get freeBits(): number {
    return this.#term?.freeBits ?? 0;
  }

  /** As it was given; another one needs another layer. */
  get seed(): number | undefined {
    return this.#seed;
  }

  /** As of every layer. @throws unless all inputs are tensors, or all are symbolic ones, at least one */
  override apply(...args: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    checkApplied(this.#who, args[0]);
    return super.apply(...args);
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value);
    this.#isLoading = value;
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const shapes = readShapes(this.#who, inputShape);
    this.#inputRank = shapes[0]!.length;
    this.#state.build();
    if (this.#estimatorState !== null || this.#models.size > 0) this.#scope = scopeOfNames();
    this.#buildEstimatorState(shapes);
    super.build(inputShape);
  }

  /** Weights that come later have the names that they would have had then, by which a loaded model finds them. */
  readonly #addState: AddWeight = (name, shape, dtype, initializer) =>
    this.addWeight(this.built ? this.#scope + name : name, shape, dtype, initializer, undefined, false);

  /** What the estimator remembers, and the models that it trains, are among the layer's weights. */
  #buildEstimatorState(shapes: LayerShape[]): void {
    if (this.#isStateBuilt) return;
    this.#isStateBuilt = true;
    if (this.#ownsModels && !this.#isLoading) for (const model of this.#models.values()) startAnew(this.#who, model);
    this.#modelWeights = [...this.#models].flatMap(([path, model]) =>
      weightsOfModel(this.#who, this.#scope, path, model),
    );
    const saved = this.#savedSlots;
    if (saved !== null) this.#estimatorState?.build(this.#addState, saved);
    else if (this.#named !== null)
      this.#estimatorState?.foresee(this.#addState, () => {
        // any numbers: only shapes are looked at
        const inputs = shapes.map(shape =>
          tf.fill(
            shape.map(d => d ?? 1),
            0.5,
          ),
        );
        return this.#distributionOf(this.#maker.make(inputs), inputs).distribution;
      });
  }

  /** What the layer remembers is brought up to date; what nothing hangs on any more is left out. */
  override get nonTrainableWeights(): LayerVariable[] {
    if (this.built) this.#estimatorState?.write(this.#addState);
    return [...this.#state.filter(super.nonTrainableWeights), ...this.#modelWeights];
  }

  override set nonTrainableWeights(weights: LayerVariable[]) {
    super.nonTrainableWeights = weights;
  }

  /**
   * As of every layer; a list without what the estimator remembers is taken too, which then stays as it is.
   */
  override setWeights(weights: tf.Tensor[]): void {
    const all = this.weights;
    const remembered = new Set(this.#estimatorState?.weights ?? []);
    if (weights.length + remembered.size !== all.length || remembered.size === 0) return super.setWeights(weights);
    const given = weights.values();
    return super.setWeights(all.map(w => (remembered.has(w) ? w.read() : (given.next().value as tf.Tensor)))); // as many as there are
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}): tf.Tensor {
    return tf.tidy(() => this.#give(inputs, kwargs))[0];
  }

  /** The output, and behind it what must live as long. */
  #give(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}): [tf.Tensor, ...tf.Tensor[]] {
    this.invokeCallHook(inputs, kwargs);
    if (kwargs['training'] === true) noteCall(this);
    const list = realInputs(this.#who, inputs);
    const made: unknown = this.#maker.make(list);
    this.#checkMade(made, list);
    const {distribution, batchRank} = this.#distributionOf(made, list);
    const training: boolean | undefined = kwargs['training'];
    const inference = this.#drawsAs === null ? this.#inference : 'sample';
    const draws = inference === 'sample' || typeof inference === 'number';
    const own = this.#state.nextKey(training === true, draws);
    const place = this.#drawsAs ?? 0;
    const key = own === undefined || place === 0 ? own : foldIn(own, place);
    const klKey = key === undefined ? undefined : foldIn(key, 1);
    const isJudged = areRatiosHeard();
    if (isJudged) st.extension.check(this.#output === 'value' || this.#term === null, this.#who, NO_DRAW);
    else if (training === true) this.#term?.add(made, batchRank, this.#state.step(), klKey);
    // a report counts what a pass without gradients costs; in a gradient scope the loss would count it too
    else if (this.#term?.kl.isWanted === true && !st.extension.inGradientScope())
      this.#term.add(made, batchRank, this.#state.steps, klKey);
    if (this.#output === 'distribution') return [this.#standIn(distribution, list, key)];
    const observation = this.#maker.observed?.(list);
    if (observation !== undefined) this.#countObserved(distribution, observation, training);
    const givesObserved =
      observation !== undefined && (training === true || isJudged || this.#inference === 'observed');
    if (givesObserved) return [tf.cast(observation.value, distribution.dtype)];
    if (training !== true) {
      const value = this.#infer(distribution, key);
      if (isJudged) noteRatio(this.#who, {value, q: made, prior: this.prior, batchRank});
      if (training === false) return [value];
      const upstream = [...list, ...Object.values(distribution.tensors())];
      return [st.extension.refuseGradient(value, upstream, this.#who, UNSAID)];
    }
    this.#estimatorState?.take(distribution);
    const make = (): st.StochasticTensor =>
      new st.DistributionTensor(distribution, {
        name: this.name,
        ...(this.#samples === 1 ? {} : {valueType: st.sampleValue([this.#samples])}),
        ...(this.#estimator === undefined ? {} : {estimator: this.#estimator}),
        ...(key === undefined ? {} : {key}),
      });
    this.#checkEstimator(distribution);
    const rank = distribution.batchShape.length + distribution.eventShape.length;
    const {value, all} = this.#hasSampleAxis ? {value: make().value, all: null} : st.extension.sampleInTurn(make);
    st.extension.check(
      this.#hasSampleAxis || value.rank === rank || !st.extension.inGradientScope(),
      this.#who,
      ONE_RUN,
      value,
    );
    return all === null ? [value] : [value, all];
  }

  /** The distribution with all behind the batch as one event, and how many axes the batch has. */
  #distributionOf(
    made: st.Distribution,
    inputs: readonly tf.Tensor[],
  ): {distribution: st.Distribution; batchRank: number} {
    const batchRank = 1 + Math.max(0, inputs[0]!.rank - this.#inputRank);
    const extra = made.batchShape.length - batchRank;
    return {distribution: extra > 0 ? st.independent(made, extra) : made, batchRank};
  }

  /** weight · (−ln p(y)), in training, and in evaluation where somebody reports it. */
  #countObserved(
    p: st.Distribution,
    {value, weight}: {value: tf.Tensor; weight: number},
    training: boolean | undefined,
  ): void {
    if (areRatiosHeard()) return noteTerm(p.logProb(tf.cast(value, p.dtype)));
    const isReport = !st.extension.inGradientScope() && st.extension.layerCosts(this).isWanted;
    if (training !== true && !isReport) return;
    const cost = tf.neg(p.logProb(tf.cast(value, p.dtype)));
    st.extension.addCost(this, weighted(cost, weight), {name: OBSERVED, report: cost});
  }

  /** What the maker gave must be a distribution, with values of the shape that the layer promised. */
  #checkMade(made: unknown, inputs: readonly tf.Tensor[]): asserts made is st.Distribution {
    st.extension.check(made instanceof st.Distribution, this.#who, 'the function must return a distribution', made);
    const promised = this.#maker.outputShape(inputs.map(x => x.shape));
    const values = [...made.batchShape, ...made.eventShape];
    st.extension.check(
      values.length === promised.length && values.every((d, i) => promised[i] === d || promised[i] === null),
      this.#who,
      `the distribution must have values of shape [${promised.join(',')}], got [${values.join(',')}]`,
    );
  }

  /** As the node itself does, in the name of the layer. */
  #checkEstimator(distribution: st.Distribution): void {
    const estimator = this.#estimator;
    if (estimator === undefined || typeof estimator === 'function') return;
    const {name, requires} = estimator;
    st.extension.check(
      requires.accepts(distribution),
      this.#who,
      `estimator ${JSON.stringify(name)} needs ${requires.rule}, got ${distribution.familyName}`,
    );
  }

  get #who(): string {
    return `stl layer ${JSON.stringify(this.name)}`;
  }

  #infer(distribution: st.Distribution, key: Key | undefined): tf.Tensor {
    const inference = this.#drawsAs === null ? (this.#inference as Inference) : 'sample'; // what was observed is given out before
    if (inference === 'sample') return distribution.sample([], key === undefined ? {} : {key});
    if (typeof inference === 'number') {
      st.extension.check(
        distribution.element.has('mean') || !distribution.isDiscrete,
        this.#who,
        `draws of a ${distribution.element.familyName} have no mean; choose another inference than a number of draws`,
        inference,
      );
      return meanOfDraws(distribution, inference, key);
    }
    st.extension.check(
      distribution.has(inference),
      this.#who,
      `a ${distribution.element.familyName} has no ${inference}; choose another inference than "${inference}"`,
    );
    return distribution[inference]();
  }

  /** A tensor that stands for the distribution; its derivatives are right, or an error. */
  #standIn(distribution: st.Distribution, inputs: readonly tf.Tensor[], key: Key | undefined): tf.Tensor {
    const given = this.#infer(distribution, key);
    const isSmooth = this.#inference === 'mean' || this.#inference === 'stddev';
    const value = isSmooth ? given : st.extension.refuseGradient(given, inputs, this.#who, CONSTANT);
    const tensors = tag(value, this.#who, distribution);
    if (!st.extension.inGradientScope()) this.#keepLasting({value, tensors});
    return value;
  }

  /** Frees what nobody can ask for any more, and what more than one pass of a model needs. */
  #keepLasting(newest: {value: tf.Tensor; tensors: tf.Tensor[]}): void {
    const all = [newest, ...this.#lasting];
    this.#lasting = all.filter((l, i) => i < MOST_LASTING && !l.value.isDisposed && l.tensors.length > 0);
    tf.dispose(all.filter(l => !this.#lasting.includes(l)).map(l => l.tensors));
  }

  /** The family by name and options; null where it is a function. */
  get distribution(): NamedDistribution | null {
    return this.#named;
  }

  /**
   * How long the input's last axis must be for values whose last axis has `size` elements: the units of the dense layer
   * in front.
   * @throws for a size that is no positive integer, and for a distribution that does not say
   */
  paramsSize(size: number): number {
    st.extension.checkCount(this.#who, 'size', size, 1);
    const params = this.#maker.paramsSize?.(size);
    if (params === undefined)
      st.extension.fail(this.#who, 'the distribution does not say how many parameters it needs');
    return params;
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    return this.#maker.outputShape(readShapes(this.#who, inputShape));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const who = this.#who;
    st.extension.check(
      this.#named !== null,
      who,
      'a layer whose distribution is a function cannot be saved; give it a name with stl.registerDistribution',
    );
    const estimator = this.#estimator;
    const estimatorConfig = savedConfigOf(estimator);
    st.extension.check(
      estimator === undefined || (typeof estimator !== 'function' && estimatorConfig !== null),
      who,
      'an estimator that holds functions, networks or tensors cannot be saved; give it by name and configuration',
    );
    const term = this.#term;
    if (this.built) this.#estimatorState?.write(this.#addState);
    const slots = (this.#estimatorState?.saved ?? []) as unknown as tf.serialization.ConfigDict[]; // lists of numbers
    return {
      ...super.getConfig(),
      distribution: {...this.#named} as tf.serialization.ConfigDict, // names and options, as JSON has them
      ...(estimator === undefined
        ? {}
        : {estimator: {name: estimator.name, config: modelsToJson(estimatorConfig!) as tf.serialization.ConfigDict}}),
      ...(this.#output === 'value' ? {} : {output: this.#output}),
      inference: this.#inference,
      ...(this.#hasSampleAxis ? {sampleAxis: true} : {}),
      ...(this.#samples === 1 ? {} : {samples: this.#samples}),
      ...(this.#seed === undefined ? {} : {seed: this.#seed}),
      ...(term === null
        ? {}
        : {
            prior: priorConfig(who, term.prior) as unknown as tf.serialization.ConfigDict, // names and numbers only
            ...term.kl.config(),
            ...(term.freeBits === 0 ? {} : {freeBits: term.freeBits}),
            ...(term.klSamples === 1 ? {} : {klSamples: term.klSamples}),
          }),
      ...this.#state.config(),
      ...(slots.length === 0 ? {} : {estimatorState: slots}),
    };
  }

  /**
   * Disposes the variables of an estimator that the layer made from a name as well; one given as an object is its
   * owner's.
   */
  protected override disposeWeights(): number {
    this.#disposeEstimator();
    if (!this.#ownsModels) this.#modelWeights = [];
    return super.disposeWeights();
  }

  #disposeEstimator(): void {
    if (this.#ownsEstimator && typeof this.#estimator === 'object') this.#estimator.dispose?.();
  }

  /** A layer like the one that gave this configuration with `getConfig`. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const who = 'stl.stochastic';
    st.extension.checkObject(who, 'the saved configuration', config);
    const {klWeight, examples, state, estimatorState = [], ...rest} = config;
    const slots = readSavedSlots(who, estimatorState);
    const named = config['distribution'] as {name?: unknown} | null | undefined; // as getConfig writes it
    st.extension.check(
      typeof named?.name === 'string',
      who,
      'the saved configuration must name its distribution',
      named,
    );
    const saved = {state, klWeight, examples};
    const given = savedKlWeight(saved);
    if (given.klWeight !== undefined) readKlWeight(who, given.klWeight); // which judges it
    const layer = new cls({
      ...rest,
      ...withModels(who, rest['estimator']),
      // the weight of a layer without a prior weighs nothing
      ...(rest['prior'] === undefined ? {} : given),
    });
    if (layer instanceof StochasticLayer) {
      layer.#state.readSaved(who, saved);
      layer.#savedSlots = layer.#estimatorState === null ? [] : slots;
      layer.#ownsModels = true;
      st.extension.check(
        slots.length === 0 || layer.#estimatorState !== null,
        layer.#who,
        'the saved state must be that of its estimator, which remembers nothing',
      );
    }
    return layer;
  }
}

/** The configuration of an estimator that can be saved, with models in their places; null for one that cannot. */
function savedConfigOf(estimator: st.Estimator | st.LossFunction | undefined): st.Estimator['config'] {
  if (typeof estimator !== 'object') return null;
  const {config, configWithModels} = estimator;
  return configWithModels === undefined ? config : configWithModels;
}

/** The estimator of a saved configuration, with its models made. */
function withModels(who: string, estimator: unknown): tf.serialization.ConfigDict {
  if (!isRecord(estimator) || !('config' in estimator) || !isRecord(estimator.config)) return {};
  const config = modelsFromJson(who, estimator.config as Readonly<Record<string, unknown>>); // a record
  return {estimator: {...estimator, config: config as tf.serialization.ConfigDict}};
}

/** So many calls of one layer may stand for distributions at once, outside of gradient scopes. */
const MOST_LASTING = 32;

const CONSTANT =
  'gives out a mode or a sample, which is no differentiable function of its input: take the loss ' +
  "stl.negativeLogLikelihood, or give inference: 'mean'";

/** Only an optimizer of the library can have the model run once for each sample. */
const ONE_RUN =
  'draws several samples, one for each run of the model, and this gradient is taken of one run: compile with ' +
  'st.stochasticOptimizer(tf.train.adam(…)), or use st.variableGrads; with sampleAxis: true all samples are drawn in ' +
  'one run, in front of the batch';

/** In a bound of several samples. */
const NO_DRAW = "has a prior and output: 'distribution': nothing is drawn of it, so that its divergence is in no bound";

/** In a gradient scope `model.apply(x)` may be meant either way. */
const UNSAID =
  'is differentiated, and was applied without a word about training: model.apply(x, {training: true}) draws, ' +
  'with the estimator; with {training: false} the gradient is that of what the layer gives out in inference';

const isRecord = (x: unknown): x is object => typeof x === 'object' && x !== null && !Array.isArray(x);

/** The family by name and options; null for a function of the inputs. */
function readNamed(who: string, distribution: unknown): NamedDistribution | null {
  if (typeof distribution === 'function') return null;
  if (typeof distribution === 'string') return {name: distribution};
  st.extension.check(
    isRecord(distribution) && !(distribution instanceof st.Distribution),
    who,
    'distribution must be a name, {name, config} or a function of the inputs',
    distribution,
  );
  const {config, ...rest} = distribution as NamedDistribution; // what it holds is checked where it is looked for
  const isPlain = config === undefined || (isRecord(config) && Object.keys(config).length === 0);
  return isPlain ? rest : {...rest, config};
}

function readEstimator(
  who: string,
  given: StochasticLayerArgs['estimator'],
): st.Estimator | st.LossFunction | undefined {
  if (given === undefined || typeof given === 'function') return given;
  if (typeof given === 'string') return st.estimators.get(given, {}, who);
  st.extension.check(typeof given === 'object' && given !== null, who, ESTIMATOR_RULE, given);
  if ('combine' in given) {
    st.extension.check(st.extension.isEstimator(given), who, ESTIMATOR_RULE, given);
    return given;
  }
  st.extension.checkKeys(`${who}: estimator`, given, ['name', 'config']);
  st.extension.check(typeof given.name === 'string', who, ESTIMATOR_RULE, given);
  return st.estimators.get(given.name, given.config, who);
}

const ESTIMATOR_RULE =
  'estimator must be an estimator, a name, {name, config} or a function (node, value, cost) => Tensor';

/**
 * A layer that draws from any distribution; see `StochasticArgs`.
 * @example
 * ```ts
 * const layer = stl.stochastic({distribution: ([loc]) => new st.Normal({loc, scale: 1}), inputShape: [3]});
 * tf.sequential({layers: [layer]}).predict(tf.ones([1, 3])); // [[1, 1, 1]]
 * ```
 */
export function stochastic<Name extends st.EstimatorName>(args: StochasticArgs<Name>): StochasticLayer {
  return new StochasticLayer(args);
}

mendCompile();
mendEvaluation();
mendHiddenCosts();
mendRecurrentStates();
mendTrainOnBatch();
mendTrainingConfig();
watchTrainSteps();
tf.serialization.registerClass(StochasticLayer);
