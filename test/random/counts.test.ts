import * as tf from '@tensorflow/tfjs-core';
import {drawBinomial, drawGeometric, drawNegativeBinomial, drawPoisson} from '../../src/random/counts.js';
import * as random from '../../src/random/index.js';
import {MANY} from '../helpers/estimates.js';
import {describeBackends, inBrief} from '../helpers/backends.js';
import {expectCounts, expectMoments, readDraws, rowsOf} from './draws.js';

const n = inBrief ? 20_000 : MANY;
const key = random.key(20261);
const column = (list: readonly number[]) => list.map(v => [v]);
const odds = (logit: number) => Math.exp(logit);
const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

/** On hosts the same; on GPUs some others, mostly neighbours, and more of them where counts are large. */
function expectSame(draws: number[][], expected: number[][], onHost: boolean): void {
  draws.forEach((row, i) => {
    const differences = row.map((k, j) => Math.abs(k - expected[i]![j]!));
    const changed = differences.filter(d => d > 0).length;
    const mean = row.reduce((a, b) => a + b) / row.length;
    expect(changed)
      .withContext(`draws changed in row ${i}`)
      .toBeLessThanOrEqual(onHost ? 0 : 3 + mean * 3e-7 * row.length);
  });
}

describeBackends('random.poisson', backend => {
  const rates = [0.01, 0.7, 5, 10, 10.1, 37.3, 1000, 1e6];
  const onHost = backend === 'cpu' || backend === 'wasm';

  it('has its distribution', async () => {
    const shape = [rates.length, n];
    const {values, dtype} = await readDraws(() => tf.tidy(() => drawPoisson(tf.tensor(column(rates)), shape, key)));
    const host = await readDraws(() => random.poisson(shape, {rate: column(rates), key, dtype: 'int32'}));
    expect([dtype, host.dtype]).toEqual(['float32', 'int32']);
    const rows = rowsOf(values, rates.length);
    expectSame(rows, rowsOf(host.values, rates.length), onHost);
    rows.forEach((k, i) => {
      const rate = rates[i]!;
      expectCounts(k, {mode: Math.floor(rate), ratio: j => rate / (j + 1)}, `rate ${rate}`);
      expectMoments(k, rate, rate, `rate ${rate}`);
    });
  });

  it('takes log rates and the ends of the range', async () => {
    const logs = await readDraws(() => random.poisson(n, {logRate: Math.log(4), key}));
    expectCounts(logs.values, {mode: 4, ratio: j => 4 / (j + 1)}, 'log rate');
    const onDevice = await readDraws(() =>
      tf.tidy(() => random.poisson(1000, {logRate: tf.scalar(Math.log(4)), key, dtype: 'int32'})),
    );
    expect(onDevice.dtype).toBe('int32');
    expect(onDevice.values.filter((k, i) => k !== logs.values[i]).length).toBeLessThan(2);
    for (const rate of [[[0], [1e-30], [1e15], [1e38]], tf.tensor([[0], [1e-30], [1e15], [1e38]])]) {
      const rows = rowsOf((await readDraws(() => random.poisson([4, 100], {rate, key}))).values, 4);
      expect([...rows[0]!, ...rows[1]!].every(k => k === 0)).toBe(true);
      expect(rows[2]!.every(k => Math.abs(k / 1e15 - 1) < 1e-6)).toBe(true);
      expect(rows[3]!.every(k => Math.abs(k / 1e38 - 1) < 1e-6)).toBe(true);
    }
  });

  it('says what is wrong', () => {
    expect(() =>
      random.poisson([2, 2], {
        rate: [
          [1, 2],
          [-1, 3],
        ],
      }),
    ).toThrowError('random.poisson: rate must be >= 0, got -1 at [1,0]');
    expect(() => random.poisson(2, {})).toThrowError(
      'random.poisson: give exactly one of rate and logRate, got neither',
    );
    expect(() => random.poisson(2, {rate: 1, logRate: 1})).toThrowError(
      'random.poisson: give exactly one of rate and logRate, got both',
    );
    expect(() => random.poisson(2, {logRate: 89})).toThrowError(
      'random.poisson: logRate must be <= 88, the logarithm of a float32, got 89',
    );
    expect(() => random.poisson(2, {rate: 1, dtype: 'bool' as 'int32'})).toThrowError(
      'random.poisson: dtype must be "float32" or "int32", got "bool"',
    );
    expect(() => random.poisson(2, {rate: 1e12, key, dtype: 'int32'})).toThrowError(
      /^random.poisson: a draw does not fit dtype "int32"; use "float32", got 1000\d+$/,
    );
  });
});

