import * as tf from '@tensorflow/tfjs-core';
import {drawTruncatedNormal, drawVonMises} from '../../src/random/bounded.js';
import * as random from '../../src/random/index.js';
import {MANY} from '../helpers/estimates.js';
import {describeBackends, inBrief} from '../helpers/backends.js';
import {distance, expectCdf, expectMoments, fromDensity, readDraws, rowsOf} from './draws.js';

const n = inBrief ? 20_000 : MANY;
const key = random.key(20262);
const column = (list: readonly number[]) => list.map(v => [v]);

describeBackends('random.vonMises', backend => {
  const onHost = backend === 'cpu' || backend === 'wasm';

  it('has its distribution from nearly uniform to nearly normal', async () => {
    const concentrations = [0, 1e-3, 0.5, 4, 100, 1e6];
    const shape = [concentrations.length, n];
    const {values} = await readDraws(() => tf.tidy(() => drawVonMises(tf.tensor(column(concentrations)), shape, key)));
    const host = await readDraws(() => random.vonMises(shape, {concentration: column(concentrations), key}));
    if (onHost) expect(values).toEqual(host.values);
    else expect(distance(values, host.values)).toBeLessThan(3e-6);
    expect(values.every(x => Math.abs(x) <= Math.PI)).toBe(true);
    rowsOf(values, concentrations.length).forEach((x, i) => {
      const k = concentrations[i]!;
      const end = Math.min(Math.PI, 8 / Math.sqrt(Math.max(k, 0.01)));
      const exact = fromDensity(v => -2 * k * Math.sin(v / 2) ** 2, -end, end);
      expectCdf(x, exact.cdf, `concentration ${k}`);
      expectMoments(x, 0, exact.variance, `concentration ${k}`);
    });
  });

  it('turns around loc and stays in [-π, π]', async () => {
    for (const loc of [3, tf.scalar(3), 3 - 20 * Math.PI]) {
      const {values} = await readDraws(() => random.vonMises(n, {loc, concentration: 2, key}));
      expect(values.every(x => Math.abs(x) <= Math.PI)).toBe(true);
      expectCdf(values, fromDensity(v => 2 * Math.cos(v - 3), -Math.PI, Math.PI).cdf, 'around 3');
    }
    const far = await readDraws(() =>
      tf.tidy(() => random.vonMises([3, 100], {concentration: tf.tensor([[1e12], [1e18], [1e30]]), key})),
    );
    expect(far.values.every(x => Math.abs(x) < 1e-5)).toBe(true);
    expect(far.values.some(x => x !== 0)).toBe(true);
    expect((await readDraws(() => random.vonMises([0], {concentration: 1, key}))).values).toEqual([]);
  });

  it('says what is wrong', () => {
    expect(() => random.vonMises(2, {concentration: [1, -1]})).toThrowError(
      'random.vonMises: concentration must be >= 0, got -1 at [1]',
    );
    expect(() => random.vonMises(2, {concentration: 1, loc: Infinity})).toThrowError(
      'random.vonMises: loc must be finite, got Infinity',
    );
  });
});

describeBackends('random.truncatedNormal', backend => {
  const onHost = backend === 'cpu' || backend === 'wasm';

  it('has its distribution in the middle and in the tails', async () => {
    const cases = [
      [-1, 1],
      [-0.5, 4],
      [0, Infinity],
      [-Infinity, -1],
      [3, 3.1],
      [-30, -7],
      [0.1, 0.2],
      [-Infinity, Infinity],
      [-8, 1],
    ] as const;
    const [low, high] = [column(cases.map(c => c[0])), column(cases.map(c => c[1]))];
    const {values} = await readDraws(() =>
      tf.tidy(() => drawTruncatedNormal(tf.tensor(low), tf.tensor(high), [cases.length, n], key)),
    );
    const host = await readDraws(() => random.truncatedNormal([cases.length, n], {low, high, key}));
    if (onHost) expect(values).toEqual(host.values);
    else expect(distance(values, host.values)).toBeLessThan(3e-6);
    rowsOf(values, cases.length).forEach((x, i) => {
      const [a, b] = cases[i]!;
      expect(x.every(v => v >= Math.fround(a) && v <= Math.fround(b)))
        .withContext(`[${a}, ${b}]`)
        .toBe(true);
      const exact = fromDensity(v => (-v * v) / 2, Math.max(a, -9), Math.min(b, 9));
      expectCdf(x, exact.cdf, `[${a}, ${b}]`);
      expectMoments(x, exact.mean, exact.variance, `[${a}, ${b}]`);
    });
  });

  it('is exact a million scales out, at any scale', async () => {
    // bounds at 0, so that the distance from them is all there is to see
    const cases = [
      [-1e3, 1, Infinity],
      [-1e6, 1, Infinity],
      [-1e6, 1, 1e-6],
      [-1e-14, 1e-18, Infinity],
      [-1e20, 1e18, 1e16],
    ] as const;
    const [loc, scale, high] = [0, 1, 2].map(j => column(cases.map(c => c[j]!)));
    for (const options of [
      {loc, scale, low: 0, high},
      {loc: tf.tensor(loc!), scale, low: 0, high},
    ]) {
      const {values} = await readDraws(() =>
        tf.tidy(() => random.truncatedNormal([cases.length, n], {...options, key})),
      );
      rowsOf(values, cases.length).forEach((x, i) => {
        const [mean, sd, end] = cases[i]!;
        const steepness = -mean / sd;
        const unit = sd / steepness; // of the exponential that the tail nearly is
        const exact = fromDensity(v => -v - 0.5 * (v / steepness) ** 2, 0, Math.min(40, end / unit));
        expectCdf(
          x.map(v => v / unit),
          exact.cdf,
          `loc ${mean}`,
        );
        expectMoments(
          x.map(v => v / unit),
          exact.mean,
          exact.variance,
          `loc ${mean}`,
        );
      });
    }
    const remote = await readDraws(() => random.truncatedNormal(100, {low: 1e20, high: 2e20, key}));
    expect(remote.values.every(x => x === Math.fround(1e20))).toBe(true);
  });

  it('says what is wrong', () => {
    const bad = (options: random.TruncatedNormalOptions) => () => random.truncatedNormal([2, 2], options);
    expect(bad({low: [[0], [1]], high: [3, 1]})).toThrowError(
      'random.truncatedNormal: high must be > low, got low 1 and high 1 at [1,1]',
    );
    expect(bad({low: Infinity})).toThrowError(
      'random.truncatedNormal: low must be a number below Infinity, got Infinity',
    );
    expect(bad({scale: [1, 0]})).toThrowError('random.truncatedNormal: scale must be > 0, got 0 at [1]');
    expect(bad({mean: 1} as random.TruncatedNormalOptions)).toThrowError(/unknown option "mean"/);
  });
});
