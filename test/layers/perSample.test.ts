import * as tf from '@tensorflow/tfjs-core';
import {layers, metrics, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';
import {seeded} from './models.js';

describeBackends(
  'perSample',
  () => {
    it('gives the loss of each sample and example', async () => {
      const y = tf.tensor2d([
        [0, 1],
        [1, 1],
      ]);
      const p = tf.tensor3d([
        [
          [0.2, 0.7],
          [0.6, 0.9],
        ],
        [
          [0.5, 0.5],
          [0.1, 0.4],
        ],
      ]);
      const [ours, exact, plain, asIs] = tf.tidy((): tf.Tensor[] => [
        stl.perSample('binaryCrossentropy')(y, p),
        tf.stack([0, 1].map(k => metrics.binaryCrossentropy(y, tf.reshape(tf.slice(p, [k, 0, 0], [1, 2, 2]), [2, 2])))),
        stl.perSample((a, b) => tf.mean(tf.abs(tf.sub(a, b)), -1))(
          y,
          tf.tensor2d([
            [0, 0],
            [1, 0],
          ]),
        ),
        stl.perSample('meanAbsoluteError')(
          y,
          tf.tensor2d([
            [0, 0],
            [1, 0],
          ]),
        ),
      ]);
      expect(ours!.shape).toEqual([2, 2]);
      expect(await ours!.data()).toEqual(await exact!.data());
      expect([...(await plain!.data())]).toEqual([0.5, 0.5]);
      expect(await asIs!.data()).toEqual(await plain!.data());
      tf.dispose([y, p, ours!, exact!, plain!, asIs!]);
    });

    it('trains a model whose layer draws several samples, where the loss alone refuses', async () => {
      st.random.setSeed(3);
      const x = tf.tensor2d([
        [1, 0, 1, 0],
        [0, 1, 0, 1],
        [1, 1, 0, 0],
        [0, 0, 1, 1],
      ]);
      const build = (
        loss: Parameters<ReturnType<typeof sequential>['compile']>[0]['loss'],
      ): ReturnType<typeof sequential> => {
        const model = sequential({
          layers: [
            layers.dense({units: 6, inputShape: [4], ...seeded(1)}),
            stl.bernoulli({estimator: 'leaveOneOut', sampleAxis: true, seed: 1}),
            layers.dense({units: 4, activation: 'sigmoid', ...seeded(2)}),
          ],
        });
        model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(0.05)), loss});
        return model;
      };
      const refused = build('binaryCrossentropy');
      await expectAsync(refused.trainOnBatch(x, x)).toBeRejectedWithError(
        /^logits and labels must have the same shape.*\ntfjs-stochastic: node ".*" draws 4 samples \(estimator "leaveOneOut"\), .* compile with stl\.perSample\(loss\); where a layer does not, leave sampleAxis: true out of the random layer/,
      );
      const model = build(stl.perSample('binaryCrossentropy'));
      const losses: number[] = [];
      for (let i = 0; i < 60; i++) losses.push((await model.trainOnBatch(x, x)) as number);
      expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
      tf.dispose(x);
      refused.dispose();
      model.dispose();
    });

    it('names its rule for what it cannot use', () => {
      // @ts-expect-error: no such name
      expect(() => stl.perSample('binaryCrossEntropy')).toThrowError(
        'stl.perSample: unknown loss "binaryCrossEntropy"; did you mean "binaryCrossentropy"?',
      );
      // @ts-expect-error: no loss at all
      expect(() => stl.perSample(3)).toThrowError(
        'stl.perSample: loss must be a name or a function of targets and predictions, got 3',
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
