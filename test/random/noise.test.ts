import {key} from '../../src/keys/key.js';
import {exponentialOf, gumbelOf, normalValues, uniformOf, wordsOf} from '../../src/random/noise.js';

describe('noise of words', () => {
  it('is finite at both ends of a word', () => {
    for (const word of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
      expect(uniformOf(word)).toBeGreaterThanOrEqual(0);
      expect(uniformOf(word)).toBeLessThan(1);
      expect(exponentialOf(word)).toBeGreaterThan(0);
      expect(exponentialOf(word)).toBeLessThan(Infinity);
      expect(Number.isFinite(gumbelOf(word))).toBeTrue();
    }
  });

  it('is the quantile of the word: falling for the exponential and rising for the Gumbel', () => {
    const u = (word: number) => (word + 0.5) / 2 ** 32;
    for (const word of [5, 2 ** 20, 2 ** 31, 4e9]) {
      expect(exponentialOf(word)).toBeCloseTo(-Math.log(u(word)), 12);
      expect(gumbelOf(word)).toBeCloseTo(-Math.log(-Math.log(u(word))), 12);
    }
  });

  it('a shorter draw begins a longer one, words and normal pairs alike', () => {
    expect(Array.from(wordsOf(key(1), 9)).slice(0, 4)).toEqual(Array.from(wordsOf(key(1), 4)));
    expect(Array.from(normalValues(9, key(1))).slice(0, 4)).toEqual(Array.from(normalValues(4, key(1))));
    expect(normalValues(0, key(1)).length).toBe(0);
  });
});
