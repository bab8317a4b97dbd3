/** What is done about costs that are not finite. */
import * as tf from '@tensorflow/tfjs-core';
import {StochasticError} from '../util/errors.js';
import {hostNumber} from '../math/hostNumber.js';
import {select} from '../math/numerics.js';
import {recorder} from '../util/recorder.js';
import type {CostHealth} from '../graph/costHealth.js';

/** `throw` an error, `skip` the step in silence, or skip it and `warn`. */
export type NonFinite = 'throw' | 'skip' | 'warn';

export const nonFiniteModes: readonly string[] = ['throw', 'skip', 'warn'] satisfies NonFinite[];

/** So many warnings an optimizer, and no more. */
const LIMIT = 10;

export class CostWatch {
  readonly mode: NonFinite;
  #warned = 0;
  /** On devices that are not read in between: for each cost the last step in which it was not finite, or 0. */
  #lastBad: tf.Variable | null = null;
  /**
   * A copy that is read while the next steps assign. It lasts as long as the other, so that the number of tensors stays
   * the same from step to step.
   */
  #copy: tf.Variable | null = null;
  /** Up to which step of each cost there was a report. */
  #reported: number[] = [];
  #names: readonly string[] = [];
  /** The last step that the device was given. */
  #noted = 0;
  #isReading = false;
  #error: StochasticError | null = null;

  constructor(mode: NonFinite) {
    this.mode = mode;
  }

  /** Whether what a device tells late will be listened to. */
  get isListening(): boolean {
    return this.mode !== 'skip';
  }

  /**
   * Looks at the costs of a step; `step` counts from 1, and is asked again in each call of a recorded one.
   * @returns whether the step is known to have a cost that is not finite
   * @throws in the mode `throw` if it is, or if the device has told so of an earlier step
   */
  look({bad, later}: CostHealth, step: () => number): boolean {
    if (later !== null) {
      this.#names = later.names;
      this.#note(later.means, step);
      later.means.dispose();
    }
    const late = this.#error;
    recorder()?.expected(null, [], () => this.#error);
    this.#error = null;
    if (late !== null) throw late;
    if (bad.length === 0) return false;
    const error = this.#report(bad.join(' and '), step());
    if (error !== null) throw error;
    return true;
  }

  dispose(): void {
    this.#lastBad?.dispose();
    this.#copy?.dispose();
    this.#lastBad = null;
    this.#copy = null;
  }

  /** @returns what is to be thrown */
  #report(names: string, step: number): StochasticError | null {
    const rule = `stochasticOptimizer: ${names} is not finite at step ${step}`;
    if (this.mode === 'throw') return new StochasticError(`${rule}; the step was left out`);
    if (this.mode === 'warn' && this.#warned < LIMIT) {
      this.#warned++;
      console.warn(
        `tfjs-stochastic: ${rule}; the step is left ` +
          `out${this.#warned === LIMIT ? ', and so will others be without a word' : ''}. nonFinite: "throw" makes ` +
          'this an error, "skip" leaves it out in silence.',
      );
    }
    return null;
  }

  /** Keeps the step on the device, and asks for what it knows as soon as the device has time. */
  #note(means: tf.Tensor, step: () => number): void {
    if (this.#lastBad?.size !== means.size) {
      this.dispose();
      const made = (): tf.Variable => tf.tidy(() => tf.variable(tf.zeros([means.size]), false));
      this.#lastBad = made();
      this.#copy = made();
      this.#reported = new Array<number>(means.size).fill(0);
    }
    const lastBad = this.#lastBad;
    tf.tidy(() => lastBad.assign(select(tf.isFinite(means), lastBad, hostNumber(step))));
    const listen = () => {
      this.#noted = step();
      if (!this.#isReading) {
        this.#isReading = true;
        void Promise.resolve().then(async () => this.#listen());
      }
      return () => undefined;
    };
    listen();
    recorder()?.changed(listen);
  }

  /** Reads until nothing was noted meanwhile. */
  async #listen(): Promise<void> {
    try {
      for (let heard = -1; heard !== this.#noted && this.#lastBad !== null;) {
        heard = this.#noted;
        const [lastBad, copy, names] = [this.#lastBad, this.#copy!, this.#names];
        // a buffer of its own, by a program that the device has already
        tf.tidy(() => copy.assign(select(tf.isFinite(lastBad), lastBad, 0)));
        const steps = await copy.data();
        if (copy !== this.#copy) continue; // meanwhile there are other costs, or none
        steps.forEach((at, i) => {
          if (at <= (this.#reported[i] ?? 0)) return;
          this.#reported[i] = at;
          this.#error = this.#report(names[i]!, at) ?? this.#error;
        });
      }
    } catch {
      // A device that is gone tells nothing.
    } finally {
      this.#isReading = false; // at once after the last look at what was noted: a step in between would not be read
    }
  }
}
