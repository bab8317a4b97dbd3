import {indexer, periodOf} from '../../src/util/indexer.js';

describe('a flat array read as if broadcast', () => {
  const shapes: Array<[own: number[], full: number[], at: number[]]> = [
    [[], [2, 2], [0, 0, 0, 0]],
    [[1, 1], [3], [0, 0, 0]],
    [[2], [2, 2], [0, 1, 0, 1]],
    [
      [2, 1],
      [2, 3],
      [0, 0, 0, 1, 1, 1],
    ],
    [
      [1, 2],
      [2, 2],
      [0, 1, 0, 1],
    ],
    [
      [2, 1, 2],
      [2, 2, 2],
      [0, 1, 0, 1, 2, 3, 2, 3],
    ],
    [
      [2, 3],
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ],
  ];

  it('is read at the right places', () => {
    for (const [own, full, at] of shapes) {
      const index = indexer(own, full);
      expect(at.map((_, i) => index(i)))
        .withContext(`${own.join()} in ${full.join()}`)
        .toEqual(at);
    }
  });

  it('has a period where the same numbers come over and over, else none', () => {
    expect(shapes.map(([own, full]) => periodOf(own, full))).toEqual([1, 1, 2, 0, 2, 0, 6]);
  });
});
