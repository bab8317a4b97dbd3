import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'a loss summed over what belongs to an example',
  () => {
    it('undoes the mean of those that have one, over all axes behind the batch', async () => {
      const [targets, images] = tf.tidy(() => [tf.ones([2, 3, 4, 2]), tf.fill([2, 3, 4, 2], 0.25)] as const);
      const expected: Array<[stl.LossName, number]> = [
        ['binaryCrossentropy', 24 * -Math.log(0.25)],
        ['meanSquaredError', 24 * 0.5625],
        ['meanAbsoluteError', 24 * 0.75],
        ['categoricalCrossentropy', 24 * -Math.log(0.5)], // normalised over the two classes, then summed
      ];
      for (const [name, value] of expected) {
        const loss = stl.sumOver(name);
        expect(loss.name).toBe(`sumOver${name[0]!.toUpperCase()}${name.slice(1)}`);
        const found = loss(targets, images);
        expect(found.shape).withContext(name).toEqual([2]);
        for (const v of await found.data())
          expect(v / value)
            .withContext(name)
            .toBeCloseTo(1, 4);
        found.dispose();
      }
      tf.dispose([targets, images]);
    });

    it('is that of tfjs-layers for each of its names: its mean over places behind the batch, times their number', async () => {
      const names: readonly stl.LossName[] = [
        'binaryCrossentropy',
        'categoricalCrossentropy',
        'sparseCategoricalCrossentropy',
        'meanSquaredError',
        'meanAbsoluteError',
        'meanAbsolutePercentageError',
        'meanSquaredLogarithmicError',
        'hinge',
        'squaredHinge',
        'categoricalHinge',
        'logcosh',
        'poisson',
        'kullbackLeiblerDivergence',
        'cosineProximity',
      ];
      const isWhole: readonly stl.LossName[] = [
        'categoricalCrossentropy',
        'sparseCategoricalCrossentropy',
        'categoricalHinge',
        'kullbackLeiblerDivergence',
        'cosineProximity',
      ];
      // two examples of two places of three values, with rows and places at which the formulas turn
      const rows = [0.2, 0.5, 0.3, 0, 0.9, 0.1, 0.6, 0.1, 0.3, 0.25, 0.5, 1];
      const [p, y] = [tf.tensor3d(rows, [2, 2, 3]), tf.tensor3d([1, 0, 0, 0, 0.7, 0.3, 0, 1, 0, 0, 0, 1], [2, 2, 3])];
      const indices = tf.tensor3d([0, 1, 2, 2], [2, 2, 1]);
      const model = sequential({layers: [layers.activation({activation: 'linear', inputShape: [2, 3]})]});
      const evaluated = async (
        loss: string | stl.Loss,
        targets: tf.Tensor,
        metrics: string[] = [],
      ): Promise<number[]> => {
        model.compile({optimizer: 'sgd', loss, metrics});
        const values = [model.evaluate(p, targets)].flat();
        const read = await Promise.all(values.map(async t => (await t.data())[0]!));
        tf.dispose(values);
        return read;
      };
      for (const name of names) {
        const targets = name.startsWith('sparse') ? indices : y;
        const all = isWhole.includes(name) ? 2 : 6;
        const [plain] = await evaluated(name, targets);
        const losses = {
          sumOver: stl.sumOver(name),
          withCosts: stl.withCosts(name, model).loss,
          twice: stl.sumOver(stl.perSample(name)),
        };
        for (const [how, loss] of Object.entries(losses)) {
          const times = how === 'twice' ? 2 : all; // of a function nobody knows that it is a mean
          expect((await evaluated(loss, targets))[0]! / (plain! * times))
            .withContext(`${how} ${name}`)
            .toBeCloseTo(1, 5);
        }
      }
      const metrics = ['accuracy', 'crossentropy'];
      const plain = await evaluated('sparseCategoricalCrossentropy', indices, metrics);
      expect(plain[1]).toBeCloseTo(0.5, 6); // of the four places two are right
      const ours = await evaluated(stl.sumOver('sparseCategoricalCrossentropy'), indices, metrics);
      for (const i of [1, 2]) expect(ours[i]).toBeCloseTo(plain[i]!, 5);
      tf.dispose([p, y, indices]);
      model.dispose();
    });

    it('takes class indices for targets, behind sample axes too', async () => {
      const name = 'sparseCategoricalCrossentropy';
      const p = tf.tensor3d([0.2, 0.8, 0.5, 0.5, 0.6, 0.4, 0.9, 0.1], [2, 2, 2]); // two samples of two examples
      const expected = [0.8, 0.5, 0.4, 0.9].map(v => -Math.log(v));
      for (const y of [tf.tensor2d([1, 0], [2, 1]), tf.tensor1d([1, 0]), tf.tensor1d([1, 0], 'int32')])
        for (const loss of [stl.sumOver(name), stl.perSample(name)]) {
          const found = loss(y, p);
          expect(found.shape).toEqual([2, 2]);
          (await found.data()).forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
          tf.dispose(found);
        }
      const times = stl.sumOver(name)(tf.tensor2d([1, 0, 1, 0], [2, 2]), p); // two steps of two examples
      (await times.data()).forEach((v, i) => expect(v).toBeCloseTo(expected[2 * i]! + expected[2 * i + 1]!, 5));
      expect(times.shape).toEqual([2]);
      for (const shape of [[3], [2, 2, 2], [3, 1]])
        expect(() => stl.sumOver(name)(tf.zeros(shape), p)).toThrowError(
          /the targets must be class indices of shape \[2,2,1\]/,
        );
      tf.dispose([p, times]);
    });

    it('keeps sample axes, and sums what a function gives', async () => {
      const [targets, values] = tf.tidy(() => [tf.zeros([2, 3]), tf.ones([5, 2, 3])] as const);
      const mean = stl.sumOver('meanSquaredError')(targets, values);
      const own = stl.sumOver((y, p) => tf.abs(tf.sub(p, y)))(targets, values);
      for (const found of [mean, own]) {
        expect(found.shape).toEqual([5, 2]);
        for (const v of await found.data()) expect(v).toBeCloseTo(3, 5);
      }
      tf.dispose([targets, values, mean, own]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
