import {prng} from '../../../examples/data/prng.js';
import {exactCosts, playGames} from '../../../examples/meta/prisoners.js';

const pair = [
  [0.9, 0.2, 0.6, 0.1, 0.7],
  [0.8, 0.3, 0.5, 0.4, 0.55],
] as const;

describe('the iterated prisoner’s dilemma', () => {
  // numpy: p₀ (I − γ P)⁻¹ y
  it('costs exactly what the resolvent of its chain says', () => {
    const costs = exactCosts(pair, 2000, 0.96);
    expect(costs[0]).toBeCloseTo(36.240290165171004, 8);
    expect(costs[1]).toBeCloseTo(39.42269445473607, 8);
  });

  it('is played as the players remember it', () => {
    const titForTat = [1, 0, 1, 0, 1];
    const opposite = [0, 0, 1, 1, 0]; // of its own last move, after a defection
    const [rounds] = playGames([titForTat, opposite], {games: 2, parts: [4], discount: 0.5}, prng(1));
    // the second: D C D C; the first answers C D C D
    expect(Array.from(rounds!.moves.slice(0, 8))).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect(Array.from(rounds!.memories.slice(0, 4))).toEqual([4, 1, 2, 1]);
    expect(Array.from(rounds!.costs[0])).toEqual([3 + 0.75, 3 + 0.75]); // 3 0 3 0 years, halved each round
    expect(Array.from(rounds!.costs[1])).toEqual([1.5 + 0.375, 1.5 + 0.375]);
  });

  it('costs on average what is exact, in whatever parts it is played', () => {
    const games = 20_000;
    const exact = exactCosts(pair, 7, 0.9);
    for (const parts of [[7], [3, 4]]) {
      const played = playGames(pair, {games, parts, discount: 0.9}, prng(2));
      for (const player of [0, 1] as const) {
        const totals = Array.from({length: games}, (_, g) =>
          played.reduce((sum, {costs}) => sum + costs[player][g]!, 0),
        );
        const mean = totals.reduce((a, b) => a + b, 0) / games;
        const error = Math.sqrt(totals.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / games;
        expect(Math.abs(mean - exact[player]) / error).toBeLessThan(4.5);
      }
    }
  });
});