describeBackends('random.binomial', backend => {
  const onHost = backend === 'cpu' || backend === 'wasm';
  // 10 of 40 and of 1000 are near where the method changes
  const cases = [
    [1, -1],
    [10, 0],
    [40, -Math.log(3)],
    [41, 1],
    [1000, -Math.log(99)],
    [1000, 0.3],
    [1e6, -1],
    [2 ** 24, -15],
    [50, 6],
  ] as const;
  const [counts, logits] = [column(cases.map(c => c[0])), column(cases.map(c => c[1]))];

  it('has its distribution', async () => {
    const shape = [cases.length, n];
    const {values} = await readDraws(() =>
      tf.tidy(() => drawBinomial(tf.tensor(counts), tf.tensor(logits), shape, key)),
    );
    const host = await readDraws(() => random.binomial(shape, {totalCount: counts, logits, key}));
    const probs = await readDraws(() =>
      tf.tidy(() =>
        random.binomial([cases.length, 20_000], {
          totalCount: tf.tensor(counts),
          probs: tf.sigmoid(tf.tensor(logits)),
          key,
        }),
      ),
    );
    const rows = rowsOf(values, cases.length);
    const alike = rowsOf(probs.values, cases.length);
    expectSame(rows, rowsOf(host.values, cases.length), onHost);
    rows.forEach((k, i) => {
      const [total, logit] = cases[i]!;
      const p = sigmoid(logit);
      for (const draws of [k, alike[i]!]) {
        expectCounts(
          draws,
          {mode: Math.floor(total * p), ratio: j => ((total - j) / (j + 1)) * odds(logit)},
          `(${total}, ${logit})`,
        );
        expectMoments(draws, total * p, total * p * (1 - p), `(${total}, ${logit})`);
      }
    });
  });

  it('is exact at the ends of the range', async () => {
    const certain: Array<[number, number, number]> = [
      [100, 80, 100],
      [100, -80, 0],
      [0, 1, 0],
      [2 ** 24, 80, 2 ** 24],
      [2 ** 24, -80, 0],
      [7, Infinity, 7],
    ];
    const [total, logit] = [column(certain.map(c => c[0])), column(certain.map(c => c[1]))];
    for (const draw of [
      random.binomial,
      (s: number[], o: random.BinomialOptions) =>
        tf.tidy(() =>
          random.binomial(s, {
            ...o,
            totalCount: tf.tensor(total),
            logits: tf.tensor(logit),
          }),
        ),
    ]) {
      const rows = rowsOf((await readDraws(() => draw([6, 1000], {totalCount: total, logits: logit, key}))).values, 6);
      rows.forEach((k, i) =>
        expect(k.every(v => v === certain[i]![2]))
          .withContext(`${certain[i]!.join()}`)
          .toBe(true),
      );
    }
    const sure = await readDraws(() =>
      random.binomial([2, 100], {totalCount: 5, probs: [[0], [1]], key, dtype: 'int32'}),
    );
    rowsOf(sure.values, 2).forEach((k, i) => expect(k.every(v => v === 5 * i)).toBe(true));
    const rare = await readDraws(() => random.binomial(n, {totalCount: 2 ** 24, probs: 1e-9, key}));
    expectMoments(rare.values, 2 ** 24 * 1e-9, 2 ** 24 * 1e-9, 'rare');
    const empty = await readDraws(() => random.binomial([0], {totalCount: 5, probs: 0.5, key}));
    expect(empty.values).toEqual([]);
  });

  it('says what is wrong', () => {
    const bad = (options: random.BinomialOptions) => () => random.binomial(3, options);
    expect(bad({totalCount: [1, 2.5, 3], probs: 0.5})).toThrowError(
      'random.binomial: totalCount must be a whole number in [0, 2^24], got 2.5 at [1]',
    );
    expect(bad({totalCount: 2 ** 25, probs: 0.5})).toThrowError(
      /totalCount must be a whole number in \[0, 2\^24\], got 33554432/,
    );
    expect(bad({totalCount: 3, probs: [0, 1, 1.5]})).toThrowError(
      'random.binomial: probs must be in [0, 1], got 1.5 at [2]',
    );
    expect(bad({totalCount: 3, logits: NaN})).toThrowError('random.binomial: logits must be a number, got NaN');
    expect(bad({totalCount: 3})).toThrowError('random.binomial: give exactly one of logits and probs, got neither');
    expect(bad({probs: 0.5} as random.BinomialOptions)).toThrowError(
      /totalCount must be a number, an array or a tensor, got undefined/,
    );
  });
});

