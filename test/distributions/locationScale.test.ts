import type * as tf from '@tensorflow/tfjs-core';
import {LocationScale, type LocationScaleConfig} from '../../src/distributions/locationScale.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';

/** What is asked here are the moments: the standard member has those of an exponential of rate 1. */
class Shifted extends LocationScale {
  constructor(config: LocationScaleConfig) {
    super('Shifted', config);
  }

  protected noise(): never {
    throw new Error('unused');
  }

  protected logDensityOf(z: tf.Tensor) {
    return z;
  }

  protected cdfOf(z: tf.Tensor) {
    return z;
  }

  protected logCdfOf(z: tf.Tensor) {
    return z;
  }

  protected survivalOf(z: tf.Tensor) {
    return z;
  }

  protected quantileOf(p: tf.Tensor) {
    return p;
  }

  protected get standard() {
    return {mean: 1, variance: 4, mode: 0, entropy: 1};
  }
}

describeBackends(
  'a family of loc and scale with moments',
  () => {
    it('has those of the standard member, moved and scaled, and all finite numbers as values', async () => {
      const d = new Shifted({loc: [[1], [-2]], scale: [0.5, 3]});
      const near = async (t: tf.Tensor, wanted: number[], what: string): Promise<void> => {
        expect(t.shape).withContext(what).toEqual([2, 2]);
        expectNear(await read(t), wanted, what);
      };
      await near(
        withoutLeak('mean', () => d.mean()),
        [1.5, 4, -1.5, 1],
        'mean',
      );
      await near(
        withoutLeak('variance', () => d.variance()),
        [1, 36, 1, 36],
        'variance',
      );
      await near(
        withoutLeak('stddev', () => d.stddev()),
        [1, 6, 1, 6],
        'stddev',
      );
      expect(d.support.name).toBe('real');
      // the root of a variance that overflows, or underflows, would not be it
      const far = new Shifted({loc: 0, scale: [1e30, 1e-30]});
      expectNear(await read(far.stddev()), [2e30, 2e-30], 'stddev', true);
    });
  },
  {only: ['cpu'], inBrief: []},
);
