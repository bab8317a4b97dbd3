/** Reading a flat array as if it had been broadcast. */
import {sizeOf, type Shape} from './shapes.js';

/**
 * How many numbers of `shape`, which broadcasts to `full`, are read over and over: all, or 1; 0 where they are read in
 * another order.
 */
export function periodOf(shape: Shape, full: Shape): number {
  let size = 1;
  for (let i = shape.length - 1, at = full.length - 1; i >= 0; i--, at--) {
    const d = shape[i]!;
    if (d !== full[at]) return shape.every((n, j) => j > i || n === 1) ? size : 0;
    size *= d;
  }
  return size;
}

/** From a flat index into `full` to the flat index into `shape`, which broadcasts to it. */
export function indexer(shape: Shape, full: Shape): (i: number) => number {
  const period = periodOf(shape, full);
  if (period === 1) return () => 0;
  if (period > 0) return period === sizeOf(full) ? i => i : i => i % period;
  const strides = stridesOf(full);
  const own = stridesOf(shape);
  const offset = full.length - shape.length;
  const steps = shape.map((d, axis) => (d === 1 ? 0 : own[axis]!));
  return i => {
    let at = 0;
    for (let axis = 0; axis < full.length; axis++) {
      const coordinate = Math.floor(i / strides[axis]!);
      i -= coordinate * strides[axis]!;
      if (axis >= offset) at += coordinate * steps[axis - offset]!;
    }
    return at;
  };
}

/** How far apart in memory neighbours along each axis are. */
function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}
