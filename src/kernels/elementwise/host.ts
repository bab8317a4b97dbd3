/** Running an elementwise kernel as a loop in JavaScript, for backends whose memory the host reads: cpu, wasm and any unknown one. */
import {fillDraws} from '../../random/elements/sampler.js';
import {indexer} from '../../util/indexer.js';
import type {Shape} from '../../util/shapes.js';
import type {ElementwiseKernel} from './definition.js';

/** The values of `kernel` for inputs of the given shapes, written to `out`, which has `shape`. */
export function runOnHost(
    kernel: ElementwiseKernel, values: ReadonlyArray<ArrayLike<number>>, shapes: readonly Shape[], shape: Shape, out: Float32Array,
    key?: readonly [number, number]): void {
  if ('draw' in kernel) {
    fillDraws(kernel.draw, values, shapes, shape, key!, out); // samplers are run with a key
    return;
  }
  const indices = shapes.map(s => indexer(s, shape));
  const n = out.length;
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
