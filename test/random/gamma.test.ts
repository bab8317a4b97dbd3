import * as tf from '@tensorflow/tfjs-core';
import {drawBeta, drawGamma, drawLogGamma, drawStudentT} from '../../src/random/gamma.js';
import * as random from '../../src/random/index.js';
import {MANY} from '../helpers/estimates.js';
import {describeBackends, inBrief, sizeFor} from '../helpers/backends.js';
import {upperGamma} from '../helpers/statistics.js';
import {betaCdf, distance, expectCdf, expectMoments, logGamma, readDraws, rowsOf, tabulate} from './draws.js';

const n = inBrief ? 20_000 : MANY;
const key = random.key(20260);
const column = (list: readonly number[]) => list.map(v => [v]);

/** The cdf of ln g. */
function logGammaCdf(a: number): (l: number) => number {
  const exact = (l: number) => (l < -20 ? Math.exp(a * l - logGamma(a + 1)) : 1 - upperGamma(a, Math.exp(l)));
  return a < 1000
    ? tabulate(exact, a < 0.01 ? -20_000 : -200, 8, 20_000)
    : tabulate(exact, Math.log(a) - 6 / Math.sqrt(a), Math.log(a) + 6 / Math.sqrt(a));
}

describeBackends('random.gamma', backend => {
  const onHost = backend === 'cpu' || backend === 'wasm';
  const concentrations = [1e-3, 0.1, 0.5, 1, 2.5, 100, 1e6];

  it('has its distribution at ordinary and extreme concentrations, on the device and from numbers', async () => {
    const [rows, plain] = [[concentrations.length, n], column(concentrations)];
    const logs = await readDraws(() => tf.tidy(() => drawLogGamma(tf.tensor(plain), rows, key)));
    const fromNumbers = await readDraws(() => random.logGamma(rows, {concentration: plain, key}));
    const draws = await readDraws(() => tf.tidy(() => drawGamma(tf.tensor(plain), rows, key)));
    expect(logs.shape).toEqual(rows);
    if (onHost) expect(logs.values).toEqual(fromNumbers.values);
    else expect(distance(logs.values, fromNumbers.values)).toBeLessThan(2e-5);
    const [byLog, byValue] = [rowsOf(logs.values, 7), rowsOf(draws.values, 7)];
    concentrations.forEach((a, i) => {
      expect(byLog[i]!.every(Number.isFinite)).withContext(`ln g at ${a}`).toBe(true);
      expect(byValue[i]!.every(g => g >= 2 ** -126 && g < Infinity))
        .withContext(`g at ${a}`)
        .toBe(true);
      expectCdf(byLog[i]!, logGammaCdf(a), `ln g at ${a}`);
      expectMoments(byValue[i]!, a, a, `g at ${a}`);
      const [large, itsLogs] = [
        byValue[i]!.filter(g => g > 1e-30).map(Math.log),
        byLog[i]!.filter((_, j) => byValue[i]![j]! > 1e-30),
      ];
      expect(distance(large, itsLogs)).withContext(`g and ln g at ${a}`).toBeLessThan(1e-5);
    });
  });

  it('divides by the rate, without zeros', async () => {
    const g = await readDraws(() => random.gamma(n, {concentration: 3, rate: 1e18, key}));
    expectMoments(
      g.values.map(v => v * 1e18),
      3,
      3,
      'rate 1e18',
    );
    const tiny = await readDraws(() =>
      tf.tidy(() => random.gamma([2, 1000], {concentration: [[1e-3], [0.05]], rate: tf.scalar(1e30), key})),
    );
    expect(tiny.values.every(v => v >= 2 ** -126)).toBe(true);
    const large = await readDraws(() => random.gamma(1000, {concentration: 1e-3, rate: 1e-18, key}));
    const logs = await readDraws(() => random.logGamma(1000, {concentration: 1e-3, key}));
    logs.values.forEach((l, i) =>
      expect(large.values[i]!).toBeCloseTo(Math.max(Math.exp(l + 18 * Math.LN10), 2 ** -126), -12),
    );
  });

  it('takes any shape', async () => {
    expect((await readDraws(() => random.gamma([0], {concentration: 1, key}))).values).toEqual([]);
    expect((await readDraws(() => tf.tidy(() => drawGamma(tf.ones([0, 3]), [0, 3], key)))).shape).toEqual([0, 3]);
    const scalar = await readDraws(() => tf.tidy(() => random.gamma([], {concentration: tf.scalar(2, 'int32'), key})));
    expect(scalar.shape).toEqual([]);
    expect(scalar.values[0]).toBeCloseTo(
      (await readDraws(() => random.gamma(1, {concentration: 2, key}))).values[0]!,
      5,
    );
  });

  it('says what is wrong', () => {
    const bad = (concentration: random.RandomParam, rate?: number) => () =>
      random.gamma([2, 3], {concentration, rate, key});
    expect(bad(0)).toThrowError('random.gamma: concentration must be > 0, got 0');
    expect(
      bad([
        [1, 2, 3],
        [4, -5, NaN],
      ]),
    ).toThrowError('random.gamma: concentration must be > 0, got -5 at [1,1]');
    expect(bad(1, Infinity)).toThrowError('random.gamma: rate must be finite, got Infinity');
    expect(bad([1, 2])).toThrowError('random.gamma: concentration must broadcast to the shape [2,3], got [1, 2]');
    expect(bad([[1, 2], [1]])).toThrowError(
      'random.gamma: concentration must be a regular array of shape [2,2], got [[1, 2], [1]]',
    );
    expect(bad('x')).toThrowError('random.gamma: concentration must be a number, an array or a tensor, got "x"');
    expect(bad(['x'])).toThrowError('random.gamma: concentration must hold numbers only, got "x"');
    expect(() => random.gamma(2, {} as random.GammaOptions)).toThrowError(
      /concentration must be a number, an array or a tensor, got undefined/,
    );
    expect(() => random.gamma(2, {concentration: 1, scale: 1} as random.GammaOptions)).toThrowError(
      /unknown option "scale"/,
    );
    expect(() => random.beta(2, {concentration1: 1, concentration0: [1, 0]})).toThrowError(
      'random.beta: concentration0 must be > 0, got 0 at [1]',
    );
    expect(() => random.dirichlet(2, {concentration: 1})).toThrowError(
      'random.dirichlet: concentration must have at least 1 axis, got 1',
    );
    expect(() => random.studentT(2, {df: -1})).toThrowError('random.studentT: df must be > 0, got -1');
  });

  it('passes no derivative', async () => {
    const g = tf.grad(a => tf.add(tf.sum(random.gamma(3, {concentration: a, key})), tf.sum(a)))(tf.tensor1d([1, 2, 3]));
    expect(Array.from(await g.data())).toEqual([1, 1, 1]);
  });
});

