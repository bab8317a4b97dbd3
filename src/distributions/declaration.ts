/** What a family declares of its parameters, and what is checked of it. */
import {checkAxes, checkElements} from '../constraints/check.js';
import type {Constraint} from '../constraints/constraint.js';
import {check, failUnknown} from '../util/errors.js';
import {shapeOfNumbers, type Numbers} from '../util/numbers.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';

/** What the parameters of a family may be, by name. */
export type Declaration = Readonly<Record<string, Constraint>>;

/** Broadcast shape of the parameters without their event axes. */
export function batchShapeOf(who: string, declared: Declaration, parameters: Readonly<Record<string, Numbers>>): Shape {
  const shapes = Object.entries(parameters).map(([name, value]) => {
    const shape = shapeOfNumbers(who, name, value);
    return shape.slice(0, shape.length - declared[name]!.eventRank);
  });
  return broadcastShapes(who, shapes);
}

/** Checks each parameter; tensors only for dtype and rank unless `readTensors`. */
export function checkParameters(
  who: string,
  declared: Declaration,
  parameters: Readonly<Record<string, Numbers>>,
  readTensors: boolean,
): void {
  for (const [name, value] of Object.entries(parameters)) {
    const constraint = declared[name]!;
    checkAxes(who, name, value, shapeOfNumbers(who, name, value), constraint, constraint.eventRank);
    checkElements(who, name, value, constraint, readTensors);
  }
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
