/** Two tasks of Gymnasium. */
import {extension} from 'tfjs-stochastic';
import type {Environment} from '../environment.js';
import type {EpisodeDraws} from '../episodeDraws.js';
import {simulate, type ControlTask, type Simulator} from '../simulation.js';
import {BoxSpace, DiscreteSpace} from '../space.js';
import {timeLimit} from '../wrappers/timeLimit.js';

/** Of a task of Gymnasium. */
export interface GymnasiumOptions {
  /** How many copies are stepped together. @default 1 */
  readonly size?: number;
  /** The most steps of an episode. @default 500 for CartPole-v1, 200 for Pendulum-v1 */
  readonly steps?: number;
}

function limited(who: string, task: ControlTask, options: GymnasiumOptions, most: number): Environment {
  extension.checkKeys(who, options, ['size', 'steps']);
  const {size = 1, steps = most} = options;
  extension.checkCount(who, 'size', size, 1);
  extension.checkCount(who, 'steps', steps, 1);
  return timeLimit(simulate(task, {size}), {steps});
}

/** 12 degrees. */
const MOST_ANGLE = (12 * 2 * Math.PI) / 360;
const MOST_POSITION = 2.4;
const TAU = 0.02;

/** One copy of CartPole-v1. */
export class GymCartPole implements Simulator {
  private x = 0;
  private velocity = 0;
  private angle = 0;
  private spin = 0;

  begin(draws: EpisodeDraws): void {
    this.x = draws.uniform(-0.05, 0.05);
    this.velocity = draws.uniform(-0.05, 0.05);
    this.angle = draws.uniform(-0.05, 0.05);
    this.spin = draws.uniform(-0.05, 0.05);
  }

  advance(action: ArrayLike<number>): number {
    // masses 1 and 0.1, half the pole's length 0.5, gravity 9.8; Euler's method
    const {angle, spin} = this;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const pushed = ((action[0] === 1 ? 10 : -10) + 0.05 * spin * spin * sin) / 1.1;
    const turning = (9.8 * sin - cos * pushed) / (0.5 * (4 / 3 - (0.1 * cos * cos) / 1.1));
    const acceleration = pushed - (0.05 * turning * cos) / 1.1;
    this.x += TAU * this.velocity;
    this.velocity += TAU * acceleration;
    this.angle += TAU * spin;
    this.spin += TAU * turning;
    return 1;
  }

  isTerminated(): boolean {
    return Math.abs(this.x) > MOST_POSITION || Math.abs(this.angle) > MOST_ANGLE;
  }

  observe(out: Float32Array, at: number): void {
    out[at] = this.x;
    out[at + 1] = this.velocity;
    out[at + 2] = this.angle;
    out[at + 3] = this.spin;
  }
}

const MOST_SPEED = 8;
const MOST_TORQUE = 2;

/** One copy of Pendulum-v1. */
export class GymPendulum implements Simulator {
  private angle = 0;
  private spin = 0;

  begin(draws: EpisodeDraws): void {
    this.angle = draws.uniform(-Math.PI, Math.PI);
    this.spin = draws.uniform(-1, 1);
  }

  advance(action: ArrayLike<number>): number {
    const {angle, spin} = this;
    const torque = action[0]!;
    const turn = 2 * Math.PI;
    const off = angle + Math.PI - turn * Math.floor((angle + Math.PI) / turn) - Math.PI;
    // mass 1, length 1, gravity 10, a step of 0.05 s
    const faster = spin + (15 * Math.sin(angle) + 3 * torque) * 0.05;
    this.spin = Math.min(Math.max(faster, -MOST_SPEED), MOST_SPEED);
    this.angle = angle + this.spin * 0.05;
    return -(off * off + 0.1 * spin * spin + 0.001 * torque * torque);
  }

  isTerminated(): boolean {
    return false;
  }

  observe(out: Float32Array, at: number): void {
    out[at] = Math.cos(this.angle);
    out[at + 1] = Math.sin(this.angle);
    out[at + 2] = this.spin;
  }
}

/**
 * Gymnasium's CartPole-v1 (Barto, Sutton and Anderson 1983): actions 0 and 1 push the cart by 10 N to the left and to the
 * right; seen are x, ẋ, θ, θ̇. Each step is worth 1; the episode ends with |x| > 2.4 or |θ| > 12°. Solved, by
 * Gymnasium, at a mean of 475 over 100 episodes.
 * @example
 * ```ts
 * const env = ctl.cartPoleV1({size: 2});
 * env.reset({key: st.random.key(0)}).shape; // [2, 4]
 * env.step([0, 1]).reward; // [1, 1]
 * ```
 */
export function cartPoleV1(options: GymnasiumOptions = {}): Environment {
  const high = [2 * MOST_POSITION, Infinity, 2 * MOST_ANGLE, Infinity];
  const task = {
    name: 'CartPole-v1',
    observationSpace: new BoxSpace(
      high.map(x => -x),
      high,
    ),
    actionSpace: new DiscreteSpace(2),
    simulator: () => new GymCartPole(),
  };
  return limited('ctl.cartPoleV1', task, options, 500);
}

/**
 * Gymnasium's Pendulum-v1: the action is a torque in [−2, 2]; seen are cos θ, sin θ, θ̇, with θ = 0 when upright. The
 * reward is −(θ² + 0.1·θ̇² + 0.001·u²), of the state before the step and θ in [−π, π). It never ends but by time.
 */
export function pendulumV1(options: GymnasiumOptions = {}): Environment {
  const task = {
    name: 'Pendulum-v1',
    observationSpace: new BoxSpace([-1, -1, -MOST_SPEED], [1, 1, MOST_SPEED]),
    actionSpace: new BoxSpace([-MOST_TORQUE], [MOST_TORQUE]),
    simulator: () => new GymPendulum(),
  };
  return limited('ctl.pendulumV1', task, options, 200);
}
