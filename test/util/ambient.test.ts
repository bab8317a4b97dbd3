import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {EstimatorStore, isStateFrozen, sharedEstimator, withEstimatorStore} from '../../src/graph/estimatorStore.js';
import {currentRun, Run, withRun} from '../../src/graph/run.js';
import {Ambient} from '../../src/util/ambient.js';

describe('ambient state', () => {
  it('holds while the function runs, nests, and is put back, also after an error', () => {
    const level = new Ambient(0);
    const seen: number[] = [];
    const result = level.with('test', 1, () => {
      level.with('test', 2, () => seen.push(level.now));
      seen.push(level.now);
      return 'result';
    });
    expect(result).toBe('result');
    expect(() =>
      level.with('test', 3, () => {
        throw new Error('on purpose');
      }),
    ).toThrowError('on purpose');
    expect([...seen, level.now]).toEqual([2, 1, 0]);
  });

  const thenables: Record<string, () => unknown> = {
    'an async function': async () => Promise.resolve(1),
    'a promise that is rejected': async () => Promise.reject(new Error('nobody hears of this')),
    'a thenable': () => ({then: () => undefined}),
    'a function with then': () => Object.assign(() => undefined, {then: () => undefined}),
  };
  /** Each scope of the library that sets such state, and whether that state is as it was outside. */
  const scopes: Record<string, {run: (fn: () => unknown) => unknown; isRestored: () => boolean}> = {
    withValueType: {
      run: fn => st.withValueType(st.sampleValue([3]), fn),
      isRestored: () => {
        try {
          st.currentValueType();
          return false;
        } catch {
          return true;
        }
      },
    },
    withFrozenState: {run: fn => st.withFrozenState(fn), isRestored: () => !isStateFrozen()},
    withEstimatorStore: (() => {
      let usual = sharedEstimator('test', 'movingAverage');
      const run = (fn: () => unknown): unknown => {
        usual = sharedEstimator('test', 'movingAverage');
        return withEstimatorStore(new EstimatorStore(), fn);
      };
      return {run, isRestored: () => sharedEstimator('test', 'movingAverage') === usual};
    })(),
    withRun: (() => {
      const mine = new Run();
      return {
        run: (fn: () => unknown) => withRun(mine, fn),
        isRestored: () =>
          tf.tidy(() => {
            let found: Run | null = null;
            tf.grad(x => {
              found = currentRun();
              return tf.square(x);
            })(tf.scalar(1));
            return found !== mine;
          }),
      };
    })(),
  };
  for (const [name, {run, isRestored}] of Object.entries(scopes)) {
    it(`of ${name} is refused to whatever goes on later`, () => {
      for (const [what, fn] of Object.entries(thenables)) {
        expect(() => run(fn))
          .withContext(what)
          .toThrowError(`${name}: the function must be synchronous, got one that returns a promise`);
        expect(isRestored()).withContext(what).toBeTrue();
      }
      expect(run(() => 3)).toBe(3);
      expect(isRestored()).toBeTrue();
    });
  }
});
