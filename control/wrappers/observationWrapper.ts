/** Wrappers that show something else than what is there. */
import type {Key} from 'tfjs-stochastic/random';
import type {Environment} from '../environment.js';
import type {BoxSpace} from '../space.js';
import {EnvironmentWrapper} from './wrapper.js';

/** Makes the observations of each copy from those of the environment within, in arrays of its own. */
export abstract class ObservationWrapper extends EnvironmentWrapper {
  /**
   * @param inner the environment within
   * @param observationSpace what is shown
   */
  constructor(inner: Environment, observationSpace: BoxSpace) {
    const numbers = inner.size * observationSpace.size;
    const [observations, finalObservations] = [new Float32Array(numbers), new Float32Array(numbers)];
    super(inner, {observationSpace, buffers: {...inner.buffers, observations, finalObservations}});
  }

  /** Sees all observations that a step led to, or the first ones, before they are shown. */
  protected notice(_all: Float32Array): void {}

  /** Writes what copy `i` shows to `to`, where `from` holds the observations within. */
  protected abstract show(i: number, from: Float32Array, to: Float32Array): void;

  override begin(key?: Key): void {
    this.inner.begin(key);
    this.notice(this.inner.buffers.observations);
    const {observations, finalObservations} = this.buffers;
    for (let i = 0; i < this.size; i++) this.show(i, this.inner.buffers.observations, observations);
    finalObservations.set(observations);
  }

  override restart(i: number): void {
    this.inner.restart(i);
    this.show(i, this.inner.buffers.observations, this.buffers.observations);
  }

  override advance(actions: ArrayLike<number>): void {
    this.inner.advance(actions);
    const {observations, finalObservations, terminated, truncated} = this.buffers;
    const within = this.inner.buffers;
    const numbers = this.observationSpace.size;
    this.notice(within.finalObservations);
    for (let i = 0; i < this.size; i++) {
      this.show(i, within.finalObservations, finalObservations);
      if (terminated[i] || truncated[i]) this.show(i, within.observations, observations);
      else for (let k = i * numbers; k < (i + 1) * numbers; k++) observations[k] = finalObservations[k]!;
    }
  }
}
