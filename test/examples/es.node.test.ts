import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {run} from '../../examples/es/evaluations.js';
import {bbobRastrigin, bbobRosenbrock, rastrigin, rosenbrock} from '../../examples/es/functions.js';
import {methods, problems} from '../../examples/es/methods.js';

describe('the example of evolution strategies', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('has functions that are 0 at their optimum and more elsewhere', () => {
    expect(rosenbrock([1, 1, 1])).toBe(0);
    expect(rosenbrock([0, 0, 0])).toBe(2);
    expect(rastrigin([0, 0])).toBe(0);
    expect(rastrigin([1, 0])).toBeCloseTo(1, 10);
    expect(rastrigin([0.5, 0])).toBeCloseTo(20.25, 10);
    // Their optima are where the draws of the key put them: none of many points is below 0
    for (const make of [bbobRosenbrock, bbobRastrigin]) {
      const f = make(4, st.random.key(3));
      for (let i = 0; i < 200; i++) {
        const x = st.random.uniform([4], {key: st.random.foldIn(st.random.key(1), i)});
        expect(f(x.dataSync().map(u => 10 * u - 5))).toBeGreaterThan(0);
        x.dispose();
      }
    }
  });

  it('runs each method on each function and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (const {f, start, name} of Object.values(problems)) {
      for (const [method, {make}] of Object.entries(methods)) {
        const seen: number[] = [];
        const {evaluations, best} = run(f, [start, start, start], x => make(x, name), {
          target: 0,
          maxEvaluations: 450,
          key: st.random.key(2),
          onGeneration: count => void seen.push(count),
        });
        expect(evaluations).withContext(method).toBeGreaterThan(0);
        expect(evaluations).toBeLessThanOrEqual(450);
        expect(seen.at(-1)).toBe(evaluations);
        expect(best).toBeGreaterThan(0);
        expect(best).toBeLessThan(100);
      }
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
