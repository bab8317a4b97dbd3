/**
 * Parameters of samplers of single numbers: numbers stay on the host, where they are checked, tensors on their device,
 * where they are not.
 */
import * as tf from '@tensorflow/tfjs-core';
import {checkAxes, checkElements} from '../../constraints/check.js';
import type {Constraint} from '../../constraints/constraint.js';
import {check} from '../../util/errors.js';
import {floatTensor, hostNumbers, type HostNumbers, type Numbers} from '../../util/numbers.js';
import {sameShape, tryBroadcast, type Shape} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';

/** A parameter where it lies: a tensor on its device, or numbers on the host. */
export type ElementParam = tf.Tensor | HostNumbers;

/** A single number. */
export const hostParam = (value: number): HostNumbers => ({values: new Float32Array([value]), shape: []});

export const isHostParam = (p: ElementParam): p is HostNumbers => 'values' in p;

/**
 * A parameter that has been checked elsewhere, for the functions named draw…: numbers and arrays stay on the host, so
 * that the draws are identical on every backend. A cast tensor belongs to the tidy around.
 */
export function elementParam(value: Numbers, who = 'draw', name = 'a parameter'): ElementParam {
  return isTensor(value) ? floatTensor(who, name, value) : hostNumbers(who, name, value);
}

/**
 * A parameter whose shape, less its last `eventRank` axes, broadcasts to `shape`. Throws with the first element that
 * breaks the constraint and its position; tensors are not read. A cast tensor belongs to the tidy around.
 */
export function readElementParam(
  who: string,
  name: string,
  value: Numbers,
  shape: Shape,
  constraint: Constraint,
  eventRank = constraint.eventRank,
): ElementParam {
  const read = elementParam(value, who, name);
  checkAxes(who, name, value, read.shape, constraint, eventRank);
  const own = read.shape.slice(0, read.shape.length - eventRank);
  const all = tryBroadcast([own, shape]);
  check(all !== null && sameShape(all, shape), who, `${name} must broadcast to the shape [${shape.join(',')}]`, value);
  checkElements(who, name, value, constraint, false);
  return read;
}

/** As `readElementParam`, as a float32 tensor. Call it in a tidy. */
export function readParam(
  who: string,
  name: string,
  value: Numbers,
  shape: Shape,
  constraint: Constraint,
  eventRank?: number,
): tf.Tensor {
  return tensorOf(readElementParam(who, name, value, shape, constraint, eventRank));
}

/** The parameter as a tensor; a new one belongs to the tidy around. */
export const tensorOf = (p: ElementParam): tf.Tensor => (isHostParam(p) ? tf.tensor(p.values, p.shape, 'float32') : p);
