import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {isEstimator} from '../../src/graph/estimator.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'states of nodes',
  () => {
    it('are made without taking anything from the default stream', async () => {
      const draw = async (makes: boolean): Promise<number[]> => {
        st.random.setSeed(4);
        const estimator = st.relax({units: [2]});
        const q = new st.Bernoulli({logits: [0.1, 0.2]});
        if (makes) {
          expect(estimator.states!.make('z#0', q).variables.length).toBe(5); // two layers, and the temperature
          expect(estimator.states!.slots).toEqual(['z#0']);
          expect(() => estimator.states!.make('z#0', q)).toThrowError('states.make: the slot has a state, got "z#0"');
          estimator.states!.drop('z#0');
          expect(estimator.states!.read('z#0')).toBeNull();
        }
        const u = st.random.uniform([3]);
        const values = Array.from(await u.data());
        u.dispose();
        return values;
      };
      const before = tf.memory().numTensors;
      expect(await draw(true)).toEqual(await draw(false));
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 4); // what the two distributions hold
    });

    it('of estimators and baselines are refused where they are none', () => {
      const read = (): null => null;
      const right = {slots: [], read, make: () => ({variables: [], counters: []}), drop: () => undefined};
      for (const [baseline, estimator] of [[st.none(), st.scoreFunction()]] as const) {
        for (const states of [
          null,
          3,
          {},
          [],
          {...right, read: 1},
          {...right, slots: {}},
          {...right, drop: undefined},
        ]) {
          expect(isEstimator({...estimator, states}))
            .withContext(JSON.stringify(states))
            .toBeFalse();
          expect(() => st.scoreFunction({baseline: {...baseline, states} as never})).toThrowError(
            /^scoreFunction: baseline/,
          );
        }
        expect(isEstimator({...estimator, states: right})).toBeTrue();
        expect(st.scoreFunction({baseline: {...baseline, states: right}}).states).toBe(right);
      }
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
