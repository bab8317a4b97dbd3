/** The code of assembly/ working for hosts: piece by piece in a small memory of its own, which stays in the cache. */
import {simdIn} from './code.js';
import type {HostSimd} from './current.js';

/** Numbers in a piece: half a page of memory. */
const PIECE = 8192;

let made: HostSimd | null | undefined;

/** Null where it cannot run. Made at the first call. */
export function makeHostSimd(): HostSimd | null {
  if (made === undefined) made = make();
  return made;
}

function make(): HostSimd | null {
  if (typeof WebAssembly === 'undefined') return null;
  const memory = new WebAssembly.Memory({initial: 1, maximum: 1});
  const code = simdIn(memory);
  if (code === null) return null;
  const words = new Uint32Array(memory.buffer, 0, PIECE);
  const floats = new Float32Array(memory.buffer, 0, PIECE);
  /** Runs `on` for each piece of n words, which lie at the beginning of memory. */
  const inPieces = (
    n: number,
    [k0, k1]: readonly [number, number],
    domain: number,
    firstBlock: number,
    on: (at: number, m: number) => void,
  ) => {
    for (let at = 0; at < n; at += PIECE) {
      const m = Math.min(PIECE, n - at);
      code.words(0, (m + 1) >> 1, k0, k1, domain, firstBlock + at / 2);
      on(at, m);
    }
  };
  return {
    words: (out, key, domain, firstBlock) =>
      inPieces(out.length, key, domain, firstBlock, (at, m) => out.set(m === PIECE ? words : words.subarray(0, m), at)),
    noise: (kind, out, key, domain) =>
      inPieces(out.length, key, domain, 0, (at, m) => {
        code[kind](0, m);
        out.set(m === PIECE ? floats : floats.subarray(0, m), at);
      }),
  };
}
