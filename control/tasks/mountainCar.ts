/** A car in a valley. */
import {CarOnTrack} from '../bodies/carOnTrack.js';
import type {Environment} from '../environment.js';
import type {EpisodeDraws} from '../episodeDraws.js';
import type {Simulator} from '../simulation.js';
import {anyVector, BoxSpace} from '../space.js';
import {inVariant, type VariantOptions} from './variants.js';

class MountainCar implements Simulator {
  private system = new CarOnTrack(4);

  constructor(private readonly drawsLengths: boolean) {}

  begin(draws: EpisodeDraws): void {
    if (this.drawsLengths) this.system = new CarOnTrack(draws.uniform(3, 5));
    this.system.place(draws.uniform(-1, 1));
  }

  advance(action: ArrayLike<number>): number {
    this.system.push(action[0]!);
    return this.system.car.y - 1;
  }

  isTerminated(): boolean {
    const {x} = this.system.car;
    return x >= 0.6 || x <= -2;
  }

  observe(out: Float32Array, at: number): void {
    out[at] = this.system.car.x;
    out[at + 1] = this.system.car.vx;
  }
}

/**
 * The mountain car of Duan et al. (2016): a box in the valley y = 1 − cos(2πx/w), w = 4. The action in [−1, 1] is a force of
 * up to 1 N along the box, of 0.4 kg; seen are x and ẋ. The reward is −1 + y, of the middle of the box; the episode
 * ends with x >= 0.6 or x <= −2.
 */
export function mountainCar(options: VariantOptions = {}): Environment {
  const task = (drawsLengths: boolean) => ({
    name: 'mountain car',
    observationSpace: anyVector(2),
    actionSpace: new BoxSpace([-1], [1]),
    simulator: () => new MountainCar(drawsLengths),
  });
  return inVariant('ctl.mountainCar', {positions: [0], task}, options);
}
