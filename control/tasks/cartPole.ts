/** A pole on a cart: to be balanced, or to be swung up first. */
import {CartAndPole} from '../bodies/cartAndPole.js';
import type {Environment} from '../environment.js';
import type {EpisodeDraws} from '../episodeDraws.js';
import type {Simulator} from '../simulation.js';
import {anyVector, BoxSpace} from '../space.js';
import {inVariant, type VariantOptions} from './variants.js';

const MOST_FORCE = 10;

/** The positions among x, ẋ, θ, θ̇. */
const POSITIONS = [0, 2];

/** The cart, the pole and what is seen of them. */
abstract class CartPole implements Simulator {
  protected system = new CartAndPole(1);

  constructor(private readonly drawsLengths: boolean) {}

  begin(draws: EpisodeDraws): void {
    if (this.drawsLengths) this.system = new CartAndPole(draws.uniform(0.5, 1.5));
    this.place(draws);
  }

  advance(action: ArrayLike<number>): number {
    const force = MOST_FORCE * action[0]!;
    this.system.push(force);
    return this.reward(force);
  }

  observe(out: Float32Array, at: number): void {
    const {cart, pole} = this.system;
    out[at] = cart.x;
    out[at + 1] = cart.vx;
    out[at + 2] = pole.angle;
    out[at + 3] = pole.spin;
  }

  abstract isTerminated(): boolean;
  protected abstract place(draws: EpisodeDraws): void;
  protected abstract reward(force: number): number;
}

class Balancing extends CartPole {
  isTerminated(): boolean {
    const {cart, pole} = this.system;
    return Math.abs(cart.x) > 2.4 || Math.abs(pole.angle) > 0.2;
  }

  protected place(draws: EpisodeDraws): void {
    const [x, velocity] = [draws.uniform(-0.12, 0.12), draws.uniform(-0.2, 0.2)];
    this.system.place(x, velocity, draws.uniform(-0.01, 0.01), draws.uniform(-0.2, 0.2));
  }

  protected reward(force: number): number {
    if (this.isTerminated()) return 0;
    return 10 - (1 - Math.cos(this.system.pole.angle)) - 1e-5 * force * force;
  }
}

class SwingUp extends CartPole {
  isTerminated(): boolean {
    return Math.abs(this.system.cart.x) > 3;
  }

  protected place(draws: EpisodeDraws): void {
    const [x, velocity] = [draws.uniform(-1, 1), draws.uniform(-2, 2)];
    this.system.place(x, velocity, draws.uniform(Math.PI - 1, Math.PI + 1), draws.uniform(-3, 3));
  }

  protected reward(): number {
    return this.isTerminated() ? -100 : Math.cos(this.system.pole.angle);
  }
}

/**
 * Cart-pole balancing, as the table of Duan et al. (2016) was run on it. The action in [−1, 1] is a force of up to 10 N on
 * the cart; seen are x, ẋ, θ (0 when upright), θ̇. The reward of a step is 10 − (1 − cos θ) − 1e-5·F², and 0 for the
 * step that ends the episode: |x| > 2.4 or |θ| > 0.2.
 * @example
 * ```ts
 * const env = ctl.cartPoleBalancing({size: 3});
 * const first = env.reset({key: st.random.key(0)});
 * const {observation, reward} = env.step([[0.5], [0], [-0.5]]);
 * observation.shape; // [3, 4]
 * ```
 */
export function cartPoleBalancing(options: VariantOptions = {}): Environment {
  const task = (drawsLengths: boolean) => ({
    name: 'cart-pole balancing',
    observationSpace: anyVector(4),
    actionSpace: new BoxSpace([-1], [1]),
    simulator: () => new Balancing(drawsLengths),
  });
  return inVariant('ctl.cartPoleBalancing', {positions: POSITIONS, task}, options);
}

/**
 * The inverted pendulum of Duan et al. (2016): the cart-pole whose pole hangs at first. The action in [−1, 1] is a force of
 * up to 10 N on the cart; seen are x, ẋ, θ (0 when upright), θ̇. The reward is cos θ, and −100 for the step that ends
 * the episode: |x| > 3.
 */
export function invertedPendulum(options: VariantOptions = {}): Environment {
  const task = (drawsLengths: boolean) => ({
    name: 'inverted pendulum',
    observationSpace: anyVector(4),
    actionSpace: new BoxSpace([-1], [1]),
    simulator: () => new SwingUp(drawsLengths),
  });
  return inVariant('ctl.invertedPendulum', {positions: POSITIONS, task}, options);
}
