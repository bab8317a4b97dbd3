/** Observations of mean 0 and variance 1. */
import {extension} from 'tfjs-stochastic';
import type {Environment} from '../environment.js';
import {BoxSpace} from '../space.js';
import {checkEnvironment} from './checkEnvironment.js';
import {ObservationWrapper} from './observationWrapper.js';
import {RunningMoments} from './runningMoments.js';

/** Of normalised observations. */
export interface NormalizeObservationsOptions {
  /** No number is larger. @default 10 */
  readonly clip?: number;
}

/**
 * Shows (o − mean) / √(variance + 1e-8), clipped, with the mean and the variance of all observations so far that steps led
 * to, or that a reset gave, in any copy.
 */
export function normalizeObservations(
  environment: Environment,
  options: NormalizeObservationsOptions = {},
): Environment {
  const who = 'ctl.normalizeObservations';
  checkEnvironment(who, environment);
  extension.checkKeys(who, options, ['clip']);
  const {clip = 10} = options;
  const isGood = typeof clip === 'number' && clip > 0 && Number.isFinite(Math.fround(clip)) && Math.fround(clip) > 0;
  extension.check(isGood, who, 'clip must be a finite number > 0', clip);
  return new NormalizedObservations(environment, clip);
}

class NormalizedObservations extends ObservationWrapper {
  private readonly moments: RunningMoments;

  constructor(
    inner: Environment,
    private readonly clip: number,
  ) {
    const {size} = inner.observationSpace;
    super(inner, new BoxSpace(new Array<number>(size).fill(-clip), new Array<number>(size).fill(clip)));
    this.moments = new RunningMoments(size);
  }

  protected override notice(all: Float32Array): void {
    const {size} = this.observationSpace;
    for (let at = 0; at < all.length; at += size) this.moments.add(all, at);
  }

  protected show(i: number, from: Float32Array, to: Float32Array): void {
    const {clip, moments} = this;
    const {size} = this.observationSpace;
    for (let j = 0; j < size; j++) {
      const k = i * size + j;
      const scaled = (from[k]! - moments.mean[j]!) / Math.sqrt(moments.variance(j) + 1e-8);
      to[k] = Math.min(Math.max(scaled, -clip), clip);
    }
  }
}
