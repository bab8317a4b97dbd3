import {makeHostSimd} from '../../src/simd/hostCode.js';
import {useHostSimd} from '../../src/simd/current.js';
import {HostStream} from '../../src/keys/elementStream.js';
import {ELEMENT, key} from '../../src/keys/key.js';
import {fillWords} from '../../src/keys/threefry.js';

describe('the words of one element', () => {
  const take = (stream: HostStream, n: number) => Array.from({length: n}, () => stream.next());

  it('are threefry of the key at (element, block), two a block', () => {
    const {words} = key(3);
    const stream = new HostStream(words);
    stream.restart(5);
    const expected = [0, 1].flatMap(block => {
      const pair = new Uint32Array(2);
      fillWords(pair, words, (ELEMENT | 0) + block, 5);
      return Array.from(pair);
    });
    expect(take(stream, 4)).toEqual(expected);
  });

  it('begin anew at each restart, and depend on the element', () => {
    const stream = new HostStream(key(3).words);
    stream.restart(1);
    const first = take(stream, 3);
    stream.restart(2);
    expect(take(stream, 3)).not.toEqual(first);
    stream.restart(1);
    expect(take(stream, 3)).toEqual(first);
  });

  it('are the same made for many elements at once, however many each takes', () => {
    const {words} = key(8);
    try {
      for (const n of [1, 255, 256, 257, 300, 1500]) {
        const all = [null, makeHostSimd].map(maker => {
          useHostSimd(maker);
          const stream = new HostStream(words, n);
          // few words, then many, then few: blocks that are made for all come and go
          return Array.from({length: n}, (_, i) => {
            stream.restart(i);
            return take(stream, i < 300 ? 1 + (i % 3) : i < 900 ? 40 : i % 50 === 0 ? 6 : 1);
          });
        });
        expect(all[1]).withContext(`${n} elements`).toEqual(all[0]);
      }
    } finally {
      useHostSimd(makeHostSimd);
    }
  });
});
