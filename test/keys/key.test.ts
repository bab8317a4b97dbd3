import * as random from '../../src/random/index.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {correlation} from '../helpers/statistics.js';

describe('random.key', () => {
  it('takes any safe integer, and gives different keys to different seeds', () => {
    expect(random.key(-1).words).toEqual([0xffffffff, 0xffffffff]);
    expect(random.key(2 ** 40 + 5).words).toEqual([256, 5]);
    const seeds = [0, 1, -1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(new Set(seeds.map(s => random.key(s).words.join())).size).toBe(seeds.length);
    for (const seed of [1.5, NaN, Infinity, 2 ** 53, '1', undefined]) {
      expect(() => random.key(seed as number)).toThrowError(/^random.key: seed must be a safe integer, got /);
    }
  });

  it('splits the same way in every release', () => {
    expect(random.split(random.key(42), 3).map(k => k.words)).toEqual([
      [3949274415, 2752721801],
      [631644108, 538630895],
      [4191043564, 2211682764],
    ]);
    expect(random.split(random.key(42)).map(k => k.words)).toEqual([
      [3949274415, 2752721801],
      [631644108, 538630895],
    ]);
    expect(() => random.split(random.key(1), 0)).toThrowError('random.split: n must be an integer >= 1, got 0');
    expect(() => random.split(3 as unknown as random.Key)).toThrowError(
      'random.split: key must come from random.key, got 3',
    );
  });

  it('folds integers in the same way in every release, different ones to different keys', () => {
    const key = random.key(42);
    expect([0, 1, -1, 2 ** 40].map(i => random.foldIn(key, i).words)).toEqual([
      [3181546281, 2228815013],
      [962414221, 501912151],
      [2922589787, 1283863503],
      [211225847, 2279520336],
    ]);
    const keys = Array.from({length: 2000}, (_, i) => random.foldIn(key, i - 1000).words.join());
    expect(new Set([...keys, ...random.split(key, 100).map(k => k.words.join()), key.words.join()]).size).toBe(2101);
    expect(() => random.foldIn(key, 0.5)).toThrowError('random.foldIn: data must be a safe integer, got 0.5');
    expect(() => random.foldIn({words: [1]} as unknown as random.Key, 1)).toThrowError(/key must come from random.key/);
  });
});

describeBackends('independent keys', () => {
  it('gives children whose numbers do not correlate', async () => {
    const n = sizeFor({cpu: 20_000, wasm: 20_000, webgl: 5_000, webgpu: 5_000});
    const parent = random.key(9);
    const keys = [
      parent,
      ...random.split(parent, 3),
      random.foldIn(parent, 0),
      random.foldIn(parent, 1),
      random.key(10),
    ];
    const draws = await Promise.all(keys.map(key => random.uniform(n, {key}).data()));
    for (let i = 0; i < draws.length; i++) {
      for (let j = 0; j < i; j++) {
        expect(Math.abs(correlation(draws[i]!, draws[j]!)))
          .withContext(`keys ${i}, ${j}`)
          .toBeLessThan(4.5 / Math.sqrt(n));
        // nor shifted by one word
        expect(Math.abs(correlation(draws[i]!.subarray(1), draws[j]!.subarray(0, n - 1)))).toBeLessThan(
          4.5 / Math.sqrt(n),
        );
      }
      expect(Math.abs(correlation(draws[i]!.subarray(1), draws[i]!.subarray(0, n - 1)))).toBeLessThan(
        4.5 / Math.sqrt(n),
      );
    }
    const firsts = await random.uniform(1, {key: parent}).data();
    expect(firsts[0]).toBe(draws[0]![0]);
  });

  it('starts the default stream anew with setSeed, and moves it on at each draw', async () => {
    random.setSeed(7);
    const [a, b] = [await random.uniform(3).data(), await random.uniform(3).data()];
    expect(Array.from(a)).not.toEqual(Array.from(b));
    random.setSeed(7);
    expect(Array.from(await random.uniform(3).data())).toEqual(Array.from(a));
    random.setSeed(0);
    expect(Array.from(await random.uniform(3).data())).not.toEqual(Array.from(a));
    random.setSeed(7);
    random.uniform(3, {key: random.key(1)});
    expect(Array.from(await random.uniform(3).data()))
      .withContext('a draw with a key leaves the stream alone')
      .toEqual(Array.from(a));
    expect(() => random.setSeed(NaN)).toThrowError('random.setSeed: seed must be a safe integer, got NaN');
  });
});
