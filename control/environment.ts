/** Environments: many copies of a task, stepped together. */
import * as tf from '@tensorflow/tfjs-core';
import {extension} from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import type {ActionSpace, BoxSpace} from './space.js';

/** Where an environment of N copies writes what its last step gave. The arrays stay the same, their numbers do not. */
export interface StepBuffers {
  /** What the next actions are to be chosen by, N × size: of a new episode where one has ended. */
  readonly observations: Float32Array;
  /** What the step led to, N × size: the same as `observations`, but where an episode has ended, the last of it. */
  readonly finalObservations: Float32Array;
  /** One number for each copy. */
  readonly rewards: Float32Array;
  /** 1 where the episode ended because the task says so: there is no future to value. */
  readonly terminated: Uint8Array;
  /** 1 where it was cut off by a limit of time: what would have come has the value of the final observation. */
  readonly truncated: Uint8Array;
}

/** What a step gives, as tensors, which the caller disposes: `tf.dispose(step)`. */
export type EnvironmentStep = {
  /** `[N, size]`: what the next actions are to be chosen by; of a new episode where one has ended. */
  readonly observation: tf.Tensor2D;
  /** `[N]` */
  readonly reward: tf.Tensor1D;
  /** `[N]`, bool: the task is over; nothing follows. */
  readonly terminated: tf.Tensor1D;
  /** `[N]`, bool: cut off by a limit of time. */
  readonly truncated: tf.Tensor1D;
  /** `[N, size]`: what the step led to; where an episode has ended, the last observation of it. */
  readonly finalObservation: tf.Tensor2D;
};

/** Of `reset`. */
export interface ResetOptions {
  /** The randomness of all that follows, until another key comes. The first reset needs one. */
  readonly key?: Key;
}

/** One action for each copy: a tensor, nested lists, or all numbers in one typed array, as `await actions.data()` gives. */
export type Actions = tf.Tensor | Float32Array | Int32Array | readonly number[] | ReadonlyArray<readonly number[]>;

/**
 * N copies of a task that are stepped together, with the names of Gymnasium. An episode that ends begins anew in the same
 * step, and `finalObservation` keeps where it ended.
 *
 * `reset` and `step` speak in tensors. `begin`, `advance` and `restart` do the same on plain arrays, `buffers`; they are
 * what loops that count microseconds call, and what a wrapper of one's own is made with.
 */
export abstract class Environment {
  /** What errors call it. */
  abstract readonly name: string;
  /** How many copies there are, N. */
  abstract readonly size: number;
  /** What one observation may be. */
  abstract readonly observationSpace: BoxSpace;
  /** What one action may be. */
  abstract readonly actionSpace: ActionSpace;
  /** What the last step gave. */
  abstract readonly buffers: StepBuffers;

  /**
   * Begins an episode in every copy.
   * @param key the randomness of all that follows; without one it goes on where it was
   */
  abstract begin(key?: Key): void;

  /**
   * Takes a step in every copy; where an episode ends, the next one begins.
   * @param actions N × size of the action space
   */
  abstract advance(actions: ArrayLike<number>): void;

  /** Begins an episode in copy `i` alone, as a limit of time does. */
  abstract restart(i: number): void;

  /** Begins an episode in every copy and gives the first observations, `[N, size]`. */
  reset(options: ResetOptions = {}): tf.Tensor2D {
    extension.checkKeys(`${this.name}.reset`, options, ['key']);
    this.begin(options.key);
    return this.rows(this.buffers.observations);
  }

  /**
   * Takes a step in every copy. Throws where an action lies outside the action space or has another shape: `[N, size]`,
   * or `[N]` of whole numbers where the space is discrete. Reads tensors at once, which webgpu cannot: there give
   * `await actions.data()`.
   */
  step(actions: Actions): EnvironmentStep {
    const {rewards, terminated, truncated, observations, finalObservations} = this.advanceBy(actions);
    return {
      observation: this.rows(observations),
      reward: tf.tensor1d(rewards.slice()),
      terminated: tf.tensor1d(terminated.slice(), 'bool'),
      truncated: tf.tensor1d(truncated.slice(), 'bool'),
      finalObservation: this.rows(finalObservations),
    };
  }

  private advanceBy(actions: Actions): StepBuffers {
    this.advance(this.numbersOf(actions));
    return this.buffers;
  }

  private rows(values: Float32Array): tf.Tensor2D {
    return tf.tensor2d(values.slice(), [this.size, this.observationSpace.size]);
  }

  private numbersOf(actions: Actions): ArrayLike<number> {
    const {size, actionSpace} = this;
    const shape = actionSpace.kind === 'box' ? [size, actionSpace.size] : [size];
    const rule = `actions must have the shape [${shape.join(',')}]`;
    if (actions instanceof tf.Tensor) {
      const fits = !actions.isDisposed && actions.shape.join() === shape.join();
      extension.check(fits, this.name, `${rule} and be alive`, actions);
      return actions.dataSync();
    }
    const isFlat = actions instanceof Float32Array || actions instanceof Int32Array;
    extension.check(isFlat || Array.isArray(actions), this.name, 'actions must be a tensor or numbers', actions);
    if (isFlat) return actions; // the simulation counts them
    const rows = actions as ReadonlyArray<number | readonly number[]>; // what is not a tensor or typed array
    const isNumber = (x: unknown) => typeof x === 'number';
    const isRow = (row: unknown) =>
      actionSpace.kind === 'box' ? Array.isArray(row) && row.length === shape[1] && row.every(isNumber) : isNumber(row);
    const fits = rows.length === size && rows.every(isRow);
    extension.check(fits, this.name, rule, actions);
    return rows.flat();
  }
}
