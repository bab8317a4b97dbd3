import * as tf from '@tensorflow/tfjs-core';
import {
  isIntegerList,
  isListOf,
  isNumericArray,
  isPromise,
  isTensor,
  isVariable,
  ofType,
} from '../../src/util/tensors.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'values at run time',
  () => {
    it('tensors and variables are known, and nothing that only looks like one', () => {
      const [x, v] = [tf.zeros([2]), tf.variable(tf.zeros([2]))];
      expect([x, v].map(isTensor)).toEqual([true, true]);
      expect([x, v].map(isVariable)).toEqual([false, true]);
      const others = [
        null,
        undefined,
        3,
        [1],
        {dataId: {}, shape: [2], dtype: 'float32'},
        Object.create(tf.Tensor.prototype),
      ];
      expect(others.filter(isTensor)).toEqual([]);
      tf.dispose([x, v]);
    });

    it('ofType is the tensor itself where it has the dtype', async () => {
      const x = tf.tensor1d([0, 2]);
      expect(ofType(x, 'float32')).toBe(x);
      const whole = ofType(x, 'int32');
      expect(whole.dtype).toBe('int32');
      expect(Array.from(await whole.data())).toEqual([0, 2]);
      tf.dispose([x, whole]);
    });
  },
  {only: ['cpu'], inBrief: []},
);

describe('lists', () => {
  it('of numbers are typed arrays of any kind but BigInt', () => {
    expect([new Float32Array(1), new Float64Array(1), new Uint8ClampedArray(1)].map(isNumericArray)).toEqual([
      true,
      true,
      true,
    ]);
    expect([new BigInt64Array(1), new DataView(new ArrayBuffer(8)), [1], 'x', null].filter(isNumericArray)).toEqual([]);
  });

  it('of integers have no hole, and are not longer than any shape', () => {
    expect(isIntegerList([0, 3], 0)).toBeTrue();
    expect(isIntegerList(new Int32Array([1]), 1)).toBeTrue();
    expect(isIntegerList([], 0)).toBeTrue();

    for (const bad of [[-1], [0.5], [NaN], ['1'], [1, , 2], new Array<number>(2000).fill(1), 3, null])
      expect(isIntegerList(bad, 0)).withContext(String(bad)).toBeFalse();
    const isNumber = (x: unknown): x is number => typeof x === 'number';
    expect(isListOf([1, 2], isNumber)).toBeTrue();
    expect(isListOf([1, '2'], isNumber)).toBeFalse();
    expect(isListOf(new Array<number>(3), isNumber)).toBeFalse();
    expect(isListOf(7, isNumber)).toBeFalse();
  });

  it('promises are what has a then', () => {
    expect(isPromise(Promise.resolve())).toBeTrue();
    expect(isPromise({then: () => undefined})).toBeTrue();
    expect([null, undefined, {}, {then: 3}, 'then'].filter(isPromise)).toEqual([]);
  });
});
