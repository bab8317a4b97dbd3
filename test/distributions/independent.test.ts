import * as tf from '@tensorflow/tfjs-core';
import {
  Bernoulli,
  Categorical,
  Distribution,
  independent,
  Independent,
  Normal,
  OneHotCategorical,
  type IndependentConfig,
} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectNear, withoutLeak} from '../helpers/distributionSuite.js';

describeBackends(
  'Independent',
  () => {
    const key = random.key(3);
    const base = () =>
      new Normal({
        loc: [
          [0, 1, 2],
          [3, 4, 5],
        ],
        scale: [1, 2, 3],
      });

    it('moves axes from the batch to the event', async () => {
      for (const [n, batch, event] of [
        [0, [2, 3], []],
        [1, [2], [3]],
        [2, [], [2, 3]],
      ] as const) {
        const d = withoutLeak('independent', () => independent(base(), n));
        expect(d.batchShape).toEqual([...batch]);
        expect(d.eventShape).toEqual([...event]);
        const x = withoutLeak('sample', () => d.sample([4], {key}));
        expect(Array.from(await x.data())).toEqual(Array.from(await base().sample([4], {key}).data()));
        const logProb = withoutLeak('logProb', () => d.logProb(x));
        expect(logProb.shape).toEqual([4, ...batch]);
        const axes = event.map((_, i) => -1 - i);
        const sum = (t: tf.Tensor) =>
          axes.length === 0
            ? t
            : tf.sum(
                t,
                axes.map(a => t.rank + a),
              );
        expectNear(await logProb.data(), await sum(base().logProb(x)).data(), 'logProb');
        expectNear(
          await withoutLeak('entropy', () => d.entropy()).data(),
          await sum(base().entropy()).data(),
          'entropy',
        );
        for (const method of ['mean', 'variance', 'stddev', 'mode'] as const) {
          const value = withoutLeak(method, () => d[method]());
          expect(value.shape).toEqual([...batch, ...event]);
          expect(Array.from(await value.data())).toEqual(Array.from(await base()[method]().data()));
        }
      }
      expect(independent(base()).eventShape).toEqual([3]);
    });

    it('is −∞ as soon as one element is outside', async () => {
      const d = independent(new Bernoulli({probs: [0.5, 0.25]}));
      expectNear(
        await d
          .logProb([
            [1, 0],
            [1, 0.5],
            [1, 2],
          ])
          .data(),
        [Math.log(0.375), -Infinity, -Infinity],
        'logProb',
      );
      if (tf.getBackend() === 'webgpu') return; // checks read synchronously
      const strict = new Independent({distribution: new Bernoulli({probs: [0.5, 0.25]}), validateArgs: true});
      expect(() => strict.logProb([1, 0.5])).toThrowError(/^Independent.logProb: value must be 0 or 1/);
    });

    it('has the parameters of its base, and takes others in their place', () => {
      const logits = tf.tensor2d([[0, 1, 2]]);
      const d = independent(independent(new Bernoulli({logits})));
      expect(d.parameters).toEqual({logits});
      expect(d.tensors()).toEqual({logits});
      const e = d.withTensors({logits: tf.tile(logits, [5, 1])});
      expect(e).toBeInstanceOf(Independent);
      expect(e.batchShape).toEqual([]);
      expect(e.eventShape).toEqual([5, 3]);
      expect(e.distribution.eventShape).toEqual([3]);
      expect(e.isDiscrete).toBe(true);
      expect(e.isReparameterized).toBe(false);
      expect(e.dtype).toBe('float32');
      expect(d.eventShape).toEqual([1, 3]);
      expect(independent(base()).isReparameterized).toBe(true);
    });

    it('says what an element is drawn from, however often it was wrapped', () => {
      const q = base();
      expect(q.element).toBe(q);
      expect(independent(independent(q), 1).element).toBe(q);
    });

    it('passes the relaxation on', () => {
      expect(independent(base()).relaxation).toBeNull();
      const {relaxation} = independent(new Bernoulli({logits: [[0, 1, 2]]}));
      const z = relaxation!.sample([4], {key});
      expect(z.shape).toEqual([4, 1, 3]);
      expect(relaxation!.harden(z).shape).toEqual([4, 1, 3]);
      const {relaxation: classes} = independent(
        new OneHotCategorical({
          logits: [
            [0, 1, 2],
            [0, 0, 0],
          ],
        }),
      );
      expect(classes!.sample([4], {key}).shape).toEqual([4, 2, 3]);
    });

    it("lists every combination of the elements' values", async () => {
      const bits = withoutLeak('enumerateSupport', () =>
        independent(new Bernoulli({probs: [0.5, 0.25, 0.125]})).enumerateSupport(),
      );
      expect(await bits.array()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map(i => [(i >> 2) & 1, (i >> 1) & 1, i & 1]));
      const batch = independent(
        new Bernoulli({
          probs: [
            [0.5, 0.25],
            [0.1, 0.2],
            [0.3, 0.4],
          ],
        }),
      );
      const all = batch.enumerateSupport();
      expect(all.shape).toEqual([4, 3, 2]);
      expectNear(await tf.sum(batch.prob(all), 0).data(), [1, 1, 1], 'total probability');
      const grid = independent(
        new Categorical({
          logits: [
            [0, 0, 0],
            [0, 1, 2],
          ],
        }),
      );
      expect(grid.enumerateSupport().shape).toEqual([9, 2]);
      expect(grid.enumerateSupport().dtype).toBe('int32');
      expectNear(await tf.sum(grid.prob(grid.enumerateSupport()), 0).data(), [1], 'total probability');
      const oneHot = independent(
        new OneHotCategorical({
          logits: [
            [0, 0, 0],
            [0, 1, 2],
          ],
        }),
      );
      expect(oneHot.enumerateSupport().shape).toEqual([9, 2, 3]);
      expectNear(await tf.sum(oneHot.prob(oneHot.enumerateSupport()), 0).data(), [1], 'total probability');
      expect(independent(new Bernoulli({probs: [0.5]}), 0).enumerateSupport().shape).toEqual([2, 1]);
      expect(() => independent(new Bernoulli({logits: new Array(30).fill(0)})).enumerateSupport()).toThrowError(
        'Independent.enumerateSupport: there may be at most 1048576 values, got 1073741824',
      );
    });

    it('says what is wrong', () => {
      const make = (config: unknown) => () => new Independent(config as IndependentConfig);
      expect(make({distribution: base(), reinterpretedBatchNdims: 3})).toThrowError(
        'Independent: reinterpretedBatchNdims must be an integer from 0 to 2, the number of batch axes, got 3',
      );
      expect(make({distribution: new Normal({loc: 0, scale: 1})})).toThrowError(/an integer from 0 to 0/);
      expect(make({distribution: 3})).toThrowError('Independent: distribution must be a distribution, got 3');
      expect(make({})).toThrowError('Independent: distribution must be a distribution, got undefined');
      expect(make({distributoin: base()})).toThrowError(/unknown option "distributoin"; did you mean "distribution"\?/);
      const d: Distribution = independent(base());
      for (const method of ['cdf', 'logCdf', 'survival', 'quantile'] as const) {
        expect(() => d[method](0)).toThrowError(
          new RegExp(`^Independent: ${method} does not exist, it has logProb, prob, mean`),
        );
      }
      expect(() => d.logProb([1, 2])).toThrowError(
        'Independent.logProb: value must end in the event shape [3], got the shape [2]',
      );
      expect(() => d.logProb(1)).toThrowError(
        'Independent.logProb: value must end in the event shape [3], got the shape []',
      );
      expect(() => d.enumerateSupport()).toThrowError(/^Independent: enumerateSupport does not exist/);
      expect(() => independent(new Categorical({logits: [[0, 1]]})).mean()).toThrowError(
        /^Independent: mean does not exist/,
      );
    });
  },
  {inBrief: [gpuOf('Independent')]},
);
