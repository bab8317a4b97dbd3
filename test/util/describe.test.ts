import {describe as describeValue} from '../../src/util/describe.js';

describe('a value in a few words', () => {
  it('is short and tells what it is', () => {
    const cases: Array<[unknown, string]> = [
      ['x', '"x"'],
      [null, 'null'],
      [undefined, 'undefined'],
      [-0.5, '-0.5'],
      [3n, '3n'],
      [[1, [2, 3]], '[1, [2, 3]]'],
      [[1, 2, 3, 4, 5, 6, 7, 8], '[1, 2, 3, 4, 5, 6, … 2 more]'],
      [{a: 1, b: 2}, 'an object with keys a, b'],
      [{}, 'an object with keys none'],
      [new Map(), 'a Map'],
      [new Error('e'), 'an Error'],
      [new Uint8Array(2), 'a Uint8Array'],
      [{dataId: {}, shape: [3], dtype: 'int32'}, 'an int32 tensor of shape [3]'],
      [function ofThisSpecAlone() {}, 'function ofThisSpecAlone'],
      [() => 1, 'a function'],
    ];
    for (const [value, words] of cases) expect(describeValue(value)).toBe(words);
    expect(describeValue('y'.repeat(500)).length).toBeLessThan(100);
  });

  it('never throws', () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        ownKeys: () => {
          throw new Error('no');
        },
        has: () => {
          throw new Error('no');
        },
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    );
    expect(describeValue(trap)).toBe('a value that throws when it is read');
    const loop: unknown[] = [];
    loop.push(loop);
    expect(describeValue(loop)).toBe('[[[[…]]]]');
  });
});
