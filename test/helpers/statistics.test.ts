import {chiSquarePValue, correlation, countsOf, ksPValue, normalCdf, upperGamma} from './statistics.js';

describe('statistics', () => {
  const grid = Array.from({length: 1000}, (_, i) => (i + 0.5) / 1000);

  it('knows the normal cdf and the chi-square tail', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 12);
    expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 12);
    expect(normalCdf(-6) / 9.865876450376981e-10).toBeCloseTo(1, 10);
    expect(upperGamma(0.5, 3.841458820694124 / 2)).toBeCloseTo(0.05, 12);
    expect(upperGamma(5, 18.307038053275146 / 2)).toBeCloseTo(0.05, 12);
  });

  it('tells samples of a distribution from those of another', () => {
    expect(ksPValue(grid, x => x)).toBeGreaterThan(0.99);
    expect(ksPValue(grid, x => x ** 1.2)).toBeLessThan(1e-3);
    expect(ksPValue([NaN], x => x)).toBe(0);
    expect(chiSquarePValue([500, 500], [0.5, 0.5])).toBe(1);
    expect(chiSquarePValue([560, 440], [0.5, 0.5])).toBeLessThan(1e-3);
    expect(chiSquarePValue([5, 5, 1], [0.5, 0.5, 0])).toBe(0);
  });

  it('counts and correlates', () => {
    expect(countsOf([0, 2, 2], 3)).toEqual([1, 0, 2]);
    expect(() => countsOf([0.5], 3)).toThrow();
    expect(
      correlation(
        grid,
        grid.map(x => -2 * x),
      ),
    ).toBeCloseTo(-1, 12);
  });
});
