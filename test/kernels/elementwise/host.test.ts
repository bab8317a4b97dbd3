import {runOnHost} from '../../../src/kernels/elementwise/host.js';
import type {FunctionKernel} from '../../../src/kernels/elementwise/definition.js';

describe('a kernel on the host', () => {
  /** A kernel of so many inputs that writes them as digits. */
  const digits = (n: number): FunctionKernel<string> => ({
    kernelName: 'Digits',
    inputs: ['a', 'b', 'c', 'd', 'e'].slice(0, n),
    scalar: (...x: number[]) => x.reduce((sum, v) => 10 * sum + v, 0),
    shader: {name: 'digits', source: () => ''},
    partials: {},
  });

  it('reads each input as if it had been broadcast, whatever their number', () => {
    const cases: Array<[number[][], number[][], number[], number[]]> = [
      [[[1, 2]], [[2]], [2], [1, 2]],
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[2, 1], [2]],
        [2, 2],
        [13, 14, 23, 24],
      ],
      [
        [[1, 2], [3]],
        [[2], []],
        [2, 2],
        [13, 23, 13, 23],
      ],
      [
        [[1, 2], [3], [5, 6]],
        [[2, 1], [], [2]],
        [2, 2],
        [135, 136, 235, 236],
      ],
      [
        [[1, 2], [3], [4, 5], [6], [7, 8, 9, 1]],
        [[1, 2], [], [2, 1], [1, 1], [2, 2]],
        [2, 2],
        [13467, 23468, 13569, 23561],
      ],
      [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [[2, 1, 1], [1, 2, 1], [2]],
        [2, 2, 2],
        [135, 136, 145, 146, 235, 236, 245, 246],
      ],
      [[[1, 2], [3], [4], []], [[2, 1], [1], [], [2, 0]], [2, 0], []],
    ];
    for (const [values, shapes, shape, expected] of cases) {
      const out = new Float32Array(expected.length);
      runOnHost(digits(values.length), values, shapes, shape, out);
      expect(Array.from(out)).toEqual(expected);
    }
  });

  it('takes the loop of the kernel where both inputs come over and over', () => {
    let looped = 0;
    const kernel = {
      ...digits(2),
      loop: (_: unknown, __: number, ___: unknown, ____: number, out: Float32Array) => void (looped++, out.fill(7)),
    };
    const out = new Float32Array(2);
    runOnHost(
      kernel,
      [
        [1, 2],
        [3, 4],
      ],
      [[2], [2]],
      [2],
      out,
    );
    expect([looped, ...out]).toEqual([1, 7, 7]);
  });
});
