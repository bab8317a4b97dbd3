import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {RecordedSteps} from '../../src/optimizers/recordedSteps.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

describe('the recorded steps of an optimizer', () => {
  const made: number[] = [];
  const disposed: number[] = [];
  const steps = new RecordedSteps(step => {
    const i = made.push(made.length) - 1;
    return Object.assign(step, {dispose: () => void disposed.push(i)}); // called as the step
  });

  it('are one for each owner, which runs the last step given, until the stamp changes', () => {
    const [owner, other] = [{}, {}];
    expect(steps.of(owner, 'a', (x: number) => x + 1)(1)).toBe(2);
    expect(steps.of(owner, 'a', (x: number) => x + 2)(1)).toBe(3);
    expect(steps.of(other, 'a', (x: number) => x + 3)(1)).toBe(4);
    expect(made.length).toBe(2);
    expect(steps.of(owner, 'b', (x: number) => x + 4)(1)).toBe(5);
    expect(made.length).toBe(3);
    expect(disposed).toEqual([0]);
    steps.dispose();
    expect(disposed.sort()).toEqual([0, 1, 2]);
  });

  it('are of functions that come back, and a warning says once where none does', () => {
    const warn = spyOn(console, 'warn');
    const f = () => 1;
    expect(steps.comesBack(f)).toBe(false);
    expect(steps.comesBack(f)).toBe(true);
    for (let i = 0; i < 30; i++) expect(steps.comesBack(() => i)).toBe(false);
    expect(warn.calls.count()).toBe(1);
    expect(String(warn.calls.first().args[0])).toMatch(/give it the same function/);
  });
});

describeBackends('stochasticOptimizer with compile: true', backend => {
  const train = async (compile: boolean): Promise<number[][]> => {
    st.random.setSeed(9);
    const before = tf.memory().numTensors;
    const logits = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.2])));
    const target = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.6]), false));
    const optimizer = st.stochasticOptimizer(tf.train.adam(0.05), {compile});
    const program = (): tf.Tensor => {
      const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'relax'});
      return tf.square(tf.sub(b.value, target));
    };
    const numbers: number[][] = [];
    for (let i = 0; i < 10; i++) {
      tf.tidy(() => target.assign(tf.tensor1d([0.1 * i, 0.6])));
      if (i === 6) optimizer.setLearningRate(0.02);
      numbers.push(await read(optimizer.minimize(program, true, [logits])!));
      if (i === 3) tf.dispose(optimizer.minimize(() => tf.square(logits), true, [logits])!); // a stranger
    }
    numbers.push([optimizer.iterations], await read(tf.clone(logits)));
    optimizer.dispose();
    tf.dispose([logits, target]);
    expect(tf.memory().numTensors).toBe(before);
    return numbers;
  };

  it('trains as one without', async () => {
    const [written, recorded] = [await train(false), await train(true)];
    const isExact = backend === 'cpu' || backend === 'wasm';
    if (isExact) expect(recorded).toEqual(written);
    else written.forEach((list, i) => expectNear(recorded[i]!, list, `step ${i}`, false, 1e-4));
  });

  it('is saved with its configuration', () => {
    const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1), {compile: true});
    expect(optimizer.getConfig()['compile']).toBe(true);
    expect(st.stochasticOptimizer(tf.train.sgd(0.1)).getConfig()['compile']).toBeUndefined();
    expect(() => st.stochasticOptimizer(tf.train.sgd(0.1), {compile: 1 as never})).toThrowError(
      /stochasticOptimizer: compile must be true or false, got 1/,
    );
  });
});
