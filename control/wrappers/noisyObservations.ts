/** Observations with noise. */
import {extension} from 'tfjs-stochastic';
import {foldIn, type Key} from 'tfjs-stochastic/random';
import type {Environment} from '../environment.js';
import {EpisodeDraws} from '../episodeDraws.js';
import {anyVector} from '../space.js';
import {checkEnvironment} from './checkEnvironment.js';
import {ObservationWrapper} from './observationWrapper.js';

/** Of noise in observations. */
export interface NoisyObservationsOptions {
  /** The standard deviation of what is added to each number, >= 0. */
  readonly stddev: number;
}

/** Adds Normal(0, stddev²) to each number of each observation, anew for each. */
export function noisyObservations(environment: Environment, options: NoisyObservationsOptions): Environment {
  const who = 'ctl.noisyObservations';
  checkEnvironment(who, environment);
  extension.checkKeys(who, options, ['stddev']);
  const {stddev} = options;
  const isGood = typeof stddev === 'number' && Number.isFinite(Math.fround(stddev)) && stddev >= 0;
  extension.check(isGood, who, 'stddev must be a finite number >= 0', stddev);
  return new NoisyObservations(environment, stddev);
}

/** Tells the key of the noise from those of the copies, which are 0, 1, … */
const NOISE = -1;

class NoisyObservations extends ObservationWrapper {
  private draws: EpisodeDraws[] = [];

  constructor(
    inner: Environment,
    private readonly stddev: number,
  ) {
    super(inner, anyVector(inner.observationSpace.size));
  }

  override begin(key?: Key): void {
    if (key !== undefined) {
      const own = foldIn(key, NOISE);
      this.draws = Array.from({length: this.size}, (_, i) => new EpisodeDraws(foldIn(own, i)));
      // a second wrapper of this kind within has noise of its own
      key = foldIn(key, NOISE - 1);
    }
    super.begin(key);
  }

  protected show(i: number, from: Float32Array, to: Float32Array): void {
    const {stddev} = this;
    const {size} = this.observationSpace;
    const draws = this.draws[i]!;
    for (let k = i * size; k < (i + 1) * size; k++) to[k] = from[k]! + stddev * draws.normal();
  }
}
