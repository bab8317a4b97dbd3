/** The module that assembly/ is compiled to, and what it exports. */
import {BYTES} from './bytes.js';

/** Numbers of float32 lie in memory from byte `at` on; counts are rounded up to a multiple of 4 where they are not. */
export type Fill = (at: number, n: number) => void;

/** The kinds of standard noise that are made of words, in their place. */
export type NoiseKind = 'uniform' | 'normal' | 'exponential' | 'gumbel' | 'logistic' | 'laplace';

/** The functions of the module; assembly/ says what each does. */
export interface SimdCode extends Readonly<Record<NoiseKind, Fill>> {
  readonly words: (at: number, blocks: number, key0: number, key1: number, domain: number, firstBlock: number) => void;
}

let compiled: WebAssembly.Module | null | undefined;

/** The module, or null where the engine has no SIMD, or a page's policy allows no WebAssembly. */
function compile(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(Uint8Array.from(atob(BYTES), c => c.charCodeAt(0)));
  } catch {
    compiled = null;
  }
  return compiled;
}

/**
 * The code working in `memory`, of which it uses no byte on its own account; null where it cannot run, as in an engine
 * without SIMD.
 */
export function simdIn(memory: WebAssembly.Memory): SimdCode | null {
  const module = compile();
  if (module === null) return null;
  return new WebAssembly.Instance(module, {env: {memory}}).exports as unknown as SimdCode; // what assembly/index.ts exports
}
