import * as tf from '@tensorflow/tfjs-core';
import {ensureKernels} from '../../../src/kernels/index.js';
import {cholesky, isSuffix, logDet, logDetTriangular, triangularSolve} from '../../../src/kernels/linalg/functions.js';
import {products} from '../../../src/kernels/linalg/operations.js';
import {diagonalOf, lowerTriangleOf} from '../../../src/kernels/linalg/triangles.js';
import * as random from '../../../src/random/index.js';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {withoutLeak} from '../../helpers/distributionSuite.js';
import {relativeError, referenceDerivatives, tfjsDerivatives, type Case} from '../derivatives.js';

type Matrix = number[][];

const zeros = (rows: number, columns: number): Matrix =>
  Array.from({length: rows}, () => new Array<number>(columns).fill(0));
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map(row => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const flip = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map(row => row[j]!));
const lowerOf = (a: Matrix): Matrix => a.map((row, i) => row.map((v, j) => (j <= i ? v : 0)));
const matrixOf = (values: ArrayLike<number>, rows: number, columns: number, from = 0): Matrix =>
  Array.from({length: rows}, (_, i) => Array.from({length: columns}, (__, j) => values[from + i * columns + j]!));

/**
 * The Cholesky factor column by column, in double precision: what remains after each column is the Schur complement.
 */
function factor(a: Matrix): Matrix {
  const n = a.length;
  const rest = a.map((row, i) => row.map((_, j) => (a[i]![j]! + a[j]![i]!) / 2));
  const l = zeros(n, n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) l[i]![j] = rest[i]![j]! / Math.sqrt(rest[j]![j]!);
    for (let i = j; i < n; i++) for (let k = j; k < n; k++) rest[i]![k]! -= l[i]![j]! * l[k]![j]!;
  }
  return l;
}

/** a⁻¹b by Gauss–Jordan elimination, for triangular a (no pivoting). */
function solve(a: Matrix, b: Matrix): Matrix {
  const all = a.map((row, i) => [...row, ...b[i]!]);
  const order = a[0]!.slice(1).every(v => v === 0) ? a.map((_, i) => i) : a.map((_, i) => a.length - 1 - i);
  for (const p of order) {
    const pivot = all[p]![p]!;
    all[p] = all[p]!.map(v => v / pivot);
    all.forEach((row, i) => {
      const f = row[p]!;
      if (i !== p && f !== 0) all[i] = row.map((v, k) => v - f * all[p]![k]!);
    });
  }
  return all.map(row => row.slice(a.length));
}

/** ‖got − exact‖ / ‖exact‖, in the Frobenius norm. */
function normError(got: ArrayLike<number>, exact: Matrix | number[]): number {
  const e = exact.flat();
  const norm = (v: number[]) => Math.hypot(...v);
  return got.length === e.length ? norm(e.map((v, i) => got[i]! - v)) / norm(e) : Infinity;
}

function expectClose(got: number[], exact: number[]): void {
  expect(normError(got, exact)).toBeLessThan(1e-5);
}

const numbers = async (t: tf.Tensor): Promise<number[]> => {
  const data = Array.from(await t.data());
  t.dispose();
  return data;
};

