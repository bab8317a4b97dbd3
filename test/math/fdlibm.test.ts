import {cosOfTurn, naturalLog, sinOfTurn} from '../../src/math/fdlibm.js';

const ULP = 2 ** -52;

describe('elementary functions', () => {
  it('take logarithms to the last bit but one, over all normal numbers', () => {
    for (const x of [
      2 ** -1022,
      1e-300,
      1e-10,
      0.5,
      Math.SQRT1_2,
      0.7071067811865475,
      1 - ULP,
      1,
      1 + ULP,
      Math.SQRT2,
      3,
      1e10,
      Number.MAX_VALUE,
    ]) {
      expect(Math.abs(naturalLog(x) - Math.log(x)))
        .withContext(`ln ${x}`)
        .toBeLessThanOrEqual(2 * ULP * Math.abs(Math.log(x)));
    }
    for (let i = 1; i < 20_000; i++) {
      const x = ((i * 0x9e3779b1) >>> 0) * 2 ** -32 * 2 ** ((i % 80) - 40);
      expect(Math.abs(naturalLog(x) - Math.log(x)) <= 2 * ULP * Math.abs(Math.log(x)))
        .withContext(`ln ${x}`)
        .toBeTrue();
    }
    expect(Object.is(naturalLog(1), 0)).toBeTrue();
  });

  it('take sine and cosine of fractions of a turn, exact at its quarters', () => {
    const at = (word: number) => [cosOfTurn(word >>> 0), sinOfTurn(word >>> 0)];
    expect(at(0)).toEqual([1, 0]);
    expect(at(2 ** 30).map(x => x + 0)).toEqual([0, 1]);
    expect(at(2 ** 31).map(x => x + 0)).toEqual([-1, 0]);
    expect(at(3 * 2 ** 30).map(x => x + 0)).toEqual([0, -1]);
    for (let i = 0; i < 20_000; i++) {
      const word = i < 64 ? (i * 2 ** 27 - (i & 1)) >>> 0 : (i * 0x9e3779b1) >>> 0; // eighths of a turn and beside
      const angle = 2 * Math.PI * 2 ** -32 * word;
      const [cos, sin] = at(word);
      expect(Math.abs(cos! - Math.cos(angle)) < 1e-15 && Math.abs(sin! - Math.sin(angle)) < 1e-15)
        .withContext(`word ${word}: ${cos}, ${sin}`)
        .toBeTrue();
    }
  });
});
