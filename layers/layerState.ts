/** What a random layer remembers from step to step, as weights, so that it is saved and loaded with the model. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, LayerVariable} from '@tensorflow/tfjs-layers';
import {extension, isRepetition} from 'tfjs-stochastic';
import {foldIn, key as keyOf, type Key} from 'tfjs-stochastic/random';
import {KlSchedule} from './costs/klSchedule.js';
import {VARIABLE, type KlWeight} from './costs/klWeight.js';
import type {KlTerm} from './costs/klTerm.js';

/** Makes a weight of the layer that is not trained. */
export type AddWeight = (
  name: string,
  shape: number[],
  dtype: 'int32' | 'float32',
  initializer: ReturnType<typeof initializers.zeros>,
) => LayerVariable;

/** Whose state it is. */
export interface StateOwner {
  /** Makes a weight. */
  readonly add: AddWeight;
  /** Of the keys that the layer draws with, which its calls are counted for; undefined where it has none of its own. */
  readonly seed: number | undefined;
  /** Its divergence; null if it has none. */
  readonly term: KlTerm | null;
}

/** What a saved layer says of it, and of its divergence. */
export interface SavedState {
  readonly state?: unknown;
  readonly klWeight?: unknown;
  readonly examples?: unknown;
}

/** The saved weight of a divergence as an option of the layer; that of a variable is made with its weights. */
export function savedKlWeight({klWeight}: SavedState): {klWeight?: KlWeight} {
  return klWeight === undefined || klWeight === VARIABLE ? {} : {klWeight: klWeight as KlWeight}; // which the layer judges
}

/**
 * Counters, and the value of a variable that weighs the layer's divergence. The counters are numbers of the host, since
 * each call needs them at once; the weight that stands for them is written when somebody asks for the layer's weights,
 * and read when somebody has written into it.
 */
export class LayerState {
  /** Whether the counters are among the weights; those of models that were saved without them are not. */
  savesCounters = true;
  /** How many there are: calls, steps and, but in older models, draws outside of training. */
  size: 2 | 3 = 3;
  /** Whether the weight of the divergence is a variable of the layer's own, which is made with its other weights. */
  loadsKlWeight = false;
  readonly #owner: StateOwner;
  /** What tfjs-layers writes before the names of the layer's weights; null before it is built. */
  #scope: string | null = null;
  #isBuilt = false;
  /** The gradient scopes that were counted as training steps. */
  readonly #counted = new WeakSet<object>();
  #calls = 0;
  #steps = 0;
  #draws = 0;
  #weight: LayerVariable | null = null;
  /** What the weight held when it was last written or read. */
  #dataId: object | null = null;
  #written = '';
  #klWeight: LayerVariable | null = null;
  /** The user's variable that the weight stands for. */
  #source: tf.Variable | null = null;

  constructor(owner: StateOwner) {
    this.#owner = owner;
  }

  /** Whether anything hangs on the counters. */
  get #counts(): boolean {
    return this.savesCounters && (this.#owner.seed !== undefined || this.#owner.term?.weight instanceof KlSchedule);
  }

  /** Makes the weights that are needed by now: when the layer is built, and when its divergence is weighed anew. */
  build(): void {
    const {term} = this.#owner;
    if (this.#scope === null && term !== null) this.#scope = scopeOfNames();
    if (this.#counts && this.#weight === null) {
      this.#weight = this.#add('counters', [this.size], 'int32');
      this.#noteWeight();
    }
    const weight = term?.weight;
    if (weight instanceof tf.Variable) {
      this.#klWeight ??= this.#add('klWeight', [], 'float32');
      this.#source = weight;
    }
    if (this.loadsKlWeight && term !== null) {
      this.#klWeight ??= this.#add('klWeight', [], 'float32');
      term.weight = this.#klWeight.read() as tf.Variable; // which it is
    }
    this.loadsKlWeight = false;
    this.#isBuilt = true;
  }

  /** Weights that come later have the names that they would have had then, by which a loaded model finds them. */
  #add(name: string, shape: number[], dtype: 'int32' | 'float32'): LayerVariable {
    return this.#owner.add(this.#isBuilt ? this.#scope! + name : name, shape, dtype, initializers.zeros());
  }