describeBackends('linalg', backend => {
  beforeAll(() => ensureKernels());
  const onGpu = backend === 'webgl' || backend === 'webgpu';
  const bound = onGpu ? 5e-6 : 5e-7;
  const key = random.key(5);

  /**
   * Well-conditioned random matrices as float32 numbers: [count, n, n], positive definite, or lower triangular with
   * rubbish above.
   */
  async function matrices(count: number, n: number, kind: 'definite' | 'triangular'): Promise<Float32Array> {
    const noise = await numbers(random.normal([count, n, n], {key: random.foldIn(key, n)}));
    const out = new Float32Array(noise.length);
    for (let m = 0; m < count; m++) {
      const x = matrixOf(noise, n, n, m * n * n);
      const l = x.map((row, i) => row.map((v, j) => (i === j ? 1 + Math.abs(v) : v / Math.sqrt(n))));
      const a = kind === 'triangular' ? l : times(lowerOf(l), flip(lowerOf(l)));
      out.set(a.flat(), m * n * n);
    }
    return out;
  }

  for (const [count, n] of [
    [3, 1],
    [5, 3],
    [2, 8],
    [2, 21],
    [1, 64],
  ] as const) {
    it(`factorises ${count} matrices of order ${n}`, async () => {
      const a = await matrices(count, n, 'definite');
      const x = tf.tensor3d(a, [count, n, n]);
      const l = withoutLeak('cholesky', () => cholesky(x));
      const dets = withoutLeak('logDet', () => logDet(x));
      expect(l.shape).toEqual([count, n, n]);
      expect(dets.shape).toEqual([count]);
      const [got, det] = [await numbers(l), await numbers(dets)];
      for (let m = 0; m < count; m++) {
        const exact = factor(matrixOf(a, n, n, m * n * n));
        const own = got.slice(m * n * n, (m + 1) * n * n);
        expect(normError(own, exact)).toBeLessThan(bound);
        expect(normError([...own], lowerOf(matrixOf(own, n, n)))).toBe(0);
        const logs = exact.map((row, i) => 2 * Math.log(row[i]!));
        const sum = logs.reduce((s, v) => s + v, 0);
        expect(Math.abs(det[m]! - sum)).toBeLessThan(bound * logs.reduce((s, v) => s + Math.abs(v), 0.1));
      }
      x.dispose();
    });
  }

  for (const [n, m, count] of [
    [1, 1, 2],
    [3, 2, 4],
    [21, 3, 2],
    [64, 1, 1],
  ] as const) {
    it(`solves triangular systems of order ${n} with ${m} right-hand sides`, async () => {
      const l = await matrices(count, n, 'triangular');
      const b = Float32Array.from(await numbers(random.normal([count, n, m], {key})));
      const [tl, tb] = [tf.tensor3d(l, [count, n, n]), tf.tensor3d(b, [count, n, m])];
      for (const lower of [true, false]) {
        for (const adjoint of [true, false]) {
          const got = await numbers(withoutLeak('triangularSolve', () => triangularSolve(tl, tb, {lower, adjoint})));
          for (let k = 0; k < count; k++) {
            const whole = matrixOf(l, n, n, k * n * n);
            const triangle = lower ? lowerOf(whole) : flip(lowerOf(flip(whole)));
            const exact = solve(adjoint ? flip(triangle) : triangle, matrixOf(b, n, m, k * n * m));
            expect(normError(got.slice(k * n * m, (k + 1) * n * m), exact))
              .withContext(`${lower} ${adjoint}`)
              .toBeLessThan(bound);
          }
        }
      }
      tf.dispose([tl, tb]);
    });
  }

  it('broadcasts batches', async () => {
    const [n, m] = [3, 2];
    const l = await matrices(6, n, 'triangular');
    const b = Float32Array.from(await numbers(random.normal([12, n, m], {key})));
    const cases: Array<[number[], number[], number[]]> = [
      [[], [4], [4]],
      [[3], [], [3]],
      [[3], [2, 3], [2, 3]],
      [[2, 3], [3], [2, 3]],
      [
        [2, 1],
        [1, 3],
        [2, 3],
      ],
      [[1], [2, 2], [2, 2]],
    ];
    for (const [batchL, batchB, batch] of cases) {
      const [countL, countB, count] = [batchL, batchB, batch].map(s => s.reduce((p, d) => p * d, 1)) as [
        number,
        number,
        number,
      ]; // three
      const tl = tf.tensor(l.subarray(0, countL * n * n), [...batchL, n, n]);
      const tb = tf.tensor(b.subarray(0, countB * n * m), [...batchB, n, m]);
      const x = withoutLeak('triangularSolve', () => triangularSolve(tl, tb));
      expect(x.shape).toEqual([...batch, n, m]);
      const got = await numbers(x);
      const at = (own: number[], i: number) => {
        // the flat index in `own` of element i of `batch`
        const [i0, i1] = [Math.floor(i / batch[batch.length - 1]!), i % batch[batch.length - 1]!];
        const whole = [...new Array<number>(2 - own.length).fill(1), ...own];
        return (whole[0] === 1 ? 0 : i0) * whole[1]! + (whole[1] === 1 ? 0 : i1);
      };
      for (let i = 0; i < count; i++) {
        const exact = solve(
          lowerOf(matrixOf(l, n, n, at(batchL, i) * n * n)),
          matrixOf(b, n, m, at(batchB, i) * n * m),
        );
        expect(normError(got.slice(i * n * m, (i + 1) * n * m), exact))
          .withContext(`[${batchL.join(',')}] and [${batchB.join(',')}]`)
          .toBeLessThan(bound);
      }
      tf.dispose([tl, tb]);
    }
    expect([isSuffix([], [2]), isSuffix([1, 1], [2, 3]), isSuffix([3], [2, 3]), isSuffix([1, 3], [2, 3])]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([isSuffix([2, 1], [2, 3]), isSuffix([1], []), isSuffix([2, 3], [4, 2, 3])]).toEqual([false, true, true]);
  });

  it('has derivatives of the first, second and third order in every element', async () => {
    const [n, m] = [3, 2];
    const a = [2, 0.3, -0.2, 0.5, 1.5, 0.4, 0.1, -0.3, 1.2];
    const l = [1.3, 5, 7, 0.4, 0.9, 6, -0.3, 0.2, 1.1];
    const b = [0.5, -1, 0.2, 0.7, -0.4, 0.3];
    const cases: Case[] = [
      {
        name: 'cholesky',
        at: a,
        op: x => cholesky(tf.reshape(x, [n, n])),
        reference: x => factor(matrixOf(x, n, n)).flat(),
      },
      {
        name: 'logDet',
        at: a,
        op: x => logDet(tf.reshape(x, [1, n, n])),
        reference: x => [2 * factor(matrixOf(x, n, n)).reduce((s, row, i) => s + Math.log(row[i]!), 0)],
      },
    ];
    for (const [lower, adjoint] of [
      [true, false],
      [true, true],
      [false, false],
      [false, true],
    ] as const) {
      cases.push({
        name: `triangularSolve ${lower} ${adjoint}`,
        at: [...l, ...b],
        op: x =>
          triangularSolve(tf.reshape(tf.slice(x, 0, 9), [n, n]), tf.reshape(tf.slice(x, 9), [n, m]), {lower, adjoint}),
        reference: x => {
          const whole = matrixOf(x, n, n);
          const triangle = lower ? lowerOf(whole) : flip(lowerOf(flip(whole)));
          return solve(adjoint ? flip(triangle) : triangle, matrixOf(x, n, m, 9)).flat();
        },
      });
    }
    // one triangle for two right-hand sides, and two triangles for one
    cases.push(
      {
        name: 'a triangle in common',
        at: [...l, ...b],
        op: x => triangularSolve(tf.reshape(tf.slice(x, 0, 9), [1, n, n]), tf.reshape(tf.slice(x, 9), [m, n, 1])),
        reference: x => [0, 1].flatMap(i => solve(lowerOf(matrixOf(x, n, n)), matrixOf(x, n, 1, 9 + i * n)).flat()),
      },
      {
        name: 'a side in common',
        at: [...l, ...a, ...b.slice(3)],
        op: x =>
          triangularSolve(tf.reshape(tf.slice(x, 0, 18), [2, n, n]), tf.reshape(tf.slice(x, 18), [n, 1]), {
            adjoint: true,
          }),
        reference: x => [0, 9].flatMap(i => solve(flip(lowerOf(matrixOf(x, n, n, i))), matrixOf(x, n, 1, 18)).flat()),
      },
      {
        name: 'triangles that repeat',
        at: [...l, ...a, ...b, ...b.map(v => v + 1)],
        op: x => triangularSolve(tf.reshape(tf.slice(x, 0, 18), [2, n, n]), tf.reshape(tf.slice(x, 18), [2, 2, n, 1])),
        reference: x =>
          [0, 1, 2, 3].flatMap(i =>
            solve(lowerOf(matrixOf(x, n, n, (i % 2) * 9)), matrixOf(x, n, 1, 18 + i * n)).flat(),
          ),
      },
    );
    for (const [ta, tb] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      cases.push({
        name: `products ${ta} ${tb}`,
        at: [...a, ...l.slice(0, 3), ...b, ...b.map(v => v - 0.4)],
        op: x =>
          products(
            tf.reshape(tf.slice(x, 0, 12), ta ? [2, 2, n] : [2, n, 2]),
            tf.reshape(tf.slice(x, 12), tb ? [2, n, 2] : [2, 2, n]),
            ta,
            tb,
          ),
        reference: x =>
          [0, 6].flatMap(i => {
            const [p, q] = [
              ta ? flip(matrixOf(x, 2, n, i)) : matrixOf(x, n, 2, i),
              tb ? flip(matrixOf(x, n, 2, 12 + i)) : matrixOf(x, 2, n, 12 + i),
            ];
            return times(p, q).flat();
          }),
      });
    }
    const chosen = onGpu ? cases.filter((_, i) => ![1, 2, 4, 10, 11].includes(i)) : cases;
    for (const c of chosen) {
      // of products the third is 0
      const orders = c.name.startsWith('products') ? 2 : sizeFor({cpu: 3, wasm: 3, webgl: 2, webgpu: 2});
      const exact = referenceDerivatives(c);
      const got = await tfjsDerivatives(c, orders);
      got.forEach((g, i) =>
        expect(relativeError(g, exact[i]!))
          .withContext(`${c.name}, order ${i + 1}`)
          .toBeLessThan(1e-4),
      );
    }
  });

  it('keeps variables of very different scales apart', async () => {
    const scales = [1e-18, 1, 1e18, 1e-9];
    const correlation: Matrix = [
      [1, 0.5, 0.2, -0.3],
      [0.5, 1, 0.1, 0.4],
      [0.2, 0.1, 1, 0.6],
      [-0.3, 0.4, 0.6, 1],
    ];
    const a = correlation.map((row, i) => row.map((v, j) => Math.fround(v * scales[i]! * scales[j]!)));
    const exact = factor(a);
    const l = cholesky(a);
    const got = matrixOf(await numbers(tf.clone(l)), 4, 4);
    exact.forEach((row, i) => expect(normError(got[i]!, row)).withContext(`row ${i}`).toBeLessThan(bound));
    const whole = await numbers(
      triangularSolve(
        l,
        scales.map(v => [v]),
      ),
    );
    expect(
      normError(
        whole,
        solve(
          exact,
          scales.map(v => [Math.fround(v)]),
        ),
      ),
    ).toBeLessThan(bound);
    const slopes = matrixOf(await numbers(tf.grad(x => logDet(x))(tf.tensor2d(a))), 4, 4); // the inverse
    const inverse = solve(
      flip(exact),
      solve(
        exact,
        zeros(4, 4).map((row, i) => row.map((_, j) => (i === j ? 1 : 0))),
      ),
    );
    slopes.forEach((row, i) =>
      row.forEach((v, j) => {
        const unit = 1 / (scales[i]! * scales[j]!);
        expect(Math.abs(v - inverse[i]![j]!) / unit)
          .withContext(`slope ${i},${j}`)
          .toBeLessThan(1e-4);
      }),
    );
    l.dispose();
  });

  it('takes parts of matrices at any rank', async () => {
    const x = [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
    ];
    expect(await diagonalOf(tf.tensor(x)).array()).toEqual([[[[1, 4]]]]); // array() is typed loosely
    expect(await lowerTriangleOf(tf.tensor(x)).array()).toEqual([
      [
        [
          [
            [1, 0],
            [3, 4],
          ],
        ],
      ],
    ]);
    const got = await numbers(
      logDetTriangular([
        [2, 9],
        [1, -3],
      ]),
    );
    expect(got[0]).toBeCloseTo(Math.log(6), 5);
    expect(cholesky(tf.zeros([0, 3, 3])).shape).toEqual([0, 3, 3]);
    expect(triangularSolve([[1]], tf.zeros([0, 1, 4])).shape).toEqual([0, 1, 4]);
    expect(triangularSolve(tf.ones([2, 1, 1]), tf.zeros([0, 2, 1, 4])).shape).toEqual([0, 2, 1, 4]);
  });

  it('multiplies long rows and many matrices', async () => {
    const x = random.normal([2, 3, 100], {key});
    expectClose(
      await numbers(products(x, x, false, true)),
      await numbers(tf.sum(tf.mul(tf.expandDims(x, 2), tf.expandDims(x, 1)), -1)),
    );
    const many = random.normal([70_000, 1, 2], {key});
    expectClose(await numbers(products(many, many, false, true)), await numbers(tf.sum(tf.square(many), -1)));
    expect(products(tf.zeros([0, 2, 3]), tf.zeros([0, 3, 4])).shape).toEqual([0, 2, 4]);
  });

  it('says which matrix is not positive definite, or gives NaN on GPUs', async () => {
    const good = [
      [2, 1],
      [1, 2],
    ];
    if (onGpu) {
      const l = await numbers(
        cholesky([
          good,
          [
            [1, 2],
            [2, 1],
          ],
        ]),
      );
      expect(l.map(Number.isNaN)).toEqual([false, false, false, false, false, false, false, true]);
      expect(
        (
          await numbers(
            logDet([
              [0, 0],
              [0, 1],
            ]),
          )
        ).every(Number.isNaN),
      ).toBe(true);
      return;
    }
    const before = tf.memory().numTensors;
    expect(() =>
      cholesky([
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, -1],
      ]),
    ).toThrowError('cholesky: the matrix must be positive definite, got pivot -1 at [2]');
    expect(() =>
      cholesky([
        good,
        [
          [1, 2],
          [2, 1],
        ],
      ]),
    ).toThrowError('cholesky: the matrix must be positive definite, got pivot -3 at [1,1]');
    expect(() =>
      cholesky([
        [good],
        [good],
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
      ]),
    ).toThrowError('cholesky: the matrix must be positive definite, got pivot 0 at [2,0,0]');
    expect(() => logDet([[NaN]])).toThrowError('cholesky: the matrix must be positive definite, got pivot NaN at [0]');
    expect(() => cholesky([[Infinity]])).toThrowError(
      'cholesky: the matrix must be positive definite, got pivot Infinity at [0]',
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(await numbers(cholesky([[4]]))).toEqual([2]);
  });

  it('says what is wrong with shapes and options', () => {
    const loose = triangularSolve as (l: unknown, b: unknown, options?: unknown) => unknown; // misuse
    const square = 'must be a square matrix or a batch of them, got a float32 tensor of shape';
    const before = tf.memory().numTensors;
    expect(() => cholesky([[1, 2]])).toThrowError(`cholesky: a ${square} [1,2]`);
    expect(() => cholesky(3)).toThrowError(`cholesky: a ${square} []`);
    expect(() => logDet([1])).toThrowError(`logDet: a ${square} [1]`);
    expect(() => logDetTriangular([[1], [2]])).toThrowError(`logDetTriangular: l ${square} [2,1]`);
    expect(() => cholesky(tf.zeros([2, 0, 0]))).toThrowError(`cholesky: a ${square} [2,0,0]`);
    expect(() => cholesky('x')).toThrowError('cholesky: a must be a number, an array or a tensor, got "x"');
    expect(() => triangularSolve([[1, 2, 3]], [[1]])).toThrowError(`triangularSolve: l ${square} [1,3]`);
    expect(() => triangularSolve([[1]], [1])).toThrowError(
      'triangularSolve: b must be matrices of 1 rows, as l has, got a float32 tensor of shape [1]',
    );
    expect(() => triangularSolve([[1]], [[1], [2]])).toThrowError(/b must be matrices of 1 rows/);
    expect(() => triangularSolve(tf.ones([2, 1, 1]), tf.ones([3, 1, 1]))).toThrowError(
      'triangularSolve: the batches of l and b must broadcast, got the shapes [2,1,1] and [3,1,1]',
    );
    expect(() => loose([[1]], [[1]], {uper: true})).toThrowError(/triangularSolve: unknown option "uper"/);
    expect(() => loose([[1]], [[1]], {lower: 1})).toThrowError('triangularSolve: lower must be true or false, got 1');
    expect(() => loose([[1]], [[1]], {adjoint: 'no'})).toThrowError(
      'triangularSolve: adjoint must be true or false, got "no"',
    );
    expect(tf.memory().numTensors).toBe(before + 3); // those made here
  });
});
