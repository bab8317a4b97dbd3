/** When what bears on a tensor was drawn last: one sweep forwards over the tape, which goes on where it ended. */
import * as tf from '@tensorflow/tfjs-core';
import {externalNodes} from './dependsOn.js';
import {linkOfValue} from './nodeLink.js';
import {sourcesOf} from './sourcesOf.js';
import type {TapeRecord} from './tape.js';

/** Nothing was drawn. */
const NEVER = -1;

export class LatestDraws {
  /** By tensor: the id of the latest draw upstream of it, which says when that was made. */
  readonly #latest = new Map<number, number>();
  #next = 0;

  /**
   * The id of the latest draw upstream of any of `tensors`, −1 where there is none. A list of numbers that no kernel made
   * counts as one, as the noise of tf.dropout or what was computed on the host; single numbers and variables do not.
   * @param tape the same one at each call, which may have grown
   */
  latest(tape: readonly TapeRecord[], tensors: readonly tf.Tensor[]): number {
    for (; this.#next < tape.length; this.#next++) {
      const record = tape[this.#next]!;
      for (const output of record.outputs) {
        const own = linkOfValue(output) === undefined ? NEVER : output.id;
        this.#latest.set(output.id, Math.max(own, ...sourcesOf(record, output).map(t => this.#of(t))));
      }
    }
    return Math.max(NEVER, ...tensors.map(t => this.#of(t)));
  }

  #of(t: tf.Tensor): number {
    const known = this.#latest.get(t.id);
    const own = known ?? (t.size > 1 && !(t instanceof tf.Variable) ? t.id : NEVER);
    return Math.max(own, ...externalNodes(t).map(({value}) => this.#latest.get(value.id) ?? value.id));
  }
}
