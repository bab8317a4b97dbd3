import {threefry2x32} from '../../src/keys/threefry.js';
import {simdIn} from '../../src/simd/code.js';

/** Bytes behind which nothing may be written. */
const AT = 1024;

/** The first words of a key, by the code working in `memory`. */
function wordsIn(memory: WebAssembly.Memory): number[] {
  const all = new Uint8Array(memory.buffer);
  all.fill(7);
  simdIn(memory)!.words(AT, 4, 5, 6, 0, 0);
  expect(all.subarray(0, AT).every(byte => byte === 7)).toBeTrue();
  expect(all.subarray(AT + 32).every(byte => byte === 7)).toBeTrue();
  return Array.from(new Uint32Array(memory.buffer, AT, 8));
}

describe('simdIn', () => {
  const wanted = [0, 1, 2, 3].flatMap(block => threefry2x32([5, 6], [block, 0]));

  it('works in memory that it is given, and writes nowhere else', () => {
    expect(wordsIn(new WebAssembly.Memory({initial: 1}))).toEqual(wanted);
    expect(wordsIn(new WebAssembly.Memory({initial: 2, maximum: 8}))).toEqual(wanted);
  });

  it('works in memory that threads share', () => {
    expect(wordsIn(new WebAssembly.Memory({initial: 1, maximum: 4, shared: true}))).toEqual(wanted);
  });

  it('sees memory that has grown', () => {
    const memory = new WebAssembly.Memory({initial: 1});
    const code = simdIn(memory)!;
    memory.grow(1);
    code.words(65536, 4, 5, 6, 0, 0);
    expect(Array.from(new Uint32Array(memory.buffer, 65536, 8))).toEqual(wanted);
  });
});
