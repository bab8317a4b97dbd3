/** Networks whose variables follow those of others. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
const read = async (t: tf.Tensor): Promise<number[]> => {
  const numbers = Array.from(await t.data());
  t.dispose();
  return numbers;
};

describeBackends(
  'a target network',
  () => {
    it('moves by the share 1 − decay of the distance at each update, and not while state is frozen', async () => {
      const before = tf.memory().numTensors;
      const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
      const target = st.targetNetwork({call: (x: tf.Tensor) => tf.mul(x, w), variables: [w]}, {decay: 0.75});
      const at = tf.tensor1d([1, 1]);
      expect(await read(target.call(at))).toEqual([1, 2]);
      const moved = tf.tensor1d([5, -2]);
      w.assign(moved);
      expect(await read(target.call(at))).toEqual([1, 2]);
      target.update();
      expect(await read(target.call(at))).toEqual([2, 1]);
      st.withFrozenState(() => target.update());
      expect(await read(target.call(at))).toEqual([2, 1]);
      target.update();
      expect(await read(target.call(at))).toEqual([2.75, 0.25]);
      expect(Array.from(await w.data())).toEqual([5, -2]);
      expect(target.averages.every(v => !v.trainable)).toBeTrue();
      target.dispose();
      tf.dispose([w, at, moved]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('gives constants inside a gradient scope, and leaves the derivatives of the network alone', async () => {
      const w = tf.tidy(() => tf.variable(tf.scalar(3)));
      const target = st.targetNetwork({call: (x: tf.Tensor) => tf.mul(x, tf.square(w)), variables: [w]}, {decay: 0});
      const moved = tf.scalar(2);
      w.assign(moved);
      const {value, grads} = tf.variableGrads(() => {
        const x = tf.scalar(10);
        const first = tf.mul(x, tf.square(w));
        const bootstrapped = target.call(x); // while the tape holds w
        return tf.add<tf.Scalar>(tf.add(first, bootstrapped), tf.square(w));
      }, [w]);
      expect(await read(value)).toEqual([40 + 90 + 4]);
      expect(await read(grads[w.name]!)).toEqual([10 * 4 + 4]);
      target.update();
      const x = tf.scalar(1);
      expect(await read(target.call(x))).toEqual([4]);
      target.dispose();
      tf.dispose([w, x, moved]);
    });

    it('takes a tfjs-layers model, and puts its weights back after an error', async () => {
      const model = tfl.sequential({
        layers: [tfl.layers.dense({units: 1, inputShape: [2], kernelInitializer: 'ones'})],
      });
      const target = st.targetNetwork(model);
      model.setWeights([tf.fill([2, 1], 3), tf.ones([1])]);
      const x = tf.ones([1, 2]);
      expect(await read(target.call(x))).toEqual([2]);
      expect(await read(model.predict(x) as tf.Tensor)).toEqual([7]);
      const wrong = tf.ones([1, 3]);
      expect(() => target.call(wrong)).toThrowError();
      expect(await read(model.predict(x) as tf.Tensor)).toEqual([7]);
      target.dispose();
      model.dispose();
      tf.dispose([x, wrong]);
    });

    it('follows variables that a network makes at its first call', async () => {
      let w: tf.Variable | null = null;
      const target = st.targetNetwork({
        call: (x: tf.Tensor) => tf.mul(x, (w ??= tf.tidy(() => tf.variable(tf.scalar(2))))),
        get variables() {
          return w === null ? [] : [w];
        },
      });
      const x = tf.scalar(1);
      expect(await read(target.call(x))).toEqual([2]);
      const moved = tf.scalar(5);
      w!.assign(moved);
      expect(await read(target.call(x))).toEqual([2]);
      target.dispose();
      tf.dispose([w!, x, moved]);
    });

    it('refuses what makes no sense', () => {
      expect(() => st.targetNetwork(x => x, {decay: 1})).toThrowError(
        'targetNetwork: decay must be a number in [0, 1), got 1',
      );
      expect(() => st.targetNetwork(x => x, stolen({tau: 0.1}))).toThrowError(/^targetNetwork: unknown option "tau"/);
      expect(() => st.targetNetwork(stolen<(x: tf.Tensor) => tf.Tensor>(3))).toThrowError(
        /^targetNetwork: network must be a function of a tensor/,
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
