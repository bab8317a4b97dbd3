/** A Keras-style layer with random weights. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, LayersModel, type LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {foldIn, type Key} from 'tfjs-stochastic/random';
import type {LayerShape} from '../families/distributionMaker.js';
import {checkApplied, readShapes, realInputs} from '../layerArgs.js';
import {savedKlWeight} from '../layerState.js';
import {noteCall} from '../unlistedWeights.js';
import {letDraw} from '../values/inference.js';
import {checkOptions, unsaid, type VariationalArgs, type WeightMethod} from './args.js';
import {inOurWords} from './inOurWords.js';
import {callWith, checkStateCount, specsFor, takesStates, withStates} from './initialStates.js';
import {layerFromJson, layerToJson} from './layerJson.js';
import {passThrough, type WeightDraw} from './passes.js';
import {RandomWeight, readPosterior, type PosteriorName, type ReadPosterior} from './posterior.js';
import {RandomWeightsLayer} from './randomWeightsLayer.js';
import {readWeightPrior, type PriorOfWeight, type ReadPrior} from './weightPrior.js';
import {withWeights} from './withWeights.js';

const METHODS: readonly WeightMethod[] = ['reparameterization', 'localReparameterization', 'flipout'];
/** What the methods other than 'reparameterization' can wrap. */
const LINEAR = {localReparameterization: ['Dense'], flipout: ['Dense', 'Conv1D', 'Conv2D']};

/** A weight tensor with its prior. */
interface Prioritised {
  readonly weight: RandomWeight;
  readonly prior: PriorOfWeight;
  /** Whether its divergence is a closed form. */
  readonly exact: boolean;
}

/**
 * A tfjs layer whose weights are drawn from a distribution that is trained: in training anew at each call, by the
 * reparameterised draws w = loc + scale·ε, so that any optimizer trains it; otherwise the mean weights are used, or a
 * draw. klWeight · Σ KL(q ‖ prior) is added to the loss of the model, once a step. Where `training` is not given, as in
 * `model.apply(x)`, this is inference, and a gradient that leads through the layer is an error.
 */
export class VariationalLayer extends RandomWeightsLayer {
  /** What saved models call it. */
  static className = 'Variational';

  /** Whose weights are random. Its variables are the locations. */
  readonly layer: layers.Layer;
  readonly #method: WeightMethod;
  readonly #activation: string;
  readonly #activate: layers.Layer | null;
  readonly #posterior: ReadPosterior;
  readonly #prior: ReadPrior;
  readonly #exact: boolean | undefined;
  readonly #randomBias: boolean;
  /** The weights of all calls while others have the layer draw; null while nobody has. */
  #held: {drawn: Map<LayerVariable, tf.Tensor> | null} | null = null;
  #weights: Prioritised[] = [];
  /** Of the input that the layer was built for; an input of more axes has sample axes in front. */
  #inputRank = 0;

