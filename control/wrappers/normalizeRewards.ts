/** Rewards of a size that does not depend on the task. */
import {extension} from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import type {Environment} from '../environment.js';
import {checkEnvironment} from './checkEnvironment.js';
import {RunningMoments} from './runningMoments.js';
import {EnvironmentWrapper} from './wrapper.js';

/** Of normalised rewards. */
export interface NormalizeRewardsOptions {
  /** γ of the returns whose variance becomes 1, in [0, 1]. @default 0.99 */
  readonly discount?: number;
}

/**
 * Divides rewards by √(Var(R) + 1e-8), where R ← γ·R + r is the discounted sum of the rewards of an episode up to now, and
 * the variance is that of all R of all copies so far. Signs, and which policy is best, stay as they are in the limit.
 */
export function normalizeRewards(environment: Environment, options: NormalizeRewardsOptions = {}): Environment {
  const who = 'ctl.normalizeRewards';
  checkEnvironment(who, environment);
  extension.checkKeys(who, options, ['discount']);
  const {discount = 0.99} = options;
  const isGood = typeof discount === 'number' && discount >= 0 && discount <= 1;
  extension.check(isGood, who, 'discount must be a number in [0, 1]', discount);
  return new NormalizedRewards(environment, discount);
}

class NormalizedRewards extends EnvironmentWrapper {
  private readonly moments = new RunningMoments(1);
  private readonly sums: Float64Array;

  constructor(
    inner: Environment,
    private readonly discount: number,
  ) {
    super(inner, {buffers: {...inner.buffers, rewards: new Float32Array(inner.size)}});
    this.sums = new Float64Array(this.size);
  }

  override begin(key?: Key): void {
    this.inner.begin(key);
    this.sums.fill(0);
    this.buffers.rewards.fill(0);
  }

  override restart(i: number): void {
    this.inner.restart(i);
    this.sums[i] = 0;
  }

  override advance(actions: ArrayLike<number>): void {
    this.inner.advance(actions);
    const {sums, moments, discount} = this;
    const {rewards, terminated, truncated} = this.buffers;
    const within = this.inner.buffers.rewards;
    for (let i = 0; i < this.size; i++) {
      sums[i] = discount * sums[i]! + within[i]!;
      moments.add(sums, i);
      rewards[i] = within[i]! / Math.sqrt(moments.variance(0) + 1e-8);
      if (terminated[i] || truncated[i]) sums[i] = 0;
    }
  }
}
