/** Priors of random weights. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {priorConfig, readPrior, type PriorConfig} from '../prior.js';
import {inverseSoftplus} from './inverseSoftplus.js';
import type {RandomWeight} from './posterior.js';

/**
 * The prior of a layer's weights: a distribution of numbers, one for all weights or of a shape that broadcasts to
 * theirs; or by name,
 *
 * - `{name: 'scaleMixture', config: {weight, scales}}`: w·N(0, s₁²) + (1 − w)·N(0, s₂²) (Blundell et al. 2015, eq. 7),
 *   by default w = 0.5, s = [1, 0.0025];
 * - `{name: 'learned', config: {loc, scale}}`: Normal, its location and scale trained with the model, two numbers for
 *   each of the layer's weight tensors, which start at 0 and 1 unless said otherwise;
 * - `{name: 'logUniform'}`: p(ln |w|) constant, with the divergence of Molchanov et al. (2017), eq. 14, which drives the
 *   noise of weights that are of no use beyond all bounds;
 * - or `{name: 'Normal', config: {loc: 0, scale: 2}}` and the like, as of other layers.
 *
 * The name alone stands for the default configuration.
 */
export type WeightPrior = st.Distribution | PriorConfig | WeightPriorName;

/** The priors that are there for weights alone. */
export type WeightPriorName = 'scaleMixture' | 'learned' | 'logUniform';

/** What a layer does with its prior. */
export interface ReadPrior {
  /** Makes the prior of one weight tensor; `add` adds a number to what is trained. */
  of(add: (name: string, initial: number) => LayerVariable): PriorOfWeight;
  /** @throws unless the prior can be saved */
  readonly config: () => PriorConfig;
}

/** The prior of one weight tensor: of `family` as it is now, or what has a divergence only. */
export interface PriorOfWeight {
  readonly distribution: (() => st.Distribution) | null;
  /** Σ KL(q ‖ p), scalar, where there is no distribution; of normal weights. */
  readonly divergence?: (weight: RandomWeight) => tf.Tensor;
}

/** Reads a prior; throws in the name of `who`. */
export function readWeightPrior(who: string, given: WeightPrior): ReadPrior {
  const at = `${who}: prior`;
  const named = typeof given === 'string' ? {name: given} : given;
  const name: unknown = named instanceof st.Distribution ? null : (named as {name?: unknown} | null)?.name;
  if (name === 'scaleMixture' || name === 'learned' || name === 'logUniform') {
    st.extension.checkKeys(at, named, ['name', 'config']);
    const {config = {}} = named as {config?: Readonly<Record<string, unknown>>}; // any fields: each reader checks them
    return own[name](at, config);
  }
  st.extension.check(
    typeof given !== 'string',
    at,
    'must be a distribution, {name, config} or one of the names scaleMixture, learned, logUniform',
    given,
  );
  const distribution = readPrior(who, named as st.Distribution | PriorConfig, {Normal: st.Normal});
  st.extension.check(
    distribution.eventShape.length === 0 && !distribution.isDiscrete,
    at,
    'must be a continuous distribution of numbers, not of vectors',
    distribution,
  );
  return {of: () => ({distribution: () => distribution}), config: () => priorConfig(who, distribution)};
}

const own: Record<WeightPriorName, (who: string, config: Readonly<Record<string, unknown>>) => ReadPrior> = {
  scaleMixture(who, config) {
    st.extension.checkKeys(who, config, ['weight', 'scales']);
    const {weight = 0.5, scales = [1, 0.0025]} = config as {weight?: number; scales?: number[]}; // checked next
    st.extension.checkNumber(who, 'weight', weight, st.constraints.unitInterval);
    st.extension.check(Array.isArray(scales) && scales.length === 2, who, 'scales must be two numbers > 0', scales);
    scales.forEach(scale => st.extension.checkNumber(who, 'scales', scale, st.constraints.positive));
    const mixture = new st.MixtureSameFamily({
      mixtureDistribution: new st.Categorical({probs: [weight, 1 - weight]}),
      componentsDistribution: new st.Normal({loc: 0, scale: scales}),
    });
    return {
      of: () => ({distribution: () => mixture}),
      config: () => ({name: 'scaleMixture', config: {weight, scales}}),
    };
  },
  learned(who, config) {
    st.extension.checkKeys(who, config, ['loc', 'scale']);
    const {loc = 0, scale = 1} = config as {loc?: number; scale?: number}; // checked next
    st.extension.checkNumber(who, 'loc', loc, st.constraints.real);
    st.extension.checkNumber(who, 'scale', scale, st.constraints.positive);
    return {
      of(add) {
        const [m, rho] = [add('prior_loc', loc), add('prior_rho', inverseSoftplus(scale))];
        return {distribution: () => new st.Normal({loc: m.read(), scale: tf.softplus(rho.read())})};
      },
      config: () => ({name: 'learned', config: {loc, scale}}),
    };
  },
  logUniform(who, config) {
    st.extension.checkKeys(who, config, []);
    return {
      of: () => ({distribution: null, divergence: sumOfDropout}),
      config: () => ({name: 'logUniform', config: {}}),
    };
  },
};

const sumOfDropout = (weight: RandomWeight): tf.Tensor =>
  tf.tidy(() => dropoutDivergence(weight.logAlpha(), weight.variable.read().size));

/** Of Molchanov et al. (2017), under eq. 14. */
const [K1, K2, K3] = [0.63576, 1.8732, 1.48695];

/**
 * Σ KL(N(θ, αθ²) ‖ log-uniform) up to a constant, over weights of which each, or all, have the given ln α:
 * k₁ − k₁σ(k₂ + k₃ ln α) + ½ ln(1 + 1/α), which falls to 0 as α grows (Molchanov et al. 2017, eq. 14).
 * @param size how many weights there are
 */
export function dropoutDivergence(logAlpha: tf.Tensor, size: number): tf.Tensor {
  return tf.tidy(() => {
    const gate = tf.sigmoid(tf.neg(tf.add(tf.mul(logAlpha, K3), K2))); // 1 − σ(…)
    const each = tf.add(tf.mul(gate, K1), tf.mul(logOnePlusExp(tf.neg(logAlpha)), 0.5));
    return logAlpha.size === size ? tf.sum(each) : tf.mul(each, size);
  });
}

/** ln(1 + eʸ); tfjs's own is off by 0.04 on webgpu where y lies between −14 and −5. Above 30 it is y. */
function logOnePlusExp(y: tf.Tensor): tf.Tensor {
  return tf.add(tf.log1p(tf.exp(tf.minimum(y, 30))), tf.relu(tf.sub(y, 30)));
}
