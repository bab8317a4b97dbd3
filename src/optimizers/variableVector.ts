/** The variables of an evolutionary optimizer, as one vector. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isListOf, isVariable} from '../util/tensors.js';
import {modelVariables} from '../graph/variableGrads.js';

export class VariableVector {
  readonly variables: readonly tf.Variable[];
  /** How many numbers they hold in all. */
  readonly size: number;
  /** What the variables held before they were moved, while they are moved. */
  #saved: tf.Tensor[] | null = null;
  readonly #who: string;

  /** @param variables default: all trainable ones, those of estimators left out */
  constructor(who: string, variables: readonly tf.Variable[] | undefined) {
    this.#who = who;
    check(
      variables === undefined || isListOf(variables, isVariable),
      who,
      'variables must be a list of tf.Variable',
      variables,
    );
    this.variables = [...(variables ?? modelVariables())];
    this.size = this.variables.reduce((sum, v) => sum + v.size, 0);
    check(
      this.size > 0,
      who,
      'needs at least one variable',
      this.variables.map(v => v.name),
    );
    if (variables === undefined) checkNoCounters(who, this.variables);
    check(
      new Set(this.variables).size === this.variables.length,
      who,
      'variables must be distinct',
      this.variables.map(v => v.name),
    );
    const odd = this.variables.find(v => v.dtype !== 'float32');
    check(odd === undefined, who, 'variables must be float32', odd);
  }

  /** Their values as they are, or as they were before `moveTo`. */
  get base(): readonly tf.Tensor[] {
    return this.#saved ?? this.variables;
  }

  /** A vector cut into float32 tensors of the variables' shapes. */
  split(vector: ArrayLike<number>): tf.Tensor[] {
    let start = 0;
    return this.variables.map(v => {
      const part = Float32Array.from({length: v.size}, (_, i) => vector[start + i]!);
      start += v.size;
      return tf.tensor(part, v.shape, 'float32');
    });
  }

  /** Sets the variables for good. */
  assign(values: readonly tf.Tensor[]): void {
    this.variables.forEach((v, i) => v.assign(values[i]!));
  }

  /** Sets the variables until `restore`. */
  moveTo(values: readonly tf.Tensor[]): void {
    this.#saved ??= this.variables.map(v => tf.keep(tf.clone(v)));
    this.assign(values);
  }

  restore(): void {
    const saved = this.#saved;
    if (saved === null) return;
    this.#saved = null;
    try {
      this.assign(saved);
    } finally {
      tf.dispose([...saved]);
    }
  }

  /** Throws unless the variables can be read and set. */
  checkAlive(): void {
    const gone = this.variables.find(v => v.isDisposed);
    check(gone === undefined, this.#who, `variable ${JSON.stringify(gone?.name)} was disposed`);
  }

  /** The vector itself, read from the device at once. */
  read(): Float64Array {
    this.checkAlive();
    return concat(this.base.map(v => v.dataSync()));
  }

  async readAsync(): Promise<Float64Array> {
    this.checkAlive();
    return concat(await Promise.all(this.base.map(v => v.data())));
  }
}

function concat(parts: ReadonlyArray<ArrayLike<number>>): Float64Array {
  return Float64Array.from(parts.flatMap(part => Array.from(part)));
}

/**
 * Refuses what tfjs's Adam keeps for itself but marks as trainable: two scalars made one after the other that hold 0.9ᵗ
 * and 0.999ᵗ after t steps. A search that moves them would ruin that optimizer. Of an Adam with other decays they are
 * not noticed, nor on webgpu, where nothing can be read here.
 */
function checkNoCounters(who: string, variables: readonly tf.Variable[]): void {
  if (tf.getBackend() === 'webgpu') return;
  const found = variables.findIndex((v, i) => {
    const next = variables[i + 1];
    return (
      next !== undefined &&
      v.rank === 0 &&
      next.rank === 0 &&
      /^\d+$/.test(v.name) &&
      Number(next.name) === Number(v.name) + 1 &&
      areCounters(v, next)
    );
  });
  check(
    found < 0,
    who,
    'variables must be given: two of the trainable ones are the counters of an Adam optimizer, which must not ' +
      'be searched',
    variables.slice(found, found + 2).map(v => v.name),
  );
}

function areCounters(first: tf.Variable, second: tf.Variable): boolean {
  const [a, b] = [first.dataSync()[0]!, second.dataSync()[0]!];
  const steps = Math.round(Math.log(b) / Math.log(0.999));
  if (!(steps > 0 && Math.abs(b / 0.999 ** steps - 1) <= 4e-4)) return false;
  return a === 0 ? steps > 900 : Math.abs(a / 0.9 ** steps - 1) < 1e-3; // float32 ends near 0.9⁹⁸⁰
}
