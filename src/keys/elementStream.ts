/**
 * The random words of one element of a draw, in counter mode: they depend on the key and on the element's index only.
 */
import {ELEMENT} from './key.js';
import {fillWords} from './threefry.js';

/** Random bits for one element, without end. */
export interface ElementStream {
  /** The next word, an unsigned 32-bit integer. */
  next(): number;
}

/** ELEMENT as a signed word: small integers stay unboxed. */
const SIGNED = ELEMENT | 0;

/** Words 2b and 2b + 1 of element i are threefry(key, (i, ELEMENT + b)), made one block at a time. */
export class HostStream implements ElementStream {
  private readonly key: readonly [number, number];
  private readonly words = new Uint32Array(2);
  private index = 0;
  private block = SIGNED;
  private hasSpare = false;

  constructor(key: readonly [number, number]) {
    this.key = key;
  }

  /** Starts the stream of element `index`. */
  restart(index: number): void {
    this.index = index;
    this.block = SIGNED;
    this.hasSpare = false;
  }

  next(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.words[1]!;
    }
    fillWords(this.words, this.key, this.block++, this.index);
    this.hasSpare = true;
    return this.words[0]!;
  }
}
