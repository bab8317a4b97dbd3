/**
 * What a step does beside kernels, told to whoever records it (src/compile), so that it is done again when the recording
 * runs: draws that the host makes from keys, numbers that the host keeps from step to step, looks at values.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** The two words of a key. */
export type KeyWords = readonly [number, number];

/** Numbers of a tensor on the host. */
export type HostArray = Float32Array | Int32Array | Uint8Array;

/** What the host computes of tensors and keys. */
export interface HostWork {
  /** The tensors that it reads; default none. */
  readonly inputs?: readonly tf.Tensor[];
  /** The words of the keys that it draws with, as they are in the keys; default none. */
  readonly keys?: readonly KeyWords[];
}

/** Who writes down what a step does. */
export interface Recorder {
  /** Keys that were made from another, or, where that is null, from the default stream at a position. */
  derived(
    made: readonly KeyWords[],
    parent: KeyWords | null,
    how: string,
    make: (parent: KeyWords) => KeyWords[],
  ): void;
  /** A tensor that the host made. */
  made(
    output: tf.Tensor,
    work: HostWork,
    run: (values: readonly HostArray[], keys: readonly KeyWords[]) => HostArray,
  ): void;
  /** Something that the step relied on: where it is another, the step has to run as it is written. */
  expected(found: unknown, inputs: readonly tf.Tensor[], run: (values: readonly HostArray[]) => unknown): void;
  /** What was changed on the host; `run` changes it again and returns how that is undone. */
  changed(run: () => () => void): void;
  /**
   * Tensors that code of this library made of others on the backend, no kernel of tfjs.
   * @param reads an object whose fields `run` reads anew
   */
  ran(
    name: string,
    inputs: readonly tf.Tensor[],
    outputs: readonly tf.Tensor[],
    run: (inputs: readonly tf.TensorInfo[]) => tf.TensorInfo[],
    reads?: object,
  ): void;
  /** Why the step cannot be recorded. */
  refused(why: string): void;
}

let now: Recorder | null = null;

/** Who records the step that is running; null where nobody does, which is as good as always. */
export function recorder(): Recorder | null {
  return now;
}

/** Runs `fn` with `next` as the recorder, or with none. */
export function withRecorder<T>(next: Recorder | null, fn: () => T): T {
  const before = now;
  now = next;
  try {
    return fn();
  } finally {
    now = before;
  }
}
