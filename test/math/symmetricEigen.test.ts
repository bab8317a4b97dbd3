import {symmetricEigen} from '../../src/math/symmetricEigen.js';
import * as random from '../../src/random/index.js';
import {normalValues} from '../../src/random/noise.js';

/** A random symmetric matrix with the eigenvalues `values`: rotated by reflections at random vectors. */
function symmetric(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  let m: Float64Array = Float64Array.from({length: n * n}, (_, k) => (k % (n + 1) === 0 ? values[k / (n + 1)]! : 0));
  for (let r = 0; r < 3; r++) {
    const v = normalValues(n, random.foldIn(random.key(seed), r));
    const square = v.reduce((s, x) => s + x * x, 0);
    const h = (i: number, j: number): number => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / square;
    const product = (a: (i: number, k: number) => number, b: (k: number, j: number) => number): Float64Array =>
      Float64Array.from({length: n * n}, (_, at) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += a(Math.floor(at / n), k) * b(k, at % n);
        return sum;
      });
    const half = product(h, (k, j) => m[k * n + j]!);
    m = product((i, k) => half[i * n + k]!, h);
  }
  return m.map((x, k) => (x + m[(k % n) * n + Math.floor(k / n)]!) / 2);
}

describe('symmetricEigen', () => {
  const cases: Record<string, number[]> = {
    'distinct eigenvalues': [3, -1, 0.5, 7, 2],
    'equal eigenvalues': [2, 2, 2, 5],
    'eigenvalues over twelve orders of magnitude': [1e-6, 1e-3, 1, 1e3, 1e6],
    'one of them 0': [0, 1, 4],
    'a single one': [4],
    'forty of them': Array.from({length: 40}, (_, i) => (i + 1) ** 2),
    'all of them 0': [0, 0, 0],
    two: [3, -3],
    'many that are equal and a few that are not, of an odd number': [
      ...new Array<number>(60).fill(1),
      0.5,
      2,
      2,
      7,
      1 + 1e-9,
    ],
    'values that are small all together': [1e-200, 3e-200, 7e-200, 2e-201],
    'values that are large all together': [1e150, 3e150, 7e150],
  };
  for (const [what, values] of Object.entries(cases)) {
    it(`takes apart a matrix with ${what}`, () => {
      const n = values.length;
      const a = symmetric(values, 7);
      const found = symmetricEigen(a, n);
      const largest = Math.max(...values.map(Math.abs));
      const [sorted, expected] = [Array.from(found.values).sort((x, y) => x - y), [...values].sort((x, y) => x - y)];
      sorted.forEach((v, i) => expect(Math.abs(v - expected[i]!)).toBeLessThanOrEqual(1e-13 * n * largest));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let [back, inner] = [0, 0];
          for (let k = 0; k < n; k++) {
            back += found.vectors[i * n + k]! * found.values[k]! * found.vectors[j * n + k]!;
            inner += found.vectors[k * n + i]! * found.vectors[k * n + j]!;
          }
          expect(Math.abs(back - a[i * n + j]!)).toBeLessThanOrEqual(1e-13 * n * largest);
          expect(Math.abs(inner - (i === j ? 1 : 0))).toBeLessThan(1e-13 * n);
        }
      }
    });
  }

  it('gives the unit vectors of a diagonal', () => {
    const {values, vectors} = symmetricEigen([4, 0, 0, 0, 1, 0, 0, 0, 9], 3);
    expect([...values].sort((x, y) => x - y)).toEqual([1, 4, 9]);
    values.forEach((v, j) =>
      expect([4, 1, 9].indexOf(v)).toBe([0, 1, 2].findIndex(i => Math.abs(vectors[i * 3 + j]!) === 1)),
    );
  });

  it('gives NaN for what is not finite', () => {
    for (const wrong of [NaN, Infinity, -Infinity])
      expect([...symmetricEigen([1, 0, wrong, 1], 2).values, ...symmetricEigen([wrong], 1).values]).toEqual([
        NaN,
        NaN,
        NaN,
      ]);
  });

  it('reads the lower triangle only', () => {
    const a = Float64Array.from([2, NaN, 1, 3]);
    expect(Array.from(symmetricEigen(a, 2).values).reduce((x, y) => x + y)).toBeCloseTo(5, 12);
  });
});
