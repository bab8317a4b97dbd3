import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as functional, type LayersModel, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {isTrainStep} from '../../../layers/costs/trainStep.js';
import {describeBackends} from '../../helpers/backends.js';

/** A model of bits whose two outputs have a loss and a metric each; `at` is called in each loss. */
function twoOutputs(estimator: st.EstimatorName, at: () => void): LayersModel {
  const x = input({shape: [3]});
  const bits = stl.bernoulli({estimator}).apply(layers.dense({units: 2}).apply(x)) as SymbolicTensor;
  const outputs = ['a', 'b'].map(name => layers.dense({units: 1, name}).apply(bits) as SymbolicTensor);
  const model = functional({inputs: x, outputs});
  const loss = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => {
    at();
    return tf.mean(tf.squaredDifference(y, p), -1);
  };
  const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
  model.compile({optimizer, loss, metrics: [(_: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mean(p, -1)]});
  return model;
}

describeBackends(
  'a training step of a model',
  () => {
    it('is known while it goes on, however it ends', async () => {
      let seen: boolean[] = [];
      let isBad = false;
      const model = twoOutputs('leaveOneOut', () => {
        seen.push(isTrainStep());
        if (isBad) throw new Error('not now');
      });
      const [x, y] = [tf.ones([4, 3]), tf.ones([4, 1])];
      await model.trainOnBatch(x, [y, y]);
      isBad = true;
      await expectAsync(model.trainOnBatch(x, [y, y])).toBeRejectedWithError('not now');
      expect(seen.every(Boolean)).toBeTrue();
      expect(isTrainStep()).toBeFalse();
      [seen, isBad] = [[], false];
      tf.dispose(model.evaluate(x, [y, y]));
      expect(seen.some(Boolean)).toBeFalse();
      tf.dispose([x, y]);
      model.dispose();
    });

    // what runs again: further samples, and the cost at other values of the node
    for (const estimator of ['leaveOneOut', 'disarm', 'enumerate', 'rebar', 'muProp'] as const) {
      it(`leaves nothing behind in whichever pass a loss throws: ${estimator}`, async () => {
        let [calls, bad] = [0, Infinity];
        const model = twoOutputs(estimator, () => {
          if (++calls === bad) throw new Error('not now');
        });
        const [x, y] = [tf.ones([4, 3]), tf.ones([4, 1])];
        await model.trainOnBatch(x, [y, y]);
        calls = 0;
        await model.trainOnBatch(x, [y, y]); // how many there are
        const all = calls;
        expect(all).toBeGreaterThan(3);
        const before = tf.memory().numTensors;
        for (bad of new Set([1, 3, 4, all])) {
          calls = 0;
          await expectAsync(model.trainOnBatch(x, [y, y]))
            .withContext(`${bad}`)
            .toBeRejectedWithError('not now');
          expect(tf.memory().numTensors).withContext(`in call ${bad} of ${all}`).toBe(before);
        }
        bad = Infinity;
        await model.trainOnBatch(x, [y, y]); // which goes on as if nothing had been
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([x, y]);
        model.dispose();
      });
    }

    it('takes nothing away that a step of one’s own had kept when it failed', async () => {
      let isBad = false;
      const model = twoOutputs('scoreFunction', () => {
        if (isBad) throw new Error('not now');
      });
      const {loss} = model;
      model.compile({optimizer: 'sgd', loss}); // which knows nothing of the other step
      const v = tf.variable(tf.tidy(() => tf.zeros([2])));
      let passes = 0;
      let mine: tf.Scalar | null = null;
      expect(() =>
        st.variableGrads(() => {
          const node = new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'muProp'});
          if (++passes === 2) throw new Error('mine');
          mine = tf.keep(tf.sum<tf.Scalar>(node.value));
          return tf.mul(mine, 1);
        }, [v]),
      ).toThrowError('mine');
      const [x, y] = [tf.ones([4, 3]), tf.ones([4, 1])];
      isBad = true;
      await expectAsync(model.trainOnBatch(x, [y, y])).toBeRejectedWithError('not now');
      expect(mine!.isDisposed).toBeFalse();
      tf.dispose([mine!, v, x, y]);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
