/** What kernels must give, computed one element at a time from coordinates. */
import * as tf from '@tensorflow/tfjs-core';

export interface Values {
  readonly shape: number[];
  readonly at: (coordinates: readonly number[]) => number;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const coordinatesOf = (i: number, shape: readonly number[]): number[] => {
  const out: number[] = [];
  let rest = i;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    out.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return out;
};

/** Every coordinate of a shape, in the order of memory. */
export const places = (shape: readonly number[]): number[][] =>
  Array.from({length: sizeOf(shape)}, (_, i) => coordinatesOf(i, shape));

/** Fixed numbers without a pattern, between 0.2 and 2. */
export function numbers(shape: number[], seed: number): Values {
  const values = Float32Array.from(
    {length: sizeOf(shape)},
    (_, i) => 1.1 + 0.9 * Math.sin(seed + 1.7 * i + 0.01 * i * i),
  );
  return {shape, at: c => values[c.reduce((i, d, axis) => i * shape[axis]! + d, 0)]!};
}

export const toTensor = (v: Values): tf.Tensor =>
  tf.tensor(
    places(v.shape).map(c => v.at(c)),
    v.shape,
    'float32',
  );

/** As broadcasting reads it at a place of a larger shape. */
export const broadcast = (v: Values, shape: readonly number[]): Values => ({
  shape: [...shape],
  at: c => v.at(v.shape.map((d, axis) => (d === 1 ? 0 : c[axis + shape.length - v.shape.length]!))),
});

/** Folds over axes in double precision. */
export function reduce(
  v: Values,
  axes: readonly number[],
  start: number,
  fold: (sum: number, x: number) => number,
): Values {
  const kept = v.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const inner = places(v.shape.map((d, i) => (axes.includes(i) ? d : 1)));
  return {
    shape: v.shape.filter((_, i) => !axes.includes(i)),
    at: c => {
      const full: number[] = [];
      let next = 0;
      kept.forEach((_, i) => full.push(axes.includes(i) ? 0 : c[next++]!));
      return inner.reduce((sum, d) => fold(sum, v.at(full.map((x, i) => x + d[i]!))), start);
    },
  };
}
