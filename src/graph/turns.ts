/** Which sample of which node a pass of the code sees. */
import * as tf from '@tensorflow/tfjs-core';
import {foldIn, type Key} from '../keys/key.js';
import {fail} from '../util/errors.js';
import {returnTo, streamPosition, type StreamPosition} from '../random/stream.js';
import {LatestDraws} from './latestDraws.js';
import {linkOf, type NodeLink} from './nodeLink.js';
import {stackPasses, type PassResult} from './stackPasses.js';
import type {StochasticTensor} from './stochasticTensor.js';
import {persist, readTape} from './tape.js';

/** More passes than anybody waits for: samples multiply where nodes depend on each other. */
const MOST_PASSES = 1024;

/** Nodes whose samples are taken in turn together: of each the pass sees the sample `at`. */
interface Digit {
  readonly count: number;
  at: number;
  /** How many nodes that are not taken in turn were made before the first of its own, in its pass. */
  readonly before: number;
  /** The value of its first node. */
  readonly first: tf.Tensor;
  /** Whether nodes that are independent of the first may be taken in turn with it. */
  readonly isShared: boolean;
}

/** A node whose samples are taken in turn. */
interface Open {
  readonly digit: Digit;
  readonly samples: readonly tf.Tensor[];
  /** Where the default stream stood when it was made. */
  readonly after: StreamPosition;
}

/**
 * The passes of one run, in the order of a counter whose first digit is the sample of the first node. A node is made
 * anew when the sample of one before it changes. Nodes on which nothing bears that was drawn since the first of them, as
 * those of the steps of a sequence, share a digit: their samples change together, as they do side by side.
 */
export class Turns {
  readonly #digits: Digit[] = [];
  /** By their place among all that are taken in turn in a pass. */
  readonly #open = new Map<number, Open>();
  /** Of this pass: the nodes met whose samples are taken in turn, and how many others were made. */
  #met = 0;
  #others: number;
  /** The keys of the others, in their order. */
  readonly #keys: Key[];
  #begun = 1;
  #isMaking = false;
  readonly #nodes = new WeakSet<StochasticTensor>();
  readonly #drawn = new LatestDraws();

  /** @param keys of the nodes that were made before the first whose samples are taken in turn */
  constructor(keys: readonly Key[]) {
    this.#keys = [...keys];
    this.#others = keys.length;
  }

  /** Whether it repeats what an earlier one did, with another sample. */
  get isLater(): boolean {
    return this.#begun > 1;
  }

  /** Whether the samples of a node are taken in turn. */
  has(node: StochasticTensor): boolean {
    return this.#nodes.has(node);
  }

  /** Whether a node is being made whose samples are taken in turn. */
  get isMaking(): boolean {
    return this.#isMaking;
  }

  /** The samples that the pass saw, one number for each node. */
  get #path(): number[] {
    return this.#digits.flatMap(({count, at}) => (count > 1 ? [at] : []));
  }

  /**
   * Runs `pass` for each further sample, and gives what all passes gave in one.
   * @param first what the first pass gave
   * @param start where the default stream stood before it
   */
  goOn(who: string, first: PassResult, start: StreamPosition, pass: () => PassResult): PassResult {
    const [all, paths, end] = [[first], [this.#path], streamPosition()];
    while (this.#advance()) {
      this.#begin();
      returnTo(start); // what is not drawn anew is drawn as it was
      all.push(pass());
      paths.push(this.#path);
    }
    if (this.isLater) returnTo(end);
    return paths[0]!.length === 0 ? first : stackPasses(who, all, paths); // without any, nodes have one sample each
  }

  #begin(): void {
    this.#met = 0;
    this.#others = 0;
    this.#keys.length = this.#digits[this.#digits.length - 1]?.before ?? 0;
    this.#begun++;
  }

  /**
   * The key of a new node: what comes before the sample that has changed is drawn as it was, what comes behind it is
   * drawn anew, whatever key the code comes to.
   * @param place a number that no other node of the run has
   */
  keyFor(key: Key, place: number): Key {
    const own = this.isLater ? foldIn(key, place) : key;
    if (this.#isMaking) return own;
    return (this.#keys[this.#others++] ??= own);
  }

  /** Goes on to the next sample; false where all have been seen. */
  #advance(): boolean {
    for (let last = this.#digits.pop(); last !== undefined; last = this.#digits.pop()) {
      if (++last.at < last.count) {
        this.#digits.push(last);
        return true;
      }
      for (const [place, {digit}] of this.#open) if (digit === last) this.#open.delete(place);
    }
    return false;
  }

  /** The sample of the next node of this pass; `make` is asked for the node where it is not made yet. */
  take(make: () => StochasticTensor): InTurn {
    const place = this.#met++;
    const made = this.#open.get(place);
    if (made !== undefined) {
      returnTo(made.after);
      return {value: made.samples[made.digit.at]!, all: null};
    }
    this.#isMaking = true;
    let node: StochasticTensor;
    try {
      node = make();
    } finally {
      this.#isMaking = false;
    }
    this.#nodes.add(node);
    const link = linkOf('sampleInTurn', node);
    const {shape} = node.value;
    const rank = link.sampleRank ?? 0; // samples that are merged into the batch stay there
    const count = shape.slice(0, rank).reduce((n, d) => n * d, 1);
    const digit = this.#digitOf(link, count);
    const passes = this.#digits.reduce((n, other) => n * other.count, 1);
    if (passes > MOST_PASSES) {
      fail(
        `node ${JSON.stringify(node.name)}`,
        `its ${count} samples and those of the nodes before it, on which it depends, would make more than ` +
          `${MOST_PASSES} passes of the model; take an estimator of one sample for some of them`,
        passes,
      );
    }
    const samples = persist(
      rank === 0 ? [node.value] : tf.unstack(tf.reshape(node.value, [count, ...shape.slice(rank)])),
    );
    this.#open.set(place, {digit, samples, after: streamPosition()});
    return {value: samples[0]!, all: node.value};
  }

  /** The digit of a node that was just made: one that is there, if it may, or a new one. */
  #digitOf({node, parents, term}: NodeLink, count: number): Digit {
    const isShared = count > 1 && term !== null && term.estimator.coupling !== 'exclusive';
    const since = isShared ? this.#drawn.latest(readTape('sampleInTurn'), parents) : 0;
    const found = [...this.#digits]
      .reverse()
      .find(d => isShared && d.isShared && d.at === 0 && d.count === count && since < d.first.id);
    if (found !== undefined) return found;
    const digit: Digit = {count, at: 0, before: this.#others, first: node.value, isShared};
    this.#digits.push(digit);
    return digit;
  }
}

/** A sample in turn. */
export interface InTurn {
  /** What the code goes on with. */
  readonly value: tf.Tensor;
  /** The node's own value, which must live as long as the gradient scope; null where that is `value` or lives already. */
  readonly all: tf.Tensor | null;
}
