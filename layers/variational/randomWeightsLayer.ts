/** What layers with random weights have in common. */
import type * as tf from '@tensorflow/tfjs-core';
import {layers, type LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {KlTerm} from '../costs/klTerm.js';
import type {KlWeight, ReadKlWeight} from '../costs/klWeight.js';
import {LayerState} from '../layerState.js';
import {checkInference} from '../values/inference.js';
import type {WeightInference, WeightOptions} from './args.js';

/**
 * A layer with weights, or noise on them, that are drawn in training: a divergence from their prior, which all examples
 * share and the model's loss has once a step; what it gives out otherwise; and a seed of its own.
 */
export abstract class RandomWeightsLayer extends layers.Layer {
  /** The divergence. @internal */
  protected readonly term: KlTerm;
  /** What is remembered from step to step. @internal */
  protected readonly state: LayerState;
  readonly #seed: number | undefined;
  #inference: WeightInference = 'mean';

  constructor(
    base: NonNullable<ConstructorParameters<typeof layers.Layer>[0]>,
    {seed, klWeight}: Pick<WeightOptions, 'seed' | 'klWeight'>,
  ) {
    super(base);
    if (seed !== undefined) st.extension.checkInteger(this.who, 'seed', seed);
    this.#seed = seed;
    this.term = new KlTerm(this.who, this, klWeight, {isOfWeights: true});
    this.state = new LayerState({
      add: (name, shape, dtype, initializer) => this.addWeight(name, shape, dtype, initializer, undefined, false),
      seed,
      term: this.term,
    });
  }

  /** As errors name it. @internal */
  protected get who(): string {
    return `stl layer ${JSON.stringify(this.name)}`;
  }

  /** What the divergence from the prior counts; it may be changed from step to step. */
  get klWeight(): ReadKlWeight {
    return this.term.weight;
  }

  set klWeight(weight: KlWeight) {
    this.term.weight = weight;
    if (this.built) this.state.build();
  }

  /** What the layer gives out when the model is not being trained; it may be changed at any time. */
  get inference(): WeightInference {
    return this.#inference;
  }

  set inference(inference: WeightInference) {
    checkInference(this.who, inference, ['mean', 'sample']);
    st.extension.check(
      typeof inference !== 'number' || !this.stateful,
      this.who,
      'a stateful layer would go on from draw to draw, so inference must be "mean" or "sample"',
      inference,
    );
    this.#inference = inference;
  }

  /** As it was given; another one needs another layer. */
  get seed(): number | undefined {
    return this.#seed;
  }

  /** What the layer remembers is brought up to date. */
  override get nonTrainableWeights(): LayerVariable[] {
    return this.state.filter(super.nonTrainableWeights);
  }

  override set nonTrainableWeights(weights: LayerVariable[]) {
    super.nonTrainableWeights = weights;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      inference: this.#inference,
      ...(this.#seed === undefined ? {} : {seed: this.#seed}),
      ...this.term.config(),
      ...this.state.config(),
    };
  }
}
