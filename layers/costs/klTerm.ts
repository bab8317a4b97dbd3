/** A divergence that a layer adds to its model's loss, and what it counts there. */
import type * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {KL, noteCostName} from './costNames.js';
import {mendEvaluation} from './lossInEvaluation.js';
import {listenToFit, type FitTerm} from './fitListener.js';
import {klWeightConfig, readKlWeight, weighted, weightAt, type KlWeight, type ReadKlWeight} from './klWeight.js';
import {watchTrainSteps} from './trainStep.js';

/** What `add` takes beside the divergence. */
export interface AddedKl {
  /** Training steps before this one. */
  readonly step: number;
  /** What reports show; default the divergence itself. */
  readonly report?: tf.Tensor;
}

/** The weight of a layer's divergence. */
export class KlTerm implements FitTerm {
  examples: number | null = null;
  isWeighed: boolean;
  readonly isOfWeights: boolean;
  #weight: ReadKlWeight;
  readonly #layer: layers.Layer;
  readonly #who: string;
  #hasTold = false;

  /** @throws in the name of `who` for a weight that makes no sense */
  constructor(who: string, layer: layers.Layer, klWeight: KlWeight | undefined, {isOfWeights = false} = {}) {
    this.#who = who;
    this.#layer = layer;
    this.isOfWeights = isOfWeights;
    this.isWeighed = klWeight !== undefined;
    this.#weight = readKlWeight(who, klWeight === undefined ? 1 : klWeight);
    st.extension.layerCosts(layer); // tfjs-layers knows of it from the start
    noteCostName(layer, KL);
    listenToFit(layer, this);
    mendEvaluation();
    watchTrainSteps();
  }

  get weight(): ReadKlWeight {
    return this.#weight;
  }

  set weight(weight: KlWeight) {
    this.#weight = readKlWeight(this.#who, weight);
    this.isWeighed = true;
  }

  /** The JSON form; how many examples there were is of use to what is trained on after loading. */
  config(): tf.serialization.ConfigDict {
    const isCounted = this.#weight === 'perExample' && this.examples !== null;
    return {klWeight: klWeightConfig(this.#weight), ...(isCounted ? {examples: this.examples} : {})};
  }

  /** Takes over the number of examples that a saved layer was trained on. */
  readExamples(saved: unknown): void {
    if (saved === undefined) return;
    st.extension.checkCount(this.#who, 'examples in the saved configuration', saved, 1);
    this.examples = saved;
  }

  /** Whether anybody would hear of it in this pass. */
  get isWanted(): boolean {
    return st.extension.layerCosts(this.#layer).isWanted;
  }

  /** Whether this step has it already; of what a layer has once. */
  get isPending(): boolean {
    return st.extension.layerCosts(this.#layer).isPending(KL);
  }

  /** Whether the user has it in a gradient or a report, and not only in what `evaluate` gives. */
  get #isAskedFor(): boolean {
    return st.extension.inGradientScope() || st.extension.layerCosts(this.#layer).isWatched;
  }

  #tellOfNoFit(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    console.warn(
      `tfjs-stochastic: the loss of evaluate leaves out the divergence of layer ${JSON.stringify(this.#layer.name)}: ` +
        "klWeight 'perExample' divides it by the number of examples that fit is given, and there was no fit",
    );
  }

  /** Adds a divergence of shape `[sample…, batch]`, or a scalar. */
  add(kl: tf.Tensor, {step, report = kl}: AddedKl): void {
    if (this.#weight === 'perExample' && this.examples === null && !this.#isAskedFor) return this.#tellOfNoFit();
    const weight = weightAt(this.#who, this.#weight, {step, examples: this.examples});
    st.extension.addCost(this.#layer, weighted(kl, weight), {name: KL, report, once: this.isOfWeights});
  }
}
