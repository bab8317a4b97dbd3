/** Reading what a user gives as a parameter or a value: a number, a nested or typed array, or a tensor. */
import * as tf from '@tensorflow/tfjs-core';
import {check, describe, fail, failUnknown} from '../util/errors.js';
import {
  checkTensor,
  floatTensor,
  hostNumbers,
  placeOf,
  shapeOfNumbers as shapeOfParam,
  type Numbers,
} from '../util/numbers.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {validate, type Constraint} from './constraints.js';

export {shapeOfParam};

/** A number, a nested array, a typed array or a tensor. */
export type Param = Numbers;

/** What the parameters of a family may be, by name. */
export type Declaration = Readonly<Record<string, Constraint>>;

/**
 * The numbers of `value` as float32, and its shape; tensors are read. Throws unless every leaf is a number or a
 * boolean.
 */
export function readNumbers(who: string, name: string, value: Param): {values: ArrayLike<number>; shape: Shape} {
  if (isTensor(value)) return {values: checkTensor(who, name, value).dataSync(), shape: value.shape};
  return hostNumbers(who, name, value);
}

/** A float32 tensor of a parameter or a value: the tensor itself where it is one already. Call it in a tidy. */
export function toTensor(value: Param, who = 'distribution', name = 'a value'): tf.Tensor {
  return floatTensor(who, name, value);
}

/** Throws unless `tensors` is a record of tensors by the names `known`. */
export function checkReplacements(who: string, tensors: unknown, known: readonly string[]): void {
  checkRecord(who, tensors);
  for (const [name, t] of Object.entries(tensors)) {
    if (!known.includes(name)) failUnknown(who, 'parameter', name, known);
    check(isTensor(t), who, `${name} must be a tensor`, t);
  }
}

/** Throws unless `tensors` is an object. */
export function checkRecord(who: string, tensors: unknown): asserts tensors is Readonly<Record<string, unknown>> {
  check(typeof tensors === 'object' && tensors !== null, who, 'needs tensors by name', tensors);
}

/** Broadcast shape of the parameters without their event axes. */
export function batchShapeOf(who: string, declared: Declaration, parameters: Readonly<Record<string, Param>>): Shape {
  const shapes = Object.entries(parameters).map(([name, value]) => {
    const shape = shapeOfParam(who, name, value);
    return shape.slice(0, shape.length - declared[name]!.eventRank);
  });
  return broadcastShapes(who, shapes);
}

/** Checks each parameter; tensors only for dtype and rank unless `readTensors`. */
export function checkParameters(
  who: string,
  declared: Declaration,
  parameters: Record<string, Param>,
  readTensors: boolean,
): void {
  for (const [name, value] of Object.entries(parameters)) {
    const shape = shapeOfParam(who, name, value);
    const {eventRank, anyShape = false} = declared[name]!;
    check(
      shape.length >= eventRank,
      who,
      `${name} must have at least ${eventRank === 1 ? '1 axis' : `${eventRank} axes`}`,
      value,
    );
    check(
      eventRank === 0 || shape[shape.length - 1]! > 0,
      who,
      `${name} must have at least one element along the last axis`,
      value,
    );
    check(
      eventRank < 2 || anyShape || shape[shape.length - 1] === shape[shape.length - 2],
      who,
      `${name} must be square in its last two axes`,
      value,
    );
    if (isTensor(value) && !readTensors) continue;
    const {values} = readNumbers(who, name, value);
    validate(who, name, declared[name]!, values, shape);
  }
}

/** Throws at the first value outside the constraint; reads the device. */
export function checkInside(who: string, what: string, value: Param, constraint: Constraint): void {
  const [inside, values] = tf.tidy(() => {
    const x = toTensor(value, who, what);
    const inside = constraint.contains(x);
    const event = constraint.eventRank === 0 ? [] : x.shape.slice(x.rank - constraint.eventRank);
    return [inside, tf.broadcastTo(x, [...inside.shape, ...event])] as const;
  });
  const [ok, all] = [inside.dataSync(), values.dataSync()];
  const at = ok.indexOf(0);
  const width = values.size / inside.size;
  const bad = Array.from(all.slice(at * width, (at + 1) * width));
  const place = placeOf(at, inside.shape);
  tf.dispose([inside, values]);
  if (at >= 0)
    fail(who, `${what} must be ${constraint.rule}, got ${describe(constraint.eventRank === 0 ? bad[0] : bad)}${place}`);
}
