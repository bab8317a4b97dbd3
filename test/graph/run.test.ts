import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {currentRun, isForeignScope, isRepetition, Run, withRun} from '../../src/graph/run.js';
import type {NodeLink} from '../../src/graph/nodeLink.js';
import {describeBackends} from '../helpers/backends.js';
import {withTape} from './upstream.js';

describeBackends(
  'a run of the code that makes nodes',
  () => {
    const keys = st.random.split(st.random.key(1), 4);
    const about = {estimator: 'relax', batchShape: [2]};
    const enter = (run: Run, name: string, i: number) => run.enter(name, keys[i]!, about);

    it('counts its nodes, and those of an estimator by name', () => {
      const run = new Run();
      expect([enter(run, 'a', 0), enter(run, 'b', 1)].map(({place, key, value}) => [place, key, value])).toEqual([
        [0, keys[0]!, null],
        [1, keys[1]!, null],
      ]);
      const [one, other] = [st.scoreFunction(), st.scoreFunction()];
      expect([run.slotOf(one), run.slotOf(one, 'a'), run.slotOf(one), run.slotOf(other)]).toEqual([
        '#0',
        'a#0',
        '#1',
        '#0',
      ]);
      expect([run.origin, run.isRepetition]).toEqual([run, false]);
    });

    it('is repeated with the keys that it had, and another value in one place', () => {
      const run = new Run();
      ['a', 'b', 'c'].forEach((name, i) => enter(run, name, i));
      const value = tf.scalar(7);
      const again = new Run(run, {place: 1, value});
      expect([again.origin, again.isRepetition]).toEqual([run, true]);
      const places = ['a', 'b', 'c'].map(name => enter(again, name, 3));
      expect(places.map(({key}) => key)).toEqual(keys.slice(0, 3));
      expect(places.map(place => place.value)).toEqual([null, value, null]);
      again.substituted = {place: 1} as NodeLink; // whoever makes the node sets it
      expect(again.found()).toBe(again.substituted);
      expect(new Run(again).origin).toBe(run);
      value.dispose();
    });

    it('must make the same nodes in the same order when it is repeated', () => {
      const run = new Run();
      enter(run, 'a', 0);
      enter(run, 'b', 1);
      const other = new Run(run);
      enter(other, 'a', 0);
      expect(() => enter(other, 'c', 1)).toThrowError(
        /^node "c": an estimator asked for the cost at another value, .*, got it where "b" was before$/,
      );
      const more = new Run(run);
      ['a', 'b'].forEach((name, i) => enter(more, name, i));
      expect(() => enter(more, 'c', 2)).toThrowError(/^node "c": .*, got it where no node was before$/);
      const less = new Run(run);
      enter(less, 'a', 0);
      expect(() => less.found()).toThrowError(/^node "b": .*, got none in its place$/);
    });

    it('may be a part of another, whose places, keys, slots and objectives are its own', () => {
      const outer = new Run();
      enter(outer, 'a', 0);
      const part = new Run(null, null, outer);
      expect(enter(part, 'b', 1).place).toBe(0);
      expect(enter(outer, 'c', 2).place).toBe(2);
      const estimator = st.scoreFunction();
      expect([part.slotOf(estimator), outer.slotOf(estimator)]).toEqual(['#0', '#1']);
      const repeated = new Run(outer);
      enter(repeated, 'a', 3);
      const partAgain = new Run(null, null, repeated);
      expect(partAgain.isRepetition).toBeTrue();
      expect(enter(partAgain, 'b', 3).key).toBe(keys[1]!);
      tf.tidy(() => {
        part.addObjective({loss: tf.scalar(1), variables: []});
        repeated.addObjective({loss: tf.scalar(1), variables: []});
        partAgain.addObjective({loss: tf.scalar(1), variables: []});
        expect([part.takeObjectives(), repeated.takeObjectives()].map(list => list.length)).toEqual([0, 0]);
        expect(outer.takeObjectives().length).toBe(1);
        expect(outer.takeObjectives().length).toBe(0);
      });
    });

    it('keeps sample axes apart from those that are not to be shared', () => {
      const run = new Run();
      expect(run.padding(1, true)).toBe(0);
      run.occupy(3, false);
      expect([run.padding(1, false), run.padding(1, true), run.padding(4, true)]).toEqual([0, 2, 0]);
      run.occupy(2, true);
      expect([run.padding(1, false), run.padding(1, true)]).toEqual([1, 2]);
    });

    it('says what was going on', () => {
      const run = new Run();
      expect(run.describeNodes()).toBe('before any random node was made');
      enter(run, 'a', 0).drawn([3, 2]);
      expect(run.describeNodes()).toBe('in a step with the node "a" (estimator "relax"), of shape [3,2]');
      run.enter('b', keys[1]!, {estimator: null, batchShape: [5]});
      expect(run.describeNodes()).toBe(
        'in a step with the nodes "a" (estimator "relax"), "b", the largest of shape [3,2], while "b" was drawn',
      );
      for (let i = 0; i < 6; i++) run.enter(`c${i}`, keys[2]!, {estimator: null, batchShape: []}).drawn([100]);
      expect(run.describeNodes()).toMatch(/"c3", … 2 more, the largest of shape \[100\]$/);
    });

    it('is that of withRun, else one for each gradient scope, and none outside', () => {
      const run = new Run();
      expect([currentRun(), isForeignScope(), isRepetition()]).toEqual([null, false, false]);
      withRun(run, () => {
        expect(currentRun()).toBeNull(); // there is no scope
        withTape([1], () => {
          expect([currentRun(), isForeignScope()]).toEqual([run, false]);
          withRun(new Run(run), () => expect(isRepetition()).toBeTrue());
        });
      });
      const seen: Array<Run | null> = [];
      withTape([1], () => {
        expect(isForeignScope()).toBeTrue();
        seen.push(currentRun(), currentRun());
      });
      withTape([1], () => void seen.push(currentRun()));
      expect(seen[0]).not.toBeNull();
      expect(seen[1]).toBe(seen[0]);
      expect(seen[2]).not.toBe(seen[0]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
