/** The random numbers of one environment. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {EpisodeDraws} from '../../control/episodeDraws.js';

const draw = (n: number, next: (draws: EpisodeDraws) => number): number[] => {
  const draws = new EpisodeDraws(st.random.key(3));
  return Array.from({length: n}, () => next(draws));
};

/** The largest distance between the empirical and the true distribution function, times √n. */
function kolmogorov(values: number[], cdf: (x: number) => number): number {
  const sorted = values.slice().sort((a, b) => a - b);
  const n = sorted.length;
  const off = sorted.map((x, i) => Math.max((i + 1) / n - cdf(x), cdf(x) - i / n));
  return Math.sqrt(n) * Math.max(...off);
}

describe('the random numbers of an environment', () => {
  beforeAll(async () => tf.setBackend('cpu'));

  it('are made of the words of its key, in turn', () => {
    const key = st.random.key(3);
    const words = [0, 1].flatMap(i => [...st.random.foldIn(key, i).words]);
    expect(draw(4, d => d.uniform(0, 1))).toEqual(words.map(w => (w + 0.5) / 2 ** 32));
  });

  it('are uniform between their bounds', () => {
    const values = draw(20_000, d => d.uniform(-2, 3));
    expect(kolmogorov(values, x => (x + 2) / 5)).toBeLessThan(1.9); // p = 0.0015
  });

  it('are normal, one independent of the next', () => {
    const values = draw(20_000, d => d.normal());
    const ndtr = new st.Normal({loc: 0, scale: 1});
    const cdf = ndtr.cdf(values.slice().sort((a, b) => a - b)).dataSync();
    const byValue = new Map(
      values
        .slice()
        .sort((a, b) => a - b)
        .map((x, i) => [x, cdf[i]!]),
    );
    expect(kolmogorov(values, x => byValue.get(x)!)).toBeLessThan(1.9);
    const products = values.slice(1).map((x, i) => x * values[i]!);
    expect(Math.abs(products.reduce((a, b) => a + b) / Math.sqrt(products.length))).toBeLessThan(4.5);
    const squares = values.slice(1).map((x, i) => (x * x - 1) * (values[i]! ** 2 - 1));
    expect(Math.abs(squares.reduce((a, b) => a + b) / (2 * Math.sqrt(squares.length)))).toBeLessThan(4.5);
  });
});
