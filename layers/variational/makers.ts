/** Layers with random weights. */
import {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {checkOptions, optionNames, type VariationalOptions, type WeightMethod, type WeightOptions} from './args.js';
import {inOurWords} from './inOurWords.js';
import {VariationalLayer} from './variationalLayer.js';

type ArgsOf<Make extends keyof typeof layers> = (typeof layers)[Make] extends (args: infer Args) => unknown
  ? Args
  : never;

/** Options of dense layers with random weights: those of `tf.layers.dense`, and of the weights. */
export type DenseVariationalArgs = ArgsOf<'dense'> & WeightOptions;
/** Options of convolutions with random weights: those of `tf.layers.conv1d` or `conv2d`, and of the weights. */
export type ConvVariationalArgs = ArgsOf<'conv2d'> & WeightOptions;

/**
 * Makes the weights of a tfjs layer random: dense, convolutional, recurrent, an embedding or the like. One draw serves
 * all examples and all time steps of a call (Blundell et al. 2015; Fortunato et al. 2017). The layer's own weights
 * become the means; those of a layer that was built before stay as they are. See `VariationalOptions`.
 * @example
 * ```ts
 * const layer = stl.variational(tf.layers.simpleRNN({units: 3, inputShape: [5, 2]}), {prior: 'learned', seed: 1});
 * const model = tf.sequential({layers: [layer]});
 * model.predict(tf.zeros([4, 5, 2])).shape; // [4, 3]
 * ```
 */
export function variational(layer: layers.Layer, options: VariationalOptions = {}): VariationalLayer {
  checkOptions('stl.variational', options);
  return new VariationalLayer({...options, layer});
}

/**
 * A dense layer whose weights are drawn once for the whole batch (Blundell et al. 2015).
 * @example
 * ```ts
 * const layer = stl.denseReparameterization({units: 2, inputShape: [3], klWeight: 1 / 100, seed: 1});
 * const model = tf.sequential({layers: [layer]});
 * model.compile({optimizer: 'adam', loss: 'meanSquaredError'});
 * model.predict(tf.zeros([4, 3])); // [[0, 0], [0, 0], [0, 0], [0, 0]]
 * ```
 */
export function denseReparameterization(args: DenseVariationalArgs): VariationalLayer {
  return wrap('denseReparameterization', 'dense', 'reparameterization', args);
}

/**
 * A dense layer whose outputs are drawn, for each example on its own, as its weights would make them: Normal with mean
 * x·M and variance x²·S² (Kingma et al. 2015). Its gradients vary less than those of `denseReparameterization`. Inputs
 * have shape `[batch, features]`.
 * @example
 * ```ts
 * const layer = stl.denseLocalReparameterization({units: 2, inputShape: [3], prior: 'scaleMixture'});
 * tf.sequential({layers: [layer]}).predict(tf.zeros([1, 3])); // [[0, 0]]
 * ```
 */
export function denseLocalReparameterization(args: DenseVariationalArgs): VariationalLayer {
  return wrap('denseLocalReparameterization', 'dense', 'localReparameterization', args);
}

/**
 * A dense layer whose weights are drawn once, with random signs for each example, so that the examples' weights are
 * uncorrelated and gradients vary less (Wen et al. 2018).
 * @example
 * ```ts
 * const layer = stl.denseFlipout({units: 2, inputShape: [3], activation: 'relu'});
 * tf.sequential({layers: [layer]}).predict(tf.zeros([1, 3])); // [[0, 0]]
 * ```
 */
export function denseFlipout(args: DenseVariationalArgs): VariationalLayer {
  return wrap('denseFlipout', 'dense', 'flipout', args);
}

/**
 * A dense layer with variational dropout: each weight is N(θ, αθ²), its α trained, with the log-uniform prior, under
 * which the noise of weights that are of no use grows beyond all bounds (Kingma et al. 2015; Molchanov et al. 2017).
 * Outputs are drawn as in `denseLocalReparameterization`, whose options it takes; those that are others by default are
 * posterior 'dropout' and prior 'logUniform'. `logAlpha()` tells which weights are left; with posterior 'normal', which
 * trains the variance in place of α, it passes all bounds sooner.
 * @example
 * ```ts
 * const posterior = {name: 'dropout', config: {rate: 0.05}};
 * const layer = stl.denseVariationalDropout({units: 2, inputShape: [3], posterior, klWeight: 'perExample'});
 * tf.sequential({layers: [layer]}).predict(tf.zeros([1, 3])); // [[0, 0]]
 * tf.greater(layer.logAlpha()[0], 3).sum(); // 0
 * ```
 */
export function denseVariationalDropout(args: DenseVariationalArgs): VariationalLayer {
  const defaults: WeightOptions = {posterior: 'dropout', prior: 'logUniform'};
  return wrap('denseVariationalDropout', 'dense', 'localReparameterization', args, defaults);
}

/** As `denseReparameterization`, of `tf.layers.conv1d`. */
export function conv1dReparameterization(args: ConvVariationalArgs): VariationalLayer {
  return wrap('conv1dReparameterization', 'conv1d', 'reparameterization', args);
}

/** As `denseFlipout`, of `tf.layers.conv1d`. */
export function conv1dFlipout(args: ConvVariationalArgs): VariationalLayer {
  return wrap('conv1dFlipout', 'conv1d', 'flipout', args);
}

/** As `denseReparameterization`, of `tf.layers.conv2d`. */
export function conv2dReparameterization(args: ConvVariationalArgs): VariationalLayer {
  return wrap('conv2dReparameterization', 'conv2d', 'reparameterization', args);
}

/**
 * As `denseFlipout`, of `tf.layers.conv2d`: a sign for each example and channel.
 * @example
 * ```ts
 * const layer = stl.conv2dFlipout({filters: 4, kernelSize: 3, inputShape: [8, 8, 1]});
 * tf.sequential({layers: [layer]}).predict(tf.zeros([1, 8, 8, 1])).shape; // [1, 6, 6, 4]
 * ```
 */
export function conv2dFlipout(args: ConvVariationalArgs): VariationalLayer {
  return wrap('conv2dFlipout', 'conv2d', 'flipout', args);
}

/** Options that the outer layer takes; all others are of the layer inside. */
const outer = new Set(optionNames);
/** What the layer inside needs too, for it stands for the model's input and for its own weights. */
const both = new Set(['weights']);

function wrap(
  name: string,
  make: MakeName,
  method: WeightMethod,
  args: object,
  defaults: WeightOptions = {},
): VariationalLayer {
  const who = `stl.${name}`;
  st.extension.checkObject(who, 'the options', args);
  const entries = Object.entries(args).filter(([, value]) => value !== undefined);
  const isLinear = method !== 'reparameterization';
  const {activation, ...inside} = Object.fromEntries(entries.filter(([key]) => !outer.has(key) || both.has(key))) as {
    activation?: string;
  };
  const options = Object.fromEntries(entries.filter(([key]) => outer.has(key) && !both.has(key)));
  const own = isLinear || activation === undefined ? inside : {...inside, activation};
  const layer = madeOr(who, make, own, () => checkNames(who, args, plainLayer(make)));
  checkNames(who, args, layer);
  return new VariationalLayer({
    ...defaults,
    ...options,
    layer,
    method,
    ...(isLinear && activation != null ? {activation} : {}),
  });
}

type MakeName = 'dense' | 'conv1d' | 'conv2d';

const makeLayer = (make: MakeName, args: object): layers.Layer =>
  (layers[make] as (args: object) => layers.Layer)(args); // tfjs itself checks what is in it

/** The layer of tfjs; where it refuses the options, `judge` may have a better reason. */
function madeOr(who: string, make: MakeName, args: object, judge: () => void): layers.Layer {
  try {
    return inOurWords(who, () => makeLayer(make, args));
  } catch (error) {
    judge();
    throw error;
  }
}

/** One whose options are known to be right. */
function plainLayer(make: MakeName): layers.Layer {
  return makeLayer(make, make === 'dense' ? {units: 1} : {filters: 1, kernelSize: 1});
}

/** Throws for an option that neither the layer nor its weights have. */
function checkNames(who: string, args: object, layer: layers.Layer): void {
  checkOptions(who, args, [...Object.keys(layer.getConfig()), 'inputDim', ...both]);
}
