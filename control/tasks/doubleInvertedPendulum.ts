/** Two poles on a cart, to be balanced. */
import {PolesOnCart} from '../bodies/polesOnCart.js';
import type {Environment} from '../environment.js';
import type {EpisodeDraws} from '../episodeDraws.js';
import type {Simulator} from '../simulation.js';
import {BoxSpace} from '../space.js';
import {inVariant, type VariantOptions} from './variants.js';

const MOST_FORCE = 500;
const FRAMES = 2;
const MOST_SPIN = 10;
const MOST_START = (20 / 180) * Math.PI;

class DoublePendulum implements Simulator {
  private poles = new PolesOnCart(0.6, 0.6);

  constructor(private readonly drawsLengths: boolean) {}

  begin(draws: EpisodeDraws): void {
    if (this.drawsLengths) this.poles = new PolesOnCart(draws.uniform(0.5, 1), draws.uniform(0.5, 1));
    const start = draws.uniform(-MOST_START, MOST_START);
    this.poles.state.fill(0);
    // the second joint is straight
    this.poles.state[1] = this.poles.state[2] = start;
  }

  advance(action: ArrayLike<number>): number {
    const {poles} = this;
    for (let i = 0; i < FRAMES; i++) poles.push(MOST_FORCE * action[0]!);
    const [x, a, b, , da, db] = poles.state as unknown as number[]; // six numbers
    const tip = x! + poles.length1 * Math.sin(a!) + poles.length2 * Math.sin(b!);
    return 10 - 0.01 * tip ** 2 - (this.height() - 2) ** 2 - 1e-3 * da! ** 2 - 5e-3 * (db! - da!) ** 2;
  }

  isTerminated(): boolean {
    return this.height() <= 1;
  }

  observe(out: Float32Array, at: number): void {
    const {state} = this.poles;
    const [second, secondRate] = [state[2]! - state[1]!, state[5]! - state[4]!];
    const seen = [state[0]!, Math.sin(state[1]!), Math.sin(second), Math.cos(state[1]!), Math.cos(second)];
    const rates = [state[3]!, state[4]!, secondRate].map(v => Math.min(Math.max(v, -MOST_SPIN), MOST_SPIN));
    out.set([...seen, ...rates, 0, 0, 0], at);
  }

  private height(): number {
    const {poles} = this;
    return poles.length1 * Math.cos(poles.state[1]!) + poles.length2 * Math.cos(poles.state[2]!);
  }
}

/**
 * The double inverted pendulum of Duan et al. (2016). The action in [−1, 1] is a force of up to 500 N on the cart, over two
 * steps of 0.01 s. Seen are 11 numbers: x; the sines of the angles, the second one relative to the first pole; their
 * cosines; the three velocities, clipped to ±10; and the forces of constraints, of which there are none: 0. With the tip at
 * (x, y), the reward is 10 − 0.01·x² − (y − 2)² − 1e-3·θ̇₁² − 5e-3·θ̇₂²; the episode ends with y <= 1.
 *
 * Computed from Lagrange's equations, with the capsules' masses as MuJoCo 1 had them. The rail has no end; in rllab it is
 * 10 m long on either side.
 */
export function doubleInvertedPendulum(options: VariantOptions = {}): Environment {
  const wide = new Array<number>(3).fill(MOST_SPIN);
  const high = [Infinity, 1, 1, 1, 1, ...wide, ...wide];
  const task = (drawsLengths: boolean) => ({
    name: 'double inverted pendulum',
    observationSpace: new BoxSpace(
      high.map(x => -x),
      high,
    ),
    actionSpace: new BoxSpace([-1], [1]),
    simulator: () => new DoublePendulum(drawsLengths),
  });
  return inVariant('ctl.doubleInvertedPendulum', {positions: [0, 1, 2, 3, 4], task}, options);
}
