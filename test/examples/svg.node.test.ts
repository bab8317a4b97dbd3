import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {learn, methods} from '../../examples/svg/learn.js';
import {expectedCost, regulator, solve, type Matrix, type Regulator} from '../../examples/svg/lqr.js';
import {makeSystem} from '../../examples/svg/system.js';

describe('the regulator', () => {
  const {gains, cost} = solve(regulator);
  const moved = (change: (value: number, t: number) => number): Matrix[] =>
    gains.map((gain, t) => gain.map(row => row.map(v => change(v, t))));

  it('has the gains of Riccati’s recursion on numbers done by hand', () => {
    // one number each: p₂ = 1; k₁ = −p₂/(1 + p₂), p₁ = 1 + p₂/(1 + p₂) = 3/2; k₀ = −3/5, p₀ = 8/5; cost p₀ + w²(p₁ +
    // p₂)
    const small: Regulator = {
      ...regulator,
      a: [[1], [0]].slice(0, 1),
      b: [[1, 0]],
      q: [[1]],
      r: [
        [1, 0],
        [0, 1],
      ],
      noise: 2,
      horizon: 2,
    };
    const exact = solve(small);
    expect(exact.gains[0]![0]![0]).toBeCloseTo(-3 / 5, 12);
    expect(exact.gains[1]![0]![0]).toBeCloseTo(-1 / 2, 12);
    expect(exact.cost).toBeCloseTo(8 / 5 + 4 * (3 / 2 + 1), 12);
  });

  it('has the least cost at those gains, where doing nothing costs over four times as much', () => {
    for (const t of [0, 10, 19])
      for (const d of [-1e-3, 1e-3])
        expect(
          expectedCost(
            regulator,
            moved((v, at) => v + (at === t ? d : 0)),
          ),
        ).toBeGreaterThan(cost);
    expect(
      expectedCost(
        regulator,
        moved(() => 0),
      ) / cost,
    ).toBeGreaterThan(4);
    expect(
      expectedCost(
        regulator,
        moved(v => 0.85 * v),
      ) / cost,
    )
      .withContext('all gains a seventh too small')
      .toBeGreaterThan(1.003);
  });

  it('costs in tensors what it should on average', async () => {
    await tf.setBackend('wasm');
    const system = makeSystem(regulator);
    const n = 20_000;
    const scale = 0.4;
    const total = tf.tidy(() => {
      const k = tf.tensor(gains.map(gain => gain[0]!.map((_, j) => gain.map(row => row[j]!))));
      const {states, actions} = system.record(k, scale, n, st.random.key(3));
      return tf.add(
        tf.sum(system.cost(tf.slice(states, 0, 20), actions), 0),
        system.terminalCost(tf.gather(states, 20)),
      );
    });
    const costs = Array.from(await total.data());
    const mean = costs.reduce((a, b) => a + b, 0) / n;
    const error = Math.sqrt(costs.reduce((a, c) => a + (c - mean) ** 2, 0)) / n;
    expect(Math.abs(mean - expectedCost(regulator, gains, scale)) / error).toBeLessThan(4.5);
    total.dispose();
    system.dispose();
  });
});

describe('value gradients on the regulator', () => {
  beforeAll(() => tf.setBackend('wasm'));

  /** Each takes from 7 to 17 seconds; without FULL=1 the quickest, and one with a model. */
  const learnt = process.env.FULL === '1' ? methods : (['deterministicPolicyGradient', 'svg1'] as const);
  for (const method of learnt) {
    it(`come within 2 % of the least cost by ${method}, and leave no tensor`, () => {
      const before = tf.memory().numTensors;
      const {curve} = learn(method, {seed: 1, points: 3});
      expect(curve[0]!.ratio).toBeGreaterThan(4);
      expect(curve[curve.length - 1]!.ratio)
        .withContext(curve.map(({ratio}) => ratio.toFixed(4)).join(' '))
        .toBeLessThan(1.02);
      expect(tf.memory().numTensors).toBe(before);
    }, 120_000);
  }

  it('are the same for the same seed', () => {
    const short = {seed: 2, steps: 22, points: 2, batch: 4};
    for (const method of methods) expect(learn(method, short).curve).toEqual(learn(method, short).curve);
  });
});
