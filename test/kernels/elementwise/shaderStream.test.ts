import * as tf from '@tensorflow/tfjs-core';
import type {SamplerKernel} from '../../../src/kernels/elementwise/definition.js';
import {shaderStream} from '../../../src/kernels/elementwise/shaderStream.js';
import {drawByKernel} from '../../../src/kernels/elementwise/drawByKernel.js';
import {HostStream} from '../../../src/keys/elementStream.js';
import {ELEMENT, key, type Key} from '../../../src/keys/key.js';
import {threefry2x32} from '../../../src/keys/threefry.js';
import {backendNames, describeBackends} from '../../helpers/backends.js';

/** Half a word: word `index` of the element, its upper 16 bits or its lower. Halves are exact in float32. */
const halves: SamplerKernel = {
  kernelName: 'StTestHalves',
  inputs: ['index', 'lower'],
  draw: (stream, index, lower) => {
    let word = stream.next();
    for (let i = 0; i < index; i++) word = stream.next();
    return lower === 1 ? word & 0xffff : word >>> 16;
  },
  shader: {
    name: 'testHalves',
    uses: [shaderStream],
    source: () => `
fn testHalves(index: f32, lower: f32) -> f32 {
  var word: u32 = streamNext();
  for (var i: i32 = 0; i < i32(index); i = i + 1) { word = streamNext(); }
  if (lower == 1.0) { return f32(word & 65535u); }
  return f32(word >> 16u);
}`,
  },
};

/** Word `n` of element `i` by the definition. */
const wordOf = (k: Key, i: number, n: number): number =>
  threefry2x32(k.words, [i, (ELEMENT + Math.floor(n / 2)) >>> 0])[n % 2]!;

describe('HostStream', () => {
  it('has the words of the definition, however far and in whatever order elements are visited', () => {
    const k = key(-12345678901);
    const stream = new HostStream(k.words);
    for (const i of [0, 7, 3, 0xfffffff, 2 ** 32 - 1]) {
      stream.restart(i);
      for (let n = 0; n < 9; n++) expect(stream.next()).toBe(wordOf(k, i, n));
    }
  });
});

describeBackends(
  'the stream of each element',
  () => {
    it('has the same words here as on hosts', async () => {
      for (const k of [key(5), {words: [0xffffffff, 0x80000001]} as Key]) {
        const index = [[0], [1], [2], [5], [11]];
        for (const lower of [0, 1]) {
          const t = drawByKernel(halves, {index: tf.tensor(index), lower: tf.scalar(lower)}, [5, 100], k);
          const expected = Array.from({length: 500}, (_, i) => {
            const word = wordOf(k, i, index[Math.floor(i / 100)]![0]!);
            return lower === 1 ? word & 0xffff : word >>> 16;
          });
          expect(t.shape).toEqual([5, 100]);
          expect(Array.from(await t.data())).toEqual(expected);
        }
      }
    });

    it('takes scalars, empty shapes, and shapes that are no rectangle of a texture', async () => {
      const k = key(11);
      const [index, lower] = [tf.scalar(0), tf.scalar(0)];
      const of = async (shape: number[]) => Array.from(await drawByKernel(halves, {index, lower}, shape, k).data());
      expect(await of([])).toEqual([wordOf(k, 0, 0) >>> 16]);
      expect(await of([0, 3])).toEqual([]);
      const primes = await of([3, 5701]);
      expect(primes).toEqual(Array.from({length: 3 * 5701}, (_, i) => wordOf(k, i, 0) >>> 16));
      expect(await of([1, 1, 2, 1, 1, 3])).toEqual(primes.slice(0, 6));
      const before = tf.memory().numTensors;
      drawByKernel(halves, {index, lower}, [2, 3], k).dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: backendNames},
);
