import {prng} from '../../../examples/data/prng.js';
import {CartPoles, pushed, stands, type PoleState} from '../../../examples/policyGradient/cartPole.js';

/** `env.unwrapped.state = start; env.step(a)` in Gymnasium 1.3.0, CartPole-v1: the states after so many of the actions. */
const trajectories: ReadonlyArray<{start: PoleState; actions: string; states: Readonly<Record<number, PoleState>>}> = [
  {
    start: [0.01, -0.02, 0.03, 0.04],
    actions: '110100101111111111',
    states: {
      1: [0.009600000000000001, 0.17467919574755525, 0.030799999999999998, -0.2430687179600081],
      2: [0.013093583914951107, 0.3693479760579556, 0.025938625640799837, -0.5258796280501483],
      3: [0.02048054343611022, 0.17387081260481596, 0.01542103307979687, -0.22513741609237464],
      9: [0.03741021330879823, 0.17366166202196978, -0.0050251823092361154, -0.22048964787801073],
      17: [0.17464850738080653, 1.7391473128701975, -0.20905564042953673, -2.7067061951208187],
      18: [0.20943145363821047, 1.9350799611570864, -0.2631897643319531, -3.05522184614498], // terminated
    },
  },
  {
    start: [2.35, 1.2, -0.05, -0.3],
    actions: '010',
    states: {
      1: [2.374, 1.0056250657817796, -0.056, -0.02349585151852651],
      2: [2.394112501315636, 1.2015035308231696, -0.056469917030370534, -0.33330835948131543],
      3: [2.4181425719320995, 1.0072288850912885, -0.06313608421999684, -0.058954235555359724], // terminated
    },
  },
];

describe('the pole on a cart', () => {
  it('moves as in Gymnasium, and falls when it does there', () => {
    for (const {start, actions, states} of trajectories) {
      let state = start;
      [...actions].forEach((action, i) => {
        state = pushed(state, action === '1');
        expect(stands(state)).toBe(i + 1 < actions.length);
        states[i + 1]?.forEach((value, j) =>
          expect(state[j])
            .withContext(`step ${i + 1}`)
            .toBeCloseTo(value, 12),
        );
      });
    }
  });

  it('stands up to the limits on either side', () => {
    for (const sign of [1, -1]) {
      expect(stands([sign * 2.4, 9, 0, 9])).toBeTrue();
      expect(stands([sign * 2.4001, 0, 0, 0])).toBeFalse();
      expect(stands([0, 9, sign * 0.2094, 9])).toBeTrue();
      expect(stands([0, 0, sign * 0.2095, 0])).toBeFalse();
    }
  });
});

describe('episodes in several worlds', () => {
  const play = (most: number, count = 3) => {
    const worlds = new CartPoles(count, most, prng(1));
    const rewards: number[][] = [];
    while (!worlds.areOver) rewards.push(worlds.push([1, worlds.time % 2, 1]));
    return {worlds, rewards};
  };

  it('start within 0.05 of rest, in different places', () => {
    const starts = new CartPoles(200, 9, prng(2)).seen();
    const places = starts.map(([place]) => place! * 2.4);
    expect(Math.max(...places.map(Math.abs))).toBeLessThanOrEqual(0.05);
    expect(Math.max(...places)).toBeGreaterThan(0.045);
    expect(Math.min(...places)).toBeLessThan(-0.045);
    expect(new Set(starts.flat()).size).toBe(801); // and the 1 behind each
  });

  it('give 1 for each step until the pole falls, then nothing, and are seen no more', () => {
    const {worlds, rewards} = play(200);
    for (const [i, length] of worlds.lengths.entries()) {
      expect(rewards.map(r => r[i])).toEqual(rewards.map((_, t) => (t < length ? 1 : 0)));
      expect(worlds.seen()[i]).toEqual([0, 0, 0, 0, 0]);
    }
    expect(worlds.lengths[1]).toBeGreaterThan(worlds.lengths[0]! + 5); // pushed to and fro
    expect(worlds.path.length).toBe(worlds.lengths[0]! + 1);
    expect(stands(worlds.path.at(-1)!)).toBeFalse();
    expect(worlds.path.slice(0, -1).every(stands)).toBeTrue();
  });

  it('end after so many steps', () => {
    const {worlds} = play(4);
    expect(worlds.lengths).toEqual([4, 4, 4]);
    expect(worlds.time).toBe(4);
  });
});
