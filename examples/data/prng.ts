/** A small seeded generator for work outside tensors: drawing digits, shuffling, binarising. */
export interface Prng {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Uniform on [low, high). */
  between(low: number, high: number): number;
  /** Standard normal, by Box and Muller. */
  normal(): number;
  /** Uniform on 0 … n − 1. */
  integer(n: number): number;
}

/** The stream of a list of integers: `prng(seed, step)` gives every step a stream of its own. */
export function prng(...seeds: number[]): Prng {
  let state = seeds.reduce(
    (hash, seed) => mix((hash ^ (seed | 0) ^ Math.floor(seed / 0x100000000)) + 0x9e3779b9),
    0x243f6a88,
  );
  // A Weyl sequence through a 32-bit finaliser: every state is visited once in 2^32 draws.
  const next = (): number => mix((state = (state + 0x9e3779b9) | 0)) >>> 0;
  const uniform = (): number => next() / 0x100000000;
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: n => Math.floor(uniform() * n),
  };
}

/** A random order of 0 … n − 1 (Fisher and Yates). */
export function shuffled(n: number, random: Prng): Uint32Array {
  const order = Uint32Array.from({length: n}, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) | 0;
}
