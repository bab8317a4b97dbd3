/**
 * A pole on a cart that is pushed to the left or to the right (Barto, Sutton and Anderson 1983), with the equations and
 * constants of Gymnasium's CartPole-v1, in plain numbers.
 */
import type {Prng} from '../data/prng.js';

/** Of the cart, in m and m/s, and of the pole, in rad from upright and rad/s. */
export type PoleState = readonly [place: number, speed: number, angle: number, turning: number];

const gravity = 9.8;
const poleMass = 0.1;
const totalMass = 1 + poleMass;
const halfLength = 0.5;
const force = 10;
const tau = 0.02;
/** Beyond these an episode is over. */
export const limits = {place: 2.4, angle: (12 * Math.PI) / 180};

/** The state 0.02 s later, by Euler's method, under a push to the right or to the left. */
export function pushed([place, speed, angle, turning]: PoleState, isRight: boolean): PoleState {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const push = ((isRight ? force : -force) + poleMass * halfLength * turning ** 2 * sin) / totalMass;
  const spin = (gravity * sin - cos * push) / (halfLength * (4 / 3 - (poleMass * cos ** 2) / totalMass));
  const pull = push - (poleMass * halfLength * spin * cos) / totalMass;
  return [place + tau * speed, speed + tau * pull, angle + tau * turning, turning + tau * spin];
}

export function stands([place, , angle]: PoleState): boolean {
  return Math.abs(place) <= limits.place && Math.abs(angle) <= limits.angle;
}

/** An episode in each of several worlds at once. */
export class CartPoles {
  /** How many steps each pole has stood, the one in which it fell among them. */
  readonly lengths: number[];
  /** How many steps were taken. */
  time = 0;
  /** The states of the first world so far. */
  readonly path: PoleState[] = [];
  readonly #states: PoleState[];
  readonly #isOver: boolean[];

  /** @param most after so many steps every episode is over */
  constructor(
    count: number,
    private readonly most: number,
    random: Prng,
  ) {
    const start = (): number => random.between(-0.05, 0.05);
    this.#states = Array.from({length: count}, () => [start(), start(), start(), start()]);
    this.path.push(this.#states[0]!);
    this.lengths = new Array<number>(count).fill(0);
    this.#isOver = new Array<boolean>(count).fill(false);
  }

  get areOver(): boolean {
    return this.#isOver.every(Boolean);
  }

  /**
   * `[worlds, 5]`: states in parts of their limits (of 2 m/s and 2 rad/s), and 1; 0 everywhere where the episode is over,
   * so that a linear policy of the states is indifferent there, and learns nothing.
   */
  seen(): number[][] {
    return this.#states.map(([place, speed, angle, turning], i) =>
      this.#isOver[i]! ? [0, 0, 0, 0, 0] : [place / limits.place, speed / 2, angle / limits.angle, turning / 2, 1],
    );
  }

  /** Pushes each cart, 1 to the right and 0 to the left. Rewards are 1, and 0 where the episode was over. */
  push(actions: ArrayLike<number>): number[] {
    this.time++;
    const rewards = this.#states.map((state, i) => {
      if (this.#isOver[i]!) return 0;
      const next = (this.#states[i] = pushed(state, actions[i] === 1));
      this.lengths[i]!++;
      this.#isOver[i] = !stands(next) || this.time === this.most;
      return 1;
    });
    if (rewards[0] === 1) this.path.push(this.#states[0]!);
    return rewards;
  }
}
