import {StochasticError} from '../../src/util/errors.js';
import {
  checkBoolean,
  checkCount,
  checkFunction,
  checkInteger,
  checkKeys,
  checkObject,
  checkOneOf,
  checkSizes,
  checkText,
} from '../../src/util/options.js';

describe('checkKeys', () => {
  it('accepts any part of the known keys', () => {
    expect(() => checkKeys('Normal', {}, ['loc', 'scale'])).not.toThrow();
    expect(() => checkKeys('Normal', {scale: 1}, ['loc', 'scale'])).not.toThrow();
  });

  it('rejects a misspelt key and names the right one', () => {
    expect(() => checkKeys('Normal', {loc: 0, scal: 1}, ['loc', 'scale'])).toThrowError(
      StochasticError,
      'Normal: unknown option "scal"; did you mean "scale"?',
    );
  });

  it('sees inherited keys, and is not misled by names that every object has', () => {
    expect(() => checkKeys('Normal', Object.create({scal: 1}) as object, ['scale'])).toThrowError(
      /unknown option "scal"/,
    );
    expect(() => checkKeys('Normal', {toString: 1}, ['scale'])).toThrowError(/unknown option "toString"/);
    expect(() => checkKeys('Normal', Object.create(null) as object, ['scale'])).not.toThrow();
  });

  it('rejects what is no object', () => {
    // A JavaScript caller can pass anything.
    for (const bad of [
      null,
      undefined,
      3,
      'x',
      [1],
      new Map(),
      Promise.resolve(),
      new Float32Array(2),
      () => 0,
    ] as unknown as object[]) {
      expect(() => checkKeys('Normal', bad, ['loc'])).toThrowError(/^Normal: the config must be an object, got /);
    }
  });
});

describe('each reader of options', () => {
  /** What a JavaScript caller may give, by how it is shown. */
  const values: ReadonlyArray<readonly [shown: string, value: unknown]> = [
    ['undefined', undefined],
    ['null', null],
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-1', -1],
    ['0', 0],
    ['2', 2],
    ['2.5', 2.5],
    ['9007199254740992', 2 ** 53],
    ['"2"', '2'],
    ['"tanh"', 'tanh'],
    ['""', ''],
    ['true', true],
    ['2n', 2n],
    ['[]', []],
    ['[2]', [2]],
    ['[0]', [0]],
    ['["2"]', ['2']],
    ['an Int32Array', new Int32Array([2])],
    ['an object with keys none', {}],
    ['a Map', new Map()],
    ['function f', {f: () => 0}.f], // named by a key, since bundlers rename functions
  ];
  const readers: ReadonlyArray<readonly [rule: string, read: (value: unknown) => void, accepted: readonly string[]]> = [
    ['must be an integer >= 0', value => checkCount('A', 'b', value, 0), ['0', '2']],
    ['must be an integer >= 2, or null', value => checkCount('A', 'b', value, 2, 'null'), ['2']],
    ['must be an integer from -1 to 1', value => checkInteger('A', 'b', value, {least: -1, most: 1}), ['-1', '0']],
    ['must be a safe integer', value => checkInteger('A', 'b', value), ['-1', '0', '2']],
    ['must be a list of integers >= 1', value => checkSizes('A', 'b', value), ['[]', '[2]', 'an Int32Array']],
    ['must be true or false', value => checkBoolean('A', 'b', value), ['true']],
    ['must be a function', value => checkFunction('A', 'b', value), ['function f']],
    ['must be a function of x', value => checkFunction('A', 'b', value, 'of x'), ['function f']],
    ['must be "relu", "tanh" or "x"', value => checkOneOf('A', 'b', value, ['relu', 'tanh', 'x']), ['"tanh"']],
    ['must be "x"', value => checkOneOf('A', 'b', value, ['x']), []],
    ['must be a non-empty string', value => checkText('A', 'b', value), ['"2"', '"tanh"']],
    ['must be an object of tensors', value => checkObject('A', 'b', value, 'of tensors'), ['an object with keys none']],
  ];
  for (const [rule, read, accepted] of readers)
    it(`that says "${rule}" takes what obeys and refuses all else in one sentence`, () => {
      for (const [shown, value] of values) {
        if (accepted.includes(shown))
          expect(() => read(value))
            .withContext(shown)
            .not.toThrow();
        else if (shown === '9007199254740992' && rule.includes('integer >='))
          expect(() => read(value)).toThrowError(StochasticError, `A: b must be at most 2^24, got ${shown}`);
        else
          expect(() => read(value))
            .withContext(shown)
            .toThrowError(StochasticError, `A: b ${rule}, got ${shown}`);
      }
    });
});
