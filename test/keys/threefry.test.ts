import {fillWords, threefry2x32} from '../../src/keys/threefry.js';

const hex = (words: ArrayLike<number>) => Array.from(words, w => (w >>> 0).toString(16).padStart(8, '0')).join(' ');

describe('threefry2x32', () => {
  it('gives the known answers of Random123 (kat_vectors, threefry2x32, 20 rounds)', () => {
    expect(hex(threefry2x32([0, 0], [0, 0]))).toBe('6b200159 99ba4efe');
    expect(hex(threefry2x32([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff]))).toBe('1cb996fc bb002be7');
    expect(hex(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3]))).toBe('c4923a9c 483df7a0');
  });

  it('fills block by block, whatever the length', () => {
    const key = [7, 0xdeadbeef] as const;
    const words = new Uint32Array(11);
    fillWords(words, key, 3);
    for (let i = 0; i < 5; i++) expect([words[2 * i]!, words[2 * i + 1]!]).toEqual(threefry2x32(key, [i, 3]));
    expect(words[10]).toBe(threefry2x32(key, [5, 3])[0]);
    const tail = new Uint32Array(3);
    fillWords(tail, key, 3, 4);
    expect(Array.from(tail)).toEqual(Array.from(words.slice(8)));
    fillWords(new Uint32Array(0), key, 3);
  });

  it('counts past 2^31 and wraps at 2^32', () => {
    const words = new Uint32Array(4);
    fillWords(words, [1, 2], 0, 0xffffffff);
    expect(Array.from(words)).toEqual([...threefry2x32([1, 2], [0xffffffff, 0]), ...threefry2x32([1, 2], [0, 0])]);
    expect(threefry2x32([1, 2], [0x80000000, 0])).not.toEqual(threefry2x32([1, 2], [0, 0]));
  });
});
