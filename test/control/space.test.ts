/** What observations and actions may be. */
import * as ctl from 'tfjs-stochastic/control';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'a space',
  () => {
    const key = st.random.key(1);

    it('draws vectors uniform within its bounds', async () => {
      const draws = new ctl.BoxSpace([-1, 10], [1, 14]).sample(4000, {key});
      expect(draws.shape).toEqual([4000, 2]);
      const values = await draws.data();
      draws.dispose();
      for (const [j, [low, high]] of [
        [-1, 1],
        [10, 14],
      ].entries()) {
        const own = Array.from(values).filter((_, k) => k % 2 === j);
        expect(Math.min(...own)).toBeGreaterThanOrEqual(low!);
        expect(Math.max(...own)).toBeLessThanOrEqual(high!);
        const mean = own.reduce((a, b) => a + b) / own.length;
        const error = (high! - low!) / Math.sqrt(12 * own.length);
        expect(Math.abs(mean - (low! + high!) / 2)).toBeLessThan(4.5 * error);
      }
    });

    it('draws each of n things as often as the others', async () => {
      const draws = new ctl.DiscreteSpace(3).sample(3000, {key});
      expect([draws.dtype, draws.shape]).toEqual(['int32', [3000]]);
      const values = Array.from(await draws.data());
      draws.dispose();
      for (const k of [0, 1, 2]) {
        const count = values.filter(x => x === k).length;
        expect(Math.abs(count - 1000)).toBeLessThan(4.5 * Math.sqrt((3000 * 2) / 9));
      }
    });

    it('refuses bounds that are none, and draws without an end', () => {
      expect(() => new ctl.BoxSpace([0], [-1])).toThrowError(
        'ctl.BoxSpace: high must be >= low, which is 0 at [0], got -1',
      );
      expect(() => new ctl.BoxSpace([0, 1], [1])).toThrowError(/^ctl\.BoxSpace: high must be 2 numbers, got \[1\]/);
      expect(() => new ctl.BoxSpace([], [])).toThrowError(/low must be a list of one number or more/);
      expect(() => new ctl.BoxSpace([NaN], [1])).toThrowError(/low must be/);
      expect(() => new ctl.DiscreteSpace(0)).toThrowError('ctl.DiscreteSpace: n must be an integer >= 1, got 0');
      expect(() => new ctl.BoxSpace([0], [Infinity]).sample(1)).toThrowError(/sample: the bounds must be finite/);
      expect(() => new ctl.DiscreteSpace(2).sample(0)).toThrowError(/count must be an integer >= 1, got 0/);
      expect(() => new ctl.DiscreteSpace(2).sample(1, {kee: key} as object)).toThrowError(/did you mean "key"/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
