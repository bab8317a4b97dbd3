/** What weights are drawn from: independent numbers, each with a location and a scale that are trained. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';

const families = {normal: st.Normal, laplace: st.Laplace, logistic: st.Logistic};

/** The families of random weights. */
export type PosteriorName = keyof typeof families;

/** The family, and the scale that weights start with; 'normal' alone stands for its default, 0.02. */
export type PosteriorConfig =
  | PosteriorName
  | {
      /** The family. */
      name: PosteriorName;
      /** The scale that all weights start with, > 0. */
      config?: {scale?: number};
    };

/** What was read of it. */
export interface ReadPosterior {
  readonly name: PosteriorName;
  readonly scale: number;
}

/** Reads a posterior; throws in the name of `who`. */
export function readPosterior(who: string, given: PosteriorConfig): ReadPosterior {
  const at = `${who}: posterior`;
  const named = typeof given === 'string' ? {name: given} : given;
  st.extension.check(typeof named === 'object' && named !== null, at, 'must be a name or {name, config}', given);
  st.extension.checkKeys(at, named, ['name', 'config']);
  st.extension.checkOneOf(at, 'name', named.name, Object.keys(families));
  const {config = {}} = named;
  st.extension.checkKeys(at, config, ['scale']);
  const {scale = 0.02} = config;
  st.extension.checkNumber(at, 'scale', scale, st.constraints.positive);
  return {name: named.name, scale};
}

/** A weight tensor whose elements are random: the location is the layer's own variable, scale = softplus(rho). */
export class RandomWeight {
  constructor(
    readonly variable: LayerVariable,
    readonly rho: LayerVariable,
    readonly family: PosteriorName,
  ) {}

  /** As of now; call it in a tidy. */
  read(): {loc: tf.Tensor; scale: tf.Tensor} {
    return {loc: this.variable.read(), scale: tf.softplus(this.rho.read())};
  }

  /** Of that location and scale, or another location. */
  distribution(loc: tf.Tensor | number, scale: tf.Tensor): st.Distribution {
    return new families[this.family]({loc, scale});
  }
}
