import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {readOptions} from '../../src/diagnostics/auditOptions.js';
import {describeBackends} from '../helpers/backends.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass

describeBackends(
  'the options of an audit',
  () => {
    const key = st.random.key(11);
    const program: st.AuditProgram = () => tf.scalar(0);
    let theta: tf.Variable;
    let good: st.AuditOptions;

    beforeEach(() => {
      theta = tf.tidy(() => tf.variable(tf.scalar(0.4), true, 'theta'));
      good = {program, variables: [theta], estimators: ['scoreFunction'], samples: 2, key};
    });
    afterEach(() => theta.dispose());

    it('have their defaults, all registered names in order among them', () => {
      const read = readOptions({program, variables: [theta]});
      expect([read.samples, read.warmup, read.learningRate, read.reference]).toEqual([1000, 0, 0.01, null]);
      expect(read.program).toBe(program);
      const labels = read.contenders.map(({label}) => label);
      expect(labels).toEqual(st.estimators.names().sort());
      expect(labels).toContain('relax');
      st.random.setSeed(5);
      const next = readOptions({program, variables: [theta]}).key;
      st.random.setSeed(5);
      expect(readOptions({program, variables: [theta]}).key).toEqual(next);
      expect(readOptions({program, variables: [theta]}).key).not.toEqual(next);
      expect(readOptions(good).key).toBe(key);
    });

    it('label what a list holds by its own names, else by its place, and what a record holds by its keys', () => {
      const mine: st.LossFunction = (node, value, cost) => tf.mul(node.distribution.logProb(value), cost);
      const listed = readOptions({...good, estimators: ['relax', st.pathwise(), mine, (_n, _v, cost) => cost]});
      expect(listed.contenders.map(({label}) => label)).toEqual(['relax', 'pathwise', 'mine', '3']);
      expect(listed.variables).toEqual([{label: 'theta', variable: theta}]);
      const other = tf.tidy(() => tf.variable(tf.scalar(1)));
      const named = readOptions({...good, variables: {b: other, a: theta}, estimators: {x: 'relax', y: 'relax'}});
      expect(named.contenders.map(({label}) => label)).toEqual(['x', 'y']);
      expect(named.variables.map(({label, variable}) => [label, variable])).toEqual([
        ['b', other],
        ['a', theta],
      ]);
      other.dispose();
    });

    it('make an estimator of a name anew each time, and take an object or a function as it is', () => {
      const own = st.movingAverage({decay: 0.5});
      const estimator = st.scoreFunction({baseline: own});
      const mine: st.LossFunction = (node, value, cost) => tf.mul(node.distribution.logProb(value), cost);
      const [named, given, made] = readOptions({...good, estimators: ['pathwise', estimator, mine]}).contenders;
      expect([named!.owned, given!.owned, made!.owned]).toEqual([true, false, false]);
      expect(named!.make().name).toBe('pathwise');
      expect(named!.make()).not.toBe(named!.make());
      expect(given!.make()).toBe(estimator);
      expect(made!.make()).toBe(made!.make());
      expect(made!.make().name).toBe('mine');
    });

    it('name a reference among the labels', () => {
      expect(readOptions({...good, estimators: {a: 'relax'}, reference: 'a'}).reference).toBe('a');
    });

    const bad: Array<[change: object, message: RegExp]> = [
      [{sample: 3}, /^auditEstimators: unknown option "sample"; did you mean "samples"\?/],
      [{program: 3}, /^auditEstimators: program must be a function \(estimator, key\) => costs, got 3/],
      [{samples: 1}, /^auditEstimators: samples must be an integer >= 2, got 1/],
      [{samples: 2.5}, /^auditEstimators: samples must be an integer >= 2, got 2.5/],
      [{warmup: -1}, /^auditEstimators: warmup must be an integer >= 0, got -1/],
      [{learningRate: 0}, /^auditEstimators: learningRate must be a finite number > 0, got 0/],
      [{variables: []}, /^auditEstimators: variables: there must be at least one, got \[\]/],
      [{variables: 3}, /^auditEstimators: variables: must be a list, or an object of labels, got 3/],
      [
        {variables: ['theta']},
        /^auditEstimators: variables: "0" must be a trainable variable that is alive, got "theta"/,
      ],
      [{estimators: []}, /^auditEstimators: estimators: there must be at least one, got \[\]/],
      [{estimators: 'relax'}, /^auditEstimators: estimators: must be a list, or an object of labels, got "relax"/],
      [{estimators: ['relx']}, /^auditEstimators: unknown estimator "relx"; did you mean "relax"\?/],
      [{estimators: [3]}, /^auditEstimators: estimators: "0" must be an estimator, its name, or a function .*, got 3/],
      [
        {estimators: ['relax', 'relax']},
        /^auditEstimators: estimators: two in a list must differ in name; give labels in an object, got "relax"/,
      ],
      [{reference: 'relax'}, /^auditEstimators: unknown reference "relax"; known: scoreFunction/],
      [{key: 3}, /^auditEstimators: key must come from random.key, got 3/],
    ];
    for (const [change, message] of bad) {
      it(`refuse ${JSON.stringify(change)}`, () => {
        expect(() => readOptions({...good, ...change})).toThrowError(message);
      });
    }

    it('refuse variables that there is no gradient for, and lists with holes', () => {
      const at = (variables: unknown) => () => readOptions({...good, variables: stolen(variables)});
      expect(at(theta)).toThrowError(/^auditEstimators: variables: must be a list/);
      expect(at([theta, theta])).toThrowError(/^auditEstimators: variables: two in a list must differ/);
      expect(at({a: theta, b: theta})).toThrowError(
        'auditEstimators: variables: each variable must occur once, got "b"',
      );
      expect(at([theta, , theta])).toThrowError(/^auditEstimators: variables: a list must have no holes/);
      const [fixed, gone] = tf.tidy(() => [tf.variable(tf.scalar(1), false), tf.variable(tf.scalar(1))]) as [
        tf.Variable,
        tf.Variable,
      ]; // two
      gone.dispose();
      for (const v of [fixed, gone])
        expect(at({v})).toThrowError(/^auditEstimators: variables: "v" must be a trainable variable that is alive/);
      fixed.dispose();
      expect(() => readOptions({...good, estimators: stolen(st.pathwise())})).toThrowError(
        /^auditEstimators: estimators: must be a list, or an object of labels/,
      );
    });
  },
  {only: ['cpu'], inBrief: []},
);
