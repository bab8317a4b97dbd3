/** What a rule is asked, and what several rules need. */
import type * as tf from '@tensorflow/tfjs-core';
import type {TapeRecord} from '../tape.js';
import {broadcastBack, every, lengthOf, type Axes} from './factors.js';

/** One way back: from an output of a record to one of its inputs. */
export interface Edge {
  readonly record: TapeRecord;
  readonly output: tf.Tensor;
  /** The axes of `output`. */
  readonly axes: Axes;
  /** The name of the input, and the input. */
  readonly name: string;
  readonly input: tf.Tensor;
  /** The axes of another output of the record, in each way to the same costs; none where it bears on none of them. */
  readonly axesOf: (output: tf.Tensor) => readonly Axes[];
}

/** From the axes of what a kernel gives to those of one of its inputs. */
export type EdgeRule = (edge: Edge) => Axes;

export const elementwise: EdgeRule = ({axes, output, input}) => broadcastBack(axes, output.shape, input.shape);

/** The axes, those of `mixed` without what is known of them. */
export function mixing(axes: Axes, ...mixed: number[]): Axes {
  return axes.map((axis, i) => (mixed.includes(i) ? every(lengthOf(axis)) : axis));
}

/** An axis or several as a kernel was given them, none negative. */
export function toList(given: unknown, rank: number): number[] {
  if (given === undefined || given === null) return Array.from({length: rank}, (_, i) => i); // for tfjs that means all
  const list = (Array.isArray(given) ? given : [given]) as number[]; // tfjs has checked what it was given
  return list.map(axis => (axis + rank) % rank);
}
