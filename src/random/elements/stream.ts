/** The random words of one element of a draw, in counter mode: they depend on the key and on the element's index only. */
import {ELEMENT} from '../key.js';

/** Random bits for one element, without end. */
export interface ElementStream {
  /** The next word, an unsigned 32-bit integer. */
  next(): number;
}

/** The parity word of threefry's key schedule. */
const PARITY = 0x1bd11bda;

/** Words 2b and 2b + 1 of element i are threefry(key, (i, ELEMENT + b)), as threefry.ts computes it; here one block at a time, without arrays. */
export class HostStream implements ElementStream {
  private readonly k0: number;
  private readonly k1: number;
  private readonly k2: number;
  private index = 0;
  private block = ELEMENT | 0;
  private spare = 0;
  private hasSpare = false;

  constructor(key: readonly [number, number]) {
    this.k0 = key[0] | 0;
    this.k1 = key[1] | 0;
    this.k2 = this.k0 ^ this.k1 ^ PARITY;
  }

  /** Starts the stream of element `index`. */
  restart(index: number): void {
    this.index = index;
    this.block = ELEMENT | 0;
    this.hasSpare = false;
  }

  next(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    const {k0, k1, k2} = this;
    let a = (this.index + k0) | 0;
    let b = (this.block + k1) | 0;
    this.block = (this.block + 1) | 0;
    a = (a + b) | 0; b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0; b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0; b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0; b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + k1) | 0; b = (b + k2 + 1) | 0;
    a = (a + b) | 0; b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0; b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0; b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0; b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + k2) | 0; b = (b + k0 + 2) | 0;
    a = (a + b) | 0; b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0; b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0; b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0; b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + k0) | 0; b = (b + k1 + 3) | 0;
    a = (a + b) | 0; b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0; b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0; b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0; b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + k1) | 0; b = (b + k2 + 4) | 0;
    a = (a + b) | 0; b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0; b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0; b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0; b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + k2) | 0; b = (b + k0 + 5) | 0;
    this.spare = b >>> 0;
    this.hasSpare = true;
    return a >>> 0;
  }
}
