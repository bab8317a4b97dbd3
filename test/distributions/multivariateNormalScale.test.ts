import * as tf from '@tensorflow/tfjs-core';
import {DiagonalScale, TriangularScale, type ScaleMatrix} from '../../src/distributions/multivariateNormalScale.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

type Matrix = number[][];
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map(row => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map(row => row[j]!));
/** L⁻¹v by forward substitution. */
const solve = (l: Matrix, v: number[]): number[] =>
  l.reduce<number[]>((z, row, i) => [...z, (v[i]! - z.reduce((sum, w, k) => sum + row[k]! * w, 0)) / row[i]!], []);

describeBackends(
  'the factor of a covariance',
  () => {
    beforeAll(() => ensureKernels());
    const factors: Matrix[] = [
      [
        [1, 0, 0],
        [0.5, 0.8, 0],
        [-0.3, 0.4, 1.5],
      ],
      [
        [0.7, 0, 0],
        [-0.4, 1.2, 0],
        [0.2, 0.9, 0.6],
      ],
    ];
    const diagonals = factors.map(l => l.map((row, i) => row[i]!));
    const asMatrix = (s: number[]): Matrix => s.map((v, i) => s.map((_, j) => (i === j ? v : 0)));
    const rubbish = factors.map(l => l.map((row, i) => row.map((v, j) => (j > i ? 9 : v))));
    /** A factor of a batch of two, made anew in each tidy, with the matrices that it stands for. */
    const kinds: Record<string, {make: (batch: number) => ScaleMatrix; matrices: Matrix[]}> = {
      diagonal: {
        make: batch => new DiagonalScale(batch === 1 ? tf.tensor1d(diagonals[0]!) : tf.tensor2d(diagonals)),
        matrices: diagonals.map(asMatrix),
      },
      'clean triangle': {
        make: batch => new TriangularScale(batch === 1 ? tf.tensor2d(factors[0]!) : tf.tensor3d(factors), true),
        matrices: factors,
      },
      'triangle with something above': {
        make: batch => new TriangularScale(batch === 1 ? tf.tensor2d(rubbish[0]!) : tf.tensor3d(rubbish), false),
        matrices: factors,
      },
    };

    for (const [name, {make, matrices}] of Object.entries(kinds)) {
      it(`is its matrix: ${name}`, async () => {
        const check = async (
          of: (scale: ScaleMatrix) => tf.Tensor,
          wanted: number[][][] | number[][],
          what: string,
        ) => {
          const t = tf.tidy(() => tf.clone(of(make(2))));
          const shape = tf.util.sizeFromShape(t.shape) === 6 ? [2, 3] : [2, 3, 3];
          expect(t.shape).withContext(what).toEqual(shape);
          expectNear(await read(t), (wanted as number[][]).flat(2), `${name}: ${what}`);
        };
        const covariances = matrices.map(l => times(l, transpose(l)));
        const variances = covariances.map(c => c.map((row, i) => row[i]!));
        expect(tf.tidy(() => make(2).isDiagonal)).toBe(name === 'diagonal');
        await check(s => s.matrix(), matrices, 'matrix');
        await check(s => s.diagonal(), diagonals, 'diagonal');
        await check(s => s.covariance(), covariances, 'covariance');
        await check(s => s.variance(), variances, 'variance');
        await check(
          s => s.stddev(),
          variances.map(row => row.map(Math.sqrt)),
          'stddev',
        );
        const right = [
          [1, 2, 0],
          [0, -1, 3],
          [0.5, 0, 1],
        ];
        await check(
          s => s.solve(tf.tensor3d([right, right])),
          matrices.map(l => transpose(transpose(right).map(column => solve(l, column)))),
          'solve',
        );
      });

      // one matrix or two for one vector, a batch of two, samples of it, and samples of samples
      for (const [batch, head] of [
        [1, []],
        [1, [5]],
        [1, [4, 2]],
        [2, [2]],
        [2, [4, 2]],
        [2, [3, 4, 2]],
        [2, [4, 1]],
        [2, [0, 2]],
      ] as Array<[number, number[]]>) {
        it(`times and by vectors of [${[...head, 3].join(',')}], ${batch} of it: ${name}`, async () => {
          const count = head.reduce((n, d) => n * d, 1);
          const rows = Array.from({length: count}, (_, i) => [0, 1, 2].map(j => Math.sin(3 * i + j)));
          const v = tf.tensor(rows.flat(), [...head, 3]);
          const grown = head.join() === '4,1' ? [4, 2] : head;
          const total = grown.reduce((n, d) => n * d, 1);
          const at = (i: number): {l: Matrix; x: number[]} => ({
            l: matrices[batch === 1 ? 0 : i % 2]!,
            x: rows[grown === head ? i : Math.floor(i / 2)]!,
          });
          const each = Array.from({length: total}, (_, i) => at(i));
          if (grown === head) {
            // draws have the full shape
            const product = tf.tidy(() => tf.clone(make(batch).times(v)));
            expect(product.shape).toEqual([...head, 3]);
            expectNear(
              await read(product),
              each.flatMap(({l, x}) => times(l, transpose([x])).flat()),
              'times',
            );
          }
          if (total > 0) {
            const squares = tf.tidy(() => tf.clone(make(batch).squares(v)));
            expect(squares.shape).toEqual(grown);
            expectNear(
              await read(squares),
              each.map(({l, x}) => solve(l, x).reduce((sum, z) => sum + z * z, 0)),
              'squares',
            );
          }
          v.dispose();
        });
      }
    }

    it('times vectors of a batch that it only broadcasts to, and none of no batch', async () => {
      const v = tf.tensor3d([0, 1].map(i => [0, 1, 2, 3].map(j => [0, 1, 2].map(k => Math.cos(i + 2 * j + 5 * k)))));
      const product = tf.tidy(() =>
        tf.clone(new TriangularScale(tf.tensor4d(factors.map(l => [l])), true).times(tf.clone(v))),
      );
      expect(product.shape).toEqual([2, 4, 3]);
      const rows = await v.array();
      expectNear(
        await read(product),
        rows.flatMap((row, i) => row.flatMap(x => times(factors[i]!, transpose([x])).flat())),
        'times',
      );
      const none = tf.tidy(() => tf.clone(new TriangularScale(tf.zeros([0, 3, 3]), true).times(tf.zeros([5, 0, 3]))));
      expect(none.shape).toEqual([5, 0, 3]);
      tf.dispose([v, none]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