  /** Of the layer's weights those that something hangs on, brought up to date. */
  filter(weights: LayerVariable[]): LayerVariable[] {
    this.write();
    const hasVariable = this.#owner.term?.weight instanceof tf.Variable;
    return weights.filter(w => (w !== this.#weight || this.#counts) && (w !== this.#klWeight || hasVariable));
  }

  /** Training steps before this one, which is counted, however often the layer is used in it. */
  step(): number {
    const scope = extension.currentTape();
    if (scope !== null && this.#counted.has(scope)) return this.#steps - 1;
    const {steps} = this;
    if (scope === null) return steps;
    this.#counted.add(scope);
    const advance = () => {
      this.steps++;
      return () => void this.steps--;
    };
    advance();
    extension.recorder()?.changed(advance);
    return steps;
  }

  /**
   * The key of a call, which is counted if it draws; of a repetition that of what it repeats; undefined without a seed.
   * Draws outside of training are counted apart and have keys of their own, so that they change nothing in training.
   */
  nextKey(isTraining: boolean, isDrawing: boolean): Key | undefined {
    const {seed} = this.#owner;
    if (seed === undefined) return undefined;
    this.#read();
    const [root, calls, draws] = [keyOf(seed), this.#calls, this.#draws];
    const isNew = !isRepetition();
    if (isTraining) {
      if (isNew) this.#calls = calls + 1;
      return foldIn(root, calls);
    }
    if (isNew && isDrawing) this.#draws = draws + 1;
    return foldIn(foldIn(root, OUTSIDE), draws);
  }

  /** What `getConfig` writes of it, and `readSaved` reads. */
  config(): tf.serialization.ConfigDict {
    return this.savesCounters ? {state: this.size === 3 ? 3 : true} : {};
  }

  /** Takes over what a saved layer says of its counters and its divergence; throws in the name of `who`. */
  readSaved(who: string, {state = false, klWeight, examples}: SavedState): void {
    const isKnown = typeof state === 'boolean' || state === 3;
    extension.check(isKnown, who, 'state in the saved configuration must be true, false or 3', state);
    this.savesCounters = state !== false;
    this.size = state === true ? 2 : 3;
    this.loadsKlWeight = klWeight === VARIABLE && this.#owner.term !== null;
    this.#owner.term?.readExamples(examples);
  }

  /** Training steps so far. */
  get steps(): number {
    this.#read();
    extension.recorder()?.expected(this.#weightNow(), [], () => this.#weightNow());
    return this.#steps;
  }

  set steps(steps: number) {
    this.#steps = steps;
  }

  /** What the divergence counts at this step, as far as the host knows. */
  #weightNow(): unknown {
    const weight = this.#owner.term?.weight;
    return weight instanceof KlSchedule ? weight.at(this.#steps) : weight;
  }

  /** Brings the weight up to date, before it is saved or copied. */
  write(): void {
    if (this.#source !== null && !this.#source.isDisposed) aliveOf(this.#klWeight)?.assign(this.#source);
    const variable = aliveOf(this.#weight);
    if (variable === null) return;
    this.#read();
    if (this.#written === this.#text()) return;
    const now = tf.tensor1d([this.#calls, this.#steps, this.#draws].slice(0, this.size), 'int32');
    variable.assign(now);
    now.dispose();
    this.#noteWeight();
  }

  /** Takes over what somebody, who loaded a model say, wrote into the weight. */
  #read(): void {
    const variable = aliveOf(this.#weight);
    if (variable === null || variable.dataId === this.#dataId) return;
    const [calls, steps, draws = 0] = variable.dataSync() as Int32Array; // what is loaded lies on the host
    this.#calls = calls!;
    this.#steps = steps!;
    this.#draws = draws;
    this.#noteWeight();
  }

  #noteWeight(): void {
    this.#dataId = aliveOf(this.#weight)!.dataId; // called where it is alive
    this.#written = this.#text();
  }

  #text(): string {
    return `${this.#calls},${this.#steps},${this.#draws}`;
  }
}

/** Apart from the numbers of calls in training. */
const OUTSIDE = 0x7fffffff;

/** The variable of a weight; null where it is gone: tf.disposeVariables() takes it too, and the numbers go on alone. */
export function aliveOf(weight: LayerVariable | null): tf.Variable | null {
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
