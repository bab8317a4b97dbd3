/** Observations of which some numbers are hidden. */
import {extension} from 'tfjs-stochastic';
import type {Environment} from '../environment.js';
import {BoxSpace} from '../space.js';
import {checkEnvironment} from './checkEnvironment.js';
import {ObservationWrapper} from './observationWrapper.js';

/** Of limited sensors. */
export interface LimitSensorsOptions {
  /** Which numbers of the observation are shown, by their indices and in this order. */
  readonly keep: readonly number[];
}

/** Shows only some numbers of the observation, such as the positions without the velocities. */
export function limitSensors(environment: Environment, options: LimitSensorsOptions): Environment {
  const who = 'ctl.limitSensors';
  checkEnvironment(who, environment);
  extension.checkKeys(who, options, ['keep']);
  const {keep} = options;
  const {size} = environment.observationSpace;
  const isIndex = (j: unknown) => Number.isInteger(j) && (j as number) >= 0 && (j as number) < size; // an integer
  const fits =
    Array.isArray(keep) &&
    keep.length > 0 &&
    keep.length <= size &&
    Array.from<unknown>(keep).every(isIndex) &&
    new Set(keep).size === keep.length;
  extension.check(fits, who, `keep must be a list of different integers from 0 to ${size - 1}`, keep);
  return new LimitedSensors(environment, options.keep.slice());
}

class LimitedSensors extends ObservationWrapper {
  constructor(
    inner: Environment,
    private readonly keep: readonly number[],
  ) {
    const {low, high} = inner.observationSpace;
    super(
      inner,
      new BoxSpace(
        keep.map(j => low[j]!),
        keep.map(j => high[j]!),
      ),
    );
  }

  protected show(i: number, from: Float32Array, to: Float32Array): void {
    const {keep} = this;
    const start = i * this.inner.observationSpace.size;
    for (let j = 0; j < keep.length; j++) to[i * keep.length + j] = from[start + keep[j]!]!;
  }
}