describeBackends('what is made of gamma draws', backend => {
  const onHost = backend === 'cpu' || backend === 'wasm';

  it('random.beta has its distribution, and neither 0 nor 1', async () => {
    const cases = [
      [1e-3, 1e-3],
      [0.3, 4],
      [1, 1],
      [2.5, 1.5],
      [1e6, 1e6],
      [0.5, 1e3],
    ] as const;
    const [c1, c0] = [column(cases.map(c => c[0])), column(cases.map(c => c[1]))];
    const draws = await readDraws(() => tf.tidy(() => drawBeta(tf.tensor(c1), tf.tensor(c0), [6, n], key)));
    const fromNumbers = await readDraws(() => random.beta([6, n], {concentration1: c1, concentration0: c0, key}));
    if (onHost) expect(draws.values).toEqual(fromNumbers.values);
    // logarithms near ±1000 make the first row
    else expect(distance(draws.values, fromNumbers.values)).toBeLessThan(2e-4);
    rowsOf(draws.values, 6).forEach((x, i) => {
      const [a, b] = cases[i]!;
      expect(x.every(v => v >= 2 ** -126 && v < 1))
        .withContext(`(${a}, ${b})`)
        .toBe(true);
      expectMoments(x, a / (a + b), (a * b) / ((a + b) ** 2 * (a + b + 1)), `(${a}, ${b})`);
      if (a === 1e6)
        expectCdf(
          x,
          tabulate(v => betaCdf(a, b, v), 0.498, 0.502),
          `(${a}, ${b})`,
        );
      else if (a > 0.01)
        expectCdf(
          x.map(v => v ** a),
          tabulate(v => betaCdf(a, b, v ** (1 / a)), 0, 1),
          `(${a}, ${b})`,
        ); // straight near 0
    });
  });

  it('random.studentT has its distribution, and is finite', async () => {
    const df = [0.5, 1, 3.5, 30, 1e6];
    const draws = await readDraws(() => tf.tidy(() => drawStudentT(tf.tensor(column(df)), [5, n], key)));
    const fromNumbers = await readDraws(() => random.studentT([5, n], {df: column(df), key}));
    if (onHost) expect(draws.values).toEqual(fromNumbers.values);
    else expect(distance(draws.values, fromNumbers.values)).toBeLessThan(1e-4);
    rowsOf(draws.values, 5).forEach((t, i) => {
      const tail = (v: number) => 0.5 * betaCdf(df[i]! / 2, 0.5, df[i]! / (df[i]! + v * v));
      const cdf = (v: number) => (v < 0 ? tail(v) : 1 - tail(v));
      expectCdf(
        t.map(Math.atan),
        tabulate(angle => cdf(Math.tan(angle)), -Math.PI / 2, Math.PI / 2),
        `df ${df[i]}`,
      );
    });
    const extreme = await readDraws(() => tf.tidy(() => drawStudentT(tf.scalar(1e-3), [1000], key)));
    expect(extreme.values.every(Number.isFinite)).toBe(true);
  });

  it('random.dirichlet has its marginals, sums to 1 and has no zeros', async () => {
    const alpha = [
      [0.5, 1, 3.5],
      [1e-3, 1e-3, 2e-3],
      [1e5, 2e5, 3e5],
    ];
    const reductions = sizeFor({cpu: n, wasm: n, webgl: 20_000, webgpu: 5_000}); // slow on a software GPU
    for (const [concentration, m] of [
      [alpha.map(a => [a]), n],
      [tf.tensor(alpha.map(a => [a])), reductions],
    ] as const) {
      const {values, shape} = await readDraws(() => random.dirichlet([3, m], {concentration, key}));
      expect(shape).toEqual([3, m, 3]);
      rowsOf(values, 3).forEach((x, i) => {
        const total = alpha[i]!.reduce((a, b) => a + b);
        alpha[i]!.forEach((a, j) => {
          const marginal = x.filter((_, at) => at % 3 === j);
          expect(marginal.every(v => v > 0 && v <= 1)).toBe(true);
          expectMoments(
            marginal,
            a / total,
            (a * (total - a)) / (total ** 2 * (total + 1)),
            `${alpha[i]!.join()} [${j}]`,
          );
          if (i === 0)
            expectCdf(
              marginal.map(Math.sqrt),
              tabulate(v => betaCdf(a, total - a, v * v), 0, 1),
              `${alpha[i]!.join()} [${j}]`,
            );
        });
        expect(x.every((v, at) => at % 3 > 0 || Math.abs(v + x[at + 1]! + x[at + 2]! - 1) < 1e-6)).toBe(true);
      });
    }
  });
});
