import {total} from '../../src/math/total.js';

describe('total', () => {
  it('adds every number once, in double precision, whatever the count', () => {
    for (const n of [0, 1, 7, 8, 15, 16, 17, 4095, 4096, 4097, 10_001]) {
      const values = Float32Array.from({length: n}, (_, i) => i + 1);
      expect(total(values))
        .withContext(String(n))
        .toBe((n * (n + 1)) / 2);
    }
    expect(total(new Float32Array(100_000).fill(0.1))).toBeCloseTo(100_000 * Math.fround(0.1), 6);
  });

  it('adds a part of them, and tells NaN and infinities', () => {
    const values = Float32Array.from([1, 2, 4, 8, 16]);
    expect(total(values, 1)).toBe(30);
    expect(total(values, 1, 2)).toBe(6);
    expect(total(values, 5)).toBe(0);
    expect(total(Float32Array.from([1, NaN]))).toBeNaN();
    expect(total(Float32Array.from([1, -Infinity]))).toBe(-Infinity);
    expect(total(new Float32Array(5000).fill(3e38))).toBe(5000 * Math.fround(3e38)); // beyond float32
  });
});
