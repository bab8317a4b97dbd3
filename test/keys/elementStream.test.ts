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
});
