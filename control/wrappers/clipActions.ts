/** Actions of any size. */
import {extension} from 'tfjs-stochastic';
import {checkActionCount} from '../checkActions.js';
import type {Environment} from '../environment.js';
import {anyVector, type BoxSpace} from '../space.js';
import {checkEnvironment} from './checkEnvironment.js';
import {EnvironmentWrapper} from './wrapper.js';

/** Clips actions to the bounds of the action space, as a policy with normal noise needs; NaN is refused. */
export function clipActions(environment: Environment): Environment {
  const who = 'ctl.clipActions';
  checkEnvironment(who, environment);
  const {actionSpace} = environment;
  extension.check(actionSpace.kind === 'box', who, 'the action space must be a box', actionSpace.kind);
  return new ClippedActions(environment, actionSpace);
}

class ClippedActions extends EnvironmentWrapper {
  private readonly clipped: Float32Array;

  constructor(
    inner: Environment,
    private readonly bounds: BoxSpace,
  ) {
    super(inner, {actionSpace: anyVector(bounds.size)});
    this.clipped = new Float32Array(this.size * bounds.size);
  }

  override advance(actions: ArrayLike<number>): void {
    const {clipped, bounds} = this;
    const {size} = bounds;
    const {length} = clipped;
    checkActionCount(this.name, actions, length);
    for (let k = 0; k < length; k++) {
      const j = k % size;
      const x: unknown = actions[k];
      // NaN stays, and is refused within
      clipped[k] = Math.min(Math.max(typeof x === 'number' ? x : NaN, bounds.low[j]!), bounds.high[j]!);
    }
    this.inner.advance(clipped);
  }
}
