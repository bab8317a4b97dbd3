import {igamma, igammac} from '../../../src/functions/incompleteGamma/scalar.js';

/** P(n, x) = 1 − e^−x Σ xᵏ/k!, k < n. */
function ofWhole(n: number, x: number): number {
  let [term, sum] = [Math.exp(-x), 0];
  for (let k = 0; k < n; term *= x / ++k) sum += term;
  return 1 - sum;
}

describe('the incomplete gamma function in double precision', () => {
  it('has its digits as the larger tail, up to where its terms are too many and from there on', () => {
    for (const a of [1, 2, 7, 19, 20, 21])
      for (const x of [a + 0.5, a + 0.75, 2 * a, 39.99, 40, 40.01, 60])
        if (x > a)
          expect(Math.abs(igamma(a, x) - ofWhole(a, x)))
            .withContext(`${a} ${x}`)
            .toBeLessThan(1e-13);
  });

  it('and its complement add up to 1, which neither is above', () => {
    for (const a of [1e-30, 0.01, 0.4, 0.6, 3.3, 19.99, 20.01])
      for (const x of [1e-30, 0.3, 0.9, 1.2, 5, 19, 30, 39.9, 40.1, 300]) {
        const [p, q] = [igamma(a, x), igammac(a, x)];
        expect(Math.abs(p + q - 1))
          .withContext(`${a} ${x}`)
          .toBeLessThan(1e-13);
        expect(p).toBeLessThanOrEqual(1);
      }
  });
});
