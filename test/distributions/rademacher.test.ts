import * as tf from '@tensorflow/tfjs-core';
import {klDivergence, Rademacher} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectNear, withoutLeak} from '../helpers/near.js';
import {chiSquarePValue} from '../helpers/statistics.js';

describeBackends(
  'Rademacher',
  () => {
    const d = new Rademacher();
    const key = random.key(3);

    it('has the exact values', async () => {
      const x = [-2, -1, 0, 1, 2];
      const expected = {
        logProb: [-Infinity, -Math.LN2, -Infinity, -Math.LN2, -Infinity],
        prob: [0, 0.5, 0, 0.5, 0],
        cdf: [0, 0.5, 0.5, 1, 1],
        logCdf: [-Infinity, -Math.LN2, -Math.LN2, 0, 0],
        survival: [1, 0.5, 0.5, 0, 0],
      };
      for (const [method, values] of Object.entries(expected)) {
        expectNear(await withoutLeak(method, () => d[method as keyof typeof expected](x)).data(), values, method);
      }
      expectNear(await d.quantile([0, 0.5, 0.500001, 1, 1.5]).data(), [-1, -1, 1, 1, NaN], 'quantile');
      const moments = {mean: 0, variance: 1, stddev: 1, mode: -1, entropy: Math.LN2};
      for (const [method, value] of Object.entries(moments)) {
        expectNear(await withoutLeak(method, () => d[method as keyof typeof moments]()).data(), [value], method);
      }
      expect(Array.from(await d.enumerateSupport().data())).toEqual([-1, 1]);
      expect(Array.from(await klDivergence(d, d).data())).toEqual([0]);
    });

    it('draws each value half of the time', async () => {
      const values = await withoutLeak('sample', () => d.sample(100_000, {key})).data();
      const ones = values.filter(v => v === 1).length;
      expect(values.filter(v => v === -1).length).toBe(100_000 - ones);
      expect(chiSquarePValue([100_000 - ones, ones], [0.5, 0.5])).toBeGreaterThan(0.001);
      expect(Array.from(await d.sample(9, {key}).data())).toEqual(Array.from(await d.sample([9], {key}).data()));
      expect(d.sample([0]).shape).toEqual([0]);
    });

    it('has the dtype that is asked for, and grows', () => {
      const whole = new Rademacher({dtype: 'int32'});
      for (const t of [whole.sample(3), whole.mode(), whole.enumerateSupport()]) expect(t.dtype).toBe('int32');
      const grown = d.expand([2, 3]);
      expect(grown.batchShape).toEqual([2, 3]);
      expect(grown.sample(4).shape).toEqual([4, 2, 3]);
      expect(grown.mean().shape).toEqual([2, 3]);
      expect(grown.enumerateSupport().shape).toEqual([2, 2, 3]);
      expect(grown.expand([5], {merge: true}).batchShape).toEqual([10, 3]);
      expect(d.withTensors({}).logProb(tf.tensor1d([1, 1])).shape).toEqual([2]);
    });

    it('says what is wrong', () => {
      const loose = Rademacher as unknown as new (config: unknown) => Rademacher; // misuse
      expect(() => new loose({dtype: 'bool'})).toThrowError(
        'Rademacher: dtype must be "float32" or "int32", got "bool"',
      );
      expect(() => new loose({probs: 0.5})).toThrowError(/^Rademacher: unknown option "probs"/);
      expect(() => d.withTensors({loc: tf.scalar(1)})).toThrowError(/^Rademacher.withTensors: unknown parameter "loc"/);
      if (tf.getBackend() === 'webgpu') return;
      expect(() => new Rademacher({validateArgs: true}).cdf(0)).toThrowError(
        /^Rademacher.cdf: value must be -1 or 1, got 0/,
      );
    });
  },
  {inBrief: [gpuOf('Rademacher')]},
);
