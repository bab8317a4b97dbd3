/** Reading a flat array as if it had been broadcast. */
import {sameShape, sizeOf, type Shape} from './shapes.js';

/** From a flat index into `full` to the flat index into `shape`, which broadcasts to it. */
export function indexer(shape: Shape, full: Shape): (i: number) => number {
  if (sizeOf(shape) === 1) return () => 0;
  const trimmed = shape.slice(shape.findIndex(d => d !== 1));
  const size = sizeOf(trimmed);
  if (sameShape(trimmed, full.slice(full.length - trimmed.length))) return size === sizeOf(full) ? i => i : i => i % size;
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