  constructor(args: VariationalArgs) {
    const maker = 'stl.variational';
    checkOptions(maker, args, ['layer', 'method', 'activation']);
    const {layer, method = 'reparameterization', activation = 'linear', ...rest} = args;
    const {posterior = 'normal', prior, exact, randomBias = false, inference = 'mean', seed, ...others} = rest;
    const {klWeight, ...base} = others;
    checkWrapped(maker, layer);
    // an inner layer that begins a model says what goes into it
    const {batchInputShape, dtype} = layer as Partial<Pick<layers.Layer, 'batchInputShape' | 'dtype'>>;
    const isGiven = base.inputShape != null || base.batchInputShape != null || batchInputShape === undefined;
    super(isGiven ? base : {...base, batchInputShape, dtype: dtype ?? 'float32'}, {
      ...(seed === undefined ? {} : {seed}),
      ...(klWeight === undefined ? {} : {klWeight}),
    });
    this.layer = layer;
    this._stateful = layer.stateful;
    const who = this.who;
    st.extension.checkOneOf(who, 'method', method, METHODS);
    st.extension.checkText(who, 'activation', activation);
    this.#method = method;
    this.#activation = activation;
    const named = {activation: activation as 'relu'}; // tfjs refuses names that it does not know
    this.#activate = activation === 'linear' ? null : inOurWords(who, () => layers.activation(named));
    const fits = method === 'reparameterization' || LINEAR[method].includes(layer.getClassName());
    st.extension.check(
      fits,
      who,
      `method ${JSON.stringify(method)} needs a dense layer${method === 'flipout' ? ', conv1d or conv2d' : ''}`,
      layer.getClassName(),
    );
    const inside = method === 'reparameterization' ? 'linear' : layer.getConfig()['activation'];
    st.extension.check(
      inside === 'linear',
      who,
      `method ${JSON.stringify(method)} needs a layer without an activation, which would stand inside the noise; give ` +
        'the activation beside it',
      inside,
    );
    this.#posterior = readPosterior(who, posterior);
    const isDropout = this.#posterior.name === 'dropout';
    this.#prior = readWeightPrior(who, prior === undefined ? (isDropout ? 'logUniform' : NORMAL) : prior);
    if (exact !== undefined) st.extension.checkBoolean(who, 'exact', exact);
    this.#exact = exact;
    st.extension.checkBoolean(who, 'randomBias', randomBias);
    this.#randomBias = randomBias;
    this.inference = inference;
    this.supportsMasking = layer.supportsMasking;
    this.inputSpec = layer.inputSpec;
    if (base.trainable === false) layer.trainable = false;
    letDraw(this, {
      inTraining: 'weights',
      begin: () => {
        this.#release();
        this.#held = {drawn: null};
      },
      end: () => {
        this.#release();
        this.#held = null;
      },
    });
  }

  /** Frees the weights that calls share. */
  #release(): void {
    if (this.#held?.drawn != null) tf.dispose([...this.#held.drawn.values()]);
  }

