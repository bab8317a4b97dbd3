/** Arithmetic on shapes; nothing here touches a tensor's data. */
import {fail} from './errors.js';
import {isIntegerList} from './tensors.js';

export type Shape = number[];

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
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
  return checkSize(who, out);
}

/** The most axes that a tensor may have. */
const MOST_AXES = 16;

/**
 * Reads a shape given as a number or a list; throws in the name of `who` unless all dimensions are integers >= 0 and a
 * tensor can have it.
 */
export function toShape(who: string, shape: number | readonly number[] | undefined): Shape {
  const list: unknown = shape === undefined ? [] : typeof shape === 'number' ? [shape] : shape;
  if (!isIntegerList(list, 0)) {
    fail(who, 'a shape must be a list of integers >= 0', shape);
  }
  return checkSize(
    who,
    Array.from(list, d => d + 0),
  ); // −0 is 0
}

/** No backend holds a larger tensor: wasm and webgpu address 2 GiB at most. */
export const MOST_BYTES = 2 ** 31;

/** The shape itself; throws in the name of `who` where no tensor can have it, before anybody tries to make one. */
export function checkSize<S extends readonly number[]>(who: string, shape: S): S {
  if (shape.length > MOST_AXES) fail(who, `a tensor must have at most ${MOST_AXES} axes, got ${shape.length}`);
  const bytes = 4 * sizeOf(shape);
  if (!(bytes < MOST_BYTES))
    fail(who, `a tensor must have less than ${MOST_BYTES} bytes, got the shape [${shape.join(',')}] of ${bytes}`);
  return shape;
}
