import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {prng} from '../../examples/data/prng.js';
import {scoped, seeded} from '../../examples/frame/scope.js';
import {Agent, solvedAt} from '../../examples/policyGradient.js';
import {CartPoles} from '../../examples/policyGradient/cartPole.js';
import {runHere} from './helpers.js';

/** Remembers what was seen and done. */
class Recorded extends CartPoles {
  readonly steps: Array<{seen: number[][]; actions: number[]; rewards: number[]}> = [];

  override push(actions: ArrayLike<number>): number[] {
    const seen = this.seen();
    const rewards = super.push(actions);
    this.steps.push({seen, actions: Array.from(actions), rewards});
    return rewards;
  }
}

describe('policy gradients on a pole', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('credit each action with the rewards from its step on', async () => {
    await seeded(3, () =>
      scoped(async () => {
        const agent = new Agent('none');
        agent.weights.assign(tf.tensor2d([[0.1], [-0.2], [0.5], [0.3]]));
        const w = Array.from(await agent.weights.data());
        const worlds = new Recorded(4, 60, prng(5));
        const {grads} = st.variableGrads(() => agent.play(worlds), [agent.weights]);
        // by hand: −Σ_t ∂ ln π(a_t|s_t) Σ_{u≥t} r_u, the mean over worlds
        const expected = [0, 0, 0, 0];
        worlds.steps.forEach(({seen, actions}, t) =>
          seen.forEach((s, i) => {
            const toGo = worlds.steps.slice(t).reduce((sum, {rewards}) => sum + rewards[i]!, 0);
            const p = 1 / (1 + Math.exp(-w.reduce((z, x, j) => z + x * s[j]!, 0)));
            expected.forEach((_, j) => (expected[j]! -= ((actions[i]! - p) * s[j]! * toGo) / 4));
          }),
        );
        const actual = Array.from(await grads[agent.weights.name]!.data());
        expect(new Set(worlds.lengths).size).toBeGreaterThan(1); // some worlds are over before others
        actual.forEach((g, j) =>
          expect(g / expected[j]!)
            .withContext(`weight ${j}`)
            .toBeCloseTo(1, 4),
        );
      }),
    );
  });

  it('learn to balance it', async () => {
    const {report} = await runHere('policy-gradient', ['--steps', '8', '--most', '60', '--estimator', 'value']);
    const points = report!.curves['steps that the pole stands']!['value']!;
    expect(points[0]![1]).toBeLessThan(30);
    expect(points.at(-1)![1]).toBeGreaterThan(50);
    expect(report!.comparisons[0]!.here).toBeGreaterThan(35);
    expect(report!.comparisons[0]!.what).toContain('last 80 of 80 episodes');
  });

  it('take the control variate of RELAX too', async () => {
    const {code} = await runHere('policy-gradient', ['--smoke', '--estimator', 'relax']);
    expect(code).toBe(0);
  });

  it('count as solved once a hundred episodes in a row stand 195 steps on average', () => {
    const poor = new Array<number>(30).fill(20);
    const good = new Array<number>(150).fill(200);
    // 100 in a row with k of 20 among them: 200 − 1.8 k ≥ 195, so k ≤ 2
    expect(solvedAt([...poor, ...good])).toBe(128);
    expect(solvedAt(good.slice(0, 99))).toBeNaN();
    expect(solvedAt(good)).toBe(100);
  });
});
