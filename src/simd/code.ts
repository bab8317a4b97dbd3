/** The module that assembly/ is compiled to, and what it exports. */
import {BYTES} from './bytes.js';

/** Numbers of float32 lie in memory from byte `at` on; counts are rounded up to a multiple of 4 where they are not. */
export type Fill = (at: number, n: number) => void;

/** The kinds of standard noise that are made of words, in their place. */
export type NoiseKind = 'uniform' | 'normal' | 'exponential' | 'gumbel' | 'logistic' | 'laplace';

/** Functions of each of n numbers: where the results go, where the numbers are, and n. */
export type PointwiseFunction = 'exp' | 'softplus' | 'tanh' | 'sqrt';

/** A step of an optimizer: where new numbers go, where old ones are, how many there are, and what the step is made with. */
export type OptimizerStep = (...numbers: number[]) => void;

/** The optimizers that have one. */
export type FusedStep = 'adam' | 'adamax' | 'rmsProp' | 'momentum' | 'sgd' | 'adagrad';

/** The functions of the module; assembly/ says what each does. */
export interface SimdCode extends Readonly<
  Record<NoiseKind, Fill> &
    Record<FusedStep, OptimizerStep> &
    Record<PointwiseFunction, (to: number, from: number, n: number) => void>
> {
  /**
   * c = a·b [+ bias], of [m, k] and [k, n]: c dense, the operands by strides in bytes, `bias` 0 for none, `panel` with room for
   * 8 columns of 1,024 rows.
   */
  readonly product: (
    c: number,
    a: number,
    b: number,
    m: number,
    k: number,
    n: number,
    rowA: number,
    colA: number,
    rowB: number,
    colB: number,
    bias: number,
    panel: number,
  ) => void;
  readonly words: (at: number, blocks: number, key0: number, key1: number, domain: number, firstBlock: number) => void;
}

const compiled = new Map<boolean, WebAssembly.Module | null>();

/**
 * The module for memory of one thread or of several; null where the engine has no SIMD, or a page's policy allows no
 * WebAssembly.
 */
function compileModule(isShared: boolean): WebAssembly.Module | null {
  let module = compiled.get(isShared);
  if (module === undefined) {
    try {
      const bytes = Uint8Array.from(atob(BYTES), c => c.charCodeAt(0));
      module = new WebAssembly.Module(isShared ? forSharedMemory(bytes) : bytes);
    } catch {
      module = null;
    }
    compiled.set(isShared, module);
  }
  return module;
}

/** Bytes before the first section of a module. */
const HEADER = 8;

/**
 * The module with its one import, the memory, declared as shared. The sections are that of types and that of imports; a
 * section is its number, its size and its contents, and this one ends with the limits of the memory: a flag and the least
 * size.
 */
function forSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = HEADER + 1;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    size |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  const imports = at + size;
  const end = imports + 2 + bytes[imports + 1]!;
  const limits = [3, 0, 0x80, 0x80, 4]; // shared, from 0 to 65536 pages
  return Uint8Array.of(
    ...bytes.subarray(0, imports + 1),
    bytes[imports + 1]! + limits.length - 2,
    ...bytes.subarray(imports + 2, end - 2),
    ...limits,
    ...bytes.subarray(end),
  );
}

/**
 * The code working in `memory`, of which it uses no byte on its own account; null where it cannot run, as in an engine
 * without SIMD.
 */
export function simdIn(memory: WebAssembly.Memory): SimdCode | null {
  const module = compileModule(!(memory.buffer instanceof ArrayBuffer));
  if (module === null) return null;
  return new WebAssembly.Instance(module, {env: {memory}}).exports as unknown as SimdCode; // what assembly/index.ts exports
}
