/** A sampler of single numbers, and its loop over the elements of a tensor on hosts. */
import {indexer} from '../util/indexer.js';
import type {Shape} from '../util/shapes.js';
import {HostStream, type ElementStream} from './elementStream.js';

/** Draws one number for each element from the words of its own; src/kernels pairs it with a shader for GPUs. */
export interface ElementSampler {
  /** The name of its kernel. */
  readonly kernelName: string;
  /** The names of the parameters, in the order of the arguments of `draw`. At most four. */
  readonly inputs: readonly string[];
  /** In double precision. */
  readonly draw: (stream: ElementStream, ...parameters: number[]) => number;
}

/** Draws the numbers of a tensor of `shape`, to which the parameters broadcast, into `out`. */
export function fillDraws(
  draw: ElementSampler['draw'],
  values: ReadonlyArray<ArrayLike<number>>,
  shapes: readonly Shape[],
  shape: Shape,
  key: readonly [number, number],
  out: Float32Array,
): void {
  const indices = shapes.map(s => indexer(s, shape));
  const stream = new HostStream(key, out.length);
  const n = out.length;
  const [a, b] = values as [ArrayLike<number>, ArrayLike<number>];
  const [ia, ib] = indices as [(i: number) => number, (i: number) => number];
  if (values.length === 1) {
    for (let i = 0; i < n; i++) {
      stream.restart(i);
      out[i] = draw(stream, a[ia(i)]!);
    }
  } else if (values.length === 2) {
    for (let i = 0; i < n; i++) {
      stream.restart(i);
      out[i] = draw(stream, a[ia(i)]!, b[ib(i)]!);
    }
  } else {
    const parameters: number[] = values.map(() => 0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < parameters.length; j++) parameters[j] = values[j]![indices[j]!(i)]!;
      stream.restart(i);
      out[i] = draw(stream, ...parameters);
    }
  }
}
