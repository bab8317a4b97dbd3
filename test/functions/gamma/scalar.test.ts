import {digamma, lbeta, polygamma, polygammaDifference} from '../../../src/functions/gamma/scalar.js';

/** The relative error of what was found. */
const off = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

describe('the gamma family in double precision', () => {
  it('gives differences of polygamma functions up and down, also to small arguments', () => {
    for (const [x, y] of [
      [0.125, 12],
      [2 ** -10, 30],
      [0.5, 4],
      [11, 40],
    ] as const) {
      for (const n of [0, 1, 2, 5]) {
        const wanted = n === 0 ? digamma(y) - digamma(x) : polygamma(n, y) - polygamma(n, x);
        const at = `${n} ${x} ${y}`;
        expect(off(polygammaDifference(n, x, y - x), wanted))
          .withContext(at)
          .toBeLessThan(1e-12);
        expect(off(polygammaDifference(n, y, x - y), -wanted))
          .withContext(at)
          .toBeLessThan(1e-12);
        expect(polygammaDifference(n, x, 0)).toBe(0);
      }
    }
  });

  it('gives small differences all their digits', () => {
    for (const n of [0, 1, 3])
      for (const x of [0.3, 7, 1e6]) {
        const d = x * 1e-9;
        const wanted = d * polygamma(n + 1, x + d / 2);
        expect(off(polygammaDifference(n, x, d), wanted))
          .withContext(`${n} ${x}`)
          .toBeLessThan(1e-12);
      }
  });

  it('gives ln B over the range of float32, by either of its ways', () => {
    expect(lbeta(1, 1)).toBe(0);
    expect(lbeta(3, 1)).toBe(-Math.log(3));
    for (const b of [1e19, 9.99e19, 1.01e20, 3e38]) {
      expect(off(lbeta(1e-45, b), -Math.log(1e-45))).toBeLessThan(1e-12);
      // Γ(2.5) b^−2.5, as far out
      const wanted = Math.log(0.75 * Math.sqrt(Math.PI)) - 2.5 * Math.log(b);
      expect(off(lbeta(b, 2.5), wanted))
        .withContext(`${b}`)
        .toBeLessThan(1e-12);
    }
    for (const [a, b] of [
      [0.2, 0.7],
      [2.5, 8],
      [9.5, 10.5],
    ] as const)
      expect(off(Math.exp(lbeta(a + 1, b) - lbeta(a, b)), a / (a + b))).toBeLessThan(1e-12);
  });
});
