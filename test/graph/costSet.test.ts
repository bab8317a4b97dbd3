import {CostSet} from '../../src/graph/costSet.js';

describe('sets of costs', () => {
  const of = (...indices: number[]): CostSet =>
    indices.map(i => CostSet.of(i, 70)).reduce((a, b) => CostSet.union(a, b));
  const members = (set: CostSet | null): number[] =>
    Array.from({length: 70}, (_, i) => i).filter(i => set?.has(i) === true);

  it('unite, meet and differ, over more than one word', () => {
    const [a, b] = [of(0, 31, 32, 69), of(31, 33, 69)];
    expect(members(CostSet.union(a, b))).toEqual([0, 31, 32, 33, 69]);
    expect(members(CostSet.intersection(a, b))).toEqual([31, 69]);
    expect(members(CostSet.difference(a, b))).toEqual([0, 32]);
    expect(CostSet.intersection(of(1), of(2))).toBeNull();
    expect(CostSet.difference(of(1), of(1, 2))).toBeNull();
  });

  it('are one of the two where that holds the other, and remember their parts', () => {
    const [a, b] = [of(1, 2), of(1)];
    expect(CostSet.union(a, b)).toBe(a);
    expect(CostSet.union(b, a)).toBe(a);
    expect(CostSet.difference(a, of(5))).toBe(a);
    expect(CostSet.of(3, 70).index).toBe(3);
    const both = CostSet.union(of(4), of(5));
    expect(both.parts!.map(members)).toEqual([[4], [5]]);
    expect(both.index).toBe(-1);
  });
});
