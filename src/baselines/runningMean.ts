/** An exponential moving average on the device. */
import * as tf from '@tensorflow/tfjs-core';
import {onlyFinite, readsAtOnce} from '../math/finite.js';
import {total} from '../math/total.js';
import {hostNumber} from '../math/hostNumber.js';
import {valuesNow} from '../kernels/index.js';
import {recorder, type HostArray} from '../util/recorder.js';
import {isStateFrozen} from '../graph/estimatorStore.js';
import type {StateKind} from '../graph/nodeStates.js';

/**
 * mₜ = d·mₜ₋₁ + (1 − d)·x̄ₜ with m₀ = 0; its mean corrects for the start, mₜ / (1 − dᵗ), and is 0 before the first
 * update.
 */
export class RunningMean {
  /** Not private, so that it is seen whether tfjs still has it. */
  readonly moment: tf.Variable;
  readonly #decay: number;
  /** Updates so far. */
  steps = 0;

  constructor(decay: number) {
    this.#decay = decay;
    this.moment = tf.tidy(() => tf.variable(tf.scalar(0), false));
  }

  /** The mean of the updates so far, a scalar. */
  mean(): tf.Tensor {
    const isNew = this.steps === 0;
    recorder()?.expected(isNew, [], () => this.steps === 0);
    const weight = () => 1 - this.#decay ** this.steps;
    return tf.tidy(() => (isNew ? tf.scalar(0) : tf.div(this.moment, hostNumber(weight))));
  }

  /**
   * Takes in the mean of all elements of `x`, unless state is frozen or that mean is not finite: then nothing changes.
   * Where the device is not read in between, such a step counts as one whose mean is the mean so far.
   */
  update(x: tf.Tensor): void {
    if (isStateFrozen()) return;
    tf.tidy(() => {
      const moment = readsAtOnce() ? this.#momentOnHost(x) : this.#momentOnDevice(x);
      if (moment === null) return;
      this.moment.assign(moment);
      const count = () => {
        this.steps++;
        return () => void this.steps--;
      };
      count();
      recorder()?.changed(count);
    });
  }

  /**
   * null where the mean is not finite. No kernel: inside a gradient scope each would be recorded, with what it saves.
   */
  #momentOnHost(x: tf.Tensor): tf.Tensor | null {
    const meanOf = (values: HostArray) => total(values as Float32Array) / x.size; // x is float32
    const nextOf = (moment: number, mean: number) => this.#decay * moment + (1 - this.#decay) * mean;
    const mean = meanOf(valuesNow(x));
    const isTaken = Number.isFinite(mean);
    recorder()?.expected(isTaken, [x], ([values]) => Number.isFinite(meanOf(values!)));
    if (!isTaken) return null;
    const next = tf.scalar(nextOf(valuesNow(this.moment)[0]!, mean));
    recorder()?.made(next, {inputs: [this.moment, x]}, ([moment, values]) =>
      Float32Array.of(nextOf(moment![0]!, meanOf(values!))),
    );
    return next;
  }

  #momentOnDevice(x: tf.Tensor): tf.Tensor {
    const taken = onlyFinite(tf.mean(x), this.mean());
    return tf.add(tf.mul(this.moment, this.#decay), tf.mul(taken, 1 - this.#decay));
  }

  dispose(): void {
    this.moment.dispose();
  }
}

/** Where a state is a list of averages. */
export function ofMeans(make: () => readonly RunningMean[]): StateKind<readonly RunningMean[]> {
  return {
    make,
    parts: means => ({variables: means.map(({moment}) => moment), counters: means}),
    dispose: means => means.forEach(mean => mean.dispose()),
  };
}
