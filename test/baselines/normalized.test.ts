/** The variance-normalised advantage: its numbers, its direction, its length, and its state. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {advantagesOf} from '../helpers/advantages.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {exactGradient, frozen, gradientMoments} from '../helpers/estimates.js';
import {drawWith, oneBernoulli, square, column, type Problem} from '../estimators/problems.js';

/** Costs with a standard deviation of about 12. */
const steep: Problem = {
  ...oneBernoulli,
  costs: ({theta}, draw) => tf.mul(square(draw(new st.Bernoulli({logits: column(theta!)})), -2), 5),
  expectation: ({theta}) => 20 + 25 / (1 + Math.exp(-theta![0]!)),
};
const spread = (25 * Math.sqrt(Math.exp(0.4))) / (1 + Math.exp(0.4));

/** The advantages of given costs, one step each. */
const advantages = (baseline: st.Baseline, costs: number[][]): Promise<number[][]> =>
  advantagesOf(
    baseline,
    costs,
    costs[0]!.map(() => 0),
  );

describeBackends(
  'normalized',
  () => {
    it('subtracts the mean and divides by the standard deviation of earlier steps', async () => {
      const before = tf.memory().numTensors;
      const baseline = st.normalized({decay: 0.5});
      const [first, second, third] = await advantages(baseline, [
        [1, 5, 9],
        [0, 4, 14],
        [2, 2, 2],
      ]);
      [1, 5, 9].forEach((x, i) => expect(first![i]).toBeCloseTo(x, 5));
      const sd = Math.sqrt(32 / 3); // about 5
      [0, 4, 14].forEach((x, i) => expect(second![i]).toBeCloseTo((x - 5) / sd, 4));
      const mean = (0.25 * 5 + 0.5 * 6) / 0.75;
      const variance = ((0.25 * 32) / 3 + 0.5 * [0, 4, 14].reduce((sum, x) => sum + (x - mean) ** 2 / 3, 0)) / 0.75;
      third!.forEach(x => expect(x).toBeCloseTo((2 - mean) / Math.sqrt(variance), 4));
      baseline.dispose!();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('never magnifies: the divisor is at least 1', async () => {
      const baseline = st.normalized({decay: 0});
      const [, second] = await advantages(baseline, [
        [0.1, 0.2, 0.3],
        [0.5, 0.2, 0.1],
      ]);
      [0.3, 0, -0.1].forEach((x, i) => expect(second![i]).toBeCloseTo(x, 5));
      baseline.dispose!();
    });

    it('points along the gradient, by a known scale shorter: unbiased but for that, and biased as it says', async () => {
      const n = sizeFor({cpu: 20_000, wasm: 100_000, webgl: 3000, webgpu: 3000});
      const estimator = st.scoreFunction({baseline: 'normalized'});
      expect(estimator.bias).toBe('biased');
      expect(st.scoreFunction({baseline: 'movingAverage'}).bias).toBe('unbiased');
      st.random.setSeed(6);
      const program =
        (used: st.Estimator) =>
        (p: Record<string, tf.Tensor>): tf.Tensor | tf.Tensor[] =>
          steep.costs(p, drawWith(used));
      await gradientMoments(steep.parameters, n, program(estimator)); // one step fills the averages
      // Frozen, so that all estimates have the same scale, which the next step then shows.
      st.random.setSeed(7);
      const moments = (await gradientMoments(steep.parameters, n, program(frozen(estimator))))['theta']!;
      const wanted = exactGradient(steep.parameters, steep.expectation)['theta']![0]!;
      const [mean, error] = [moments.mean[0]!, moments.standardError[0]!];
      expect(Math.abs(mean - wanted) / error).toBeGreaterThan(4.5);
      const tolerance = 4.5 * error * spread + (wanted * 4.5) / Math.sqrt(n); // the scale is estimated from n costs
      expect(Math.abs(mean * spread - wanted)).toBeLessThan(tolerance);
      estimator.dispose!();
    });

    it('keeps its averages where state is frozen', async () => {
      const baseline = st.normalized({decay: 0.5});
      await advantages(baseline, [[1, 5, 9]]);
      const frozenBaseline: st.Baseline = {
        ...baseline,
        advantage: (...args) => st.withFrozenState(() => baseline.advantage(...args)),
      };
      const [one] = await advantages(frozenBaseline, [[0, 4, 14]]);
      const [other] = await advantages(baseline, [[0, 4, 14]]);
      expect(one).toEqual(other);
      baseline.dispose!();
    });

    it('is made again from its name and config, and refuses what makes no sense', () => {
      const {config} = st.scoreFunction({baseline: {name: 'normalized', config: {decay: 0.5}}});
      expect(config).toEqual({baseline: {name: 'normalized', config: {decay: 0.5}}});
      expect(() => st.normalized({decay: 1})).toThrowError('normalized: decay must be a number in [0, 1), got 1');
      expect(() => st.normalized({decay: NaN})).toThrowError('normalized: decay must be a number in [0, 1), got NaN');
      expect(() => st.normalized({rate: 1} as object)).toThrowError(/^normalized: unknown option "rate"/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
