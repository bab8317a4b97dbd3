import {key} from '../../src/keys/key.js';
import {drawBernoulli} from '../../src/random/discrete.js';
import {exponentialOf, gumbelOf, uniformOf, wordsOf} from '../../src/random/noise.js';
import {racesOnHost} from '../../src/random/races.js';
import {describeBackends} from '../helpers/backends.js';

/** The first of the classes with the greatest score, each looked at. */
function winnerByDefinition(scores: readonly number[]): number {
  let [winner, best] = [0, -Infinity];
  scores.forEach((score, c) => {
    if (score > best) [winner, best] = [c, score];
  });
  return winner;
}

const parameters: Record<string, {name: 'logits' | 'probs'; values: number[]}> = {
  logits: {name: 'logits', values: [0, 1, -2, 0.5, 1]},
  'equal logits': {name: 'logits', values: [0, 0, 0]},
  'logits far apart': {name: 'logits', values: [1e30, -1e30, 1e30, -Infinity]},
  'logits that are all −∞': {name: 'logits', values: [-Infinity, -Infinity]},
  'large logits, whose scores are often equal': {name: 'logits', values: [3e7, 3e7, 3e7, 3e7]},
  'one class': {name: 'logits', values: [3]},
  weights: {name: 'probs', values: [0.1, 0, 2, 1e-30, 1]},
  'weights of nothing': {name: 'probs', values: [0, 0]},
  'weights so small that scores are equal': {name: 'probs', values: [1e-45, 1e-45, 0]},
};

describe('races', () => {
  for (const [title, {name, values}] of Object.entries(parameters)) {
    it(`of ${title}: the winners by definition`, () => {
      const n = 5000; // beyond a piece
      const rows = {values: Float32Array.from(values), shape: [values.length]};
      const winners = racesOnHost(name, rows, [n], key(3));
      const words = wordsOf(key(3), n * values.length);
      for (let i = 0; i < n; i++) {
        const scores = Array.from(rows.values, (value, c) => {
          const word = words[i * values.length + c]!;
          return Math.fround(
            name === 'logits' ? value + Math.fround(gumbelOf(word)) : value / Math.fround(exponentialOf(word)),
          );
        });
        expect(winners[i]).withContext(`race ${i}: ${scores.join()}`).toBe(winnerByDefinition(scores));
      }
    });
  }

  it('of many classes take words for two at a time, however many are drawn', () => {
    const classes = 20_001;
    const Plain = globalThis.Uint32Array;
    const lengths: number[] = [];
    globalThis.Uint32Array = new Proxy(Plain, {
      construct: (target, args: unknown[]) => {
        if (typeof args[0] === 'number') lengths.push(args[0]);
        return Reflect.construct(target, args) as Uint32Array;
      },
    });
    try {
      const values = Float32Array.from({length: classes}, (_, c) => (c === 12_345 ? 60 : 0));
      const winners = racesOnHost('logits', {values, shape: [classes]}, [51], key(4));
      expect(Array.from(winners)).toEqual(new Array<number>(51).fill(12_345));
    } finally {
      globalThis.Uint32Array = Plain;
    }
    expect(Math.max(...lengths)).toBe(2 * classes);
  });

  it('of rows of their own, broadcast over samples', () => {
    const shape = [3, 2, 2];
    const rows = {values: Float32Array.from([9, 0, 0, 0, 9, 0]), shape: [2, 1, 3]};
    expect(Array.from(racesOnHost('logits', {...rows, values: rows.values.map(x => 10 * x)}, shape, key(1)))).toEqual([
      0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1,
    ]);
  });
});

describeBackends('drawBernoulli from numbers', () => {
  it('is [u < p] for every parameter, in every type and order of axes', async () => {
    const probs = Float32Array.from([0, 1, 0.5, NaN, 2 ** -24, 1 - 2 ** -24, 0.3, 2 ** -149]);
    for (const [own, shape] of [
      [[8], [100, 8]],
      [
        [8, 1],
        [8, 100],
      ],
      [
        [2, 1, 4],
        [2, 50, 4],
      ],
      [[1], [777]],
    ] as const) {
      const size = own.reduce((a: number, b) => a * b, 1);
      const values = size === 1 ? probs.slice(2, 3) : probs;
      const n = shape.reduce((a: number, b) => a * b, 1);
      const words = wordsOf(key(5), n);
      const at = (i: number): number =>
        own.length === 1 ? i % size : own.length === 2 ? Math.floor(i / 100) : Math.floor(i / 200) * 4 + (i % 4);
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const x = drawBernoulli('probs', {values, shape: [...own]}, [...shape], key(5), dtype);
        expect(x.dtype).toBe(dtype);
        const got = await x.data();
        for (let i = 0; i < n; i++) {
          const p = values[at(i)]!;
          expect(Number(got[i]))
            .withContext(`p ${p} at ${i}`)
            .toBe(uniformOf(words[i]!) < p ? 1 : 0);
        }
        x.dispose();
      }
    }
  });
});
