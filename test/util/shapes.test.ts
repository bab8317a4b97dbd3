import {StochasticError} from '../../src/util/errors.js';
import {broadcastShapes, sameShape, sizeOf, toShape, tryBroadcast} from '../../src/util/shapes.js';

describe('sizeOf', () => {
  it('is the product of the dimensions', () => {
    expect(sizeOf([2, 3, 4])).toBe(24);
    expect(sizeOf([])).toBe(1);
    expect(sizeOf([3, 0])).toBe(0);
  });
});

describe('sameShape', () => {
  it('compares rank and dimensions', () => {
    expect(sameShape([2, 3], [2, 3])).toBeTrue();
    expect(sameShape([2, 3], [3, 2])).toBeFalse();
    expect(sameShape([2, 3], [2, 3, 1])).toBeFalse();
    expect(sameShape([], [])).toBeTrue();
  });
});

describe('tryBroadcast', () => {
  it('aligns to the right', () => {
    expect(tryBroadcast([[5, 1, 3], [4, 1], []])).toEqual([5, 4, 3]);
  });

  it('gives a scalar for no shapes', () => {
    expect(tryBroadcast([])).toEqual([]);
  });

  it('lets an empty dimension win over 1 only', () => {
    expect(tryBroadcast([[0], [1]])).toEqual([0]);
    expect(tryBroadcast([[0], [2]])).toBeNull();
  });

  it('is null for shapes that do not broadcast, in either order', () => {
    expect(tryBroadcast([[2], [3]])).toBeNull();
    expect(tryBroadcast([[3], [1], [2]])).toBeNull();
  });
});

describe('broadcastShapes', () => {
  it('gives what tryBroadcast gives', () => {
    expect(broadcastShapes('f', [[2, 1], [3]])).toEqual([2, 3]);
  });

  it('names the caller and every shape', () => {
    expect(() => broadcastShapes('Normal', [[2], [3, 4]])).toThrowError(
      StochasticError,
      'Normal: shapes must broadcast, got [2] and [3,4]',
    );
  });
});

describe('toShape', () => {
  it('reads nothing, a number and a list', () => {
    expect(toShape('f', undefined)).toEqual([]);
    expect(toShape('f', 3)).toEqual([3]);
    expect(toShape('f', [2, 0])).toEqual([2, 0]);
  });

  it('copies', () => {
    const shape = [2];
    expect(toShape('f', shape)).not.toBe(shape);
  });

  it('rejects what is no shape', () => {
    // A JavaScript caller can pass anything.
    for (const bad of [-1, 1.5, NaN, [2, -1], [2, '3'], '2', {}, null] as unknown as number[]) {
      expect(() => toShape('sample', bad)).toThrowError(
        StochasticError,
        /^sample: a shape must be a list of integers >= 0, got /,
      );
    }
  });
});
