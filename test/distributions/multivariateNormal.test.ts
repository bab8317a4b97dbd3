import * as tf from '@tensorflow/tfjs-core';
import {klDivergence} from '../../src/distributions/index.js';
import {ensureKernels} from '../../src/kernels/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {expectDerivative, expectNear, withoutLeak} from '../helpers/distributionSuite.js';
import {read} from '../helpers/near.js';
import {ksPValue, normalCdf} from '../helpers/statistics.js';
import {
  diagonalOnly,
  FACTORS,
  families,
  LOCS,
  names,
  shapeOf,
  shaping,
  timesTranspose,
  type Family,
} from './multivariateNormals.js';
import {divergences} from './reference/multivariate.js';

describeBackends(
  'multivariate normal distributions',
  () => {
    beforeAll(() => ensureKernels());
    const key = random.key(77);

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
