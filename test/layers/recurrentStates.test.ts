import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';
import {seeded} from './models.js';

describeBackends(
  'recurrent layers that remember',
  () => {
    /** The states of the layer after each of three steps, and how many older ones it keeps. */
    const statesUnder = async (estimator: st.EstimatorName): Promise<number[][]> => {
      const rnn = layers.lstm({
        units: 2,
        stateful: true,
        batchInputShape: [2, 3, 2],
        recurrentInitializer: initializers.glorotUniform({seed: 2}),
        ...seeded(1),
      });
      const model = sequential({
        layers: [rnn, stl.bernoulli({estimator, seed: 1}), layers.dense({units: 1, ...seeded(3)})],
      });
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0)), loss: 'meanSquaredError'});
      const [x, y] = [
        tf.tensor3d([1, -1, 0.5, 0.3, 0.2, 0.9, -0.4, 0.1, 1.2, -0.6, 0.7, 0.8], [2, 3, 2]),
        tf.ones([2, 1]),
      ];
      const found: number[][] = [];
      await model.trainOnBatch(x, y); // which makes what the estimator owns
      rnn.resetStates();
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) {
        await model.trainOnBatch(x, y);
        const {states_: states, keptStates} = rnn as unknown as {states_: tf.Tensor[]; keptStates: tf.Tensor[][]};
        const data = await Promise.all(states.map(s => s.data()));
        found.push([...data.flatMap(d => Array.from(d)), keptStates.flat().length]);
      }
      rnn.resetStates();
      expect(tf.memory().numTensors).withContext(`${estimator}: tensors left behind`).toBeLessThanOrEqual(before);
      tf.dispose([x, y]);
      model.dispose();
      return found;
    };

    it('go on once a step, from the same states in each run of it', async () => {
      const once = await statesUnder('scoreFunction');
      expect(once[0]).not.toEqual(once[1]);
      for (const estimator of ['leaveOneOut', 'enumerate', 'muProp', 'rebar'] as const)
        expect(await statesUnder(estimator))
          .withContext(estimator)
          .toEqual(once);
    });

    it('must have the shapes that their cell says, at first and after each step', () => {
      class Wider extends layers.Layer {
        static className = 'Wider';
        readonly stateSize = 2;
        override call([x]: tf.Tensor[]): tf.Tensor[] {
          return [x!, x!];
        }
      }
      // a cell is a layer with a state
      const rnn = () => layers.rnn({cell: new Wider({name: 'own'}) as never, name: 'outer'});
      expect(() => rnn().apply(tf.ones([4, 2, 3]))).toThrowError(
        'layer "outer": state 0 of the cell "own" must have the shape [batch, 2], as its stateSize says, ' +
          'got a float32 tensor of shape [4,3]',
      );
      const right = rnn().apply(tf.ones([4, 2, 2])) as tf.Tensor;
      expect(right.shape).toEqual([4, 2]);
      const images = layers
        .convLstm2d({filters: 2, kernelSize: 2, padding: 'same', recurrentInitializer: 'glorotUniform'})
        .apply(tf.ones([1, 2, 3, 3, 1]));
      expect((images as tf.Tensor).shape).toEqual([1, 3, 3, 2]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
