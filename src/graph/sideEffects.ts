/**
 * What a function does beside giving back its costs: variables that it assigns and tensors that it keeps. They count
 * once, however often an estimator has it run again.
 */
import * as tf from '@tensorflow/tfjs-core';
import {constants} from '../math/stopGradient.js';
import type {TapeRecord} from './tape.js';

/** A variable and what it held after the first run. */
interface Held {
  readonly variable: tf.Variable;
  readonly value: tf.Tensor;
  /** Of the variable at that time; a copy has another one where a backend copies. */
  readonly dataId: object;
}

export class SideEffects {
  readonly #from: number;
  readonly #to: number;
  #held: Held[] | null = null;
  readonly #kept: tf.Tensor[] = [];

  /** The first run left the records `from` … `to` of the tape. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  /** Before a repetition: notes what all variables hold. References, no data are copied. */
  hold(): void {
    if (this.#held !== null) return;
    const variables: tf.Variable[] = Object.values(tf.engine().registeredVariables);
    const values = constants(() => variables.map(v => tf.clone(v as tf.Tensor)));
    this.#held = variables.map((variable, i) => ({variable, value: values[i]!, dataId: variable.dataId}));
  }

  /**
   * After a repetition, which left the records of `tape` from `before` on: variables hold again what they held, such as
   * the moving statistics of batchNormalization, and what was kept is disposed in the end. A reader of such a tensor,
   * as trainOnBatch is one of all metrics, is given what the first run kept in its place.
   */
  takeBack(tape: readonly TapeRecord[], before: number): void {
    for (const {variable, value, dataId} of this.#held ?? []) {
      const isChanged = variable.dataId !== value.dataId && variable.dataId !== dataId;
      if (isChanged && !variable.isDisposed) variable.assign(value);
    }
    const first = keptIn(tape.slice(this.#from, this.#to));
    keptIn(tape.slice(before)).forEach((t, i) => {
      if (first.includes(t)) return; // kept again, as the loss of an output
      this.#kept.push(t);
      const counterpart = first[i];
      if (counterpart === undefined) return;
      for (const read of ['data', 'dataSync'] as const)
        Object.defineProperty(t, read, {value: () => counterpart[read]()});
    });
  }

  dispose(): void {
    tf.dispose([...this.#kept, ...(this.#held ?? []).map(({value}) => value)].filter(t => !t.isDisposed));
    this.#held = null;
    this.#kept.length = 0;
  }
}

/** What a user's function kept for good; what the engine keeps for the backward pass is not among it. */
export function keptIn(records: readonly TapeRecord[]): tf.Tensor[] {
  const saved = new Set(records.flatMap(record => record.saved));
  return records.flatMap(record => record.outputs).filter(t => t.kept && !saved.has(t));
}
