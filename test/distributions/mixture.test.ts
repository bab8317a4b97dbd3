import * as tf from '@tensorflow/tfjs-core';
import {
  Bernoulli,
  Categorical,
  Exponential,
  Laplace,
  Mixture,
  Normal,
  type Distribution,
} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

const key = random.key(78);
const phi = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

describeBackends(
  'Mixture',
  () => {
    it('broadcasts batches, expands, and takes other tensors', async () => {
      const logits = tf.tensor1d([0, 1]);
      const any = new Mixture({
        cat: new Categorical({logits}),
        components: [new Normal({loc: [0, 1, 2], scale: 1}), new Laplace({loc: 0, scale: tf.scalar(2)})],
      });
      expect(any.batchShape).toEqual([3]);
      expect(any.expand([2], {merge: true}).sample(4, {key}).shape).toEqual([4, 6]);
      expect(Object.keys(any.tensors())).toEqual(['cat.logits', '1.scale']);
      const moved = any.withTensors({'cat.logits': tf.tensor1d([0, 0])});
      expectNear(await read(moved.mean()), [0, 0.5, 1], 'mean');
    });

    it('mixes distributions of different supports', async () => {
      const d = new Mixture({
        cat: new Categorical({probs: [0.4, 0.6]}),
        components: [new Exponential({rate: 1}), new Normal({loc: 0, scale: 1})],
      });
      expectNear(
        await read(d.logProb([-1, 1])),
        [Math.log(0.6 * phi(1)), Math.log(0.6 * phi(1) + 0.4 * Math.exp(-1))],
        'logProb',
      );
    });

    it('says what is wrong', () => {
      const cat = new Categorical({probs: [0.2, 0.5, 0.3]});
      const normal = new Normal({loc: 0, scale: 1});
      const bad = (f: () => unknown, message: string | RegExp) => expect(f).toThrowError(message as string);
      bad(
        () => new Mixture({cat, components: []}),
        'Mixture: components must be a list of distributions, at least one, got []',
      );
      bad(
        () => new Mixture({cat, components: [normal]}),
        'Mixture: there must be as many components as cat has classes, 3, got 1',
      );
      bad(
        () =>
          new Mixture({
            cat,
            components: [normal, normal, new Normal({loc: [0, 1], scale: 1}), 3] as unknown as Distribution[],
          }),
        /must be a list of distributions, at \[3\], got 3/,
      );
      bad(
        () => new Mixture({cat, components: [normal, normal, new Bernoulli({logits: 0, dtype: 'int32'})]}),
        /all components must have the dtype "float32" of the first, at \[2\], got "int32"/,
      );
    });
  },
  {inBrief: [gpuOf('mixtures')]},
);
