/** Environments, as their users step them. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';
import {describeBackends} from '../helpers/backends.js';
import {counting} from './counting.js';

const key = st.random.key(5);

/** Ends at `end`; each step is worth ten times its number. */
const countingTo = (end: number): ctl.ControlTask => counting({end, bound: 1, reward: count => 10 * count});

describeBackends(
  'an environment',
  () => {
    it('gives observations, rewards and ends of all copies, and begins anew where an episode ends', async () => {
      const env = ctl.simulate(countingTo(2), {size: 3});
      const first = env.reset({key});
      expect(await first.array()).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
      const one = env.step([[1], [0], [-1]]);
      expect(await one.observation.array()).toEqual([
        [1, 1],
        [1, 0],
        [1, -1],
      ]);
      expect(await one.finalObservation.array()).toEqual(await one.observation.array());
      expect(await one.reward.array()).toEqual([10, 10, 10]);
      env.restart(1);
      const two = env.step(tf.tidy(() => tf.tensor2d([[0.5], [0.25], [-0.5]])));
      expect(await two.observation.array()).toEqual([
        [0, 0],
        [1, 0.25],
        [0, 0],
      ]);
      expect(await two.finalObservation.array()).toEqual([
        [2, 0.5],
        [1, 0.25],
        [2, -0.5],
      ]);
      expect(await two.terminated.array()).toEqual([1, 0, 1]);
      expect(await two.truncated.array()).toEqual([0, 0, 0]);
      expect([two.terminated.dtype, two.truncated.dtype]).toEqual(['bool', 'bool']);
      // what a step gave does not change with the next one
      env.step(new Float32Array(3));
      expect(await two.observation.array()).toEqual([
        [0, 0],
        [1, 0.25],
        [0, 0],
      ]);
      tf.dispose([first, one, two]);
    });

    it('goes the same way for the same key, whatever the number of copies, and another for another', () => {
      const path = (env: ctl.Environment, seed: number): number[] => {
        env.begin(st.random.key(seed));
        const seen: number[] = [];
        const actions = new Float32Array(env.size).fill(0.3);
        for (let t = 0; t < 60; t++) {
          env.advance(actions);
          seen.push(...env.buffers.observations.slice(0, env.observationSpace.size));
        }
        return seen;
      };
      for (const variant of ['basic', 'noisyDelayed'] as const) {
        const [few, many] = [2, 5].map(size => ctl.cartPoleBalancing({size, variant}));
        const expected = path(few!, 1);
        expect(path(many!, 1)).toEqual(expected);
        expect(path(few!, 1)).toEqual(expected);
        expect(path(few!, 2)).not.toEqual(expected);
      }
    });

    it('goes on with its random numbers where a reset has no key', () => {
      const env = ctl.cartPoleV1();
      const starts = [env.reset({key}), env.reset(), env.reset({key})].map(x => x.dataSync().join());
      expect(starts[1]).not.toBe(starts[0]);
      expect(starts[2]).toBe(starts[0]);
    });

    it('leaves no tensor behind but those that it gives', () => {
      const env = ctl.cartPoleBalancing({size: 4, variant: 'noisyDelayed'});
      const before = tf.memory().numTensors;
      tf.dispose(env.reset({key}));
      for (let t = 0; t < 5; t++) tf.dispose(env.step(new Float32Array(4)));
      expect(tf.memory().numTensors).toBe(before);
    });

    it('takes actions as a tensor, as lists and as a typed array, and refuses other shapes', () => {
      const box = ctl.simulate(countingTo(9), {size: 2});
      const discrete = ctl.cartPoleV1({size: 2});
      tf.dispose([box.reset({key}), discrete.reset({key})]);
      const refused = (env: ctl.Environment, actions: unknown, message: string | RegExp): void => {
        expect(() => env.step(actions as ctl.Actions)).toThrowError(message); // whatever a caller gives
      };
      tf.tidy(() => {
        discrete.step(tf.tensor1d([0, 1], 'int32'));
        discrete.step([1, 0]);
        discrete.step(Int32Array.of(1, 1));
        refused(box, tf.zeros([2]), /^counting: actions must have the shape \[2,1\] and be alive, got/);
        refused(box, [0, 0], /^counting: actions must have the shape \[2,1\], got/);
        refused(box, [[0], [0, 1]], /shape \[2,1\]/);
        refused(box, [[0]], /shape \[2,1\]/);
        refused(box, new Float32Array(3), 'counting: there must be 2 numbers of actions, got 3');
        refused(box, 'left', /^counting: actions must be a tensor or numbers, got "left"/);
        refused(discrete, tf.zeros([2, 1]), /^CartPole-v1: actions must have the shape \[2\] and be alive/);
        refused(discrete, [[0], [1]], /shape \[2\]/);
      });
    });

    it('names the place and the step of an action that is not one', () => {
      const box = ctl.simulate(countingTo(9), {size: 2});
      const discrete = ctl.cartPoleV1({size: 2});
      tf.dispose([box.reset({key}), discrete.reset({key})]);
      tf.dispose(box.step([[0], [1]]));
      expect(() => box.step([[0], [1.5]])).toThrowError(
        'counting: actions must be in [-1, 1], got 1.5 at [1,0] in step 2 of its episode; ctl.clipActions clips them',
      );
      expect(() => box.step([[NaN], [1]])).toThrowError(
        'counting: actions must be in [-1, 1], got NaN at [0,0] in step 2 of its episode',
      );
      expect(() => discrete.step([1, 2])).toThrowError(
        'CartPole-v1: actions must be whole numbers from 0 to 1, got 2 at [1] in step 1 of its episode',
      );
      expect(() => discrete.step([0.5, 1])).toThrowError(/got 0\.5 at \[0\]/);
    });

    it('names what is no list of actions, and a copy that is not there', () => {
      const env = ctl.simulate(countingTo(9), {size: 2});
      env.begin(key);
      expect(() => env.advance(null as never)).toThrowError('counting: actions must be a list of numbers, got null');
      expect(() => ctl.clipActions(env).advance({length: 2})).toThrowError(/actions must be a list of numbers/);
      expect(() => env.advance([0])).toThrowError('counting: there must be 2 numbers of actions, got 1');
      expect(() => env.restart(2)).toThrowError('counting: a copy is a whole number from 0 to 1, got 2');
    });

    it('needs a key first, and knows its options', () => {
      expect(() => ctl.cartPoleV1().reset()).toThrowError(
        'CartPole-v1: the first reset needs a key: reset({key: st.random.key(0)})',
      );
      expect(() => ctl.cartPoleV1().step([0])).toThrowError(/the first reset needs a key/);
      expect(() => ctl.cartPoleV1().reset({seed: 1} as object)).toThrowError(
        /CartPole-v1\.reset: unknown option "seed"/,
      );
      expect(() => ctl.cartPoleV1().reset({key: 1 as never})).toThrowError(/key must come from random\.key, got 1/);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
