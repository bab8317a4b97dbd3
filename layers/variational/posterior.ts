/** What weights are drawn from: independent numbers, each with a location and a spread that are trained. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {inverseSoftplus} from './inverseSoftplus.js';

const families = {normal: st.Normal, laplace: st.Laplace, logistic: st.Logistic, dropout: st.Normal};

/** The families of random weights. */
export type PosteriorName = keyof typeof families;

/**
 * The family, and where its spread starts; the name alone stands for its defaults.
 *
 * - 'normal', 'laplace', 'logistic': location and scale, the scale 0.02 at the start;
 * - 'dropout': N(θ, αθ²), each weight times N(1, α), with ln α trained (Kingma et al. 2015, section 3; Molchanov et al.
 *   2017): noise in proportion to the weight, as of Gaussian dropout at the rate α/(1 + α).
 */
export type PosteriorConfig =
  | PosteriorName
  | {
      /** The family. */
      name: 'normal' | 'laplace' | 'logistic';
      /** The scale that all weights start with, > 0. */
      config?: {scale?: number};
    }
  | {
      /** Rates of Gaussian dropout. */
      name: 'dropout';
      /** Of the rates. */
      config?: DropoutRates;
    };

/** Rates of Gaussian dropout that are trained. */
export interface DropoutRates {
  /** The rate at the start, in (0, 1); α = rate/(1 − rate). Default 0.1. */
  rate?: number;
  /** Whether all share one rate. Default false: each has its own. */
  shared?: boolean;
}

/** The names of `DropoutRates`. */
export const rateNames: readonly string[] = ['rate', 'shared'];

/** What was read of it. */
export interface ReadPosterior {
  readonly name: PosteriorName;
  readonly config: Readonly<Record<string, number | boolean>>;
  /** What is trained beside the location: its name, where it starts, and whether all weights have one of it. */
  readonly spread: {readonly suffix: 'rho' | 'logAlpha'; readonly initial: number; readonly isShared: boolean};
}

/** Reads a posterior; throws in the name of `who`. */
export function readPosterior(who: string, given: PosteriorConfig): ReadPosterior {
  const at = `${who}: posterior`;
  const named = typeof given === 'string' ? {name: given} : given;
  st.extension.check(typeof named === 'object' && named !== null, at, 'must be a name or {name, config}', given);
  st.extension.checkKeys(at, named, ['name', 'config']);
  st.extension.checkOneOf(at, 'name', named.name, Object.keys(families));
  const {name, config = {}} = named as {name: PosteriorName; config?: object}; // checked before and next
  if (name === 'dropout') {
    st.extension.checkKeys(at, config, rateNames);
    const {rate, shared, logAlpha} = readRates(at, config);
    return {name, config: {rate, shared}, spread: {suffix: 'logAlpha', initial: logAlpha, isShared: shared}};
  }
  st.extension.checkKeys(at, config, ['scale']);
  const {scale = 0.02} = config as {scale?: number}; // checked next
  st.extension.checkNumber(at, 'scale', scale, st.constraints.positive);
  return {name, config: {scale}, spread: {suffix: 'rho', initial: inverseSoftplus(scale), isShared: false}};
}

/** Reads rates of dropout; throws in the name of `who`. */
export function readRates(
  who: string,
  {rate = 0.1, shared = false}: DropoutRates,
): Required<DropoutRates> & {logAlpha: number} {
  st.extension.checkNumber(who, 'rate', rate, st.constraints.openUnitInterval);
  st.extension.checkBoolean(who, 'shared', shared);
  return {rate, shared, logAlpha: Math.log(rate) - Math.log1p(-rate)};
}

/** Keeps ln α finite where a weight is 0. */
const TINY = 1e-8;

/** A weight tensor whose elements are random: the location is the layer's own variable. */
export class RandomWeight {
  constructor(
    readonly variable: LayerVariable,
    /** ρ, scale = softplus(ρ); of 'dropout' ln α, scale = √α·|location|, of the weights' shape or a scalar. */
    readonly spread: LayerVariable,
    readonly family: PosteriorName,
  ) {}

  /** As of now; call it in a tidy. */
  read(): {loc: tf.Tensor; scale: tf.Tensor} {
    const [loc, spread] = [this.variable.read(), this.spread.read()];
    if (this.family !== 'dropout') return {loc, scale: tf.softplus(spread)};
    return {loc, scale: tf.mul(tf.abs(loc), tf.exp(tf.mul(spread, 0.5)))};
  }

  /** Of that location and scale, or another location. */
  distribution(loc: tf.Tensor | number, scale: tf.Tensor): st.Distribution {
    return new families[this.family]({loc, scale});
  }

  /** ln α = ln(variance / location²) of normal weights, of their shape or, where all have one, a scalar. */
  logAlpha(): tf.Tensor {
    if (this.family === 'dropout') return tf.clone(this.spread.read());
    const {loc, scale} = this.read();
    return tf.sub(tf.mul(2, tf.log(scale)), tf.log(tf.add(tf.square(loc), TINY)));
  }
}
