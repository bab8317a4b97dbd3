/** Running an elementwise kernel as a loop in JavaScript, for backends whose memory the host reads: cpu, wasm and any unknown one. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, sizeOf, type Shape} from '../../util/shapes.js';
import type {ElementwiseKernel} from './definition.js';
import {HostStream} from './stream.js';

/** The values of `kernel` for inputs of the given shapes, written to `out`, which has `shape`. */
export function runOnHost(
    kernel: ElementwiseKernel, values: ReadonlyArray<ArrayLike<number>>, shapes: readonly Shape[], shape: Shape, out: Float32Array,
    key?: readonly [number, number]): void {
  const indices = shapes.map(s => indexer(s, shape));
  const n = out.length;
  if ('draw' in kernel) {
    const stream = new HostStream(key!); // samplers are run with a key
    const args: number[] = values.map(() => 0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < args.length; j++) args[j] = values[j]![indices[j]!(i)]!;
      stream.restart(i);
      out[i] = kernel.draw(stream, ...args);
    }
    return;
  }
  const {scalar} = kernel;
  const [a, b] = values as [ArrayLike<number>, ArrayLike<number>];
  const [ia, ib] = indices as [(i: number) => number, (i: number) => number];
  if (values.length === 1) {
    for (let i = 0; i < n; i++) out[i] = scalar(a[i]!);
  } else if (values.length === 2 && a.length === n && b.length === n) {
    for (let i = 0; i < n; i++) out[i] = scalar(a[i]!, b[i]!);
  } else if (values.length === 2) {
    for (let i = 0; i < n; i++) out[i] = scalar(a[ia(i)]!, b[ib(i)]!);
  } else {
    const args: number[] = values.map(() => 0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < args.length; j++) args[j] = values[j]![indices[j]!(i)]!;
      out[i] = scalar(...args);
    }
  }
}

/** From a flat index into `full` to the flat index into `shape`, which broadcasts to it. */
function indexer(shape: Shape, full: Shape): (i: number) => number {
  if (sizeOf(shape) === 1) return () => 0;
  const trimmed = shape.slice(shape.findIndex(d => d !== 1));
  const size = sizeOf(trimmed);
  if (sameShape(trimmed, full.slice(full.length - trimmed.length))) return size === sizeOf(full) ? i => i : i => i % size;
  const strides = tf.util.computeStrides(full);
  const own = tf.util.computeStrides(shape);
  const offset = full.length - shape.length;
  const steps = shape.map((d, axis) => (d === 1 ? 0 : axis === shape.length - 1 ? 1 : own[axis]!));
  return i => {
    let at = 0;
    for (let axis = 0; axis < full.length; axis++) {
      const stride = axis === full.length - 1 ? 1 : strides[axis]!;
      const coordinate = Math.floor(i / stride);
      i -= coordinate * stride;
      if (axis >= offset) at += coordinate * steps[axis - offset]!;
    }
    return at;
  };
}
