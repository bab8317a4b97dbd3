/** The iterated prisoner's dilemma between players who remember one round, in plain numbers. */
import type {Prng} from '../data/prng.js';

/**
 * What a player remembers, by number: both cooperated, the other alone defected, the player alone defected, both
 * defected, and nothing before the first round.
 */
export const memories = ['CC', 'CD', 'DC', 'DD', 'start'] as const;

/** What the other player remembers of the same round. */
export const asOther: readonly number[] = [0, 2, 1, 3, 4];

/** What a round costs the player in that round: years in prison, the negative reward. */
const years: readonly number[] = [1, 3, 0, 2];

/** The chances that a player cooperates, by memory. */
export type Chances = ArrayLike<number>;

/** Some rounds in a row of many games; `[games, rounds, …]` in one piece. */
export interface Rounds {
  /** What the first player remembers before each round, `[games, rounds]`. */
  readonly memories: Int32Array;
  /** 1 where a player cooperates, `[games, rounds, 2]`. */
  readonly moves: Float32Array;
  /** What they cost each player, discounted to the start of the game, `[games]`. */
  readonly costs: readonly [Float32Array, Float32Array];
}

export interface GameConfig {
  readonly games: number;
  /** In parts: `parts[i]` rounds, then `parts[i + 1]`. */
  readonly parts: readonly number[];
  readonly discount: number;
}

/** Plays games from their start. */
export function playGames(
  [first, second]: readonly [Chances, Chances],
  {games, parts, discount}: GameConfig,
  random: Prng,
): Rounds[] {
  const memory = new Int32Array(games).fill(4);
  let weight = 1;
  return parts.map(rounds => {
    const [seen, moves] = [new Int32Array(games * rounds), new Float32Array(2 * games * rounds)];
    const costs: [Float32Array, Float32Array] = [new Float32Array(games), new Float32Array(games)];
    for (let t = 0; t < rounds; t++, weight *= discount) {
      for (let g = 0; g < games; g++) {
        const [at, before] = [g * rounds + t, memory[g]!];
        const one = random.uniform() < first[before]! ? 1 : 0;
        const two = random.uniform() < second[asOther[before]!]! ? 1 : 0;
        const after = 2 * (1 - one) + (1 - two);
        [seen[at], moves[2 * at], moves[2 * at + 1], memory[g]] = [before, one, two, after];
        costs[0][g]! += weight * years[after]!;
        costs[1][g]! += weight * years[asOther[after]!]!;
      }
    }
    return {memories: seen, moves, costs};
  });
}

/**
 * The exact expected cost of each player, Σ_t discountᵗ E[years in round t], over so many rounds: the distribution over
 * the four outcomes is carried from round to round.
 */
export function exactCosts(
  [first, second]: readonly [Chances, Chances],
  rounds: number,
  discount: number,
): [number, number] {
  const outcomes = (memory: number): number[] => {
    const [a, b] = [first[memory]!, second[asOther[memory]!]!];
    return [a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)];
  };
  const costs: [number, number] = [0, 0];
  let [chances, weight] = [outcomes(4), 1];
  for (let t = 0; t < rounds; t++, weight *= discount) {
    chances.forEach((p, i) => {
      costs[0] += weight * p * years[i]!;
      costs[1] += weight * p * years[asOther[i]!]!;
    });
    const next = [0, 0, 0, 0];
    chances.forEach((p, i) => outcomes(i).forEach((q, j) => (next[j]! += p * q)));
    chances = next;
  }
  return costs;
}
