/** An exponential moving average on the device. */
import * as tf from '@tensorflow/tfjs-core';
import {onlyFinite, readsAtOnce} from '../math/finite.js';
import {total} from '../math/total.js';
import {valuesNow} from '../kernels/index.js';
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
    return this.steps === 0 ? tf.scalar(0) : tf.div(this.moment, 1 - this.#decay ** this.steps);
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
      this.steps++;
    });
  }

  /**
   * null where the mean is not finite. No kernel: inside a gradient scope each would be recorded, with what it saves.
   */
  #momentOnHost(x: tf.Tensor): tf.Tensor | null {
    const mean = total(valuesNow(x)) / x.size;
    return Number.isFinite(mean)
      ? tf.scalar(this.#decay * valuesNow(this.moment)[0]! + (1 - this.#decay) * mean)
      : null;
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
