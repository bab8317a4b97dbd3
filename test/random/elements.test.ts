import * as tf from '@tensorflow/tfjs-core';
import {elementParam, type ElementParam} from '../../src/random/elements/elementParam.js';
import {drawPoisson} from '../../src/random/counts.js';
import * as random from '../../src/random/index.js';
import {describeBackends} from '../helpers/backends.js';
import {readDraws} from './draws.js';

const key = random.key(-7);
const hash = (values: readonly number[]): number => values.reduce((h, v) => (Math.imul(h, 31) + v) | 0, 7);

describeBackends('draws of integers', () => {
  it('are the same bits on every backend, from numbers and arrays', async () => {
    const found: Record<string, number> = {};
    const record = async (name: string, f: () => tf.Tensor) => {
      found[name] = hash((await readDraws(f)).values);
    };
    await record('poisson', () => random.poisson([4, 1000], {rate: [[0.1], [3], [50], [1e5]], key}));
    await record('logRate', () => random.poisson(1000, {logRate: 3, key, dtype: 'int32'}));
    await record('binomial', () => random.binomial([3, 1000], {totalCount: [[5], [100], [1e6]], logits: -1, key}));
    await record('probs', () => random.binomial([3, 1000], {totalCount: 1000, probs: [[0.001], [0.3], [0.999]], key}));
    await record('negativeBinomial', () => random.negativeBinomial(1000, {totalCount: 3.5, probs: 0.8, key}));
    await record('geometric', () => random.geometric(1000, {probs: 0.01, key}));
    await record('withoutReplacement', () => random.withoutReplacement(200, {logits: [0, 1, 2, 3, 4], k: 3, key}));
    await record('permutation', () => random.permutation(500, {key}));
    expect(found).toEqual({
      poisson: 1495241675,
      logRate: 1312809704,
      binomial: -1738321504,
      probs: 134602751,
      negativeBinomial: 2092934310,
      geometric: -1318413208,
      withoutReplacement: 1251972246,
      permutation: 287588763,
    });
  });

  it('are the same for numbers that a distribution keeps', async () => {
    const rate = [[2], [30]];
    const kept = await readDraws(() => drawPoisson(elementParam(rate), [2, 50], key));
    expect(kept.values).toEqual((await readDraws(() => random.poisson([2, 50], {rate, key}))).values);
    expect((elementParam(tf.tensor1d([1], 'int32')) as ElementParam & tf.Tensor).dtype).toBe('float32');
  });
});

describeBackends('draws on a device', backend => {
  it('never wait for it', () => {
    const device = tf.backend();
    const reads = [spyOn(device, 'read').and.callThrough(), spyOn(device, 'readSync').and.callThrough()];
    const [one, three] = [tf.scalar(1), tf.tensor1d([1, 2, 3])];
    const draws = tf.tidy(() => [
      random.gamma(3, {concentration: three, key}),
      random.beta(3, {concentration1: three, concentration0: 2, key}),
      random.dirichlet(2, {concentration: three, key}),
      random.poisson(3, {rate: three, key, dtype: 'int32'}),
      random.binomial(3, {totalCount: 5, logits: three, key}),
      random.vonMises(3, {concentration: three, key}),
      random.truncatedNormal(3, {low: one, high: 2, key}),
      random.withoutReplacement(2, {logits: three, k: 2, key}),
      random.permutation(three, {key}),
    ]);
    if (backend !== 'cpu' && backend !== 'wasm') reads.forEach(read => expect(read).not.toHaveBeenCalled());
    expect(draws.length).toBe(9);
    tf.dispose([one, three, ...draws]);
  });
});
