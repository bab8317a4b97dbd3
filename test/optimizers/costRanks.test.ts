import {ascending, centeredRanks} from '../../src/optimizers/costRanks.js';

describe('ranks of costs', () => {
  it('order from the least on, equal ones as they came', () => {
    expect(ascending([3, 1, 2, 1])).toEqual([1, 3, 2, 0]);
    expect(ascending([])).toEqual([]);
  });

  it('spread evenly over [−1/2, 1/2], and equal costs share theirs', () => {
    expect(centeredRanks([10, -5, 3])).toEqual([0.5, -0.5, 0]);
    expect(centeredRanks([1, 1, 4])).toEqual([-0.25, -0.25, 0.5]);
    expect(centeredRanks([2, 2])).toEqual([0, 0]);
    expect(centeredRanks([5, 1, 1, 7, 1]).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
  });
});
