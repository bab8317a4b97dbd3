/** Arithmetic on shapes; nothing here touches a tensor's data. */
import {fail} from './errors.js';
import {isIntegerList} from './tensors.js';

export type Shape = number[];

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** The shape that right-aligned broadcasting of `shapes` gives; null if they do not broadcast. */
export function tryBroadcast(shapes: ReadonlyArray<readonly number[]>): Shape | null {
  const rank = Math.max(0, ...shapes.map(s => s.length));
  const out: Shape = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      const d = shape[i]!;
      if (d === 1 || d === out[at]) continue;
      if (out[at] !== 1) return null;
      out[at] = d;
    }
  }
  return out;
}

/** As `tryBroadcast`, but throws in the name of `who`. */
export function broadcastShapes(who: string, shapes: ReadonlyArray<readonly number[]>): Shape {
  const out = tryBroadcast(shapes);
  if (out === null) fail(who, `shapes must broadcast, got ${shapes.map(s => `[${s.join(',')}]`).join(' and ')}`);
  return out;
}

/** Reads a shape given as a number or a list; throws in the name of `who` unless all dimensions are integers >= 0. */
export function toShape(who: string, shape: number | readonly number[] | undefined): Shape {
  const list: unknown = shape === undefined ? [] : typeof shape === 'number' ? [shape] : shape;
  if (!isIntegerList(list, 0)) {
    fail(who, 'a shape must be a list of integers >= 0', shape);
  }
  return [...list];
}
