import * as tf from '@tensorflow/tfjs-core';
import * as random from '../../src/random/index.js';
import {nextKey} from '../../src/random/stream.js';

describe('the default stream', () => {
  it('gives a new key each time, and the same ones again from the same seed', () => {
    const words = () => [nextKey(), nextKey(), nextKey()].map(key => key.words.join());
    random.setSeed(7);
    const first = words();
    expect(new Set(first).size).toBe(3);
    random.setSeed(8);
    expect(words()).not.toEqual(first);
    random.setSeed(7);
    expect(words()).toEqual(first);
  });

  it('is what a call without a key draws from', async () => {
    await tf.setBackend('cpu');
    random.setSeed(7);
    const key = nextKey();
    random.setSeed(7);
    const [without, given] = [random.normal([3]), random.normal([3], {key})];
    expect(Array.from(without.dataSync())).toEqual(Array.from(given.dataSync()));
    tf.dispose([without, given]);
  });
});
