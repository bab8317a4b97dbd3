import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {gradient, logits, node, zero} from './bernoulliNode.js';

describeBackends(
  'gradient scopes',
  () => {
    it('may be nested: an inner step gives the same as alone, and the outer one is left alone', async () => {
      const w = tf.variable(tf.tensor1d(logits));
      const run = (): tf.Tensor =>
        tf.tidy(() => st.variableGrads(() => tf.square(tf.sub(node(w).value, 0.3)), [w]).grads[w.name]!);
      const alone = run();
      let inner: tf.Tensor | null = null;
      const {value, grads} = tf.variableGrads(() => {
        const outside = node(w, {key: st.random.key(22)}).value;
        inner = tf.keep(run());
        return tf.mean(st.surrogateLoss(tf.mul(outside, 2)));
      }, [w]);
      expect(Array.from(await inner!.data())).toEqual(Array.from(await alone.data()));
      const reference = tf.tidy(
        () => st.variableGrads(() => tf.mul(node(w, {key: st.random.key(22)}).value, 2), [w]).grads[w.name]!,
      );
      expect(Array.from(await grads[w.name]!.data())).toEqual(Array.from(await reference.data()));
      tf.dispose([w, alone, inner!, value, grads, reference]);
    });

    it('give the same by surrogateLoss and by variableGrads, whose value is the true cost', async () => {
      const w = tf.variable(tf.tensor1d(logits));
      const {value, grads} = st.variableGrads(() => [tf.square(tf.sub(node(w).value, 0.3)), tf.mul(w, 2)], [w]);
      const wanted = await gradient(v => [tf.square(tf.sub(node(v).value, 0.3)), tf.mul(v, 2)]);
      (await grads[w.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 6));
      const x = tf.tidy(() => node(tf.tensor1d(logits)).value);
      const cost = Array.from<number>(await x.data()).reduce((s, b, i) => s + ((b - 0.3) ** 2 + 2 * logits[i]!) / 3, 0);
      expect((await value.data())[0]).toBeCloseTo(cost, 5);
      tf.dispose([w, value, grads, x]);
    });

    it('take terms of the chosen nodes only', async () => {
      const both = (chosen: 'x' | 'y' | 'both' | 'none') =>
        gradient(
          w => {
            const [x, y] = [node(w), node(w, {key: st.random.key(30)})];
            nodes = {x: [x], y: [y], both: [x, y], none: []}[chosen];
            return [tf.square(tf.sub(x.value, 0.3)), tf.mul(y.value, 2)];
          },
          () => ({stochasticTensors: nodes}),
        );
      let nodes: st.DistributionTensor[] = [];
      const [x, y, all, none] = [await both('x'), await both('y'), await both('both'), await both('none')];
      expect(none).toEqual(zero);
      all.forEach((g, i) => expect(g).toBeCloseTo(x[i]! + y[i]!, 5));
      expect(x).not.toEqual(y);
    });

    it('are needed by surrogateLoss', () => {
      const c = tf.zeros([3]);
      expect(() => st.surrogateLoss(c)).toThrowError(/^surrogateLoss: must be called inside a gradient scope/);
      c.dispose();
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);
