import * as tf from '@tensorflow/tfjs-core';
import {key} from '../../../src/keys/key.js';
import {drawElements, drawIntegers, hostDraws} from '../../../src/random/elements/drawElements.js';
import {elementParam, hostParam} from '../../../src/random/elements/elementParam.js';
import {poissonSampler} from '../../../src/random/elements/poisson.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'draws of single numbers',
  () => {
    it('are the same from numbers and from tensors, and leave one tensor', async () => {
      const rates = [0.5, 3, 40];
      const before = tf.memory().numTensors;
      const rate = tf.tensor1d(rates);
      const fromNumbers = drawElements(poissonSampler, [elementParam(rates)], [4, 3], key(2));
      const fromTensor = drawElements(poissonSampler, [rate], [4, 3], key(2));
      expect(fromNumbers.shape).toEqual([4, 3]);
      expect(Array.from(await fromTensor.data())).toEqual(Array.from(await fromNumbers.data()));
      const whole = drawIntegers('A', poissonSampler, [rate], [4, 3], key(2));
      expect(whole.dtype).toBe('int32');
      expect(Array.from(await whole.data())).toEqual(Array.from(await fromNumbers.data()));
      tf.dispose([rate, fromNumbers, fromTensor, whole]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('of integers refuse what does not fit', () => {
      expect(() => drawIntegers('A', poissonSampler, [hostParam(1e12)], [1], key(2))).toThrowError(
        /^A: a draw does not fit dtype "int32"; use "float32", got \d+/,
      );
      expect(hostDraws(poissonSampler, [hostParam(0)], [2], key(2))).toEqual(new Float32Array(2));
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
