/** The random numbers of one environment, by its own key. */
import {foldIn, type Key} from 'tfjs-stochastic/random';

const WORD = 2 ** 32;

/**
 * Random numbers on the host, one after the other, in double precision: draw i is made of the words of
 * `random.foldIn(key, i)`, the same on every backend. Each environment of a batch has its own, so that what it meets does
 * not depend on how many there are.
 */
export class EpisodeDraws {
  private readonly key: Key;
  private at = 0;
  private spareWord = -1;
  private spareNormal = NaN;

  /** @param key of this environment */
  constructor(key: Key) {
    this.key = key;
  }

  /** A number uniform in (low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A number of the standard normal distribution (Box and Muller 1958). */
  normal(): number {
    const spare = this.spareNormal;
    if (!Number.isNaN(spare)) {
      this.spareNormal = NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.unit()));
    const angle = 2 * Math.PI * this.unit();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  private unit(): number {
    let word = this.spareWord;
    if (word >= 0) {
      this.spareWord = -1;
    } else {
      [word, this.spareWord] = foldIn(this.key, this.at++).words;
    }
    return (word + 0.5) / WORD;
  }
}
