/** What a recording of a step consists of. */
import type * as tf from '@tensorflow/tfjs-core';
import type {HostArray, KeyWords} from '../util/recorder.js';

/** Where the numbers of a tensor come from. */
export type Origin =
  | {readonly kind: 'argument'; readonly at: number}
  | {readonly kind: 'variable'; readonly variable: tf.Variable; readonly isTrainable: boolean}
  /** A tensor that the step did not make. */
  | {readonly kind: 'captured'; readonly tensor: tf.Tensor}
  /** Made by the step from numbers of JavaScript, of which this is a copy. */
  | {readonly kind: 'constant'; readonly values: ArrayLike<unknown>}
  | {readonly kind: 'made'};

/** A tensor of the step; steps name it by its index. */
export interface TracedTensor {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  readonly origin: Origin;
}

export type KeyOrigin =
  /** The key that the default stream gives after so many others of the step. */
  | {readonly kind: 'stream'; readonly ahead: number}
  | {readonly kind: 'argument'; readonly at: number}
  | {readonly kind: 'constant'; readonly words: KeyWords}
  | {readonly kind: 'derived'};

/** Keys made of another. */
export interface KeyStep {
  readonly parent: number;
  readonly how: string;
  readonly make: (parent: KeyWords) => KeyWords[];
  readonly made: readonly number[];
}

/** A kernel, or other code of a backend. */
export interface KernelStep {
  readonly kind: 'kernel';
  readonly name: string;
  readonly run: tf.KernelFunc;
  readonly inputs: readonly number[];
  /** Their names; null where the kernel takes a list. */
  readonly names: readonly string[] | null;
  readonly attrs: tf.NamedAttrMap | undefined;
  /** The key in its attribute `key`; null where there is none. */
  readonly key: number | null;
  readonly outputs: readonly number[];
}

/** Numbers that the host makes. */
export interface HostStep {
  readonly kind: 'host';
  readonly inputs: readonly number[];
  readonly keys: readonly number[];
  readonly run: (values: readonly HostArray[], keys: readonly KeyWords[]) => HostArray;
  readonly output: number;
}

/** A look at numbers, which the recording relies on. */
export interface LookStep {
  readonly kind: 'look';
  readonly inputs: readonly number[];
  readonly run: (values: readonly HostArray[]) => unknown;
  readonly found: unknown;
}

/** A change of what the host keeps. */
export interface ChangeStep {
  readonly kind: 'change';
  readonly run: () => () => void;
}

export type TracedStep = KernelStep | HostStep | LookStep | ChangeStep;

/** An optimizer that took a step, and the numbers and switches in its fields that its kernels hung on. */
export interface TracedOptimizer {
  readonly optimizer: tf.Optimizer;
  readonly settings: ReadonlyArray<readonly [field: string, value: number | boolean]>;
}

/** A leaf of what the step returned. */
export type ResultLeaf =
  /** A new tensor; equal numbers `object` are one object. */
  | {readonly kind: 'tensor'; readonly at: number; readonly object: number}
  | {readonly kind: 'key'; readonly at: number}
  /** An object that lives outside, or no tensor. */
  | {readonly kind: 'same'; readonly value: unknown};

export interface Trace {
  readonly backendName: string;
  readonly tensors: readonly TracedTensor[];
  /** References to tensors that were captured, and to constants, by index. */
  readonly held: ReadonlyMap<number, tf.Tensor>;
  readonly steps: readonly TracedStep[];
  readonly keys: readonly KeyOrigin[];
  readonly keySteps: readonly KeyStep[];
  /** How many keys the default stream gave. */
  readonly advance: number;
  readonly assigned: ReadonlyMap<tf.Variable, number>;
  readonly optimizers: readonly TracedOptimizer[];
  /** What the step returned: a nested value whose leaves are ResultLeaf. */
  readonly result: Tree<ResultLeaf>;
  /** All that there were. */
  readonly variables: readonly tf.Variable[];
}

export type Tree<T> =
  {readonly leaf: T} | {readonly list: ReadonlyArray<Tree<T>>} | {readonly record: ReadonlyMap<string, Tree<T>>};

/** The leaves of a nested value, in order. */
export function treeLeaves<T>(nested: Tree<T>): T[] {
  if ('leaf' in nested) return [nested.leaf];
  const inner = 'list' in nested ? nested.list : [...nested.record.values()];
  return inner.flatMap(treeLeaves);
}

/** A nested value with other leaves, as plain arrays and records. */
export function rebuild<T>(nested: Tree<T>, leaf: (value: T) => unknown): unknown {
  if ('leaf' in nested) return leaf(nested.leaf);
  if ('list' in nested) return nested.list.map(each => rebuild(each, leaf));
  return Object.fromEntries([...nested.record].map(([name, each]) => [name, rebuild(each, leaf)]));
}

/** Takes arrays and records of a value apart; null where `leaf` knows no place for something in it. */
export function takeApart<T>(
  value: unknown,
  leaf: (value: unknown, path: string) => T | null,
  path = '',
): Tree<T> | null {
  if (Array.isArray(value)) {
    const list = value.map((each, i) => takeApart(each, leaf, `${path}[${i}]`));
    return list.every(each => each !== null) ? {list} : null;
  }
  if (isRecord(value)) {
    const record = new Map<string, Tree<T>>();
    for (const [name, each] of Object.entries(value)) {
      const inner = takeApart(each, leaf, path === '' ? name : `${path}.${name}`);
      if (inner === null) return null;
      record.set(name, inner);
    }
    return {record};
  }
  const found = leaf(value, path);
  return found === null ? null : {leaf: found};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
