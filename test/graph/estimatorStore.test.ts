import * as tf from '@tensorflow/tfjs-core';
import 'tfjs-stochastic';
import {
  EstimatorStore,
  isOwn,
  isStateFrozen,
  markOwn,
  sharedEstimator,
  warnOnce,
  withEstimatorStore,
  withFrozenState,
} from '../../src/graph/estimatorStore.js';

describe('what a name stands for', () => {
  it('is the same estimator from step to step, another for another store', () => {
    const [one, other] = [new EstimatorStore(), new EstimatorStore()];
    const get = (store: EstimatorStore) => withEstimatorStore(store, () => sharedEstimator('A', 'scoreFunction'));
    expect(get(one)).toBe(get(one));
    expect(get(one)).not.toBe(get(other));
    const before = get(one);
    one.dispose();
    expect(get(one)).not.toBe(before);
    expect(() => sharedEstimator('A', 'scoreFunctoin')).toThrowError(
      /^A: unknown estimator .* did you mean "scoreFunction"/,
    );
  });

  it('warns once for each store', () => {
    const warn = spyOn(console, 'warn');
    for (const store of [new EstimatorStore(), new EstimatorStore()])
      withEstimatorStore(store, () => {
        warnOnce('step 1', 'steps');
        warnOnce('step 2', 'steps');
      });
    expect(warn.calls.allArgs()).toEqual([['step 1'], ['step 1']]);
  });

  it('freezes state while a function runs, also one that throws', () => {
    expect(withFrozenState(isStateFrozen)).toBeTrue();
    expect(() =>
      withFrozenState(() => {
        throw new Error('x');
      }),
    ).toThrowError('x');
    expect(isStateFrozen()).toBeFalse();
    expect(() => withFrozenState(3 as never)).toThrowError(/^withFrozenState: the argument must be a function/);
  });

  it('knows the variables that are its own', async () => {
    await tf.setBackend('cpu');
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    markOwn([a]);
    expect([a, b].map(isOwn)).toEqual([true, false]);
    tf.dispose([a, b]);
  });
});
