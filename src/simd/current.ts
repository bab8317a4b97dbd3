/**
 * Faster forms of what hosts compute, where a program has them: they come with the main entry, or by
 * `enableFastKernels`, so that whoever imports one sampler does not pay for them. Their numbers are those of the portable
 * forms, in every bit.
 */
import type {NoiseKind} from './code.js';

/** What runs in memory of its own, for every backend alike. */
export interface HostSimd {
  /** Fills `out` with the stream of a key, from a block of two words on. */
  readonly words: (out: Uint32Array, key: readonly [number, number], domain: number, firstBlock: number) => void;
  /** Fills `out` with standard noise made of that stream. */
  readonly noise: (kind: NoiseKind, out: Float32Array, key: readonly [number, number], domain: number) => void;
}

/** Numbers below which a call is not worth its overhead. */
export const WORTH_SIMD = 64;

let maker: (() => HostSimd | null) | null = null;

/** What is in use now, if anything, for n numbers. */
export function hostSimd(n: number): HostSimd | null {
  return n < WORTH_SIMD || maker === null ? null : maker();
}

/** Has hosts compute by what `make` gives, if it does, from now on; by the portable forms if it is null. */
export function useHostSimd(make: (() => HostSimd | null) | null): void {
  maker = make;
}
