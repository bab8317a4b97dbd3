/** Gaussian dropout whose rates are trained. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, type LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import {oneOf, type LayerShape} from '../families/distributionMaker.js';
import {checkApplied, checkLayerArgs, layerArgNames, readShapes, realInputs} from '../layerArgs.js';
import {savedKlWeight} from '../layerState.js';
import {noteCall} from '../unlistedWeights.js';
import {letDraw, meanOfDraws} from '../values/inference.js';
import {unsaid, type WeightInference, type WeightOptions} from './args.js';
import {rateNames, readRates, type DropoutRates} from './posterior.js';
import {RandomWeightsLayer} from './randomWeightsLayer.js';
import {dropoutDivergence} from './weightPrior.js';

/**
 * Options of `learnedGaussianDropout`: the rate at the start, whether all units share one, those of other random layers,
 * and those that tfjs layers take.
 */
export type LearnedGaussianDropoutArgs = DropoutRates &
  Pick<WeightOptions, 'inference' | 'seed' | 'klWeight'> &
  NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

const WHO = 'stl.learnedGaussianDropout';

/** Multiplies its input by noise N(1, α) whose α is trained; see `learnedGaussianDropout`. */
export class LearnedGaussianDropoutLayer extends RandomWeightsLayer {
  /** What saved models call it; tfjs has a layer GaussianDropout of its own. */
  static className = 'LearnedGaussianDropout';

  readonly #rates: ReturnType<typeof readRates>;
  /** Whether it gives out draws for a while, whatever `inference` says. */
  #isDrawing = false;
  #logAlpha: LayerVariable | null = null;
  /** Length of the last axis. */
  #units = 0;
  /** Of the input that the layer was built for; an input of more axes has sample axes in front. */
  #inputRank = 0;

