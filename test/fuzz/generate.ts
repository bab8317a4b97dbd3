/**
 * Legal arguments from a seed: the same seed gives the same arguments, in one of the forms that users write them in.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** How numbers are written: any of these, at random, unless one is asked for. */
export const forms = ['nested', 'float64', 'float32', 'tensor', 'rows'] as const;
export type Form = (typeof forms)[number];

let made = 0;

export class Generator {
  #state: number;
  readonly #form: Form | null;
  readonly #made: tf.Tensor[] = [];
  readonly #owners: Array<() => unknown> = [];
  #names = 0;

  constructor(seed: number, form: Form | null = null) {
    this.#state = seed >>> 0;
    this.#form = form;
  }

  /** Whether all numbers are written in one form. */
  get isWritten(): boolean {
    return this.#form !== null;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer of [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  real(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  maybe(): boolean {
    return this.next() < 0.5;
  }

  /** A name that nothing had before. */
  newName(): string {
    return `fuzzed${made++}`;
  }

  key(): st.random.Key {
    return st.random.key(this.int(0, 1e6));
  }

  /** A batch shape. */
  shape(): number[] {
    return this.pick([[], [1], [3], [2, 3], [1, 3]]);
  }

  /** A tensor that ends with the case. */
  keep<T extends tf.Tensor>(t: T): T {
    this.#made.push(t);
    return t;
  }

  tensor(shape: number[], low = -2, high = 2, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Array.from({length: size}, () => (dtype === 'int32' ? this.int(low, high) : this.real(low, high)));
    return this.keep(tf.tensor(values, shape, dtype));
  }

  variable(shape: number[], low = -1, high = 1): tf.Variable {
    return this.keep(tf.variable(this.tensor(shape, low, high), true, `fuzz${this.#names++}`));
  }

  /** Numbers of [low, high] in some form; `make` may make them of another kind. */
  numbers(shape: number[], low: number, high: number, make: () => number = () => this.real(low, high)): st.Param {
    const size = shape.reduce((a, b) => a * b, 1);
    return this.written(Array.from({length: size}, make), shape);
  }

  /** The numbers in some form. */
  written(flat: readonly number[], shape: readonly number[]): st.Param {
    const chosen = this.pick(forms); // drawn in any case, so that a form that is asked for changes nothing else
    const form = this.#form ?? chosen;
    if (form === 'tensor') return this.keep(tf.tensor([...flat], [...shape], 'float32'));
    if (shape.length === 0) return flat[0]!;
    if (shape.length === 1 && form !== 'nested')
      return form === 'float32' ? Float32Array.from(flat) : Float64Array.from(flat);
    return nest(flat, shape, form === 'nested' ? Array.from : row => Float64Array.from(row)) as st.Param;
  }

  /** One number, or as many as one shape that broadcasts to `shape` has. */
  parameter(shape: number[], low: number, high: number): st.Param {
    return this.numbers(this.maybe() ? shape : [], low, high);
  }

  /** What ends with the case, and owns tensors. */
  own<T extends {dispose?(): unknown}>(owner: T): T {
    const dispose = owner.dispose?.bind(owner); // as it is now: a case may put something else in its place
    this.#owners.push(() => dispose?.());
    return owner;
  }

  dispose(): void {
    this.#owners.forEach(end => end());
    this.#made.forEach(t => {
      if (!t.isDisposed) t.dispose();
    });
  }
}

function nest(
  flat: readonly number[],
  shape: readonly number[],
  row: (numbers: readonly number[]) => unknown,
): unknown {
  if (shape.length === 1) return row(flat);
  const step = shape.slice(1).reduce((a, b) => a * b, 1);
  return Array.from({length: shape[0]!}, (_, i) => nest(flat.slice(i * step, (i + 1) * step), shape.slice(1), row));
}
