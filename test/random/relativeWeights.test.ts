import * as tf from '@tensorflow/tfjs-core';
import {Categorical, OneHotCategorical} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {gumbelValues} from '../../src/random/noise.js';
import {greatestWeight, relativeWeights} from '../../src/random/relativeWeights.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {read, withoutLeak} from '../helpers/near.js';
import {chiSquarePValue, countsOf} from '../helpers/statistics.js';

describeBackends('draws by weights that lie far from 0 or from 1', () => {
  const key = random.key(11);
  const n = sizeFor({cpu: 20_000, wasm: 20_000, webgl: 4000, webgpu: 4000});
  const wanted = [0.5, 0.25, 0.25];

  const forms: Record<string, (values: number[]) => tf.TensorLike | tf.Tensor> = {
    numbers: values => values,
    'a tensor': values => tf.tensor1d(values),
  };
  for (const [form, of] of Object.entries(forms)) {
    for (const [name, values] of [
      ['logits', [1e6 + Math.LN2, 1e6, 1e6]],
      ['logits', [-(2 ** 23) + 0.7, -(2 ** 23), -(2 ** 23)]],
      ['logits', [1e30, 1e30, 1e30]],
      ['logits', [-1e18, -1e18, -1e18]],
      ['probs', [3e38, 1.5e38, 1.5e38]],
      ['probs', [2e-37, 1e-37, 1e-37]],
    ] as Array<['logits' | 'probs', number[]]>) {
      it(`have the probabilities of ${name} ${values.join()}, ${form}`, async () => {
        // as float32 has them
        const exact =
          name === 'probs' ? wanted : Array.from(Float32Array.from(values), v => Math.exp(v - Math.fround(values[1]!)));
        const total = exact.reduce((a, b) => a + b);
        const probabilities = exact.map(p => p / total);
        const given = of(values);
        const draws: Array<() => tf.Tensor> = [
          () => random.categorical(n, {[name]: given, key}),
          () => tf.tidy(() => tf.squeeze(random.withoutReplacement([n], {[name]: given, k: 1, key}), [1])),
        ];
        if (name === 'logits') {
          draws.push(() => new Categorical({logits: given}).sample([n], {key}));
          draws.push(() => tf.tidy(() => tf.argMax(new OneHotCategorical({logits: given}).sample([n], {key}), 1)));
        }
        for (const [i, draw] of draws.entries()) {
          const counts = countsOf(await read(withoutLeak(name, draw)), 3);
          expect(chiSquarePValue(counts, probabilities))
            .withContext(`draw ${i}: ${counts.join()}`)
            .toBeGreaterThan(1e-3);
        }
        tf.dispose(given as tf.Tensor); // or numbers, which it leaves alone
      });
    }
  }

  it('are of each row by its own greatest; what is left out of it stays so', async () => {
    const rows = [
      [5e7, -Infinity, -Infinity],
      [-Infinity, 1, -Infinity],
      [-9e7, -9e7 - 64, -8e7],
      [-Infinity, -Infinity, -Infinity],
    ];
    for (const given of [rows, tf.tensor2d(rows)]) {
      const x = await read(random.categorical([50, 4], {logits: given, key}));
      expect(x).toEqual(Array.from({length: 200}, (_, i) => [0, 1, 2, 0][i % 4]!));
      tf.dispose(given);
    }
  });

  it('are told with their weights as they were given', async () => {
    const logits = [1e3, 1e3 + 1, 1e3 + 2];
    const noise = gumbelValues(3, key);
    for (const given of [logits, tf.tensor1d(logits)]) {
      const {indices, perturbed} = random.gumbelTopK([], {logits: given, k: 3, key});
      const [order, values] = [await read(indices), await read(perturbed)];
      order.forEach((c, i) => expect(values[i]).toBeCloseTo(logits[c]! + noise[c]!, 3));
      tf.dispose(given);
    }
  });
});

describe('relativeWeights', () => {
  const numbers = (values: number[], shape: number[]) => ({values: Float32Array.from(values), shape});

  it('are 0, or 1, where they are greatest', () => {
    const logits = numbers([3, 5, -Infinity, -Infinity, -1e9, -1e9], [3, 2]);
    expect(greatestWeight('logits', logits).shape).toEqual([3, 1]);
    expect(relativeWeights('logits', logits)).toEqual(numbers([-2, 0, -Infinity, -Infinity, 0, 0], [3, 2]));
    expect(relativeWeights('probs', numbers([3, 6, 0, 0], [2, 2]))).toEqual(numbers([0.5, 1, 0, 0], [2, 2]));
  });
});
