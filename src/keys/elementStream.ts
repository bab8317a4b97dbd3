/**
 * The random words of one element of a draw, in counter mode: they depend on the key and on the element's index only.
 */
import {hostSimd} from '../simd/current.js';
import {ELEMENT} from './key.js';
import {fillWords} from './threefry.js';

/** Random bits for one element, without end. */
export interface ElementStream {
  /** The next word, an unsigned 32-bit integer. */
  next(): number;
}

/** ELEMENT as a signed word: small integers stay unboxed. */
const SIGNED = ELEMENT | 0;

/** Elements whose blocks are made together, and how many blocks of each at most. */
const PIECE = 256;
const MOST = 16;
/** A block is made for a whole piece if so many elements of the piece before asked for it: one alone is ten times as dear. */
const WORTH_ALL = PIECE / 8;

/**
 * Words 2b and 2b + 1 of element i are threefry(key, (i, ELEMENT + b)). Where the program has fast code, the blocks that
 * elements mostly ask for are made for many elements at once, others one at a time: the words are the same.
 */
export class HostStream implements ElementStream {
  private readonly key: readonly [number, number];
  private readonly length: number;
  private readonly words = new Uint32Array(2);
  private spare = 0;
  private index = 0;
  private block = 0;
  private hasSpare = false;
  /** Block b of elements `start` to `end` lies in `made[b]`, for b < `ready`. */
  private readonly made: Uint32Array[] = [];
  private start = 0;
  private end = 0;
  private ready = 0;
  /** How many elements of this piece have asked for block b. */
  private readonly asked = new Int32Array(MOST);

  /** Elements 0 to `length` are to be taken in their order; 0 for any other use. */
  constructor(key: readonly [number, number], length = 0) {
    this.key = key;
    this.length = length;
  }

  /** Starts the stream of element `index`. */
  restart(index: number): void {
    this.index = index;
    this.block = 0;
    this.hasSpare = false;
    if (index >= this.end && index < this.length) this.startPiece(index);
  }

  private startPiece(index: number): void {
    this.start = index;
    this.end = Math.min(index + PIECE, this.length);
    this.ready = 0;
    const simd = hostSimd(2 * (this.end - index));
    while (simd !== null && this.ready < MOST && this.asked[this.ready]! >= WORTH_ALL) {
      const words = (this.made[this.ready] ??= new Uint32Array(2 * PIECE));
      simd.words(words, this.key, SIGNED + this.ready++, index);
    }
    this.asked.fill(0);
  }

  next(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    this.hasSpare = true;
    const block = this.block++;
    if (block < MOST) this.asked[block]!++;
    if (block < this.ready) {
      const made = this.made[block]!;
      const at = 2 * (this.index - this.start);
      this.spare = made[at + 1]!;
      return made[at]!;
    }
    fillWords(this.words, this.key, SIGNED + block, this.index);
    this.spare = this.words[1]!;
    return this.words[0]!;
  }
}
