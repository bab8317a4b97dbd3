import * as tf from '@tensorflow/tfjs-core';
import {
  klDivergence,
  MultivariateNormalDiag,
  MultivariateNormalFullCovariance,
  MultivariateNormalTriL,
  type Distribution,
  type MultivariateNormalDiagConfig,
  type MultivariateNormalFullCovarianceConfig,
  type MultivariateNormalTriLConfig,
} from '../../src/distributions/index.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {triangularSolve} from '../../src/kernels/linalg/functions.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {
  describeDistribution,
  expectDerivative,
  expectNear,
  withoutLeak,
  type Value,
} from '../helpers/distributionSuite.js';
import {read} from '../helpers/near.js';
import {ksPValue, normalCdf} from '../helpers/statistics.js';
import {divergences, reference} from './reference/multivariate.js';

const families = {
  MultivariateNormalDiag: (config: object) => new MultivariateNormalDiag(config as MultivariateNormalDiagConfig),
  MultivariateNormalTriL: (config: object) => new MultivariateNormalTriL(config as MultivariateNormalTriLConfig),
  MultivariateNormalFullCovariance: (config: object) =>
    new MultivariateNormalFullCovariance(config as MultivariateNormalFullCovarianceConfig),
};
type Family = keyof typeof families;
const names = Object.keys(families) as Family[]; // the keys of a constant record

type Matrix = number[][];
const timesTranspose = (l: Matrix): Matrix => l.map(a => l.map(b => a.reduce((s, v, k) => s + v * b[k]!, 0)));
const diagonalOnly = (l: Matrix): Matrix => l.map((row, i) => row.map((v, j) => (i === j ? v : 0)));

const shaping = {
  MultivariateNormalDiag: 'scaleDiag',
  MultivariateNormalTriL: 'scaleTril',
  MultivariateNormalFullCovariance: 'covarianceMatrix',
} as const;

/** The parameter of a family for the lower triangular l; of Diag, for its diagonal. */
function shapeOf(family: Family, l: Matrix): number[] | Matrix {
  if (family === 'MultivariateNormalDiag') return l.map((row, i) => row[i]!);
  return family === 'MultivariateNormalTriL' ? l : timesTranspose(l);
}

const LOCS = [
  [0.5, -1],
  [1, 0.3],
];
const FACTORS: Matrix[] = [
  [
    [1, 0],
    [0.5, 0.8],
  ],
  [
    [0.7, 0],
    [-0.4, 1.2],
  ],
];
const WEIGHTS = [0.6, -0.4];

const weigh = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(x, tf.tensor1d(WEIGHTS)), -1);
/** wᵀ·covariance·w. */
const spreadOf = (d: Distribution): tf.Tensor =>
  tf.sum(tf.mul(d.covariance(), tf.outerProduct(tf.tensor1d(WEIGHTS), tf.tensor1d(WEIGHTS))), [-2, -1]);

