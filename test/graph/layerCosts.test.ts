import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const {addCost, hearCosts, layerCosts} = st.extension;

/** Something with the one method of a layer that costs need. */
function layer(): {name: string; losses: Array<() => tf.Scalar>; addLoss: (loss: () => tf.Scalar) => void} {
  const losses: Array<() => tf.Scalar> = [];
  return {name: 'mine', losses, addLoss: loss => losses.push(loss)};
}

describeBackends(
  'costs of layers',
  () => {
    it('are handed over once a step, all uses of the layer together', async () => {
      const mine = layer();
      const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 3])));
      const before = tf.memory().numTensors;
      for (let step = 0; step < 2; step++) {
        const {value, grads} = tf.variableGrads(() => {
          tf.tidy(() => addCost(mine, tf.mul(v, 2))); // outlives the tidy
          addCost(mine, tf.sum(v), {name: 'other'});
          expect(mine.losses.length).toBe(1);
          return tf.add(mine.losses[0]!(), mine.losses[0]!());
        }, [v]);
        expect((await value.data())[0]).toBeCloseTo(4 + 4, 5);
        expect(Array.from(await grads[v.name]!.data())).toEqual([2, 2]);
        tf.dispose([value, grads]);
      }
      const none = mine.losses[0]!();
      expect((await none.data())[0]).toBe(0);
      none.dispose();
      expect(tf.memory().numTensors).toBe(before);
      v.dispose();
    });

    it('are told of once where no loss takes them, and not where one does', () => {
      const [taken, forgotten] = [layer(), {...layer(), name: 'other'}];
      const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 3])));
      const said = spyOn(console, 'warn');
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      for (let step = 0; step < 2; step++) {
        optimizer.minimize(
          () => {
            for (const one of [taken, forgotten]) addCost(one, tf.mul(v, 2), {name: 'kl'});
            return tf.add(tf.square(v), taken.losses[0]!());
          },
          false,
          [v],
        );
      }
      expect(said).toHaveBeenCalledOnceWith(
        'tfjs-stochastic: the cost "kl" of layer "other" is in no loss. tfjs-layers adds such costs in fit and ' +
          "trainOnBatch, those of the layers that it finds in a model; in a step of one's own take the loss of " +
          'stl.withCosts(loss, model), which has them in it.',
      );
      optimizer.dispose();
      v.dispose();
    });

    it('count without gradients where somebody watches, until the outermost tidy ends', async () => {
      const mine = layer();
      const x = tf.tensor1d([1, 3]);
      const before = tf.memory().numTensors;
      addCost(mine, x);
      expect(layerCosts(mine).reports('cost')).toEqual([]);
      layerCosts(mine).watch();
      const report = tf.tidy(() => {
        const first = tf.tidy(() => {
          addCost(mine, tf.mul(x, 2), {report: tf.mul(x, 3)});
          return tf.scalar(0);
        });
        tf.tidy(() => addCost(mine, tf.mul(x, 5)));
        expect(layerCosts(mine).reports('none')).toEqual([]);
        expect(layerCosts(mine).reports('cost').length).toBe(2);
        expect(layerCosts(mine).reports('cost', first).length).toBe(1); // of tensors made after `first`
        expect(layerCosts(mine).take().length).toBe(2);
        expect(layerCosts(mine).take()).toEqual([]);
        return tf.clone(layerCosts(mine).reports('cost')[0]!); // taken ones are shown still
      });
      expect(Array.from(await report.data())).toEqual([3, 9]);
      report.dispose();
      expect(layerCosts(mine).reports('cost')).toEqual([]);
      expect(tf.memory().numTensors).toBe(before);
      x.dispose();
    });

    it('are heard outside gradient scopes where somebody listens, but for those of a pass that failed', () => {
      const [mine, other] = [layer(), layer()];
      const x = tf.tensor1d([1, 3]);
      tf.tidy(() => {
        const add = (): void => void tf.tidy(() => addCost(mine, tf.mul(x, 2)));
        expect(() =>
          hearCosts(() => {
            add();
            throw new Error('not now');
          }),
        ).toThrowError('not now');
        add(); // which nobody hears
        const {value, isHeard} = hearCosts(() => {
          add();
          expect(hearCosts(() => addCost(other, x)).isHeard).toBeTrue(); // of its own
          add();
          return 3;
        });
        expect([value, isHeard]).toEqual([3, true]);
        expect(layerCosts(mine).take().length).toBe(2);
        expect(hearCosts(() => 1).isHeard).toBeFalse();
      });
      x.dispose();
      expect(() => hearCosts(3 as never)).toThrowError(/hearCosts: fn/);
    });

    it('are refused where they are none', () => {
      const x = tf.scalar(1);
      expect(() => addCost({} as ReturnType<typeof layer>, x)).toThrowError(/addCost: addLoss of the layer/);
      const long = Object.assign(layer(), {name: new Array<number>(2 ** 31)});
      expect(() => addCost(long as unknown as ReturnType<typeof layer>, x)).toThrowError(/addCost: name of the layer/);
      expect(() => addCost(layer(), 3 as unknown as tf.Tensor)).toThrowError(/layer "mine": the cost must be/);
      x.dispose();
      expect(() => addCost(layer(), x)).toThrowError(/layer "mine": the cost must be alive/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
