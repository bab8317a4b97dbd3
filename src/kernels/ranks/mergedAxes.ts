/**
 * Writing what a kernel does to a tensor of many axes as what it does to one of few: neighbours that fare alike are one
 * axis.
 */
import {sizeOf, type Shape} from '../../util/shapes.js';

/**
 * The largest rank at which the kernels of wasm, webgl and webgpu can all be relied on. Beyond it webgpu's do not
 * compile or read past the end of a coordinate, webgl's and webgpu's refuse (`where` from 5 on, all from 7 on), and
 * wasm's read garbage from 7 on.
 */
export const SAFE_RANK = 4;

/**
 * A run of neighbouring axes that fare alike: how many elements it has, and whether they are those that something is
 * done to.
 */
export interface Group {
  readonly size: number;
  readonly marked: boolean;
}

/** The axes of `shape` in as few groups as possible; axes of length 1 join any. */
export function groupAxes(shape: readonly number[], marked: (axis: number) => boolean): Group[] {
  const groups: Group[] = [];
  shape.forEach((size, axis) => {
    const last = groups.at(-1);
    if (size === 1) return;
    if (last !== undefined && last.marked === marked(axis))
      groups[groups.length - 1] = {size: last.size * size, marked: last.marked};
    else groups.push({size, marked: marked(axis)});
  });
  return groups;
}

/** Shapes that broadcast to `full`, each of the same rank, as low as possible; `full` comes first. */
export function mergeBroadcast(full: readonly number[], shapes: ReadonlyArray<readonly number[]>): Shape[] {
  const padded = [full, ...shapes].map(s => [...new Array<number>(full.length - s.length).fill(1), ...s]);
  const merged: Shape[] = padded.map(() => []);
  let last = '';
  full.forEach((d, axis) => {
    if (d === 1) return;
    const pattern = padded.map(s => (s[axis] === d ? '=' : '1')).join('');
    merged.forEach((m, i) => {
      const own = padded[i]![axis]!;
      if (pattern === last) m[m.length - 1]! *= own;
      else m.push(own);
    });
    last = pattern;
  });
  return merged;
}

/** [before, at, after] the axis: the shape of rank 3 in which it is the middle. */
export function aroundAxis(shape: readonly number[], axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}
