import {prefixed, raised, unprefixed} from '../../src/distributions/parts.js';

describe('parameters of distributions made of others', () => {
  it('have the name of the part before a point, and lose it again', () => {
    const named = prefixed('base', {loc: 1, 'inner.scale': 2});
    expect(named).toEqual({'base.loc': 1, 'base.inner.scale': 2});
    expect(unprefixed('A', {...named, ...prefixed('other', {rate: 3})}, ['base', 'other', 'none'])).toEqual({
      base: {loc: 1, 'inner.scale': 2},
      other: {rate: 3},
      none: {},
    });
    expect(raised({loc: 0, scale: 1}, 2)).toEqual({loc: 2, scale: 3});
  });

  it('of no part are refused', () => {
    for (const name of ['loc', 'bas.loc', 'toString.x'])
      expect(() => unprefixed('A', {[name]: 1}, ['base'])).toThrowError(/^A.withTensors: unknown parameter/);
    expect(() => unprefixed('A', null as unknown as object as Record<string, number>, [])).toThrowError(
      /^A.withTensors: needs tensors by name/,
    );
  });
});
