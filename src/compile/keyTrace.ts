/** How the keys of a step were made. */
import {streamPosition} from '../random/stream.js';
import type {KeyWords} from '../util/recorder.js';
import type {KeyOrigin, KeyStep} from './trace.js';

export class KeyTrace {
  readonly origins: KeyOrigin[] = [];
  readonly steps: KeyStep[] = [];
  /** Whether a key that never changes was drawn with. */
  hasConstant = false;
  /** By the words of a key, which are one object from draw to draw. */
  readonly #placeOf = new WeakMap<KeyWords, number>();
  /** Of keys that were made of others. */
  readonly #parentOf = new Map<number, number>();
  readonly #start = streamPosition().next;

  /** @param given the words of the keys among the arguments, as the step is given them */
  constructor(given: readonly KeyWords[]) {
    given.forEach((words, at) => this.#add(words, {kind: 'argument', at}));
  }

  /** How many keys the default stream gave so far. */
  get advance(): number {
    return streamPosition().next - this.#start;
  }

  derived(
    made: readonly KeyWords[],
    parent: KeyWords | null,
    how: string,
    make: (parent: KeyWords) => KeyWords[],
  ): void {
    if (parent === null) {
      this.#add(made[0]!, {kind: 'stream', ahead: Number(how) - this.#start});
      return;
    }
    const from = this.find(parent, false);
    const places = made.map(words => {
      const at = this.#add(words, {kind: 'derived'});
      this.#parentOf.set(at, from);
      return at;
    });
    this.steps.push({parent: from, how, make, made: places});
  }

  /** The place of a key; one that was not seen before is a constant. */
  find(words: KeyWords, isDrawnWith = true): number {
    const at = this.#placeOf.get(words) ?? this.#add(words, {kind: 'constant', words});
    if (isDrawnWith && this.#isConstant(at)) this.hasConstant = true;
    return at;
  }

  #add(words: KeyWords, origin: KeyOrigin): number {
    const at = this.origins.push(origin) - 1;
    this.#placeOf.set(words, at);
    return at;
  }

  #isConstant(key: number): boolean {
    const parent = this.#parentOf.get(key);
    return parent === undefined ? this.origins[key]!.kind === 'constant' : this.#isConstant(parent);
  }
}
