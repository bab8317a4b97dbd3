import * as tf from '@tensorflow/tfjs-core';
import {initializers} from '@tensorflow/tfjs-layers';
import * as random from '../../src/random/index.js';
import {backendNames, describeBackends} from './backends.js';
import {read} from './near.js';

describeBackends(
  'random numbers without a seed',
  () => {
    const all = async (): Promise<number[]> => [
      Math.random(),
      ...(await read(random.uniform(2))),
      ...(await read(tf.randomNormal([2]))),
      ...(await read(initializers.glorotUniform({}).apply([2, 1]))),
    ];
    let suite: number[] = [];
    let first: number[] = [];
    beforeAll(() => {
      suite = [Math.random(), Math.random()];
    });

    it('differ within a spec', async () => {
      first = await all();
      expect(new Set(first).size).toBe(first.length);
      expect(await all()).not.toEqual(first);
    });

    it('are the same in each spec and suite', async () => {
      expect(await all()).toEqual(first);
      expect(suite[0]).toBe(first[0]);
    });
  },
  {inBrief: backendNames},
);
