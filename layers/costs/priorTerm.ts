/** The divergence from a prior that a layer adds to its model's loss. */
import type {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import {elementwiseKl, freeBitsKl, klOverEvent} from './priorKl.js';
import {readKlWeight, weighted, weightAt, type KlWeight, type ReadKlWeight} from './klWeight.js';
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

/** The name of divergences in reports. */
export const KL = 'kl';

/** Who counts the examples that `fit` is given tells these. */
const terms = new WeakMap<layers.Layer, Examples>();

/** What is told how many examples a training run has. */
export interface Examples {
  examples: number | null;
  /** Whether the number is asked for. */
  readonly isPerExample: boolean;
}

/** Lets `countExamples` tell a layer how many examples `fit` is given. */
export function listenForExamples(layer: layers.Layer, listener: Examples): void {
  terms.set(layer, listener);
}

/** What is told of the number of examples in a layer; undefined if nothing is. */
export function examplesOf(layer: layers.Layer): Examples | undefined {
  return terms.get(layer);
}

export class PriorTerm implements Examples {
  readonly prior: st.Distribution;
  readonly freeBits: number;
  readonly klSamples: number;
  examples: number | null = null;
  #weight: ReadKlWeight;
  readonly #layer: layers.Layer;
  readonly #who: string;

  /** @throws in the name of `who` for options that make no sense */
  constructor(who: string, layer: layers.Layer, options: PriorOptions & {prior: st.Distribution | PriorConfig}) {
    const {prior, klWeight = 1, freeBits = 0, klSamples = 1} = options;
    this.#who = who;
    this.#layer = layer;
    this.prior = readPrior(who, prior);
    this.#weight = readKlWeight(who, klWeight);
    st.extension.checkNumber(who, 'freeBits', freeBits, st.constraints.nonNegative);
    st.extension.checkCount(who, 'klSamples', klSamples, 1);
    this.freeBits = freeBits;
    this.klSamples = klSamples;
    st.extension.layerCosts(layer); // tfjs-layers knows of it from the start
    listenForExamples(layer, this);
  }

  get weight(): ReadKlWeight {
    return this.#weight;
  }

  set weight(weight: KlWeight) {
    this.#weight = readKlWeight(this.#who, weight);
  }

  /** Whether anybody would hear of it in this pass. */
  get isWanted(): boolean {
    return st.extension.layerCosts(this.#layer).isWanted;
  }

  get isPerExample(): boolean {
    return this.#weight === 'perExample';
  }

  /**
   * Adds the divergence of `q`, whose batch has `batchRank` axes.
   * @param step training steps before this one
   */
  add(q: st.Distribution, batchRank: number, step: number, key: Key | undefined): void {
    const weight = weightAt(this.#who, this.#weight, {step, examples: this.examples});
    const each = elementwiseKl(this.#who, q, this.prior, {samples: this.klSamples, key});
    const kl = klOverEvent(each, batchRank);
    const counted = this.freeBits === 0 ? kl : freeBitsKl(each, batchRank, this.freeBits);
    st.extension.addCost(this.#layer, weighted(counted, weight), {name: KL, report: kl});
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