  constructor(args: LearnedGaussianDropoutArgs = {}) {
    st.extension.checkKeys(WHO, args, [...rateNames, 'inference', 'seed', 'klWeight', ...layerArgNames]);
    const {rate, shared, inference = 'mean', seed, klWeight, ...base} = args;
    checkLayerArgs({...base}, WHO);
    super(base, {...(seed === undefined ? {} : {seed}), ...(klWeight === undefined ? {} : {klWeight})});
    const who = this.who;
    this.#rates = readRates(who, {...(rate === undefined ? {} : {rate}), ...(shared === undefined ? {} : {shared})});
    this.inference = inference;
    this.supportsMasking = true;
    letDraw(this, {
      inTraining: 'weights',
      begin: () => void (this.#isDrawing = true),
      end: () => void (this.#isDrawing = false),
    });
  }

  /** What the layer is built with. */
  get #spread(): LayerVariable {
    st.extension.check(this.#logAlpha !== null, this.who, 'must be built before its rates are asked for');
    return this.#logAlpha;
  }

  /**
   * ln α, of shape `[units]` or, where all share one rate, a scalar; the rate is α/(1 + α).
   * @throws before the layer is built
   */
  logAlpha(): tf.Tensor {
    return tf.clone(this.#spread.read());
  }

  /**
   * Σ KL(N(1, α) ‖ log-uniform) over the units, up to a constant, a scalar without the factor klWeight (Molchanov et al.
   * 2017, eq. 14).
   * @throws before the layer is built
   */
  kl(): tf.Scalar {
    return dropoutDivergence(this.#spread.read(), this.#units) as tf.Scalar; // a sum
  }

  /** As of every layer. @throws unless the input is a tensor, or a symbolic one */
  override apply(...args: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    checkApplied(this.who, args[0]);
    return super.apply(...args);
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const who = this.who;
    st.extension.check(this.#logAlpha === null, who, 'is built already');
    const shape = this.#readShape(inputShape);
    const units = shape[shape.length - 1];
    st.extension.check(typeof units === 'number', who, 'the last axis of its input must be known', shape);
    this.#units = units;
    this.#inputRank = shape.length;
    const {shared, logAlpha} = this.#rates;
    const start = initializers.constant({value: logAlpha});
    this.#logAlpha = this.addWeight('logAlpha', shared ? [] : [units], 'float32', start);
    this.state.build();
    super.build(inputShape);
  }

  #readShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    const shape = oneOf(this.who, 'learnedGaussianDropout', readShapes(this.who, inputShape));
    const isKnown = this.#units === 0 || shape[shape.length - 1] === this.#units;
    const isRow = shape.length > 1 && isKnown;
    st.extension.check(isRow, this.who, `needs an input of shape [batch, …, ${this.#units || 'units'}]`, shape);
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      if (kwargs['training'] === true) noteCall(this);
      const who = this.who;
      const list = realInputs(who, inputs);
      this.#readShape(list.map(x => x.shape));
      const x = list[0]!; // the one that there is
      const training: boolean | undefined = kwargs['training'];
      const inference = this.#isDrawing ? 'sample' : this.inference;
      const key = this.state.nextKey(training === true, inference !== 'mean');
      const isReport = training !== true && this.term.isWanted && !st.extension.inGradientScope();
      // that of the rates is the same in all uses of a step
      const step = training === true ? this.state.step() : this.state.steps;
      if (isReport || (training === true && !this.term.isPending)) this.term.add(this.kl(), {step});
      if (training === true) return this.#train(x, key);
      const given = this.#infer(x, inference, key);
      if (training === false) return given;
      return st.extension.refuseGradient(given, [x, this.#spread.read()], who, unsaid('noise'));
    });
  }

  /** N(1, α) for each element, all behind the batch one event. */
  #noiseFor(x: tf.Tensor): st.Distribution {
    const scale = tf.exp(tf.mul(this.#spread.read(), 0.5));
    const noise = new st.Normal({loc: tf.ones(x.shape), scale});
    const rank = Math.min(x.rank, this.#inputRank) - 1;
    return rank === 0 ? noise : st.independent(noise, rank);
  }

  #train(x: tf.Tensor, key: Key | undefined): tf.Tensor {
    const node = new st.DistributionTensor(this.#noiseFor(x), {
      ...(key === undefined ? {} : {key}),
      name: this.name,
      estimator: 'pathwise',
      valueType: st.sampleValue(),
    });
    return tf.mul(x, node.value);
  }

  #infer(x: tf.Tensor, inference: WeightInference, key: Key | undefined): tf.Tensor {
    if (inference === 'mean') return x;
    const noise = this.#noiseFor(x);
    if (typeof inference === 'number') return tf.mul(x, meanOfDraws(noise, inference, key));
    return tf.mul(x, noise.sample([], key === undefined ? {} : {key}));
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    return this.#readShape(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      rate: this.#rates.rate,
      shared: this.#rates.shared,
    };
  }

  /** A layer like the one that gave this configuration with `getConfig`. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    st.extension.checkObject(WHO, 'the saved configuration', config);
    const {klWeight, examples, state, ...rest} = config;
    const saved = {state, klWeight, examples};
    const layer = new cls({...rest, ...(savedKlWeight(saved) as tf.serialization.ConfigDict)}); // as it was read from JSON
    if (layer instanceof LearnedGaussianDropoutLayer) layer.state.readSaved(WHO, saved);
    return layer;
  }
}

/**
 * Gaussian dropout with learnt rates (Kingma et al. 2015, section 3.2): in training each element of the input, of shape
 * `[batch, …, units]`, is multiplied by noise N(1, α) of its own, with ln α trained for each unit (the last axis), or one
 * for all. klWeight · Σ KL over the units, from the log-uniform prior, is added to the loss once a step: it pulls α up,
 * the loss of the data pulls it down. The draws are reparameterised, so that any optimizer trains it. Otherwise the
 * input is given out as it is, or what `inference` says. Nothing is dropped where α is 0; rate = α/(1 + α) is that of
 * `tf.layers.gaussianDropout`.
 * @example
 * ```ts
 * const layer = stl.learnedGaussianDropout({rate: 0.2, inputShape: [3], klWeight: 1 / 100, seed: 1});
 * const model = tf.sequential({layers: [layer, tf.layers.dense({units: 1})]});
 * model.compile({optimizer: 'adam', loss: 'meanSquaredError'});
 * layer.logAlpha(); // [-1.3863, -1.3863, -1.3863]
 * ```
 */
export function learnedGaussianDropout(args: LearnedGaussianDropoutArgs = {}): LearnedGaussianDropoutLayer {
  return new LearnedGaussianDropoutLayer(args);
}

tf.serialization.registerClass(LearnedGaussianDropoutLayer);
