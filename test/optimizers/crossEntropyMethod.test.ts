import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {normalValues} from '../../src/random/noise.js';

const START = [1, -2, 0.5];
const key = st.random.key(9);

describe('crossEntropyMethod', () => {
  let x: tf.Variable;
  beforeAll(() => tf.setBackend('cpu'));
  beforeEach(() => {
    x = tf.tidy(() => tf.variable(tf.tensor1d(START)));
  });
  afterEach(() => x.dispose());

  /** One generation by hand: the elite's mean and covariance, from the noise of the candidates. */
  function byHand(
    cem: st.CrossEntropyMethod,
    sigma: number,
    cost: (x: number[]) => number,
  ): {mean: number[]; covariance: number[][]; costs: number[]} {
    const places = cem
      .ask({key})
      .map(candidate => Array.from(normalValues(3, candidate.key), (z, i) => START[i]! + sigma * z));
    const elite = [...places].sort((a, b) => cost(a) - cost(b)).slice(0, cem.elites);
    const mean = START.map((_, i) => elite.reduce((s, p) => s + p[i]!, 0) / elite.length);
    const covariance = START.map((_, i) =>
      START.map((_, j) => elite.reduce((s, p) => s + (p[i]! - mean[i]!) * (p[j]! - mean[j]!), 0) / elite.length),
    );
    return {mean, covariance, costs: places.map(cost)};
  }
  const cost = (p: number[]): number => p.reduce((s, v, i) => s + (i + 1) * (v - 1) ** 2, 0) + p[0]! * p[1]!;
  /** The covariance that the next generation is drawn from, by its values at noise. */
  function covarianceOf(cem: st.CrossEntropyMethod): number[][] {
    const candidates = cem.ask({key});
    const n = 3;
    // x − m = L·z for three independent z gives L; C = L·Lᵀ
    const z = candidates.slice(0, n).map(c => Array.from(normalValues(n, c.key)));
    const y = candidates.slice(0, n).map(c => {
      const [values] = cem.perturb(c);
      const found = Array.from(values!.dataSync(), (v, i) => v - cem.mean[i]!);
      values!.dispose();
      return found;
    });
    const inverse = invert(z);
    const l = y[0]!.map((_, i) => inverse.map((_, k) => z.reduce((s, _row, r) => s + y[r]![i]! * inverse[k]![r]!, 0)));
    return l.map(row => l.map(other => row.reduce((s, v, k) => s + v * other[k]!, 0)));
  }

  for (const covariance of ['diagonal', 'full'] as const) {
    it(`fits mean and covariance to the elite, by hand (${covariance})`, () => {
      const cem = st.crossEntropyMethod({variables: [x], population: 40, sigma: 0.8, eliteFraction: 0.25, covariance});
      expect(cem.elites).toBe(10);
      const expected = byHand(cem, 0.8, cost);
      cem.tell(expected.costs);
      cem.mean.forEach((m, i) => expect(m).toBeCloseTo(expected.mean[i]!, 6));
      Array.from(x.dataSync()).forEach((m, i) => expect(m).toBeCloseTo(expected.mean[i]!, 5));
      covarianceOf(cem).forEach((row, i) =>
        row.forEach((c, j) =>
          expect(c)
            .withContext(`${i} ${j}`)
            .toBeCloseTo(covariance === 'full' || i === j ? expected.covariance[i]![j]! : 0, 4),
        ),
      );
    });

    it(`goes the part of the way that smoothing says, and adds the extra variance (${covariance})`, () => {
      const extras: number[] = [];
      const extraVariance = (generation: number): number => {
        extras.push(generation);
        return 0.3;
      };
      const cem = st.crossEntropyMethod({
        variables: [x],
        population: 40,
        sigma: 0.8,
        eliteFraction: 0.25,
        smoothing: 0.6,
        extraVariance,
        covariance,
      });
      const expected = byHand(cem, 0.8, cost);
      cem.tell(expected.costs);
      cem.mean.forEach((m, i) => expect(m).toBeCloseTo(0.6 * expected.mean[i]! + 0.4 * START[i]!, 6));
      covarianceOf(cem).forEach((row, i) =>
        row.forEach((c, j) => {
          const fitted = covariance === 'full' || i === j ? 0.6 * expected.covariance[i]![j]! : 0;
          expect(c)
            .withContext(`${i} ${j}`)
            .toBeCloseTo(fitted + (i === j ? 0.4 * 0.64 + 0.3 : 0), 4);
        }),
      );
      expect(extras).toEqual([0]);
    });
  }

  it('finds the least cost of a function with many local ones', () => {
    const rastrigin = (v: ArrayLike<number>): number =>
      Array.from(v).reduce((s, u) => s + u * u + 10 - 10 * Math.cos(2 * Math.PI * u), 0);
    const cem = st.crossEntropyMethod({variables: [x], population: 200, sigma: 3, eliteFraction: 0.1, smoothing: 0.7});
    for (let i = 0; i < 60; i++) cem.minimize(() => rastrigin(x.dataSync()), {key: st.random.foldIn(key, i)});
    expect(cem.best!.cost).toBeLessThan(1e-6);
    expect(rastrigin(cem.mean)).toBeLessThan(1e-6);
  });

  it('does not stop early with extra variance that fades, where it would without', () => {
    // the start is far: 12 standard deviations
    const far = (v: ArrayLike<number>): number => Array.from(v).reduce((s, u) => s + (u - 8) ** 2, 0);
    const run = (extraVariance: number | ((t: number) => number)): number => {
      x.assign(tf.tensor1d(START));
      const cem = st.crossEntropyMethod({variables: [x], population: 50, sigma: 0.5, extraVariance});
      for (let i = 0; i < 80; i++) cem.minimize(() => far(x.dataSync()), {key: st.random.foldIn(key, i)});
      return far(cem.mean);
    };
    expect(run(0)).toBeGreaterThan(1);
    expect(run(t => Math.max(0, 0.5 - t / 50))).toBeLessThan(1e-3);
  });

  it('says what is wrong', () => {
    const bad: Array<[object, string]> = [
      [{population: 1}, 'crossEntropyMethod: population must be an integer >= 2, got 1'],
      [{sigma: -1}, 'crossEntropyMethod: sigma must be a finite number > 0, got -1'],
      [{eliteFraction: 0}, 'crossEntropyMethod: eliteFraction must be a number in (0, 1), got 0'],
      [{eliteFraction: 1}, 'crossEntropyMethod: eliteFraction must be a number in (0, 1), got 1'],
      [{smoothing: 0}, 'crossEntropyMethod: smoothing must be a number in (0, 1], got 0'],
      [
        {extraVariance: -1},
        'crossEntropyMethod: extraVariance must be a finite number >= 0, or a function of the generation, got -1',
      ],
      [{covariance: 'none'}, 'crossEntropyMethod: covariance must be "full" or "diagonal", got "none"'],
      [
        {elite: 3},
        'crossEntropyMethod: unknown option "elite"; known: variables, population, sigma, covariance, eliteFraction, smoothing, extraVariance',
      ],
    ];
    for (const [config, message] of bad)
      expect(() => st.crossEntropyMethod({variables: [x], ...config})).toThrowError(message);
    const cem = st.crossEntropyMethod({variables: [x], population: 4, extraVariance: () => NaN});
    cem.ask();
    expect(() => cem.tell([1, 2, 3, 4])).toThrowError(
      'crossEntropyMethod: the result of extraVariance must be a finite number >= 0, got NaN',
    );
    expect(Array.from(x.dataSync())).toEqual(START);
  });
});

/** The inverse of a 3×3 matrix, by cofactors. */
function invert(m: number[][]): number[][] {
  const minor = (i: number, j: number): number => {
    const rows = [0, 1, 2].filter(r => r !== i);
    const columns = [0, 1, 2].filter(c => c !== j);
    return (
      m[rows[0]!]![columns[0]!]! * m[rows[1]!]![columns[1]!]! - m[rows[0]!]![columns[1]!]! * m[rows[1]!]![columns[0]!]!
    );
  };
  const determinant = [0, 1, 2].reduce((s, j) => s + (j % 2 === 0 ? 1 : -1) * m[0]![j]! * minor(0, j), 0);
  return [0, 1, 2].map(i => [0, 1, 2].map(j => (((i + j) % 2 === 0 ? 1 : -1) * minor(j, i)) / determinant));
}
