import {rebuild, takeApart, treeLeaves} from '../../src/compile/trace.js';

describe('nested values', () => {
  const numbersOf = (value: unknown) => takeApart(value, x => (typeof x === 'number' ? x : null));

  it('are taken apart and built again', () => {
    const value = {a: [1, {b: 2}, []], c: {}, d: 3};
    const tree = numbersOf(value)!;
    expect(treeLeaves(tree)).toEqual([1, 2, 3]);
    expect(rebuild(tree, x => x * 2)).toEqual({a: [2, {b: 4}, []], c: {}, d: 6});
  });

  it('are refused where a leaf is, or where something is neither list nor record', () => {
    expect(numbersOf([1, 'a'])).toBeNull();
    expect(numbersOf({a: new Map()})).toBeNull();
    expect(numbersOf([1, {b: [null]}])).toBeNull();
  });

  it('name where a leaf is', () => {
    const paths: string[] = [];
    takeApart({a: [1, {b: 2}]}, (_, path) => paths.push(path));
    expect(paths).toEqual(['a[0]', 'a[1].b']);
  });
});
