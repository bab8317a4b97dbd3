/** The divergence from a prior that a layer adds to its model's loss. */
import type {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import {elementwiseKl, freeBitsKl, klOverEvent} from './priorKl.js';
import {KlTerm} from './klTerm.js';
import {readKlWeight, type KlWeight} from './klWeight.js';
import {readPrior, type PriorConfig} from '../prior.js';

/** The options of a layer that say how far its distribution may be from a prior. */
export interface PriorOptions {
  /**
   * If given, klWeight · KL(q ‖ prior), summed over the event and averaged over the batch, is added to the model's
   * loss. Its event may be that of one element of the layer's output, or of the last axes together.
   */
  prior?: st.Distribution | PriorConfig;
  /** What the divergence counts: a number, a variable, a schedule, or `'perExample'`. Default 1. */
  klWeight?: KlWeight;
  /**
   * λ ≥ 0 in nats: an element whose divergence, averaged over the batch, is below λ counts λ, so that nothing presses
   * it further. Default 0, none are free.
   */
  freeBits?: number;
  /** Draws of the estimate of the divergence where the pair of families has no closed form. Default 1. */
  klSamples?: number;
}

/** The names of those options. */
export const priorOptions = ['prior', 'klWeight', 'freeBits', 'klSamples'] as const;

/** The prior of a layer's distribution, and how the divergence from it counts. */
export class PriorTerm {
  readonly prior: st.Distribution;
  readonly freeBits: number;
  readonly klSamples: number;
  readonly kl: KlTerm;
  readonly #who: string;

  /** @throws in the name of `who` for options that make no sense */
  constructor(who: string, layer: layers.Layer, options: PriorOptions & {prior: st.Distribution | PriorConfig}) {
    const {prior, klWeight, freeBits = 0, klSamples = 1} = options;
    this.#who = who;
    this.prior = readPrior(who, prior);
    st.extension.checkNumber(who, 'freeBits', freeBits, st.constraints.nonNegative);
    st.extension.checkCount(who, 'klSamples', klSamples, 1);
    this.freeBits = freeBits;
    this.klSamples = klSamples;
    this.kl = new KlTerm(who, layer, klWeight);
  }

  /**
   * Adds the divergence of `q`, whose batch has `batchRank` axes.
   * @param step training steps before this one
   */
  add(q: st.Distribution, batchRank: number, step: number, key: Key | undefined): void {
    const each = elementwiseKl(this.#who, q, this.prior, {samples: this.klSamples, key});
    const kl = klOverEvent(each, batchRank);
    const counted = this.freeBits === 0 ? kl : freeBitsKl(each, batchRank, this.freeBits);
    this.kl.add(counted, {step, report: kl});
  }
}

/** The divergence from the prior; null without one, and then its options say nothing but what is an error. */
export function readPriorTerm(
  who: string,
  layer: layers.Layer,
  options: {[Key in keyof PriorOptions]: PriorOptions[Key] | undefined},
): PriorTerm | null {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as PriorOptions;
  const {prior, ...rest} = given;
  if (prior !== undefined) return new PriorTerm(who, layer, {...rest, prior});
  if (rest.klWeight !== undefined) readKlWeight(who, rest.klWeight);
  const [first] = Object.keys(rest);
  st.extension.check(first === undefined, who, `${first!} is about the divergence from a prior, and there is none`);
  return null;
}
