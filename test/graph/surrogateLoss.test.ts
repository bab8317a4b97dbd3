/** Influence on the tape, scopes, outside costs and errors of surrogateLoss and variableGrads. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {logits, node} from './bernoulliNode.js';

describeBackends(
  'bad input',
  () => {
    const w = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d(logits), true));

    it('of variableGrads and surrogateLoss is refused by name, and nothing is left behind', () => {
      const v = w();
      const before = tf.memory().numTensors;
      const bad: Array<[() => unknown, RegExp]> = [
        [
          () => st.variableGrads(3 as unknown as () => tf.Tensor),
          /^variableGrads: the first argument must be a function that returns costs, got 3/,
        ],
        [() => st.variableGrads(() => [], [v]), /^variableGrads: needs at least one cost/],
        [
          () => st.variableGrads(() => 3 as unknown as tf.Tensor, [v]),
          /^variableGrads: cost 0 must be a tensor; a reward .*, got 3/,
        ],
        [
          () => st.variableGrads(() => Promise.resolve(1) as unknown as tf.Tensor, [v]),
          /^variableGrads: cost 0 must be a tensor; the function must not be async; .*, got a Promise/,
        ],
        [
          () => st.variableGrads(() => tf.cast(node(v).value, 'int32'), [v]),
          /^variableGrads: cost 0 must be a float32 tensor, got an int32 tensor of shape \[3\]/,
        ],
        [
          () => st.variableGrads(() => [tf.add(node(v).value, 1), tf.greater(v, 0)], [v]),
          /^variableGrads: cost 1 must be a float32 tensor, got a bool/,
        ],
        [
          () =>
            st.variableGrads(() => {
              const x = tf.square(node(v).value);
              x.dispose();
              return x;
            }, [v]),
          /^variableGrads: cost 0 must be alive, got a tensor that is disposed/,
        ],
        [
          () => st.variableGrads(() => node(v).value, v as unknown as tf.Variable[]),
          /^variableGrads: the second argument must be a list of variables/,
        ],
        [
          () => st.variableGrads(() => node(v).value, [3 as unknown as tf.Variable]),
          /^variableGrads: the second argument must be a list of variables/,
        ],
        [
          () => st.variableGrads(() => node(v).value, []),
          /^variableGrads: needs at least one trainable variable \(.* lists theirs in its trainableWeights\), got \[\]/,
        ],
        [
          () => st.variableGrads(() => tf.ones([3]), [v]),
          /^variableGrads: the costs must depend on at least one of the variables; numbers that were read/,
        ],
        [
          () => tf.tidy(() => st.variableGrads(() => st.surrogateLoss([]), [v])),
          /^surrogateLoss: needs at least one cost/,
        ],
        [
          () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), null as unknown as object), [v]),
          /^surrogateLoss: the config must be an object, got null/,
        ],
        [
          () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), {nodes: []} as object), [v]),
          /^surrogateLoss: unknown option "nodes"/,
        ],
        [
          () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), {stochasticTensors: 3} as object), [v]),
          /^surrogateLoss: stochasticTensors must be a list of nodes, got 3/,
        ],
        [
          () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), {stochasticTensors: [v]} as object), [v]),
          /^surrogateLoss: stochasticTensors: must be a DistributionTensor/,
        ],
        [
          () =>
            st.variableGrads(() => {
              for (const estimator of ['scoreFunction', 'relax', 'nvil', 'leaveOneOut'])
                node(tf.mul(v, 2), {estimator, name: 'thrown'});
              throw new Error('mine');
            }, [v]),
          /^mine$/,
        ],
      ];
      for (const [i, [run, message]] of bad.entries()) {
        expect(run).withContext(String(i)).toThrowError(message);
        expect(tf.memory().numTensors).withContext(`tensors after ${i}, ${message}`).toBe(before);
      }
      st.disposeSharedEstimators();
      v.dispose();
    });

    it('a function that makes an estimator is told from one that is an estimator', () => {
      const v = w();
      const makers = Object.entries<unknown>({...st}).filter(([name]) => st.estimators.names().includes(name));
      expect(makers.length).toBeGreaterThan(20);
      for (const [name, make] of makers) {
        const run = (): unknown =>
          tf.tidy(() => st.variableGrads(() => node(v, {estimator: make as st.LossFunction}).value, [v]));
        expect(run)
          .withContext(name)
          .toThrowError(/^estimator "\w+": the function makes an estimator: call it once, .*\w+\(\)$/);
      }
      st.disposeSharedEstimators();
      v.dispose();
    });

    it('an estimator’s term must fit the node', () => {
      const v = w();
      tf.tidy(() => {
        const run = (fn: st.LossFunction): unknown => st.variableGrads(() => node(v, {estimator: fn}).value, [v]);
        expect(() =>
          run(function mine() {
            return 3 as unknown as tf.Tensor;
          }),
        ).toThrowError(/^estimator "mine": the function must return a tensor, got 3/);
        expect(() =>
          run(function mine() {
            return tf.zeros([2]);
          }),
        ).toThrowError(
          /^estimator "mine": its surrogate term must broadcast to the node's shape \[3\], got a float32 tensor of shape \[2\]/,
        );
        expect(() =>
          run(function mine() {
            return tf.zeros([2, 3]);
          }),
        ).toThrowError(/^estimator "mine": its surrogate term must broadcast/);
      });
      v.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
