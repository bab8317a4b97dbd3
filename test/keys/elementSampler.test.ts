import {fillDraws} from '../../src/keys/elementSampler.js';
import {HostStream, type ElementStream} from '../../src/keys/elementStream.js';

describe('fillDraws', () => {
  const words = [1, 2] as const;

  it('gives each element its own stream and its broadcast parameters, of any number', () => {
    const sum = (_: ElementStream, ...parameters: number[]) => parameters.reduce((a, b) => a + b, 0);
    const cases: Array<[number[][], number[][], number[]]> = [
      [[[1, 2]], [[2, 1]], [1, 1, 2, 2]],
      [
        [
          [1, 2],
          [10, 20],
        ],
        [[2, 1], [2]],
        [11, 21, 12, 22],
      ],
      [
        [[1, 2], [10], [100, 200]],
        [[2, 1], [], [2]],
        [111, 211, 112, 212],
      ],
    ];
    for (const [values, shapes, expected] of cases) {
      const out = new Float32Array(4);
      fillDraws(sum, values, shapes, [2, 2], words, out);
      expect(Array.from(out)).toEqual(expected);
    }
  });

  it('starts the stream of element i at i', () => {
    const out = new Float32Array(3);
    fillDraws(stream => stream.next() >>> 8, [[0]], [[]], [3], words, out);
    const stream = new HostStream(words);
    const expected = [0, 1, 2].map(i => (stream.restart(i), stream.next() >>> 8));
    expect(Array.from(out)).toEqual(expected);
  });
});
