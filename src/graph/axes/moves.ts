/** Kernels that move elements: each is still at one place, or in a part of an axis. */
import type * as tf from '@tensorflow/tfjs-core';
import {attributesOf} from '../../kernels/index.js';
import {toList, type Edge, type EdgeRule} from './edge.js';
import {EVERY, every, everywhere, recut, shifted, type Axis, type Factor} from './factors.js';

export const permuted: EdgeRule = ({record, axes, input}) => {
  const perm = attributesOf(record)?.['perm'];
  if (!Array.isArray(perm)) return everywhere(input.shape);
  const out = new Array<Axis>(input.rank);
  perm.forEach((from, to) => {
    out[from as number] = axes[to]!;
  });
  return out;
};

/** The element of an axis that is left when the others are gone. */
function elementOf([only, more]: Axis, at: number): Axis {
  return only === undefined || more !== undefined || !isPlain(only)
    ? []
    : [{...only, size: 1, shift: (only.shift ?? 0) + at}];
}

export const packed: EdgeRule = ({record, axes, name, input}) => {
  const axis = attributesOf(record)?.['axis'];
  if (typeof axis !== 'number') return everywhere(input.shape);
  const at = axis < 0 ? axis + axes.length : axis;
  return [...axes.filter((_, i) => i !== at), elementOf(axes[at]!, Number(name))]; // inputs are numbered
};

export const unpacked: EdgeRule = edge => {
  const {record, output, axes, input} = edge;
  const axis = attributesOf(record)?.['axis'];
  if (typeof axis !== 'number') return everywhere(input.shape);
  const at = axis < 0 ? axis + input.rank : axis;
  const gone = axes.slice(output.rank).filter(a => a.length > 0);
  const place = gone.find(pin => movesWithOutput(edge, pin[0]!));
  const own =
    place === undefined ? every(input.shape[at]!) : moved(input.shape[at]!, place[0]!, -record.outputs.indexOf(output));
  return [...axes.slice(0, at), own, ...axes.slice(at, output.rank), ...gone.filter(pin => pin !== place)];
};

/**
 * Whether outputs, one by one, bear on the elements of an axis of the cost, one by one: where stacks were stacked, that
 * is so of one axis at most, and of the others all outputs are at the same place.
 */
function movesWithOutput({record: {outputs}, output, axesOf}: Edge, pin: Factor): boolean {
  if (!isPlain(pin)) return false;
  const at = outputs.indexOf(output);
  if (outputs.every(other => other === output || axesOf(other).length === 0)) return false; // all stands where this one does
  return outputs.every((other, i) =>
    axesOf(other).every(axes =>
      axes.some(
        ([factor]) =>
          factor?.size === 1 && factor.along === pin.along && isPlain(factor) && factor.shift! - pin.shift! === i - at,
      ),
    ),
  );
}

function moved(size: number, {along, of, shift}: Factor, by: number): Axis {
  return shifted(size, along, of, (shift ?? 0) + by);
}

/** Whether a factor is a whole axis of the cost, or was cut out of one. */
function isPlain({size, along, of, step, shift}: Factor): boolean {
  return along !== EVERY && step === 1 && (shift !== null || size === of);
}

/** An axis of which a part is an axis of the output, or that is a part of one: moved by `by`. */
function movedBy(axis: Axis, size: number, by: number): Axis {
  const [only, more] = axis;
  return only === undefined || more !== undefined || !isPlain(only) ? every(size) : moved(size, only, by);
}

/**
 * Axes that keep their length stay, of others the input is a part or has one, `by` elements behind where the output
 * begins.
 */
function cutting(by: (edge: Edge, axis: number) => number | null): EdgeRule {
  return edge => {
    const {axes, output, input} = edge;
    if (output.rank !== input.rank) return everywhere(input.shape);
    return input.shape.map((n, i) => {
      if (n === output.shape[i]) return axes[i]!;
      const shift = by(edge, i);
      return shift === null ? every(n) : movedBy(axes[i]!, n, shift);
    });
  };
}

/** The axis along which inputs or outputs lie one behind the other. */
const alongAxis = ({record, input}: Edge): number => toList(attributesOf(record)?.['axis'] ?? 0, input.rank)[0]!;

const before = (tensors: readonly tf.Tensor[], count: number, axis: number): number =>
  tensors.slice(0, count).reduce((n, t) => n + t.shape[axis]!, 0);

export const sliced = cutting(({record}, axis) => {
  const begin = attributesOf(record)?.['begin'];
  return begin === undefined ? null : -([begin].flat() as number[])[axis]!;
});
export const padded = cutting(({record}, axis) => {
  const paddings = attributesOf(record)?.['paddings'];
  // the op passes a pair for each axis, where tfjs types attributes as flat
  return Array.isArray(paddings) ? (paddings[axis] as unknown as [number, number])[0] : null;
});
export const joined = cutting((edge, axis) =>
  axis === alongAxis(edge) ? before(Object.values(edge.record.inputs), Number(edge.name), axis) : null,
); // inputs are numbered
export const splitUp = cutting((edge, axis) =>
  axis === alongAxis(edge) ? -before(edge.record.outputs, edge.record.outputs.indexOf(edge.output), axis) : null,
);

export const repeated: EdgeRule = ({axes, output, input}) =>
  input.shape.map((n, i) => {
    const all = output.shape[i]!;
    return all === n ? axes[i]! : recut([axes[i]!], [all / n, n])[1]!;
  });

export const gathered: EdgeRule = ({record, axes, name, input}) => {
  const attrs = attributesOf(record);
  if (attrs === null) return everywhere(input.shape);
  const {x, indices} = record.inputs as {x: tf.Tensor; indices: tf.Tensor};
  const at = toList(attrs['axis'] ?? 0, x.rank)[0]!;
  const dims = (attrs['batchDims'] as number | undefined) ?? 0;
  const shared = dims < 0 ? dims + indices.rank : dims;
  const places = indices.rank - shared;
  if (name === 'indices') return input.shape.map((n, i) => (i < shared ? axes[i] : axes[at + i - shared]) ?? every(n));
  return input.shape.map((n, i) => (i < at ? axes[i] : i > at ? axes[i - 1 + places] : undefined) ?? every(n));
};

/** Vectors of places along the last axis. */
export const gatheredByVectors: EdgeRule = ({axes, name, input}) =>
  name === 'indices' ? input.shape.map((n, i) => (i < input.rank - 1 ? axes[i]! : every(n))) : everywhere(input.shape);