  /**
   * Σ KL(q ‖ prior) over all random weights as they are now, a scalar without the factor klWeight: in closed form, or
   * at one draw of the weights.
   * @throws before the layer is built
   */
  kl(): tf.Scalar {
    st.extension.check(this.built, this.who, 'must be built before its divergence is asked for');
    return tf.tidy(() => this.#divergenceAt(undefined));
  }

  /**
   * ln α of each random weight tensor, the layer's kernel first: α = variance/mean², of the weights' shape, or a scalar
   * where they share one rate. Weights above 3, say, are noise and may be set to 0 (Molchanov et al. 2017).
   * @throws before the layer is built, and for posteriors that are neither 'normal' nor 'dropout'
   */
  logAlpha(): tf.Tensor[] {
    const {name} = this.#posterior;
    st.extension.check(NEAR_NORMAL.includes(name), this.who, 'logAlpha is of the posteriors normal and dropout', name);
    st.extension.check(this.built, this.who, 'must be built before its rates are asked for');
    return tf.tidy(() => this.#weights.map(({weight}) => weight.logAlpha()));
  }

  /** Of the layer inside as well. */
  override get trainable(): boolean {
    return super.trainable;
  }

  override set trainable(trainable: boolean) {
    super.trainable = trainable;
    this.layer.trainable = trainable;
  }

  /** Those of the layer (the locations), then the scales, then those of a learnt prior. */
  override get trainableWeights(): LayerVariable[] {
    return this.trainable ? [...this.layer.trainableWeights, ...super.trainableWeights] : [];
  }

  /** Those of the layer that are no weights to be drawn, all where the layer is not trained, and what is remembered. */
  override get nonTrainableWeights(): LayerVariable[] {
    return [...this.layer.nonTrainableWeights, ...super.nonTrainableWeights];
  }

  override set nonTrainableWeights(weights: LayerVariable[]) {
    super.nonTrainableWeights = weights;
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value);
    this.layer.setFastWeightInitDuringBuild(value);
  }

  /**
   * As of every layer; recurrent ones take `{initialState}`, or their first states behind the input.
   * @throws unless all inputs are tensors, or all are symbolic ones, as many and of such shapes as the layer takes
   */
  override apply(...args: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    const who = this.who;
    const {inputs, kwargs} = withStates(who, this.layer, args[0], args[1] ?? {});
    checkApplied(who, inputs);
    const states = Array.isArray(inputs) && takesStates(this.layer) ? inputs.slice(1) : [];
    checkStateCount(who, this.layer, states.length);
    const specs = this.inputSpec;
    if (states.length === 0 || specs == null) return super.apply(inputs, kwargs);
    this.inputSpec = specsFor(specs, states);
    try {
      return super.apply(inputs, kwargs);
    } finally {
      this.inputSpec = this.layer.inputSpec;
    }
  }

  protected override assertInputCompatibility(inputs: Parameters<layers.Layer['apply']>[0]): void {
    const [needed, given] = [this.inputSpec?.length, [inputs].flat().length];
    const who = this.who;
    // tfjs would write out their values
    st.extension.check(
      needed === undefined || needed === given,
      who,
      `needs ${needed} input${needed === 1 ? '' : 's'}`,
      given,
    );
    inOurWords(who, () => super.assertInputCompatibility(inputs));
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const who = this.who;
    const {layer} = this;
    st.extension.check(this.#weights.length === 0, who, 'is built already');
    const [first] = readShapes(who, inputShape) as [LayerShape]; // at least one
    this.#inputRank = first.length;
    const isRow = this.#method !== 'localReparameterization' || first.length === 2;
    st.extension.check(
      isRow,
      who,
      'local reparameterization needs inputs of shape [batch, features], since each row draws its own noise; use flipout, or flatten first',
      first,
    );
    if (!layer.built) {
      inOurWords(who, () => layer.build(inputShape));
      layer.built = true;
    }
    if (layer.initialWeights != null) {
      const {initialWeights} = layer;
      inOurWords(who, () => layer.setWeights(initialWeights));
      layer.initialWeights = null as unknown as tf.Tensor[]; // as tfjs does once they are set
    }
    if (this.inputSpec == null || this.inputSpec.length === layer.inputSpec?.length) this.inputSpec = layer.inputSpec; // else states stand behind
    if (layer.losses.length > 0) this.addLoss(() => sum(layer.calculateLosses()));
    const {trainable} = layer;
    layer.trainable = true; // else it lists none
    const variables = layer.trainableWeights;
    layer.trainable = trainable;
    const random = variables.filter(v => this.#randomBias || !/bias|beta/.test(shortName(v)));
    st.extension.check(random.length > 0, who, 'the layer must have weights to make random', layer.getClassName());
    const taken = new Set<string>();
    this.#weights = random.map((variable, i) => {
      const plain = shortName(variable);
      const name = taken.has(plain) ? `${plain}_${i}` : plain;
      taken.add(plain);
      const add = (suffix: string, initial: number, shape: number[] = []): LayerVariable =>
        this.addWeight(`${name}_${suffix}`, shape, 'float32', startingAt(initial));
      const shape = variable.shape as number[]; // of a variable, so without null
      const {suffix, initial, isShared} = this.#posterior.spread;
      const spread = add(suffix, initial, isShared ? [] : shape);
      const weight = new RandomWeight(variable, spread, this.#posterior.name);
      const prior = this.#prior.of((suffix, initial) => add(suffix, initial));
      return {weight, prior, exact: this.#readExact(weight, prior, shape)};
    });
    this.state.build();
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      if (kwargs['training'] === true) noteCall(this);
      const list = realInputs(this.who, inputs);
      const training: boolean | undefined = kwargs['training'];
      // a report counts what a pass without gradients costs
      const isReport = training !== true && this.term.isWanted && !st.extension.inGradientScope();
      const isSampledKl = isReport && this.#weights.some(({exact}) => !exact);
      const draws = this.#held !== null || this.inference !== 'mean' || isSampledKl;
      const key = this.state.nextKey(training === true, draws);
      if (training === true) return this.#train(inputs, kwargs, key);
      if (isReport) {
        const klKey = key === undefined ? undefined : foldIn(key, this.#weights.length);
        this.term.add(this.#divergenceAt(klKey), {step: this.state.steps});
      }
      const activated = this.#infer(inputs, kwargs, key);
      if (training === false) return activated;
      const upstream = [...list, ...this.trainableWeights.map(w => w.read())];
      const refuse = (t: tf.Tensor): tf.Tensor => st.extension.refuseGradient(t, upstream, this.who, unsaid('weights'));
      return Array.isArray(activated) ? activated.map(refuse) : refuse(activated);
    });
  }

  #train(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}, key: Key | undefined): tf.Tensor | tf.Tensor[] {
    let draws = 0;
    const draw: WeightDraw = (distribution, batchRank) => {
      const place = draws++;
      const rank = distribution.batchShape.length - batchRank;
      const options = key === undefined ? {} : {key: foldIn(key, place)};
      // all behind the batch is one event, so that the weights' axes are no sample axes of the graph
      const made = rank === 0 ? distribution : st.independent(distribution, rank);
      return new st.DistributionTensor(made, {
        ...options,
        name: this.name,
        estimator: 'pathwise',
        valueType: st.sampleValue(),
      }).value;
    };
    const weights = this.#weights.map(({weight, prior, exact}) => ({weight, ...weight.read(), prior, exact}));
    const {output, drawn} = passThrough[this.#method]({
      layer: this.layer,
      inputs,
      kwargs,
      weights,
      draw,
      inputRank: this.#inputRank,
    });
    const step = this.state.step();
    // that of the weights is the same in all uses of a step, unless it is taken at what was drawn
    if (!this.term.isPending || weights.some(({exact}) => !exact)) {
      this.term.add(
        this.#divergence((weight, q) => drawn.get(weight) ?? draw(q, 0)),
        {step},
      );
    }
    return this.#applyActivation(output);
  }

  #infer(inputs: tf.Tensor | tf.Tensor[], kwargs: object, key: Key | undefined): tf.Tensor | tf.Tensor[] {
    const given = (drawn: Map<LayerVariable, tf.Tensor>): tf.Tensor | tf.Tensor[] =>
      this.#applyActivation(withWeights(drawn, () => callWith(this.layer, inputs, kwargs)));
    const inference = this.#held === null ? this.inference : 'sample';
    if (inference === 'mean') return given(new Map());
    if (inference === 'sample') return given(this.#heldOr(key));
    let totals: tf.Tensor[] = [];
    let isList = false;
    for (let i = 0; i < inference; i++) {
      const before = totals;
      totals = tf.tidy(() => {
        const one = given(this.#drawPlainly(key === undefined ? undefined : foldIn(key, i)));
        isList = Array.isArray(one);
        const list = Array.isArray(one) ? one : [one];
        return i === 0 ? list : list.map((t, j) => tf.add(before[j]!, t)); // as many at each draw
      });
      tf.dispose(before);
    }
    const means = totals.map(t => tf.div(t, inference));
    return isList ? means : means[0]!;
  }

  /** Weights drawn for this call, or those that all calls share. */
  #heldOr(key: Key | undefined): Map<LayerVariable, tf.Tensor> {
    if (this.#held === null) return this.#drawPlainly(key);
    if (this.#held.drawn === null) {
      this.#held.drawn = this.#drawPlainly(key);
      for (const w of this.#held.drawn.values()) tf.keep(w);
    }
    return this.#held.drawn;
  }

  #drawPlainly(key: Key | undefined): Map<LayerVariable, tf.Tensor> {
    return new Map(
      this.#weights.map(({weight}, i) => {
        const {loc, scale} = weight.read();
        const q = weight.distribution(loc, scale);
        return [weight.variable, q.sample([], key === undefined ? {} : {key: foldIn(key, i)})];
      }),
    );
  }