const bad: Record<Family, Array<[unknown, string]>> = {
  MultivariateNormalDiag: [
    [{loc: [0, 1]}, 'MultivariateNormalDiag: scaleDiag must be given'],
    [{scaleDiag: 1}, 'MultivariateNormalDiag: scaleDiag must have at least 1 axis, got 1'],
    [{scaleDiag: []}, 'MultivariateNormalDiag: scaleDiag must have at least one element along the last axis, got []'],
    [{scaleDiag: [1, 0]}, 'MultivariateNormalDiag: scaleDiag must be > 0 along the last axis, got [1, 0]'],
    [
      {
        scaleDiag: [
          [1, 1],
          [2, -1],
        ],
      },
      'MultivariateNormalDiag: scaleDiag must be > 0 along the last axis, got [2, -1] at [1]',
    ],
    [{scaleDiag: [1, NaN]}, 'MultivariateNormalDiag: scaleDiag must be > 0 along the last axis, got [1, NaN]'],
    [
      {loc: [1, 2, 3], scaleDiag: [1, 2]},
      'MultivariateNormalDiag: the last axis of loc must have length 2, as that of scaleDiag, or 1, got 3',
    ],
    [{loc: 3, scaleDiag: [1, 2]}, 'MultivariateNormalDiag: loc must have at least 1 axis, got 3'],
    [
      {loc: [1, Infinity], scaleDiag: [1, 2]},
      'MultivariateNormalDiag: loc must be finite numbers along the last axis, got [1, Infinity]',
    ],
    [{loc: [[1], [2]], scaleDiag: [[1], [2], [3]]}, 'MultivariateNormalDiag: shapes must broadcast, got [2] and [3]'],
    [{scaleDaig: [1]}, 'MultivariateNormalDiag: unknown option "scaleDaig"; did you mean "scaleDiag"?'],
  ],
  MultivariateNormalTriL: [
    [{}, 'MultivariateNormalTriL: scaleTril must be given'],
    [{scaleTril: [1, 2]}, 'MultivariateNormalTriL: scaleTril must have at least 2 axes, got [1, 2]'],
    [{scaleTril: [[1, 0]]}, 'MultivariateNormalTriL: scaleTril must be square in its last two axes, got [[1, 0]]'],
    [
      {
        scaleTril: [
          [1, 0.5],
          [0, 1],
        ],
      },
      'MultivariateNormalTriL: scaleTril must be a square lower triangular matrix with a diagonal > 0, got [1, 0.5, 0, 1]',
    ],
    [
      {
        scaleTril: [
          [1, 0],
          [2, 0],
        ],
      },
      'MultivariateNormalTriL: scaleTril must be a square lower triangular matrix with a diagonal > 0, got [1, 0, 2, 0]',
    ],
    [
      {
        loc: [1, 2, 3],
        scaleTril: [
          [1, 0],
          [0, 1],
        ],
      },
      'MultivariateNormalTriL: the last axis of loc must have length 2, as that of scaleTril, or 1, got 3',
    ],
  ],
  MultivariateNormalFullCovariance: [
    [{}, 'MultivariateNormalFullCovariance: covarianceMatrix must be given'],
    [
      {
        covarianceMatrix: [
          [1, 2],
          [2, 1],
        ],
      },
      'MultivariateNormalFullCovariance: covarianceMatrix must be a symmetric positive definite matrix, got [1, 2, 2, 1]',
    ],
    [
      {
        covarianceMatrix: [
          [1, 0.5],
          [0, 1],
        ],
      },
      'MultivariateNormalFullCovariance: covarianceMatrix must be a symmetric positive definite matrix, got [1, 0.5, 0, 1]',
    ],
    [
      {covarianceMatrix: [[[1]], [[0]]]},
      'MultivariateNormalFullCovariance: covarianceMatrix must be a symmetric positive definite matrix, got [0] at [1]',
    ],
    [
      {loc: [1, 2], covarianceMatrix: [[1]]},
      'MultivariateNormalFullCovariance: the last axis of loc must have length 1, as that of covarianceMatrix, or 1, got 2',
    ],
  ],
};

for (const family of names) {
  const create = families[family];
  const parameter = shaping[family];
  const setting = {loc: LOCS[0]!, [parameter]: shapeOf(family, FACTORS[0]!)};
  describeDistribution(family, {
    create,
    reference: reference[family],
    gradients: {
      parameters: {loc: LOCS, [parameter]: FACTORS.map(l => shapeOf(family, l)) as Value[]}, // matrices are values too
      x: [
        [0.3, -0.5],
        [1.6, 0.9],
      ],
    },
    samples: [],
    expectations: [
      {
        config: setting,
        f: x => tf.square(weigh(x)),
        exact: p => tf.add(spreadOf(create(p)), tf.square(weigh(create(p).mean()))),
      },
      {
        config: setting,
        f: x => tf.exp(weigh(x)),
        exact: p => tf.exp(tf.add(tf.mul(spreadOf(create(p)), 0.5), weigh(create(p).mean()))),
      },
    ],
    bad: bad[family],
    outside: [],
    missing: ['cdf', 'logCdf', 'survival', 'quantile', 'enumerateSupport'],
    isDiscrete: false,
    isReparameterized: true,
    ...(family === 'MultivariateNormalTriL'
      ? {
          handwritten: {
            config: setting,
            logProb: (x: tf.Tensor, {loc, scaleTril}: Record<string, tf.Tensor>) => {
              const z = triangularSolve(scaleTril!, tf.expandDims(tf.sub(x, loc!), -1));
              const logDet = tf.sum(tf.log(tf.sum(tf.mul(scaleTril!, tf.eye(2)), -1)), -1);
              return tf.sub(tf.mul(tf.sum(tf.square(z), [-2, -1]), -0.5), tf.add(logDet, Math.log(2 * Math.PI)));
            },
          },
        }
      : {}),
  });
}

