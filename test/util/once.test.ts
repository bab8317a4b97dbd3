import {once} from '../../src/util/once.js';

describe('once', () => {
  it('makes a table at the first call and keeps it', () => {
    let calls = 0;
    const table = once(() => [++calls]);
    expect(calls).toBe(0);
    expect(table()).toEqual([1]);
    expect(table()).toBe(table());
    expect(calls).toBe(1);
  });
});
