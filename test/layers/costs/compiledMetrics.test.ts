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
  },
  {inBrief: [], inNode: ['cpu']},
);
