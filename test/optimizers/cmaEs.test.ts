import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {
  fullParameters,
  separableParameters,
  defaultPopulation,
  type CmaParameters,
} from '../../src/optimizers/cmaParameters.js';

const sphere = (x: ArrayLike<number>): number => Array.from(x).reduce((s, v) => s + v * v, 0);
/** Axes of lengths 1 to 1000. */
const ellipsoid = (x: ArrayLike<number>): number =>
  Array.from(x).reduce((s, v, i) => s + 10 ** ((6 * i) / (x.length - 1)) * v * v, 0);

/**
 * Runs generations on the host's numbers; the candidates are those that the optimizer itself would evaluate, to
 * float32.
 */
function generations(
  cma: st.CmaEs,
  x: tf.Variable,
  f: (x: ArrayLike<number>) => number,
  count: number,
  seed = 1,
): void {
  for (let i = 0; i < count; i++) cma.minimize(() => f(x.dataSync()), {key: st.random.foldIn(st.random.key(seed), i)});
}

describe('cmaEs', () => {
  let x: tf.Variable;
  beforeAll(() => tf.setBackend('cpu'));
  beforeEach(() => {
    x = tf.tidy(() => tf.variable(tf.tensor1d([3, -2, 1, 4, 0.5])));
  });
  afterEach(() => x.dispose());

  it('has the strategy parameters of the tutorial', () => {
    // made with the Python package cmaes 0.9.1, but c_mu, whose numerator has got a 1/4 in the tutorial's version of
    // 2023
    const reference: Array<
      [
        n: number,
        lambda: number,
        Partial<Omit<CmaParameters, 'weights'>>,
        weights: [first: number, second: number, last: number],
      ]
    > = [
      [
        10,
        10,
        {
          muEff: 3.1672992814107026,
          c1: 0.015283824524751714,
          cMu: 0.023551776650417484,
          cSigma: 0.2844285879463675,
          dSigma: 1.2844285879463675,
          cC: 0.29499038303562225,
        },
        [0.45627264690340597, 0.2707530970017852, -0.5862218287788353],
      ],
      [
        3,
        7,
        {
          muEff: 2.2548150822016044,
          c1: 0.09640963257927214,
          cMu: 0.0695884692329107,
          cSigma: 0.4149090010980616,
          dSigma: 1.4149090010980616,
          cC: 0.5588013228860189,
        },
        [0.585645106509765, 0.2928225532548825, -1.0636566969842556],
      ],
      [
        40,
        100,
        {
          muEff: 26.966655064651043,
          c1: 0.001154296781277404,
          cMu: 0.02820123739041692,
          cSigma: 0.4025010616184528,
          dSigma: 1.4025010616184528,
          cC: 0.10307250769397004,
        },
        [0.08235823656467323, 0.06780271194072979, -0.030992836666207373],
      ],
    ];
    for (const [n, lambda, expected, [first, second, last]] of reference) {
      const found = fullParameters(n, lambda, true);
      for (const [name, value] of Object.entries(expected))
        expect(found[name as 'c1'])
          .withContext(`${name}, n = ${n}`)
          .toBeCloseTo(value, 10);
      expect(found.weights[0]).toBeCloseTo(first, 10);
      expect(found.weights[1]).toBeCloseTo(second, 10);
      expect(Math.abs(found.weights[lambda - 1]! / last - 1)).toBeLessThan(0.2); // it depends on c_mu
      expect(found.weights.slice(0, found.mu).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
    expect([2, 5, 10, 40, 1000].map(defaultPopulation)).toEqual([6, 8, 10, 15, 24]);
  });

  it('takes from the tutorial negative weights that keep C positive definite', () => {
    for (const n of [1, 2, 5, 10, 100]) {
      for (const lambda of [2, 3, 10, 500]) {
        const {weights, c1, cMu, mu} = fullParameters(n, lambda, true);
        expect(c1 + cMu).toBeLessThanOrEqual(1);
        // each negative term takes at most c_mu·|w|·n of any variance
        const taken = -cMu * n * weights.slice(mu).reduce((a, b) => a + b, 0);
        expect(taken)
          .withContext(`n ${n}, lambda ${lambda}`)
          .toBeLessThanOrEqual(1 - c1 - cMu + 1e-12);
        expect(fullParameters(n, lambda, false).weights.every(w => w >= 0)).toBeTrue();
      }
    }
  });

  it('learns variances (n + 2)/3 times as fast where C is diagonal', () => {
    for (const n of [5, 20, 100]) {
      const {c1, cMu, muEff, weights} = separableParameters(n, 12);
      const full = 2 / (muEff * (n + Math.SQRT2) ** 2) + ((1 - 1 / muEff) * (2 * muEff - 1)) / ((n + 2) ** 2 + muEff);
      expect((c1 + cMu) / full).toBeCloseTo((n + 2) / 3, 10);
      expect(c1 / (c1 + cMu)).toBeCloseTo(1 / muEff, 10);
      expect(weights.length).toBe(6);
    }
  });

  it('sees only the order of the costs', () => {
    const run = (g: (cost: number) => number): number[] => {
      x.assign(tf.tensor1d([3, -2, 1, 4, 0.5]));
      const cma = st.cmaEs({variables: [x]});
      generations(cma, x, v => g(ellipsoid(v)), 40);
      return [...cma.mean, cma.sigma];
    };
    const plain = run(c => c);
    expect(run(c => Math.log(c) ** 3)).toEqual(plain);
  });

  it('does not drift under costs that are noise: mean where it was, ln sigma near its start', () => {
    // Hansen's test of an implementation: without selection the step size is a random walk without drift to speak of
    const changes: number[] = [];
    const means: number[] = [];
    for (let run = 0; run < 60; run++) {
      x.assign(tf.zeros([5]));
      const cma = st.cmaEs({variables: [x], sigma: 1});
      for (let i = 0; i < 30; i++) {
        const key = st.random.foldIn(st.random.foldIn(st.random.key(4), run), i);
        const noise = st.random.uniform([cma.population], {key: st.random.foldIn(key, 1000)});
        cma.ask({key});
        cma.tell(noise.dataSync());
        noise.dispose();
      }
      changes.push(Math.log(cma.sigma));
      means.push(cma.mean[0]!);
    }
    for (const [list, drift] of [
      [changes, 0.35],
      [means, 0],
    ] as const) {
      const mean = list.reduce((a, b) => a + b) / list.length;
      const error = Math.sqrt(list.reduce((s, v) => s + (v - mean) ** 2, 0) / list.length / (list.length - 1));
      expect(Math.abs(mean)).toBeLessThan(drift + 4.5 * error);
    }
  });

  for (const covariance of ['full', 'diagonal'] as const) {
    it(`learns the axes of an ellipsoid (${covariance})`, () => {
      const cma = st.cmaEs({variables: [x], sigma: 1, covariance});
      generations(cma, x, ellipsoid, 320);
      expect(ellipsoid(cma.mean)).toBeLessThan(1e-9);
      expect(cma.axisRatio).toBeGreaterThan(200);
      expect(cma.axisRatio).toBeLessThan(5000);
      expect(cma.best!.cost).toBeLessThan(1e-8);
      expect(cma.generations).toBe(320);
      cma.useBest();
      expect(ellipsoid(x.dataSync())).toBeCloseTo(cma.best!.cost, 8);
    });
  }

  it('needs no more evaluations on a rotated ellipsoid, where the diagonal does not do', () => {
    const s = Math.SQRT1_2;
    const rotated = (v: ArrayLike<number>): number =>
      ellipsoid([s * (v[0]! + v[4]!), v[1]!, v[2]!, v[3]!, s * (v[4]! - v[0]!)]);
    const run = (covariance: 'full' | 'diagonal'): number => {
      x.assign(tf.tensor1d([3, -2, 1, 4, 0.5]));
      const cma = st.cmaEs({variables: [x], sigma: 1, covariance});
      generations(cma, x, rotated, 320);
      return rotated(cma.mean);
    };
    expect(run('full')).toBeLessThan(1e-9);
    expect(run('diagonal')).toBeGreaterThan(1e-4);
  });

  it('keeps its state in double precision, and leaves the variables at the mean', () => {
    const cma = st.cmaEs({variables: [x]});
    generations(cma, x, sphere, 5);
    const mean = cma.mean;
    expect(Array.from(x.dataSync())).toEqual(Array.from(mean, Math.fround));
    expect(Array.from(mean)).not.toEqual(Array.from(mean, Math.fround));
    mean.fill(0); // a copy
    expect(cma.mean[0]).not.toBe(0);
  });

  it('takes infinite costs for the worst', () => {
    const cma = st.cmaEs({variables: [x], sigma: 1});
    generations(cma, x, v => (v[0]! < 1 ? Infinity : sphere(v)), 120);
    expect(sphere(cma.mean)).toBeCloseTo(1, 2);
  });

  it('works for one number and for a population of 2', () => {
    const y = tf.tidy(() => tf.variable(tf.scalar(3)));
    const cma = st.cmaEs({variables: [y]});
    expect(cma.population).toBe(4);
    generations(cma, y, sphere, 60);
    expect(Math.abs(cma.mean[0]!)).toBeLessThan(1e-4);
    const small = st.cmaEs({variables: [x], population: 2});
    generations(small, x, sphere, 400);
    expect(sphere(small.mean)).toBeLessThan(0.05);
    y.dispose();
  });

  it('says what is wrong', () => {
    const bad: Array<[object, string]> = [
      [{population: 1}, 'cmaEs: population must be an integer >= 2, got 1'],
      [{sigma: 0}, 'cmaEs: sigma must be a finite number > 0, got 0'],
      [{sigma: '1'}, 'cmaEs: sigma must be a finite number > 0, got "1"'],
      [{covariance: 'sparse'}, 'cmaEs: covariance must be "full" or "diagonal", got "sparse"'],
      [{active: 1}, 'cmaEs: active must be true or false, got 1'],
      [{active: true, covariance: 'diagonal'}, 'cmaEs: active needs the covariance \'full\', got "diagonal"'],
      [{mu: 3}, 'cmaEs: unknown option "mu"; known: variables, population, sigma, covariance, active, stop'],
    ];
    for (const [config, message] of bad) expect(() => st.cmaEs({variables: [x], ...config})).toThrowError(message);
    expect(() => st.cmaEs({variables: [x]}).useBest()).toThrowError(
      'cmaEs: useBest needs a generation that has been told',
    );
    x.assign(tf.tensor1d([1, NaN, 2, 3, 4]));
    expect(() => st.cmaEs({variables: [x]}).ask()).toThrowError('cmaEs: variables must be finite, got NaN');
  });
});
