/** Episodes of a limited length. */
import {extension} from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import type {Environment} from '../environment.js';
import {checkEnvironment} from './checkEnvironment.js';
import {EnvironmentWrapper} from './wrapper.js';

/** How long an episode may be. */
export interface TimeLimitOptions {
  /** The most steps of an episode. */
  readonly steps: number;
}

/**
 * Cuts episodes off after `steps` steps. `truncated` says so, and that the future is not worth 0: a value function may
 * stand for it at the final observation (Pardo et al. 2018, "Time limits in reinforcement learning", section 3).
 */
export function timeLimit(environment: Environment, options: TimeLimitOptions): Environment {
  const who = 'ctl.timeLimit';
  checkEnvironment(who, environment);
  extension.checkKeys(who, options, ['steps']);
  extension.checkCount(who, 'steps', options.steps, 1);
  return new TimeLimited(environment, options.steps);
}

class TimeLimited extends EnvironmentWrapper {
  private readonly taken: Int32Array;

  constructor(
    inner: Environment,
    private readonly limit: number,
  ) {
    super(inner);
    this.taken = new Int32Array(this.size);
  }

  override begin(key?: Key): void {
    this.inner.begin(key);
    this.taken.fill(0);
  }

  override restart(i: number): void {
    this.inner.restart(i);
    this.taken[i] = 0;
  }

  override advance(actions: ArrayLike<number>): void {
    this.inner.advance(actions);
    const {taken, limit} = this;
    const {terminated, truncated} = this.buffers;
    for (let i = 0; i < taken.length; i++) {
      taken[i]!++;
      if (terminated[i] || truncated[i]) taken[i] = 0;
      else if (taken[i]! >= limit) {
        truncated[i] = 1;
        this.restart(i);
      }
    }
  }
}
