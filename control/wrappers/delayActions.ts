/** Actions that take effect later. */
import {extension} from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';
import type {Environment} from '../environment.js';
import {checkActions} from '../checkActions.js';
import type {BoxSpace} from '../space.js';
import {checkEnvironment} from './checkEnvironment.js';
import {EnvironmentWrapper} from './wrapper.js';

/** How late actions take effect. */
export interface DelayActionsOptions {
  /** How many steps later an action takes effect. */
  readonly steps: number;
}

/** Each action takes effect `steps` steps after it is given; an episode begins with as many actions of zeros. */
export function delayActions(environment: Environment, options: DelayActionsOptions): Environment {
  const who = 'ctl.delayActions';
  checkEnvironment(who, environment);
  extension.checkKeys(who, options, ['steps']);
  extension.checkCount(who, 'steps', options.steps, 1);
  const {actionSpace} = environment;
  extension.check(
    actionSpace.kind === 'box' && actionSpace.low.every((l, j) => l <= 0 && actionSpace.high[j]! >= 0),
    who,
    'the action space must be a box that holds zeros',
    actionSpace.kind,
  );
  return new DelayedActions(environment, actionSpace, options.steps);
}

class DelayedActions extends EnvironmentWrapper {
  /** What was given and has not taken effect, by copy; `at` is where the oldest of it stands. */
  private readonly waiting: Float32Array[];
  private readonly next: Float32Array;
  private at = 0;
  private readonly numbers: number;

  constructor(inner: Environment, space: BoxSpace, steps: number) {
    super(inner);
    this.numbers = space.size;
    this.next = new Float32Array(this.size * space.size);
    this.waiting = Array.from({length: steps}, () => new Float32Array(this.size * space.size));
  }

  override begin(key?: Key): void {
    this.inner.begin(key);
    for (const actions of this.waiting) actions.fill(0);
  }

  override restart(i: number): void {
    this.inner.restart(i);
    this.clear(i);
  }

  override advance(actions: ArrayLike<number>): void {
    const {next, waiting} = this;
    // refused when given, not steps later
    checkActions(this.name, this.actionSpace, actions, this.size);
    next.set(waiting[this.at]!);
    this.inner.advance(next);
    waiting[this.at]!.set(actions);
    this.at = (this.at + 1) % waiting.length;
    const {terminated, truncated} = this.buffers;
    for (let i = 0; i < this.size; i++) if (terminated[i] || truncated[i]) this.clear(i);
  }

  private clear(i: number): void {
    for (const actions of this.waiting) actions.fill(0, i * this.numbers, (i + 1) * this.numbers);
  }
}
