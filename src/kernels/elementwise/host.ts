/**
 * Running an elementwise kernel as a loop in JavaScript, for backends whose memory the host reads: cpu, wasm and any
 * unknown one.
 */
import {indexer, periodOf} from '../../util/indexer.js';
import type {Shape} from '../../util/shapes.js';
import type {FunctionKernel, PairLoop} from './definition.js';

/** The values of `kernel` for inputs of the given shapes, written to `out`, which has `shape`. */
export function runOnHost(
  kernel: Pick<FunctionKernel, 'scalar' | 'loop'>,
  values: ReadonlyArray<ArrayLike<number>>,
  shapes: readonly Shape[],
  shape: Shape,
  out: Float32Array,
): void {
  const n = out.length;
  const {scalar, loop} = kernel;
  const [a, b] = values as [ArrayLike<number>, ArrayLike<number>];
  if (values.length === 1) {
    for (let i = 0; i < n; i++) out[i] = scalar(a[i]!);
    return;
  }
  if (values.length === 2) {
    const [periodA, periodB] = [periodOf(shapes[0]!, shape), periodOf(shapes[1]!, shape)];
    if (periodA > 0 && periodB > 0) {
      (loop ?? loopOver(scalar))(a, periodA, b, periodB, out);
      return;
    }
  }
  const indices = shapes.map(s => indexer(s, shape));
  const args: number[] = values.map(() => 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < args.length; j++) args[j] = values[j]![indices[j]!(i)]!;
    out[i] = args.length === 3 ? scalar(args[0]!, args[1]!, args[2]!) : scalar(...args); // spreading takes longer
  }
}

/** The loop of a kernel that has none of its own. */
function loopOver(scalar: FunctionKernel['scalar']): PairLoop {
  return (a, periodA, b, periodB, out) => {
    const n = out.length;
    for (let i = 0, j = 0, k = 0; i < n; i++) {
      out[i] = scalar(a[j]!, b[k]!);
      if (++j === periodA) j = 0;
      if (++k === periodB) k = 0;
    }
  };
}
