/** The options of layers with random weights. */
import type {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import type {KlWeight} from '../costs/klWeight.js';
import {checkLayerArgs, layerArgNames} from '../layerArgs.js';
import type {PosteriorConfig} from './posterior.js';
import type {WeightPrior} from './weightPrior.js';

/** What a layer with random weights computes with when the model is not being trained. */
export type WeightInference = 'mean' | 'sample' | number;

/** Options of every layer with random weights. */
export interface WeightOptions {
  /**
   * The family of the weights, and the scale or rate of dropout that they start with; the locations start as the kernel
   * initializer says. Default 'normal', scale 0.02.
   */
  posterior?: PosteriorConfig;
  /** Default Normal(0, 1); of the posterior 'dropout' 'logUniform', the only one that suits it. */
  prior?: WeightPrior;
  /**
   * Whether the divergence from the prior is a closed form (an error where there is none) or is taken at the weights
   * that were drawn. Default: the closed form where there is one.
   */
  exact?: boolean;
  /** Whether biases are random too. Default false: they are numbers, as in TensorFlow Probability. */
  randomBias?: boolean;
  /**
   * What the layer computes with when the model is not being trained: the mean weights (default), or weights drawn
   * anew at each call. A number n is the mean of what the layer gives out over n draws of its weights.
   */
  inference?: WeightInference;
  /** Makes the draws repeatable; each call draws anew. Default: the default stream. */
  seed?: number;
  /**
   * What KL(q ‖ prior), the sum over all weights, counts in the model's loss, as of other layers. Where the loss is the
   * mean of −ln p(y | x, w) over the examples, `'perExample'` makes it the evidence lower bound per example. Default 1.
   */
  klWeight?: KlWeight;
}

/** Options of `variational`: those of the weights, and those of every tfjs layer. */
export type VariationalOptions = WeightOptions & NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** How a layer computes with random weights. */
export type WeightMethod = 'reparameterization' | 'localReparameterization' | 'flipout';

/** The options of a layer with random weights, as the layer takes them: those of users, and what it wraps. */
export type VariationalArgs = VariationalOptions & {
  /** Whose weights are random. */
  layer: layers.Layer;
  /** Default 'reparameterization'; the others need a dense or convolutional layer without an activation. */
  method?: WeightMethod;
  /** Behind the layer, where the method is not 'reparameterization'. */
  activation?: string;
};

/** The names of `WeightOptions`. */
const weightOptionNames: readonly string[] = [
  'posterior',
  'prior',
  'exact',
  'randomBias',
  'inference',
  'seed',
  'klWeight',
];

/** The names of `VariationalOptions`. */
export const optionNames: readonly string[] = [...weightOptionNames, ...layerArgNames];

/** Throws in the name of `who` where a name is unknown (`more` are known as well), or what every layer has is wrong. */
export function checkOptions(who: string, options: object, more: readonly string[] = []): void {
  st.extension.checkKeys(who, options, [...optionNames, ...more]);
  checkLayerArgs({...options}, who);
}

/** In a gradient scope `model.apply(x)` may be meant either way. */
export const unsaid = (what: 'weights' | 'noise'): string =>
  `is differentiated, and was applied without a word about training: model.apply(x, {training: true}) draws its ${what}; ` +
  'with {training: false} the gradient is that of what the layer gives out in inference';