describeBackends(
  'multivariate normal distributions',
  backend => {
    beforeAll(() => ensureKernels());
    const key = random.key(77);
    const onGpu = backend === 'webgl' || backend === 'webgpu';

    it('draw samples with their means and covariances, whose whitened elements are standard normal', async () => {
      const draws = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000});
      for (const family of names) {
        const create = families[family];
        // a batch of two, the same matrix for both in the second round
        for (const shared of [false, true]) {
          const factors = (shared ? [FACTORS[0]!, FACTORS[0]!] : FACTORS).map(l =>
            family === 'MultivariateNormalDiag' ? diagonalOnly(l) : l,
          );
          const shape = shared ? shapeOf(family, factors[0]!) : factors.map(l => shapeOf(family, l));
          const d = create({loc: LOCS, [shaping[family]]: shape});
          expect(d.batchShape).toEqual([2]);
          expect(d.isReparameterized).toBe(true);
          const x = await read(withoutLeak('sample', () => d.sample(draws, {key})));
          const covariance = await read(withoutLeak('covariance', () => d.covariance()));
          expect(covariance.length).toBe(8);
          for (let b = 0; b < 2; b++) {
            const [loc, l] = [LOCS[b]!, factors[b]!];
            expectNear(covariance.slice(b * 4, b * 4 + 4), timesTranspose(l).flat(), 'covariance');
            const centred = [0, 1].map(i =>
              Float64Array.from({length: draws}, (_, s) => x[s * 4 + b * 2 + i]! - loc[i]!),
            );
            const [u, v] = centred as [Float64Array, Float64Array]; // two
            const z0 = u.map(a => a / l[0]![0]!);
            const z1 = v.map((a, s) => (a - l[1]![0]! * z0[s]!) / l[1]![1]!);
            for (const z of [z0, z1])
              expect(ksPValue(z, normalCdf)).withContext(`${family} ${b}`).toBeGreaterThan(0.001);
            for (const [i, a] of centred.entries()) {
              expectMean(a, 0, `${family}: mean ${i}`);
              for (const [j, c] of centred.entries())
                expectMean(
                  a.map((t, s) => t * c[s]!),
                  timesTranspose(l)[i]![j]!,
                  `${family}: covariance ${i},${j}`,
                );
            }
          }
        }
      }
    });

    it('draw the same from the same covariance, whichever the family', async () => {
      const scales = [
        [1, 2],
        [0.5, 3],
      ];
      const matrices = (power: number) =>
        scales.map(([a, b]) => [
          [a! ** power, 0],
          [0, b! ** power],
        ]);
      const draws = [{scaleDiag: scales}, {scaleTril: matrices(1)}, {covarianceMatrix: matrices(2)}].map((shape, i) =>
        families[names[i]!]({loc: LOCS, ...shape}).sample([3], {key}),
      );
      const [diag, triL, full] = (await Promise.all(draws.map(read))) as [number[], number[], number[]]; // three
      expectNear(triL, diag, 'TriL');
      expectNear(full, diag, 'full covariance');
    });

    it('have exact divergences from one another', async () => {
      expect(new Set(divergences.map(({family, to}) => `${family}, ${to}`)).size).toBe(9);
      for (const {family, to, q, p, kl} of divergences) {
        const [dq, dp] = [families[family as Family](q), families[to as Family](p)];
        const value = withoutLeak('klDivergence', () => klDivergence(dq, dp));
        expect(value.shape).toEqual([]);
        // a factor of a covariance matrix is rounded once more
        const rounding = `${family}${to}`.includes('Full') ? 2e-9 + 1e-6 * kl : 1e-12;
        expectNear(
          await read(value),
          [kl],
          `KL of ${family} ${JSON.stringify(q)} from ${to} ${JSON.stringify(p)}`,
          false,
          rounding,
        );
      }
    });

    it('have divergences that are 0 from themselves, broadcast, and can be differentiated', async () => {
      for (const family of names) {
        const create = families[family];
        const parameter = shaping[family];
        const batch = FACTORS.map(l => shapeOf(family, l));
        const d = create({loc: LOCS, [parameter]: batch});
        expect(await read(klDivergence(d, d))).toEqual([0, 0]);
        const other = create({loc: [[[0.1]], [[0.2]], [[0.3]]], [parameter]: shapeOf(family, FACTORS[0]!)});
        expect(withoutLeak('klDivergence', () => klDivergence(d, other)).shape).toEqual([3, 2]);
        expect(withoutLeak('klDivergence', () => klDivergence(other, d)).shape).toEqual([3, 2]);
        const p = families.MultivariateNormalTriL({
          scaleTril: [
            [1.2, 0],
            [0.3, 0.9],
          ],
        });
        for (const [name, value] of [
          ['loc', LOCS],
          [parameter, batch],
        ] as const) {
          const whole = {loc: LOCS, [parameter]: batch};
          const t = tf.tensor(value);
          await expectDerivative(
            u => klDivergence(create({...whole, [name]: u}), p),
            t,
            `KL from TriL by ${name} of ${family}`,
          );
          await expectDerivative(
            u => klDivergence(p, create({...whole, [name]: u})),
            t,
            `KL of TriL by ${name} of ${family}`,
          );
          t.dispose();
        }
      }
    });

    it('ignore what stands above the diagonal of a tensor', async () => {
      const upper = tf.tensor2d([
        [1, 9],
        [0.5, 0.8],
      ]);
      const [d, e] = [
        families.MultivariateNormalTriL({scaleTril: upper}),
        families.MultivariateNormalTriL({scaleTril: FACTORS[0]!}),
      ];
      for (const f of [
        (q: Distribution) => q.sample(3, {key}),
        (q: Distribution) => q.logProb([1, 2]),
        (q: Distribution) => q.covariance(),
        (q: Distribution) => q.stddev(),
        (q: Distribution) => q.entropy(),
        (q: Distribution) => klDivergence(q, e),
      ]) {
        expectNear(await read(f(d)), await read(f(e)), 'with rubbish above');
      }
      const slope = await read(tf.grad(t => families.MultivariateNormalTriL({scaleTril: t}).logProb([1, 2]))(upper));
      expect(slope[1]).toBe(0);
    });

    it('expand to batches, with or without loc', async () => {
      for (const family of names) {
        const d = families[family]({[shaping[family]]: FACTORS.map(l => shapeOf(family, l))});
        const own = await read(d.logProb([1, 2]));
        const e = d.expand([3]);
        expect([e.batchShape, e.eventShape]).toEqual([[3, 2], [2]]);
        const merged = d.expand([3], {merge: true});
        expect([merged.batchShape, merged.eventShape]).toEqual([[6], [2]]);
        for (const grown of [e, merged])
          expectNear(await read(grown.logProb([1, 2])), [...own, ...own, ...own], family);
        expect(e.sample([4, 5]).shape).toEqual([4, 5, 3, 2, 2]);
        const single = families[family]({loc: [7], [shaping[family]]: shapeOf(family, FACTORS[0]!)});
        expect(await read(single.mean())).toEqual([7, 7]);
        expect(await read(single.expand([2]).mode())).toEqual([7, 7, 7, 7]);
        tf.dispose([...Object.values(e.tensors()), ...Object.values(merged.tensors())]);
      }
    });

    it('check tensors with validateArgs, and factorise only what can be', async () => {
      const indefinite = tf.tensor2d([
        [1, 2],
        [2, 1],
      ]);
      const d = families.MultivariateNormalFullCovariance({covarianceMatrix: indefinite});
      if (onGpu) expect((await read(d.logProb([1, 2])))[0]).toBeNaN();
      else
        expect(() => d.logProb([1, 2])).toThrowError(
          'cholesky: the matrix must be positive definite, got pivot -3 at [1]',
        );
      if (backend === 'webgpu') return; // reads there are asynchronous
      for (const [config, message] of [
        [{covarianceMatrix: indefinite}, /covarianceMatrix must be a symmetric positive definite matrix/],
      ] as const)
        expect(() => families.MultivariateNormalFullCovariance({...config, validateArgs: true})).toThrowError(message);
      expect(() => families.MultivariateNormalTriL({scaleTril: indefinite, validateArgs: true})).toThrowError(
        /scaleTril must be a square lower triangular/,
      );
      expect(() => families.MultivariateNormalDiag({scaleDiag: tf.tensor1d([1, -1]), validateArgs: true})).toThrowError(
        /scaleDiag must be > 0/,
      );
      const strict = families.MultivariateNormalDiag({scaleDiag: [1, 1], validateArgs: true});
      expect(() => strict.logProb([0, Infinity])).toThrowError(
        /logProb: value must be finite numbers along the last axis/,
      );
      expect(() => strict.logProb([0, 1, 2])).toThrowError(
        /value must end in the event shape \[2\], got the shape \[3\]/,
      );
    });

    it('give the density of vectors of twenty elements', async () => {
      const n = 20;
      const l = Array.from({length: n}, (_, i) =>
        Array.from({length: n}, (__, j) => (i === j ? 1 + i / n : j < i ? Math.fround(Math.cos(i + 2 * j) / 4) : 0)),
      );
      const z = Array.from({length: n}, (_, i) => Math.sin(i));
      const x = l.map(row => Math.fround(row.reduce((s, v, k) => s + v * z[k]!, 0)));
      const exact = l.reduce((s, row, i) => s - Math.log(row[i]!) - 0.5 * z[i]! ** 2, -0.5 * n * Math.log(2 * Math.PI));
      expectNear(await read(families.MultivariateNormalTriL({scaleTril: l}).logProb([x, x])), [exact, exact], 'TriL');
      expectNear(
        await read(families.MultivariateNormalFullCovariance({covarianceMatrix: timesTranspose(l)}).logProb([x, x])),
        [exact, exact],
        'full',
      );
    });
  },
  {inBrief: [gpuOf('multivariate normal distributions')]},
);

/** Expects the mean of the values within 4.5 standard errors. */
function expectMean(values: Float64Array, exact: number, what: string): void {
  const n = values.length;
  const mean = values.reduce((s, v) => s + v, 0) / n;
  const error = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0)) / n;
  if (!(Math.abs(mean - exact) <= 4.5 * error)) fail(`${what}: ${mean} against ${exact}, standard error ${error}`);
}
