import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel, type Sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {onInput, STANDARD, zeroLoss} from './shared.js';

type Metrics = Parameters<LayersModel['compile']>[0]['metrics'];
const own = (_: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mean(p, -1);
const kl = (): Sequential => onInput(stl.normal({prior: STANDARD}));

function namesOf(model: LayersModel, metrics: Metrics, loss: stl.Loss | stl.LossName = zeroLoss): readonly string[] {
  model.compile({optimizer: 'sgd', ...stl.withCosts(loss, model), metrics: metrics!});
  return model.metricsNames;
}

describeBackends(
  'metrics behind those of withCosts',
  () => {
    it('are listed with them, in whatever form they are given', () => {
      const model = kl();
      const ours = ['loss', 'reconstruction', 'kl'];
      const output = model.layers[1]!.name;
      const klMetric = stl.klMetric(model);
      const cases: ReadonlyArray<readonly [Metrics, readonly string[]]> = [
        [
          ['mse', own],
          [...ours, 'mse', 'own'],
        ],
        ['mse', [...ours, 'mse']],
        [own, [...ours, 'own']],
        [{[output]: 'mse'}, [...ours, 'mse']],
        [{[output]: ['mse', own]} as never, [...ours, 'mse', 'own']],
        [
          [...stl.withCosts(zeroLoss, model).metrics, own],
          [...ours, 'own'],
        ],
        [
          [own, klMetric],
          ['loss', 'reconstruction', 'own', 'kl'],
        ],
        [[], ['loss']],
        [undefined, ['loss']],
      ];
      for (const [given, names] of cases) {
        const before = JSON.stringify(given);
        expect(namesOf(model, given)).withContext(String(before)).toEqual(names);
        expect(JSON.stringify(given)).toBe(before); // what the user holds stays as it is
      }
      model.compile({optimizer: 'sgd', ...stl.withCosts(zeroLoss, model)});
      expect(model.metricsNames).toEqual(ours);
      for (const loss of [[stl.withCosts(zeroLoss, model).loss], {[output]: stl.withCosts(zeroLoss, model).loss}]) {
        model.compile({optimizer: 'sgd', loss, metrics: [own]});
        expect(model.metricsNames).toEqual([...ours, 'own']);
      }
      model.dispose();
    });

    it('are as they were beside other losses', () => {
      const model = kl();
      const metrics = [own];
      model.compile({optimizer: 'sgd', loss: zeroLoss, metrics});
      expect(model.metrics).toBe(metrics);
      expect(model.metricsNames).toEqual(['loss', 'own']);
      expect(() => model.compile(undefined as never)).toThrowError(TypeError); // tfjs's own
      model.dispose();
    });

    it('are those of bits beside a loss of bits, as with tfjs-layers', async () => {
      const x = tf.tensor2d([0.9, 0.8, 0.2, 0.4, 0.1, 0.7], [2, 3]);
      const y = tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3]); // four of six bits are right, one of two rows has the likeliest place
      const model = sequential({layers: [layers.activation({activation: 'linear', inputShape: [3]})]});
      const values = async (loss: stl.Loss | string): Promise<number[]> => {
        model.compile({optimizer: 'sgd', loss, metrics: ['accuracy', 'acc', 'ce', 'crossentropy']});
        expect(model.metricsNames.slice(-4)).toEqual(['acc', 'acc', 'ce', 'ce']);
        const given = model.evaluate(x, y) as tf.Scalar[];
        const read = await Promise.all(given.map(async t => (await t.data())[0]!));
        tf.dispose(given);
        return read.slice(-4);
      };
      const expected = await values('binaryCrossentropy');
      expect(expected[0]).toBeCloseTo(4 / 6, 5);
      for (const loss of [
        stl.sumOver('binaryCrossentropy'),
        stl.perSample('binaryCrossentropy'),
        stl.sumOver(stl.perSample('binaryCrossentropy')),
        stl.withCosts('binaryCrossentropy', model).loss,
      ])
        (await values(loss)).forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
      // beside other losses they are those of classes
      expect((await values(stl.sumOver('meanSquaredError')))[0]).toBeCloseTo(0.5, 5);
      tf.dispose([x, y]);
      model.dispose();
    });

    it('count what is right among the values of a distribution', async () => {
      type Made = () => layers.Layer;
      const rows = tf.tensor2d([3, 0, 1, 0, 2, 1, 0, 1, 4, 5, 0, 1], [4, 3]); // the likeliest are 0, 1, 2, 0
      const evaluated = async (
        layer: layers.Layer,
        y: tf.Tensor,
        metrics: string[],
        loss: stl.Loss,
      ): Promise<number[]> => {
        const model = sequential({layers: [layers.activation({activation: 'linear', inputShape: [3]}), layer]});
        model.compile({optimizer: 'sgd', loss, metrics});
        expect(model.metricsNames.slice(-metrics.length)).toEqual(
          metrics.map(m => ({accuracy: 'acc', crossentropy: 'ce'})[m] ?? m),
        );
        const values = model.evaluate(rows, y) as tf.Scalar[];
        const read = await Promise.all(values.map(async t => (await t.data())[0]!));
        tf.dispose(values);
        return read;
      };
      const distribution = {output: 'distribution'} as const;
      const nll = stl.negativeLogLikelihood;
      const none: stl.Loss = (_, p) => tf.mean(tf.mul(p, 0), -1);
      const indices = tf.tensor2d([0, 2, 2, 1], [4, 1]); // two of four
      const bits = tf.tensor2d([1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1], [4, 3]); // ten of twelve are 1 just where p > 1/2
      const oneHot = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d([0, 2, 2, 1], 'int32'), 3), 'float32'));
      const cases: ReadonlyArray<readonly [Made, tf.Tensor, stl.Loss, number]> = [
        [() => stl.categorical(distribution), indices, nll, 0.5],
        [
          () => stl.categorical({...distribution, classes: 1}),
          tf.tensor2d([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [4, 3]),
          nll,
          1,
        ],
        [() => stl.categorical(), indices, none, 0.5],
        [() => stl.oneHotCategorical(distribution), oneHot, nll, 0.5],
        [() => stl.bernoulli(distribution), bits, nll, 10 / 12],
        [() => stl.bernoulli({inference: 'mode'}), bits, none, 10 / 12],
      ];
      for (const [make, y, loss, expected] of cases)
        for (const name of ['accuracy', 'acc'])
          expect((await evaluated(make(), y, [name], loss))[1]).toBeCloseTo(expected, 5);
      const all = await evaluated(stl.categorical(distribution), indices, ['ce', 'categoricalAccuracy'], nll);
      expect(all[1]).toBeCloseTo(all[0]!, 5);
      expect(all[2]).toBeCloseTo(0.5, 5);
      const counts = evaluated(stl.poisson(distribution), bits, ['accuracy'], nll);
      await expectAsync(counts).toBeRejectedWithError(
        /metric "accuracy": it counts which classes are right, and the values of stl layer ".*" are no classes; write 'mean/,
      );
      tf.dispose([rows, indices, bits, oneHot, ...cases.map(([, y]) => y)]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
