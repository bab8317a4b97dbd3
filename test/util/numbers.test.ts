import * as tf from '@tensorflow/tfjs-core';
import {StochasticError} from '../../src/util/errors.js';
import {floatTensor, hostNumbers, shapeOfNumbers} from '../../src/util/numbers.js';
import {describeBackends} from '../helpers/backends.js';

/** What a JavaScript caller may give in the place of numbers. */
const given = (x: unknown): tf.TensorLike => x as tf.TensorLike;

describe('reading numbers', () => {
  it('takes numbers, booleans, nested arrays, typed arrays of every kind and lists of them', () => {
    const cases: Array<[unknown, number[], number[]]> = [
      [2.5, [], [2.5]],
      [true, [], [1]],
      [[1, false], [2], [1, 0]],
      [
        [[1], [2]],
        [2, 1],
        [1, 2],
      ],
      [new Float64Array([1, 2]), [2], [1, 2]],
      [new Int8Array([-1]), [1], [-1]],
      [new Uint8ClampedArray([300]), [1], [255]],
      [
        [new Float64Array([1, 2]), new Int16Array([3, 4]), [5, 6]],
        [3, 2],
        [1, 2, 3, 4, 5, 6],
      ],
      [[[], []], [2, 0], []],
      [[], [0], []],
    ];
    for (const [value, shape, values] of cases) {
      const read = hostNumbers('f', 'x', given(value));
      expect(read.shape).toEqual(shape);
      expect(Array.from(read.values)).toEqual(values);
      expect(shapeOfNumbers('f', 'x', given(value))).toEqual(shape);
    }
  });

  it('drops nothing from a ragged array, at whatever depth it is ragged: it throws', () => {
    const ragged: unknown[] = [
      [[0], [1, 2]],
      [[1, 2], [0]],
      [1, [2]],
      [[1], 2],
      [
        [[1], [2]],
        [[3], [4, 5]],
      ],
      [[1], [[2]]],
      [new Float32Array(2), new Float32Array(3)],
      [[1, 2], []],
      [[], [1]],
    ];
    for (const value of ragged)
      expect(() => hostNumbers('f', 'x', given(value))).toThrowError(
        StochasticError,
        /^f: x must be a regular array of shape \[[\d,]+\], got /,
      );
  });

  it('refuses what holds no numbers, and says where it can which element', () => {
    expect(() => hostNumbers('f', 'x', given([1, 'b']))).toThrowError('f: x must hold numbers only, got "b"');
    expect(() => hostNumbers('f', 'x', given([1n]))).toThrowError('f: x must hold numbers only, got 1n');
    expect(() => hostNumbers('f', 'x', given([, 1]))).toThrowError('f: x must hold numbers only, got undefined');
    for (const bad of [
      null,
      undefined,
      'a',
      1n,
      Symbol('s'),
      {},
      () => 1,
      new DataView(new ArrayBuffer(4)),
      new BigInt64Array(1),
      new Map(),
      {length: 2},
    ]) {
      expect(() => shapeOfNumbers('f', 'x', given(bad))).toThrowError(
        StochasticError,
        /^f: x must be a number, an array or a tensor, got /,
      );
      expect(() => hostNumbers('f', 'x', given(bad))).toThrowError(
        StochasticError,
        /^f: x must be a number, an array or a tensor, got /,
      );
    }
  });

  it('ends at arrays that contain themselves, and at those that share parts into more elements than memory has', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => shapeOfNumbers('f', 'x', given(cyclic))).toThrowError(/^f: x must be an array of at most 16 axes/);
    const later: unknown[] = [1];
    later.push(later);
    expect(() => hostNumbers('f', 'x', given(later))).toThrowError(/^f: x must be a regular array of shape \[2\]/);
    let shared: unknown = new Array(1000).fill(1);
    for (let i = 0; i < 3; i++) shared = new Array(1000).fill(shared);
    expect(() => hostNumbers('f', 'x', given(shared))).toThrowError(
      /^f: a tensor must have less than \d+ bytes, got the shape \[1000,1000,1000,1000\]/,
    );
    expect(() => hostNumbers('f', 'x', given(new Array(2 ** 31)))).toThrowError(/^f: a tensor must have less than/);
  });
});

describeBackends(
  'reading tensors',
  () => {
    it('takes those of real numbers as they are, and casts the others', () => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const [x, n] = [tf.tensor1d([1, 2]), tf.tensor1d([1, 2], 'int32')];
        expect(floatTensor('f', 'x', x)).toBe(x);
        expect(floatTensor('f', 'x', n).dtype).toBe('float32');
        expect(floatTensor('f', 'x', [new Float64Array([1, 2])]).shape).toEqual([1, 2]);
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it('refuses strings, complex numbers, tensors that are disposed, and what only looks like a tensor', () => {
      tf.tidy(() => {
        expect(() => floatTensor('f', 'x', tf.tensor1d(['a']))).toThrowError(
          'f: x must hold real numbers, got a string tensor of shape [1]',
        );
        if (tf.getBackend() === 'cpu')
          expect(() => floatTensor('f', 'x', tf.complex([1], [2]))).toThrowError(
            'f: x must hold real numbers, got a complex64 tensor of shape [1]',
          );
        expect(() => floatTensor('f', 'x', given({dataId: {}, shape: [1], dtype: 'float32'}))).toThrowError(
          StochasticError,
          /^f: x must be a number, an array or a tensor/,
        );
        expect(() => floatTensor('f', 'x', given(new Proxy({}, {get: () => 1})))).toThrowError(
          StochasticError,
          /^f: x must be a number, an array or a tensor/,
        );
      });
      const gone = tf.zeros([2]);
      gone.dispose();
      expect(() => floatTensor('f', 'x', gone)).toThrowError(
        StochasticError,
        /^f: x must be alive, got a disposed float32 tensor of shape \[2\]; tensors made in a tf\.tidy end with it/,
      );
    });
  },
  {inBrief: []},
);