  #applyActivation(y: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return this.#activate === null ? y : this.#activate.call(y, {});
  }

  /**
   * Σ KL(q ‖ prior), a scalar.
   * @param drawnOf the weights at which a divergence without closed form is taken
   */
  #divergence(drawnOf: (weight: RandomWeight, q: st.Distribution, place: number) => tf.Tensor): tf.Scalar {
    const terms = this.#weights.map(({weight, prior, exact}, i) => {
      const {loc, scale} = weight.read();
      const at = exact ? null : drawnOf(weight, weight.distribution(loc, scale), i);
      return divergence(weight, prior, loc, scale, at);
    });
    return sum(terms);
  }

  /** The same, where it has no closed form at weights that are drawn for it. */
  #divergenceAt(key: Key | undefined): tf.Scalar {
    return this.#divergence((_, q, i) => q.sample([], key === undefined ? {} : {key: foldIn(key, i)}));
  }

  /** Whether the divergence of a weight is a closed form; throws where it can be neither. */
  #readExact(weight: RandomWeight, prior: PriorOfWeight, shape: readonly number[]): boolean {
    const who = this.who;
    if (prior.distribution === null) {
      st.extension.check(
        NEAR_NORMAL.includes(weight.family),
        `${who}: prior`,
        'the log-uniform prior needs the posterior normal or dropout',
        weight.family,
      );
      st.extension.check(
        this.#exact !== false,
        `${who}: prior`,
        'the log-uniform prior has no density, so exact must not be false',
        this.#exact,
      );
      return true;
    }
    st.extension.check(
      weight.family !== 'dropout',
      `${who}: prior`,
      'the posterior dropout needs the prior logUniform: its divergence from any other is infinite where a weight is 0',
    );
    return tf.tidy(() => {
      const p = prior.distribution!();
      const batch = p.batchShape;
      const fits =
        batch.length <= shape.length && batch.every((d, i) => d === 1 || d === shape[shape.length - batch.length + i]);
      st.extension.check(fits, `${who}: prior`, `must broadcast to the weights of shape [${shape.join(',')}]`, [
        ...batch,
      ]);
      if (this.#exact === false) return false;
      try {
        st.klDivergence(weight.distribution(0, tf.scalar(1)), p);
        return true;
      } catch (error) {
        if (!(error instanceof st.errors.StochasticError)) throw error;
        return this.#exact === true ? st.extension.fail(who, `exact needs a closed form: ${error.message}`) : false;
      }
    });
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape | LayerShape[] {
    const who = this.who;
    readShapes(who, inputShape);
    return inOurWords(who, () => this.layer.computeOutputShape(inputShape));
  }

  override computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return this.layer.computeMask(inputs, mask);
  }

  override resetStates(): void {
    this.layer.resetStates();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      layer: layerToJson(this.layer),
      method: this.#method,
      activation: this.#activation,
      posterior: {name: this.#posterior.name, config: {...this.#posterior.config}},
      prior: this.#prior.config() as unknown as tf.serialization.ConfigDict, // names and numbers only
      ...(this.#exact === undefined ? {} : {exact: this.#exact}),
      randomBias: this.#randomBias,
    };
  }

  /** A layer like the one that gave this configuration with `getConfig`. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const who = 'stl.variational';
    st.extension.checkObject(who, 'the saved configuration', config);
    const {klWeight, examples, state, ...rest} = config;
    const saved = {state, klWeight, examples};
    const layer = new cls({...rest, ...savedKlWeight(saved), layer: layerFromJson(who, config['layer'])});
    if (layer instanceof VariationalLayer) layer.state.readSaved(who, saved);
    return layer;
  }
}

/** Whose α = variance/mean² the log-uniform prior is about. */
const NEAR_NORMAL: readonly PosteriorName[] = ['normal', 'dropout'];

const NORMAL = {name: 'Normal', config: {loc: 0, scale: 1}};

function checkWrapped(who: string, layer: unknown): asserts layer is layers.Layer {
  st.extension.check(layer instanceof layers.Layer, who, 'layer must be a layer of tfjs', layer);
  const isPlain = !(layer instanceof LayersModel) && !(layer instanceof VariationalLayer);
  st.extension.check(
    isPlain,
    who,
    'layer must be one layer whose weights are numbers; of a model wrap each layer',
    layer.getClassName(),
  );
}

/** Σ KL(q ‖ p): in closed form, or at the draw w as ln q(w) − ln p(w). */
function divergence(
  weight: RandomWeight,
  prior: PriorOfWeight,
  loc: tf.Tensor,
  scale: tf.Tensor,
  w: tf.Tensor | null,
): tf.Tensor {
  if (prior.distribution === null) return prior.divergence!(weight); // it has one of the two
  const [q, p] = [weight.distribution(loc, scale), prior.distribution()];
  return tf.sum(w === null ? st.klDivergence(q, p) : tf.sub(q.logProb(w), p.logProb(w)));
}

function sum(terms: tf.Tensor[]): tf.Scalar {
  return (terms.length === 0 ? tf.scalar(0) : terms.length === 1 ? tf.clone(terms[0]!) : tf.addN(terms)) as tf.Scalar; // all scalars
}

/** The last part of a variable's name. */
function shortName(variable: LayerVariable): string {
  return variable.originalName.split('/').pop()!;
}

function startingAt(value: number): Parameters<layers.Layer['addWeight']>[3] {
  return initializers.constant({value});
}

tf.serialization.registerClass(VariationalLayer);
