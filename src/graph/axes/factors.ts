/**
 * Which part of a cost each axis of a tensor bears on. An axis is a list of factors, the slowest first, whose sizes
 * multiply to its length: reshaping only cuts and joins factors, so an axis that was merged into another is still
 * known. Axes of length 1 have no factors, unless it is known at which element of the cost they are.
 */
import {sameShape, sizeOf, type Shape} from '../../util/shapes.js';

/** One factor of an axis. */
export interface Factor {
  readonly size: number;
  /**
   * The axis of the cost, counted from its last (0), that this factor runs along: element i bears only on the elements
   * of the cost that have index i there. Or `EVERY`: each element bears on all of them.
   */
  readonly along: number;
  /** How many elements of that axis one step of this factor passes; those of an axis of length 1 it bears on all. */
  readonly step: number;
  /** The length of that axis; 0 for `EVERY`. */
  readonly of: number;
  /**
   * null but for an axis that is cut out of the cost's or has it inside: element i is element i + shift there, and
   * where there is none it bears on nothing.
   */
  readonly shift: number | null;
}

export const EVERY = -1;

export type Axis = readonly Factor[];
/** The axes of one tensor. Behind them may stand axes of length 1 that it has no more, for what is known of them. */
export type Axes = readonly Axis[];

const everyOf = new Map<number, Axis>();
const wholeOf = new Map<number, Axis[]>();
const NO_FACTORS: Axis = [];

/** An axis of that length of which each element bears on all. */
export function every(size: number): Axis {
  if (size === 1) return NO_FACTORS;
  let axis = everyOf.get(size);
  if (axis === undefined) everyOf.set(size, (axis = [{size, along: EVERY, step: 1, of: 0, shift: null}]));
  return axis;
}

/** An axis that is the axis `along` of the cost. */
export function whole(size: number, along: number): Axis {
  if (size === 1) return NO_FACTORS;
  let axes = wholeOf.get(size);
  if (axes === undefined) wholeOf.set(size, (axes = []));
  return (axes[along] ??= [{size, along, step: 1, of: size, shift: null}]);
}

/** An axis whose element i is element i + shift of the axis `along`, of length `of`, of the cost. */
export function shifted(size: number, along: number, of: number, shift: number): Axis {
  return shift === 0 && size === of ? whole(size, along) : [{size, along, step: 1, of, shift}];
}

/** Whether an axis is a part of one of the cost's, or has it inside. */
export function isShifted([factor]: Axis): boolean {
  return factor !== undefined && factor.shift !== null;
}

/** The axes of a cost itself. */
export function costAxes(shape: Shape): Axes {
  return shape.map((size, i) => whole(size, shape.length - 1 - i));
}

export function everywhere(shape: Shape): Axes {
  return shape.map(every);
}

/** Whether some element of the axis bears on more than its own place. */
export function isEvery(axis: Axis): boolean {
  return axis.some(factor => factor.along === EVERY);
}

export function sameAxis(a: Axis, b: Axis): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every(
        (f, i) =>
          f.size === b[i]!.size &&
          f.along === b[i]!.along &&
          f.step === b[i]!.step &&
          f.of === b[i]!.of &&
          f.shift === b[i]!.shift,
      ))
  );
}

export function sameAxes(a: Axes, b: Axes): boolean {
  return a === b || (a.length === b.length && a.every((axis, i) => sameAxis(axis, b[i]!)));
}

/**
 * Where two ways lead from one tensor to a cost: an axis that they see differently bears on everything. What is known of
 * axes of length 1 may stand anywhere, and together they bear on what lies between.
 */
export function join(a: Axes, b: Axes): Axes {
  return a.map((axis, i) => {
    if (b[i] !== undefined && sameAxis(axis, b[i])) return axis;
    const [own] = axis;
    if (own?.size !== 1) return every(lengthOf(axis));
    const other = b.find(([factor]) => factor?.size === 1 && factor.along === own.along)?.[0];
    return other === undefined ? NO_FACTORS : between(own, other);
  });
}