describeBackends('random.negativeBinomial and random.geometric', backend => {
  const onHost = backend === 'cpu' || backend === 'wasm';

  it('have their distributions', async () => {
    const cases = [
      [1, 0],
      [3.5, -1],
      [0.2, 2],
      [100, 0.5],
    ] as const;
    const [total, logits] = [column(cases.map(c => c[0])), column(cases.map(c => c[1]))];
    const draws = await readDraws(() =>
      tf.tidy(() => drawNegativeBinomial(tf.tensor(total), tf.tensor(logits), [4, n], key)),
    );
    const host = await readDraws(() => random.negativeBinomial([4, n], {totalCount: total, logits, key}));
    const rows = rowsOf(draws.values, 4);
    expectSame(rows, rowsOf(host.values, 4), onHost);
    rows.forEach((k, i) => {
      const [failures, logit] = cases[i]!;
      const mean = failures * odds(logit);
      expectCounts(
        k,
        {
          mode: Math.floor(Math.max(failures - 1, 0) * odds(logit)),
          ratio: j => ((failures + j) / (j + 1)) * sigmoid(logit),
        },
        `(${failures}, ${logit})`,
      );
      expectMoments(k, mean, mean * (1 + odds(logit)), `(${failures}, ${logit})`);
    });
    const byProbs = await readDraws(() => random.negativeBinomial(n, {totalCount: 3.5, probs: sigmoid(-1), key}));
    expectMoments(byProbs.values, 3.5 * odds(-1), 3.5 * odds(-1) * (1 + odds(-1)), 'probs');

    const successes = [-3, 0, 2];
    const waits = await readDraws(() => tf.tidy(() => drawGeometric(tf.tensor(column(successes)), [3, n], key)));
    const hostWaits = await readDraws(() => random.geometric([3, n], {logits: column(successes), key}));
    const waitRows = rowsOf(waits.values, 3);
    expectSame(waitRows, rowsOf(hostWaits.values, 3), onHost);
    waitRows.forEach((k, i) => {
      expectCounts(k, {mode: 0, ratio: () => sigmoid(-successes[i]!)}, `logit ${successes[i]}`);
      expectMoments(
        k,
        odds(-successes[i]!),
        odds(-successes[i]!) * (1 + odds(-successes[i]!)),
        `logit ${successes[i]}`,
      );
    });
  });

  it('are finite at the ends of the range', async () => {
    for (const logits of [[[-80], [80]], tf.tensor([[-80], [80]])]) {
      const waits = rowsOf((await readDraws(() => random.geometric([2, 100], {logits, key}))).values, 2);
      expect(waits[0]!.every(k => k > 1e30 && k < Infinity)).toBe(true);
      expect(waits[1]!.every(k => k === 0)).toBe(true);
      const counts = rowsOf(
        (await readDraws(() => random.negativeBinomial([2, 100], {totalCount: 2, logits, key}))).values,
        2,
      );
      expect(counts[0]!.every(k => k === 0)).toBe(true);
      expect(counts[1]!.every(k => k > 1e30 && k < Infinity)).toBe(true);
    }
    const sure = await readDraws(() => random.geometric(100, {probs: 1, key, dtype: 'int32'}));
    expect(sure.values.every(k => k === 0)).toBe(true);
    expect((await readDraws(() => tf.tidy(() => random.geometric(5, {probs: tf.scalar(1), key})))).values).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it('say what is wrong', () => {
    expect(() => random.geometric(2, {probs: [0.5, 0]})).toThrowError(
      'random.geometric: probs must be in (0, 1], got 0 at [1]',
    );
    expect(() => random.geometric(2, {logits: -Infinity})).toThrowError(
      'random.geometric: logits must be finite, got -Infinity',
    );
    expect(() => random.geometric(2, {logits: -80, key, dtype: 'int32'})).toThrowError(
      /a draw does not fit dtype "int32"/,
    );
    expect(() => random.negativeBinomial(2, {totalCount: 0, probs: 0.5})).toThrowError(
      'random.negativeBinomial: totalCount must be > 0, got 0',
    );
    expect(() => random.negativeBinomial(2, {totalCount: 1, probs: 1})).toThrowError(
      'random.negativeBinomial: probs must be in [0, 1), got 1',
    );
  });
});
