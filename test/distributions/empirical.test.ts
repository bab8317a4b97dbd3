import * as tf from '@tensorflow/tfjs-core';
import {Empirical} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectNear, withoutLeak} from '../helpers/near.js';
import {chiSquarePValue} from '../helpers/statistics.js';

describeBackends(
  'Empirical',
  () => {
    const key = random.key(3);
    const samples = [0, 1, 1, 2, 5];

    it('has the exact values of numbers', async () => {
      const d = new Empirical({samples});
      const x = [-1, 0, 0.5, 1, 4, 5, 6];
      expectNear(await withoutLeak('prob', () => d.prob(x)).data(), [0, 0.2, 0, 0.4, 0, 0.2, 0], 'prob');
      expectNear(
        await withoutLeak('logProb', () => d.logProb(x)).data(),
        [0, 0.2, 0, 0.4, 0, 0.2, 0].map(Math.log),
        'logProb',
      );
      expectNear(await withoutLeak('cdf', () => d.cdf(x)).data(), [0, 0.2, 0.2, 0.6, 0.8, 1, 1], 'cdf');
      expectNear(await d.survival(x).data(), [1, 0.8, 0.8, 0.4, 0.2, 0, 0], 'survival');
      expectNear(
        await withoutLeak('quantile', () => d.quantile([0, 0.1, 0.3, 0.6, 0.7, 1, 2])).data(),
        [0, 0, 1, 1, 2, 5, NaN],
        'quantile',
      );
      expect(Array.from(await d.quantile(d.cdf(samples)).data())).toEqual(samples);
      const moments = {
        mean: 1.8,
        variance: 2.96,
        stddev: Math.sqrt(2.96),
        mode: 1,
        entropy: -0.6 * Math.log(0.2) - 0.4 * Math.log(0.4),
      };
      for (const [method, value] of Object.entries(moments)) {
        expectNear(await withoutLeak(method, () => d[method as keyof typeof moments]()).data(), [value], method);
      }
    });

    it('draws its samples', async () => {
      const d = new Empirical({
        samples: [
          [0, 1, 1, 2],
          [5, 6, 6, 6],
        ],
      });
      const drawn = withoutLeak('sample', () => d.sample(50_000, {key}));
      expect(drawn.shape).toEqual([50_000, 2]);
      const values = await drawn.data();
      for (const [column, support, probs] of [
        [0, [0, 1, 2], [0.25, 0.5, 0.25]],
        [1, [5, 6], [0.25, 0.75]],
      ] as Array<[number, number[], number[]]>) {
        const own = values.filter((_, i) => i % 2 === column);
        const counts = support.map(v => own.filter(u => u === v).length);
        expect(counts.reduce((a, b) => a + b)).toBe(50_000);
        expect(chiSquarePValue(counts, probs)).toBeGreaterThan(0.001);
      }
      expect(d.sample([0]).shape).toEqual([0, 2]);
      drawn.dispose();
    });

    it('takes batches and vectors', async () => {
      const batch = new Empirical({
        samples: [
          [0, 1],
          [1, 2],
        ],
      });
      expectNear(await batch.cdf([0, 2]).data(), [0.5, 1], 'cdf');
      expectNear(await batch.prob(0).data(), [0.5, 0], 'prob');
      expectNear(await batch.quantile([[0.5], [0.75]]).data(), [0, 1, 1, 2], 'quantile');
      expectNear(await batch.mean().data(), [0.5, 1.5], 'mean');
      expectNear(await batch.mode().data(), [0, 1], 'mode');
      const vectors = new Empirical({
        samples: [
          [
            [0, 0],
            [0, 1],
            [0, 1],
          ],
          [
            [0, 1],
            [1, 2],
            [1, 2],
          ],
        ],
        eventNdims: 1,
      });
      expect(vectors.batchShape).toEqual([2]);
      expect(vectors.eventShape).toEqual([2]);
      expectNear(await vectors.prob([0, 1]).data(), [2 / 3, 1 / 3], 'prob');
      expectNear(await vectors.cdf([0, 1]).data(), [1, 1 / 3], 'cdf');
      expectNear(await vectors.mean().data(), [0, 2 / 3, 2 / 3, 5 / 3], 'mean');
      expectNear(await vectors.mode().data(), [0, 1, 1, 2], 'mode');
      const entropy = -Math.log(1 / 3) / 3 - (2 * Math.log(2 / 3)) / 3;
      expectNear(await vectors.entropy().data(), [entropy, entropy], 'entropy');
      expect(vectors.sample([3], {key}).shape).toEqual([3, 2, 2]);
      expect(vectors.has('quantile')).toBe(false);
      expect(() => vectors.quantile(0.5)).toThrowError(/^Empirical: quantile does not exist, it has logProb/);
    });

    it('has the dtype of its samples, and derivatives of its moments', async () => {
      const whole = new Empirical({samples: tf.tensor1d([3, 4], 'int32')});
      expect(whole.sample(5).dtype).toBe('int32');
      expect(whole.mode().dtype).toBe('int32');
      const x = tf.tensor1d([1, 2, 6]);
      expectNear(
        await tf
          .grad(t => new Empirical({samples: t}).mean())(x)
          .data(),
        [1 / 3, 1 / 3, 1 / 3],
        'slope of the mean',
      );
      expectNear(
        await tf
          .grad(t => new Empirical({samples: t}).variance())(x)
          .data(),
        [-4 / 3, -2 / 3, 2],
        'slope of the variance',
      );
      const d = new Empirical({samples: x});
      const grown = d.withTensors({
        samples: tf.tensor2d([
          [1, 2, 6],
          [3, 4, 5],
        ]),
      });
      expect(grown.batchShape).toEqual([2]);
      expect(grown.mean().shape).toEqual([2]);
    });

    it('says what is wrong', () => {
      const loose = Empirical as unknown as new (config: unknown) => Empirical; // misuse
      expect(() => new loose({})).toThrowError('Empirical: samples must be given');
      expect(() => new loose({samples: 1})).toThrowError('Empirical: samples must have at least 1 axis, got 1');
      expect(() => new loose({samples: [1, NaN]})).toThrowError(
        /^Empirical: samples must be finite numbers, got \[1, NaN\]/,
      );
      expect(() => new loose({samples: [1], eventNdims: -1})).toThrowError(
        'Empirical: eventNdims must be an integer >= 0, got -1',
      );
      expect(() => new loose({samples: [1], eventNdims: 1})).toThrowError(
        /^Empirical: samples must have at least 2 axes/,
      );
      expect(() => new loose({sample: [1]})).toThrowError(
        /^Empirical: unknown option "sample"; did you mean "samples"\?/,
      );
      if (tf.getBackend() === 'webgpu') return;
      expect(() => new Empirical({samples, validateArgs: true}).logProb(3)).toThrowError(
        /^Empirical.logProb: value must be one of the samples, got 3/,
      );
    });
  },
  {inBrief: [gpuOf('Empirical')]},
);
