import * as tf from '@tensorflow/tfjs-core';
import {check, describe as describeValue, fail, failUnknown, StochasticError} from '../../src/util/errors.js';
import {describeBackends} from '../helpers/backends.js';

describe('errors', () => {
  it('reads as who: rule, got what', () => {
    expect(() => fail('Normal', 'scale must be > 0', -1)).toThrowError(
      StochasticError,
      'Normal: scale must be > 0, got -1',
    );
  });

  it('leaves out the value where none is given, but not an undefined one', () => {
    expect(() => fail('Normal', 'loc is missing')).toThrowError('Normal: loc is missing');
    expect(() => fail('Normal', 'loc must be a number', undefined)).toThrowError(
      'Normal: loc must be a number, got undefined',
    );
  });

  it('is an Error whose name tells it apart', () => {
    const error = new StochasticError('x');
    expect(error instanceof Error).toBeTrue();
    expect(error.name).toBe('StochasticError');
  });

  it('check throws only when the condition does not hold', () => {
    expect(() => check(true, 'f', 'rule', 1)).not.toThrow();
    expect(() => check(false, 'f', 'rule', 1)).toThrowError(StochasticError, 'f: rule, got 1');
  });
});

describe('describe', () => {
  const cases: Array<[unknown, string]> = [
    [null, 'null'],
    [NaN, 'NaN'],
    [false, 'false'],
    ['a "b"', '"a \\"b\\""'],
    [Math.sin, 'function sin'],
    [() => 0, 'a function'],
    [new Float32Array(2), 'a Float32Array'],
    [[1, 'a', [2]], '[1, "a", [2]]'],
    [[], '[]'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '[1, 2, 3, 4, 5, 6, … 2 more]'],
    [{loc: 0, scale: 1}, 'an object with keys loc, scale'],
    [{}, 'an object with keys none'],
    [Object.create(null), 'an object with keys none'],
    [new Map(), 'a Map'],
    [12n, '12n'],
    [Symbol('s'), 'Symbol(s)'],
    [Promise.resolve(), 'a Promise'],
    [[[[[1]]]], '[[[[…]]]]'],
    [[, 1], '[undefined, 1]'],
    ['x'.repeat(1000), `"${'x'.repeat(80)}…"`],
    [new Array(2 ** 31), '[undefined, undefined, undefined, undefined, undefined, undefined, … 2147483642 more]'],
    [{constructor: 3}, 'an object with keys constructor'],
  ];
  for (const [value, text] of cases) {
    it(`says ${text}`, () => expect(describeValue(value)).toBe(text));
  }
});

describe('describe of what nobody can read', () => {
  it('does not throw', () => {
    const thrower = {
      get constructor(): never {
        throw new Error('mine');
      },
    };
    const proxy = new Proxy(
      {},
      {
        get: () => {
          throw new Error('mine');
        },
        has: () => {
          throw new Error('mine');
        },
      },
    );
    const {proxy: revoked, revoke} = Proxy.revocable([], {});
    revoke();
    for (const bad of [thrower, proxy, revoked, [proxy], {dataId: 1, shape: 1, dtype: 1}])
      expect(typeof describeValue(bad)).toBe('string');
  });

  it('stays short, however large or cyclic the value', () => {
    const cyclic: unknown[] = [];
    for (let i = 0; i < 9; i++) cyclic.push(cyclic);
    const wide = Object.fromEntries(Array.from({length: 1000}, (_, i) => [`key${i}`, i]));
    for (const bad of [cyclic, wide, 10n ** 10_000n, Symbol('x'.repeat(10_000))])
      expect(describeValue(bad).length).toBeLessThan(302);
  });
});

describeBackends('describe', () => {
  it('gives the dtype and the shape of a tensor', () => {
    const x = tf.zeros([2, 3], 'int32');
    expect(describeValue(x)).toBe('an int32 tensor of shape [2,3]');
    x.dispose();
  });
});

describe('failUnknown', () => {
  const known = ['pathwise', 'scoreFunction', 'lax', 'relax'];

  it('names what is near, nearest first', () => {
    expect(() => failUnknown('get', 'family', 'normel', ['gamma', 'norm', 'normal'])).toThrowError(
      StochasticError,
      'get: unknown family "normel"; did you mean "normal" or "norm"?',
    );
  });

  it('does not mind upper and lower case', () => {
    expect(() => failUnknown('get', 'estimator', 'PATHWISE', known)).toThrowError(/did you mean "pathwise"\?$/);
  });

  it('lists every name where none is near', () => {
    expect(() => failUnknown('get', 'estimator', 'somethingElse', new Set(known))).toThrowError(
      'get: unknown estimator "somethingElse"; known: pathwise, scoreFunction, lax, relax',
    );
  });

  it('takes a value that is no string', () => {
    expect(() => failUnknown('get', 'estimator', 3, known)).toThrowError(/^get: unknown estimator 3; known: /);
  });
});
