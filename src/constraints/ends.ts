/** Where sets of numbers end, as data: what tensors move a distribution's support is said there, once. */
import type * as tf from '@tensorflow/tfjs-core';
import {isTensor} from '../util/tensors.js';
import type {Numbers} from '../util/numbers.js';

/** One end of an interval: the number where it is, NaN where that is not known, and the tensors with which it moves. */
export interface End {
  /** The number where it is; ∓Infinity where there is none, NaN where a tensor says it. */
  readonly at: number;
  /** The tensors that it moves with. */
  readonly movers: readonly tf.Tensor[];
}

/** The lower and the upper end. */
export type Ends = readonly [End, End];

/**
 * What is known of a set that may depend on tensors: the ends of an interval of numbers (or of arrays of such), or the
 * tensors alone.
 */
export interface Bounds {
  /** Of an interval: its lower and its upper end. */
  readonly ends?: Ends;
  /** Of any other set: the tensors that it moves with. */
  readonly boundBy?: readonly tf.Tensor[];
}

/** Ends that are numbers. */
export const fixed = (low: number, high: number): Ends => [
  {at: low, movers: []},
  {at: high, movers: []},
];

/** The end that is a parameter. */
export function endOf(value: Numbers): End {
  return {at: typeof value === 'number' ? value : NaN, movers: isTensor(value) ? [value] : []};
}

/** The tensors with which the set moves. */
export function moversOf({
  ends = [],
  boundBy = [],
}: {
  ends?: readonly End[];
  boundBy?: readonly tf.Tensor[];
}): tf.Tensor[] {
  return [...new Set([...ends.flatMap(end => end.movers), ...boundBy])];
}

/** Whether the set is all numbers, or all arrays of numbers. */
export function isWhole({ends}: Bounds): boolean {
  return ends !== undefined && ends[0].at === -Infinity && ends[1].at === Infinity;
}

/** Whether the two are one set of numbers, by ends that are numbers. */
export function haveSameEnds(a: Bounds, b: Bounds): boolean {
  return (
    a.ends !== undefined &&
    b.ends !== undefined &&
    a.ends.every((end, i) => end.at === b.ends![i]!.at && end.movers.length === 0)
  );
}
