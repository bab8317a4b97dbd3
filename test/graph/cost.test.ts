import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {gradient, logits, node, zero} from './bernoulliNode.js';

describeBackends(
  'costs from outside',
  () => {
    const external = (x: tf.Tensor): number[] => Array.from({length: x.size}, (_, i) => i + 1.5);

    it('count as downstream of the nodes that they depend on, from arrays and tensors, scaled or not', async () => {
      const wanted = await gradient(w => tf.add(tf.mul(node(w).value, 0), [1.5, 2.5, 3.5]));
      const ways: Record<string, (n: st.DistributionTensor) => tf.Tensor> = {
        array: n => st.cost(external(n.value), {dependsOn: n}),
        list: n => st.cost(external(n.value), {dependsOn: [n], name: 'reward'}),
        value: n => st.cost(external(n.value), {dependsOn: n.value}),
        behind: n =>
          st.cost(external(n.value), {dependsOn: [tf.stack([n.value, n.value], 1), tf.cast(n.value, 'bool')]}),
        both: n => st.cost(external(n.value), {dependsOn: [n.value, n]}),
        typed: n => st.cost(Float32Array.from(external(n.value)), {dependsOn: [n]}),
        integers: n => tf.mul(st.cost(tf.tensor1d([3, 5, 7], 'int32'), {dependsOn: [n]}), 0.5),
        tensor: n => st.cost(tf.tensor1d([1.5, 2.5, 3.5]), {dependsOn: [n]}),
        scaled: n => tf.mul(st.cost([3, 5, 7], {dependsOn: [n]}), 0.5),
        shifted: n => tf.add(st.cost([0.5, 1.5, 2.5], {dependsOn: n}), 1),
        tidied: n => tf.tidy(() => tf.mul(st.cost([3, 5, 7], {dependsOn: n}), 0.5)),
      };
      for (const [name, way] of Object.entries(ways)) {
        const got = await gradient(w => way(node(w)));
        got.forEach((g, i) => expect(g).withContext(name).toBeCloseTo(wanted[i]!, 5));
      }
    });

    it('of several nodes reach all of them and those upstream; a tensor’s own history does not count', async () => {
      const got = await gradient(w => {
        const x = node(w);
        const y = node(tf.add(w, x.value), {key: st.random.key(31)});
        return st.cost([1, 2, 3], {dependsOn: y});
      });
      const wanted = await gradient(w => {
        const x = node(w);
        const y = node(tf.add(w, x.value), {key: st.random.key(31)});
        return tf.add(tf.mul(y.value, 0), [1, 2, 3]);
      });
      expect(got).toEqual(wanted);
      expect(
        await gradient(w => {
          const [x, y] = [node(w), node(tf.zeros([3]))];
          return st.cost(x.value, {dependsOn: y});
        }),
      ).toEqual(zero);
    });

    it('that hang on tensors no node was drawn for are warned of, as they train nothing', () => {
      const [w, v] = [tf.variable(tf.tensor1d(logits)), tf.variable(tf.scalar(0))];
      const warn = spyOn(console, 'warn');
      const warned = (ways: (n: st.DistributionTensor) => tf.Tensor): string[] => {
        warn.calls.reset();
        const optimizer = st.stochasticOptimizer(tf.train.sgd(1)); // each warns once
        tf.tidy(() => void optimizer.computeGradients(() => [ways(node(w)), tf.square(v)], [w, v]));
        const said = warn.calls.allArgs().map(([text]) => text as string);
        return said.filter(text => text.includes('no random node lies upstream'));
      };
      const likePredict = (): tf.Tensor => tf.sigmoid(w);
      expect(warned(() => st.cost([1, 2, 3], {dependsOn: likePredict(), name: 'reward'}))).toEqual([
        jasmine.stringMatching(
          /the cost from outside "reward" depends on, so that it trains nothing\. .*training: true/,
        ),
      ]);
      expect(warned(() => tf.mul(st.cost([1, 2, 3], {dependsOn: [likePredict(), tf.zeros([3])]}), 2)).length).toBe(1);
      const fine: Array<(n: st.DistributionTensor) => tf.Tensor> = [
        n => st.cost([1, 2, 3], {dependsOn: n}),
        n => st.cost([1, 2, 3], {dependsOn: n.value}),
        n => st.cost([1, 2, 3], {dependsOn: tf.mul(n.value, 2)}),
        n => st.cost([1, 2, 3], {dependsOn: st.carry([1, 2, 3], {dependsOn: n})}),
        () => st.cost([1, 2, 3], {dependsOn: st.carry([1, 2, 3], {dependsOn: []})}), // before the first action
      ];
      for (const way of fine) expect(warned(way)).toEqual([]);
      tf.dispose([w, v]);
    });

    it('as one number go to all draws, in variableGrads', async () => {
      spyOn(console, 'warn');
      const w = tf.variable(tf.tensor1d(logits));
      const {value, grads} = st.variableGrads(() => st.cost(5, {dependsOn: node(w)}), [w]);
      const wanted = await gradient(v => tf.reshape(tf.add(tf.mean(tf.mul(node(v).value, 0)), 5), [1]));
      (await grads[w.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 4));
      expect((await value.data())[0]).toBe(5);
      const byValue = st.variableGrads(() => st.cost(5, {dependsOn: node(w).value}), [w]);
      (await byValue.grads[w.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 4));
      tf.dispose([w, value, grads, {...byValue}]);
    });

    it('refuse what is no number and what is no node', () => {
      tf.tidy(() => {
        const n = node(tf.zeros([3]));
        const before = tf.memory().numTensors;
        expect(() => st.cost([1, NaN, 2], {dependsOn: n, name: 'reward'})).toThrowError(
          'cost "reward": values must be finite numbers, got NaN',
        );
        expect(() => st.cost(Infinity, {dependsOn: n})).toThrowError(
          'cost: values must be finite numbers, got Infinity',
        );
        expect(() => st.cost('a', {dependsOn: n})).toThrowError(
          'cost: the value must be a number, an array or a tensor, got "a"',
        );
        expect(() => st.cost(undefined as unknown as number, {dependsOn: n})).toThrowError(
          'cost: the value must be a number, an array or a tensor, got undefined',
        );
        expect(() => st.cost(1, {dependsOn: []})).toThrowError(/^cost: dependsOn must name at least one random node/);
        expect(() => st.cost([1, 2], {dependsOn: [n.value]})).toThrowError(
          /^cost: a tensor in dependsOn must be alive and have the cost's axes in front, \[2\], or 1 where it serves all, got a float32 tensor of shape \[3\]/,
        );
        const doubled = tf.mul(n.value, 2);
        expect(() => st.cost([[1], [2], [3]], {dependsOn: [doubled]})).toThrowError(
          'cost: the cost has an axis too many: give [3] in place of [3,1]',
        );
        doubled.dispose();
        expect(() => st.cost(1, {dependsOn: ['z'] as unknown as st.DistributionTensor})).toThrowError(
          /^cost: dependsOn: must be a DistributionTensor or an ObservedStochasticTensor, got "z"/,
        );
        expect(() => st.cost(1, undefined as unknown as st.CostOptions)).toThrowError(/^cost: /);
        expect(() => st.cost(1, {} as st.CostOptions)).toThrowError(/^cost: /);
        expect(() => st.cost(1, {dependOn: n} as unknown as st.CostOptions)).toThrowError(
          'cost: unknown option "dependOn"; did you mean "dependsOn"?',
        );
        expect(tf.memory().numTensors).toBe(before);
      });
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