/** The elements of a cost from the first to the last that either of two axes of length 1 bears on. */
function between(a: Factor, b: Factor): Axis {
  if (a.shift === null || b.shift === null || a.of !== b.of) return NO_FACTORS;
  const shift = Math.min(a.shift, b.shift);
  const step = Math.max(a.shift + a.step, b.shift + b.step) - shift;
  return [{...a, shift, step}];
}

export function lengthOf(axis: Axis): number {
  return axis.reduce((n, {size}) => n * size, 1);
}

/**
 * The axes of an input that broadcasts, aligned from the right, to a tensor with `axes` and `shape`: the same list
 * where the shape is.
 */
export function broadcastBack(axes: Axes, shape: Shape, input: Shape): Axes {
  if (axes.length === shape.length && sameShape(shape, input)) return axes;
  const behind = shape.length - input.length;
  return input.map((size, i) => (shape[behind + i] === size ? axes[behind + i]! : every(size)));
}

/** Axes of length 1 of which it is known at which element of the cost they are. */
export function pinsOf(axes: Axes): Axes {
  return axes.filter(([factor]) => factor?.size === 1);
}

/**
 * The axes of the same elements in a shape that differs in axes of length 1 alone; null if it does not, or where an
 * axis has several factors.
 */
function paddedWithOnes(axes: Axes, shape: Shape): Axes | null {
  const out: Axis[] = [];
  let at = 0;
  for (const size of shape) {
    if (size === 1) {
      out.push(NO_FACTORS);
      continue;
    }
    while (at < axes.length && (axes[at]!.length === 0 || axes[at]![0]!.size === 1)) at++;
    const axis = axes[at++];
    if (axis === undefined || axis.length > 1 || axis[0]!.size !== size) return null;
    out.push(axis);
  }
  return out;
}

/** The axes of the same elements in another shape. */
export function recut(axes: Axes, shape: Shape): Axes {
  const same = paddedWithOnes(axes, shape);
  if (same !== null) return same; // nearly always
  const rest: Factor[] = axes.flat().filter(({size}) => size > 1);
  const out = new Array<Axis>(shape.length);
  if (sizeOf(shape) === 0) return everywhere(shape);
  for (let i = shape.length - 1; i >= 0; i--) {
    let missing = shape[i]!;
    const own: Factor[] = [];
    while (missing > 1) {
      const last = rest.pop();
      if (last === undefined) return everywhere(shape);
      const {size, along, step, of, shift} = last;
      if (shift !== null && missing !== size) return everywhere(shape);
      if (missing % size === 0) {
        own.unshift(last);
        missing /= size;
      } else if (size % missing === 0) {
        own.unshift({size: missing, along, step, of, shift});
        rest.push({size: size / missing, along, step: along === EVERY ? 1 : step * missing, of, shift});
        missing = 1;
      } else {
        return everywhere(shape); // the new axes cut through an old one
      }
    }
    out[i] = merged(own);
  }
  return out;
}

/** Neighbouring factors that follow each other in one axis as one. */
function merged(factors: readonly Factor[]): Axis {
  const out: Factor[] = [];
  for (const factor of factors) {
    const before = out[out.length - 1];
    const follows =
      before !== undefined &&
      before.along === factor.along &&
      before.shift === null &&
      factor.shift === null &&
      (factor.along === EVERY || before.step === factor.step * factor.size);
    if (follows)
      out[out.length - 1] = {
        size: before.size * factor.size,
        along: factor.along,
        step: factor.along === EVERY ? 1 : factor.step,
        of: factor.of,
        shift: null,
      };
    else out.push(factor);
  }
  const [only] = out;
  if (out.length !== 1 || only!.step !== 1 || only!.shift !== null) return out;
  return only!.along === EVERY ? every(only!.size) : only!.size === only!.of ? whole(only!.size, only!.along) : out;
}
