/** Products of matrices. */
import {attributesOf} from '../../kernels/index.js';
import {elementwise, type Edge, type EdgeRule} from './edge.js';
import {broadcastBack, every, everywhere, recut, type Axes} from './factors.js';
import {firstIsTurned, secondIsTurned} from './turned.js';

/** op(a)·op(b) of [batch…, m, k] and [batch…, k, n]. */
export const product: EdgeRule = edge => {
  const attrs = attributesOf(edge.record);
  return attrs === null
    ? everywhere(edge.input.shape)
    : ofProduct(edge, edge.axes, edge.output.shape, attrs['transposeA'] === true, attrs['transposeB'] === true);
};

/** A fused product has its batch in one axis. */
export const fusedProduct: EdgeRule = edge => {
  const {record, output, axes, name, input} = edge;
  if (name !== '0' && name !== '1') return elementwise(edge);
  const [m, n] = output.shape.slice(-2) as [number, number]; // products are matrices
  const shape = [output.size / (m * n), m, n];
  const turned = name === '0' ? firstIsTurned(record) : secondIsTurned(record);
  const own = (is: boolean): Axes => ofProduct(edge, recut(axes, shape), shape, is, is);
  return turned === null ? [...own(true).slice(0, -2), ...input.shape.slice(-2).map(every)] : own(turned);
};

function ofProduct(
  {name, input}: Edge,
  axes: Axes,
  shape: readonly number[],
  transposeA: boolean,
  transposeB: boolean,
): Axes {
  const isA = name === 'a' || name === '0';
  const lead = broadcastBack(axes.slice(0, -2), shape.slice(0, -2), input.shape.slice(0, -2));
  const [rows, columns] = input.shape.slice(-2) as [number, number];
  const own = axes[axes.length - (isA ? 2 : 1)]!;
  const ownFirst = isA !== (isA ? transposeA : transposeB);
  return ownFirst ? [...lead, own, every(columns)] : [...lead, every(rows), own];
}

/** Matrices, one for each element of the leading axes. */
export const matrices: EdgeRule = edge => {
  const {axes, output, input} = edge;
  const lead = broadcastBack(axes.slice(0, -2), output.shape.slice(0, -2), input.shape.slice(0, -2));
  return [...lead, ...input.shape.slice(-2).map(every)];
};
