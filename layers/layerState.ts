/** What a random layer remembers from step to step, as weights, so that it is saved and loaded with the model. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, LayerVariable} from '@tensorflow/tfjs-layers';

/** Makes a weight of the layer that is not trained. */
export type AddWeight = (
  name: string,
  shape: number[],
  dtype: 'int32' | 'float32',
  initializer: ReturnType<typeof initializers.zeros>,
) => LayerVariable;

/**
 * Counters. They are numbers of the host, since each call needs them at once; the weight that stands for them is
 * written when somebody asks for the layer's weights, and read when somebody has written into it.
 */
export class LayerState {
  #calls = 0;
  #steps = 0;
  #weight: LayerVariable | null = null;
  /** What the weight held when it was last written or read. */
  #dataId: object | null = null;
  #written = '';
  #klWeight: LayerVariable | null = null;
  /** The user's variable that the weight stands for. */
  #source: tf.Variable | null = null;

  /** Makes the weight, of shape [2]: calls and steps. */
  build(add: AddWeight): void {
    if (this.#weight !== null) return;
    this.#weight = add('counters', [2], 'int32', initializers.zeros());
    this.#noteWeight();
  }

  /**
   * A variable for the weight of a divergence: `source`, with a weight beside it that is saved, or without a source
   * that weight itself.
   */
  klWeight(add: AddWeight, source: tf.Variable | null): tf.Variable {
    if (this.#klWeight === null) {
      this.#klWeight = add('klWeight', [], 'float32', initializers.zeros());
    }
    this.#source = source;
    return source ?? (this.#klWeight.read() as tf.Variable); // which it is
  }

  /** The weight of the counters; null if there is none. */
  get counters(): LayerVariable | null {
    return this.#weight;
  }

  /** The weight of that variable; null if there is none. */
  get klWeightVariable(): LayerVariable | null {
    return this.#klWeight;
  }

  /** Draws that were made so far, repetitions left out. */
  get calls(): number {
    this.#read();
    return this.#calls;
  }

  set calls(calls: number) {
    this.#calls = calls;
  }

  /** Training steps so far. */
  get steps(): number {
    this.#read();
    return this.#steps;
  }

  set steps(steps: number) {
    this.#steps = steps;
  }

  /** Brings the weight up to date, before it is saved or copied. */
  write(): void {
    if (this.#source !== null && !this.#source.isDisposed) aliveOf(this.#klWeight)?.assign(this.#source);
    const variable = aliveOf(this.#weight);
    if (variable === null) return;
    this.#read();
    if (this.#written === this.#text()) return;
    const now = tf.tensor1d([this.#calls, this.#steps], 'int32');
    variable.assign(now);
    now.dispose();
    this.#noteWeight();
  }

  /** Takes over what somebody, who loaded a model say, wrote into the weight. */
  #read(): void {
    const variable = aliveOf(this.#weight);
    if (variable === null || variable.dataId === this.#dataId) return;
    const [calls, steps] = variable.dataSync() as Int32Array; // what is loaded lies on the host
    this.#calls = calls!;
    this.#steps = steps!;
    this.#noteWeight();
  }

  #noteWeight(): void {
    this.#dataId = aliveOf(this.#weight)!.dataId; // called where it is alive
    this.#written = this.#text();
  }

  #text(): string {
    return `${this.#calls},${this.#steps}`;
  }
}

/** The variable of a weight; null where it is gone: tf.disposeVariables() takes it too, and the numbers go on alone. */
function aliveOf(weight: LayerVariable | null): tf.Variable | null {
  if (weight === null) return null;
  const {val} = weight as unknown as {val: tf.Variable}; // a field of tfjs-layers; its reader throws where it is disposed
  return val.isDisposed ? null : val;
}

/** What tfjs-layers writes before the name of a weight that is made now. */
export function scopeOfNames(): string {
  return tf.tidy(() => {
    const probe = new LayerVariable(tf.scalar(0), 'float32', 'probe', false);
    probe.dispose();
    return probe.originalName.slice(0, -'probe'.length);
  });
}
