/** Kernels that end axes, or mix their elements. */
import type * as tf from '@tensorflow/tfjs-core';
import {sameShape} from '../../util/shapes.js';
import {attributesOf} from '../../kernels/index.js';
import {mixing, toList, type EdgeRule} from './edge.js';
import {every, everywhere, join, type Axes, type Axis} from './factors.js';

export const reduction: EdgeRule = ({record, axes, output, input}) => {
  const attrs = attributesOf(record);
  const given = attrs?.['axis'] ?? attrs?.['reductionIndices'];
  if (attrs !== null && (given === undefined || given === null)) return everywhere(input.shape);
  if (attrs !== null) return overAxes(axes, output, input, toList(given, input.rank));
  // Without attributes: whatever fits the shapes, and what all of that agrees on.
  const subsets = Array.from({length: 2 ** input.rank}, (_, bits) =>
    input.shape.flatMap((_, i) => (((bits >> i) & 1) === 1 ? [i] : [])),
  );
  const fitting = subsets.filter(reduced => fits(output.shape, input.shape, reduced));
  return fitting
    .map(reduced => overAxes(axes, output, input, reduced))
    .reduce((a, b) => join(a, b), overAxes(axes, output, input, fitting[0] ?? input.shape.map((_, i) => i)));
};

function fits(out: readonly number[], input: readonly number[], reduced: readonly number[]): boolean {
  const kept = input.map((n, i) => (reduced.includes(i) ? 1 : n));
  return (
    sameShape(out, kept) ||
    sameShape(
      out,
      kept.filter((_, i) => !reduced.includes(i)),
    )
  );
}

function overAxes(axes: Axes, output: tf.Tensor, input: tf.Tensor, reduced: readonly number[]): Axes {
  const keepsDims = output.rank === input.rank;
  let at = 0;
  return input.shape.map((n, i): Axis => {
    if (reduced.includes(i)) {
      at += keepsDims ? 1 : 0;
      return every(n);
    }
    return axes[at++] ?? every(n);
  });
}

/** Sums from one end of an axis to each element. */
export const running: EdgeRule = ({record, axes, input}) => {
  const attrs = attributesOf(record);
  return attrs === null ? everywhere(input.shape) : mixing(axes, ...toList(attrs['axis'], input.rank));
};

export const reversed: EdgeRule = ({record, axes, input}) => {
  const attrs = attributesOf(record);
  return attrs === null ? everywhere(input.shape) : mixing(axes, ...toList(attrs['dims'], input.rank));
};
