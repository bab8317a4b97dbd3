/**
 * Which factors of a fused product are turned. Its record does not say, and shapes do only where they are not square;
 * but its derivative multiplies in another order.
 */
import * as tf from '@tensorflow/tfjs-core';
import {readTape, type TapeRecord} from '../tape.js';

const known = new WeakMap<TapeRecord, boolean | null>();

/** Whether the first factor of a fused product is turned; null where that cannot be found out. */
export function firstIsTurned(record: TapeRecord): boolean | null {
  const {rows, columns} = sizesOf(record.inputs['0']!);
  const m = record.outputs[0]!.shape.at(-2)!; // a product is a matrix
  if (rows !== columns) return rows !== m;
  let turned = known.get(record);
  if (turned === undefined) known.set(record, (turned = askDerivative(record)));
  return turned;
}

/** The same of the second; it is nearly always a layer's weights, which nobody needs to know enough of to ask. */
export function secondIsTurned(record: TapeRecord): boolean | null {
  const {rows, columns} = sizesOf(record.inputs['1']!);
  return rows === columns ? null : columns !== record.outputs[0]!.shape.at(-1)!;
}

function sizesOf({shape}: tf.Tensor): {rows: number; columns: number} {
  return {rows: shape.at(-2)!, columns: shape.at(-1)!};
}

/**
 * The derivative in a is dy·op(b)ᵀ, or op(b)·dyᵀ where a is turned: it begins with dy or with b, which is the second
 * tensor that the record saved.
 */
function askDerivative({gradient, saved, outputs}: TapeRecord): boolean | null {
  const tape = readTape('axes');
  const before = tape.length;
  try {
    tf.tidy(() => {
      gradient!([tf.zeros(outputs[0]!.shape)]);
    });
  } catch {
    return null; // the scope is over, or it is no gradient of ours
  }
  const first = tape.slice(before).find(({kernelName}) => kernelName === 'BatchMatMul')?.inputs['a'];
  return first === undefined || saved[1] === undefined ? null : first.id === saved[1].id;
}
