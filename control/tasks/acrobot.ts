/** Two links to be swung up. */
import {TwoLinks} from '../bodies/twoLinks.js';
import type {Environment} from '../environment.js';
import type {EpisodeDraws} from '../episodeDraws.js';
import type {Simulator} from '../simulation.js';
import {BoxSpace} from '../space.js';
import {inVariant, type VariantOptions} from './variants.js';

const MOST_TORQUE = 3;
const FRAMES = 2;

class Acrobot implements Simulator {
  private links = new TwoLinks(1);

  constructor(private readonly drawsLengths: boolean) {}

  begin(draws: EpisodeDraws): void {
    if (this.drawsLengths) this.links = new TwoLinks(draws.uniform(0.5, 1.5));
    const [angle1, angle2] = [0.1 * draws.normal(), 0.1 * draws.normal()];
    this.links.place(angle1, angle2, 0.01 * draws.normal(), 0.01 * draws.normal());
  }

  advance(action: ArrayLike<number>): number {
    const {links} = this;
    for (let i = 0; i < FRAMES; i++) links.turn(MOST_TORQUE * action[0]!, MOST_TORQUE * action[1]!);
    const {lower, length} = links;
    // the sign of sin is what the table was run with
    const x = lower.originX - length * Math.sin(lower.angle);
    const y = lower.originY - length * Math.cos(lower.angle);
    return -Math.sqrt(x ** 2 + (y - 2 * length) ** 2);
  }

  isTerminated(): boolean {
    return false;
  }

  observe(out: Float32Array, at: number): void {
    const {upper, lower} = this.links;
    out[at] = Math.sin(upper.angle);
    out[at + 1] = Math.cos(upper.angle);
    out[at + 2] = upper.spin;
    out[at + 3] = Math.sin(lower.angle);
    out[at + 4] = Math.cos(lower.angle);
    out[at + 5] = lower.spin;
  }
}

/**
 * The acrobot, as the table of Duan et al. (2016) was run on it: two links of length L = 1 that hang from the origin. The
 * actions in [−1, 1] are torques of up to 3 N·m, at the origin and at the elbow, over two steps of 0.01 s; seen are sine,
 * cosine and rate of the first link's angle and of the second's, both from hanging. The reward is the distance, with a
 * minus, of the tip from (0, 2L). Of the tip's x the part of the second link has the wrong sign, x₁ − L·sin θ₂, as it had
 * in rllab. It never ends but by time.
 */
export function acrobot(options: VariantOptions = {}): Environment {
  const unbounded = Infinity;
  const high = [1, 1, unbounded, 1, 1, unbounded];
  const task = (drawsLengths: boolean) => ({
    name: 'acrobot',
    observationSpace: new BoxSpace(
      high.map(x => -x),
      high,
    ),
    actionSpace: new BoxSpace([-1, -1], [1, 1]),
    simulator: () => new Acrobot(drawsLengths),
  });
  return inVariant('ctl.acrobot', {positions: [0, 1, 3, 4], task}, options);
}
