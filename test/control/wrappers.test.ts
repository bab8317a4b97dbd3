/** What lies between a task and a policy. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';
import {counting} from './counting.js';

const key = st.random.key(7);

const begun = (env: ctl.Environment): ctl.Environment => {
  env.begin(key);
  return env;
};

describe('timeLimit', () => {
  it('cuts episodes off, says so, and keeps the last observation', () => {
    const env = begun(ctl.timeLimit(ctl.simulate(counting(), {size: 2}), {steps: 3}));
    const {observations, finalObservations, terminated, truncated} = env.buffers;
    env.advance([1, 1]);
    env.restart(1);
    env.advance([1, 1]);
    env.advance([1, 1]);
    expect([...truncated]).toEqual([1, 0]);
    expect([...terminated]).toEqual([0, 0]);
    expect([...finalObservations]).toEqual([3, 1, 2, 1]);
    expect([...observations]).toEqual([0, 0, 2, 1]);
    env.advance([1, 1]);
    expect([...truncated]).toEqual([0, 1]);
    expect([...finalObservations]).toEqual([1, 1, 3, 1]);
    env.begin();
    for (let t = 0; t < 2; t++) env.advance([1, 1]);
    expect([...truncated]).toEqual([0, 0]);
  });

  it('leaves an episode that ends in its last step terminated, and counts the next one anew', () => {
    const env = begun(ctl.timeLimit(ctl.simulate(counting({end: 2})), {steps: 2}));
    for (let t = 0; t < 6; t++) {
      env.advance([0]);
      expect([env.buffers.terminated[0], env.buffers.truncated[0]]).toEqual([t % 2, 0]);
    }
  });

  it('counts one limit within another', () => {
    const env = begun(ctl.timeLimit(ctl.timeLimit(ctl.simulate(counting()), {steps: 2}), {steps: 3}));
    const cut = Array.from({length: 6}, () => {
      env.advance([0]);
      return env.buffers.truncated[0];
    });
    expect(cut).toEqual([0, 1, 0, 1, 0, 1]);
  });
});

describe('limitSensors', () => {
  it('shows the numbers that are kept, in their order', () => {
    const env = begun(ctl.limitSensors(ctl.timeLimit(ctl.simulate(counting(), {size: 2}), {steps: 2}), {keep: [1, 0]}));
    expect(env.observationSpace.low).toEqual([-2, 0]);
    env.advance([1, -1]);
    expect([...env.buffers.observations]).toEqual([1, 1, -1, 1]);
    env.advance([2, -2]);
    expect([...env.buffers.finalObservations]).toEqual([2, 2, -2, 2]);
    expect([...env.buffers.observations]).toEqual([0, 0, 0, 0]);
  });
});

describe('noisyObservations', () => {
  it('adds noise of its own to each number, in each copy, at the start and in what an episode ends with', () => {
    const stddev = 0.3;
    const plain = ctl.timeLimit(ctl.simulate(counting(), {size: 4}), {steps: 5});
    const env = begun(ctl.noisyObservations(plain, {stddev}));
    const seen: number[] = [];
    const note = (noisy: Float32Array, exact: Float32Array): void => noisy.forEach((x, k) => seen.push(x - exact[k]!));
    note(env.buffers.observations, plain.buffers.observations);
    for (let t = 0; t < 500; t++) {
      env.advance([1, 0, -1, 2]);
      note(env.buffers.finalObservations, plain.buffers.finalObservations);
      if (env.buffers.truncated[0]) note(env.buffers.observations, plain.buffers.observations);
    }
    expect(new Set(seen).size).toBeGreaterThan(0.99 * seen.length);
    const n = seen.length;
    expect(Math.abs(seen.reduce((a, b) => a + b) / n)).toBeLessThan((4.5 * stddev) / Math.sqrt(n));
    const variance = seen.reduce((a, b) => a + b * b) / n;
    expect(Math.abs(variance / stddev ** 2 - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
  });

  it('has other noise in one wrapper than in another round it, and leaves the task as it was', () => {
    const task = ctl.simulate(counting());
    const inner = ctl.noisyObservations(task, {stddev: 1});
    const outer = begun(ctl.noisyObservations(inner, {stddev: 1}));
    const [a, b] = [inner.buffers.observations, outer.buffers.observations];
    expect(Math.abs(b[0]! - 2 * a[0]!)).toBeGreaterThan(1e-3);
    expect([...task.buffers.observations]).toEqual([0, 0]);
  });
});

describe('delayActions', () => {
  it('gives an action its effect some steps later, and zeros at the start of each episode', () => {
    const env = begun(ctl.timeLimit(ctl.delayActions(ctl.simulate(counting(), {size: 2}), {steps: 2}), {steps: 4}));
    const rewards = Array.from({length: 7}, (_, t) => {
      env.advance([(t + 1) / 8, -(t + 1) / 8]);
      return [...env.buffers.rewards];
    });
    const first = [0, 0, 1 / 8, 2 / 8, 0, 0, 5 / 8];
    expect(rewards).toEqual(first.map(x => [x, x === 0 ? 0 : -x]));
  });

  it('starts with zeros after an end of the task and after a reset', () => {
    const env = begun(ctl.delayActions(ctl.simulate(counting({end: 3})), {steps: 2}));
    const step = (x: number): number => {
      env.advance([x]);
      return env.buffers.rewards[0]!;
    };
    expect([1, 2, 0.5, 1, 1, 0.5].map(step)).toEqual([0, 0, 1, 0, 0, 1]);
    env.begin();
    expect([2, 2, 2].map(step)).toEqual([0, 0, 2]);
  });

  it('refuses an action when it is given', () => {
    const env = begun(ctl.delayActions(ctl.simulate(counting()), {steps: 2}));
    expect(() => env.advance([3])).toThrowError(
      'counting: actions must be in [-2, 2], got 3 at [0,0]; ctl.clipActions clips them',
    );
    expect(() => ctl.delayActions(ctl.cartPoleV1(), {steps: 1})).toThrowError(
      'ctl.delayActions: the action space must be a box that holds zeros, got "discrete"',
    );
  });
});

describe('clipActions', () => {
  it('takes actions of any size and no NaN', () => {
    const env = begun(ctl.clipActions(ctl.simulate(counting(), {size: 3})));
    env.advance([-7, Infinity, 0.5]);
    expect([...env.buffers.rewards]).toEqual([-2, 2, 0.5]);
    expect(() => env.advance([0, NaN, 0])).toThrowError(/^counting: actions must be in \[-2, 2\], got NaN at \[1,0\]/);
    expect(() => ctl.clipActions(ctl.cartPoleV1())).toThrowError(/the action space must be a box, got "discrete"/);
  });
});

describe('normalizeObservations', () => {
  it('shows observations less their mean, over their deviation, of all that was seen', () => {
    const plain = ctl.pendulumV1({size: 3, steps: 7});
    const env = begun(ctl.normalizeObservations(plain, {clip: 1.5}));
    const seen: number[][] = [0, 1, 2].map(j => [0, 1, 2].map(i => plain.buffers.observations[3 * i + j]!));
    let clipped = 0;
    for (let t = 0; t < 30; t++) {
      env.advance([0.5, -1, 2]);
      const exact = plain.buffers.finalObservations;
      for (const [j, list] of seen.entries()) list.push(...[0, 1, 2].map(i => exact[3 * i + j]!));
      const scale = seen.map(list => {
        const mean = list.reduce((a, b) => a + b) / list.length;
        return [mean, Math.sqrt(list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length + 1e-8)] as const;
      });
      const shown = (x: number, k: number): number => {
        const [mean, deviation] = scale[k % 3]!;
        const value = (x - mean) / deviation;
        if (Math.abs(value) > 1.5) clipped++;
        return Math.min(Math.max(value, -1.5), 1.5);
      };
      env.buffers.finalObservations.forEach((x, k) => expect(x).toBeCloseTo(shown(exact[k]!, k), 5));
      env.buffers.observations.forEach((x, k) => expect(x).toBeCloseTo(shown(plain.buffers.observations[k]!, k), 5));
    }
    expect(clipped).toBeGreaterThan(0);
  });
});

describe('normalizeRewards', () => {
  it('divides by the deviation of the discounted sums of the rewards of each episode', () => {
    const plain = ctl.pendulumV1({size: 2, steps: 6});
    const env = begun(ctl.normalizeRewards(plain, {discount: 0.9}));
    const sums = [0, 0];
    const all: number[] = [];
    for (let t = 0; t < 20; t++) {
      env.advance([1, -2]);
      for (const i of [0, 1]) {
        sums[i] = 0.9 * sums[i]! + plain.buffers.rewards[i]!;
        all.push(sums[i]);
        const mean = all.reduce((a, b) => a + b) / all.length;
        const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length;
        const expected = plain.buffers.rewards[i]! / Math.sqrt(variance + 1e-8);
        expect(Math.abs(env.buffers.rewards[i]! / expected - 1)).toBeLessThan(1e-5);
        if (plain.buffers.truncated[i]) sums[i] = 0;
      }
    }
  });
});

describe('wrappers', () => {
  beforeAll(async () => tf.setBackend('cpu'));

  const env = ctl.simulate(counting());

  it('refuse what they cannot use, in one sentence', () => {
    const cases: Array<[() => unknown, RegExp]> = [
      [
        () => ctl.timeLimit({} as never, {steps: 2}),
        /^ctl\.timeLimit: the environment must be a ctl\.Environment, got/,
      ],
      [() => ctl.timeLimit(env, {steps: 0}), /^ctl\.timeLimit: steps must be an integer >= 1, got 0/],
      [() => ctl.timeLimit(env, {step: 2} as never), /unknown option "step"; did you mean "steps"\?/],
      [() => ctl.limitSensors(env, {keep: [2]}), /keep must be a list of different integers from 0 to 1, got \[2\]/],
      [() => ctl.limitSensors(env, {keep: [1, 1]}), /keep must be a list of different integers/],
      [() => ctl.limitSensors(env, {keep: new Array<number>(1e8)}), /keep must be a list/],
      [() => ctl.limitSensors(env, {keep: Object.assign(new Array<number>(2), {1: 1})}), /keep must be a list/],
      [() => ctl.limitSensors(env, {keep: []}), /keep must be a list/],
      [() => ctl.noisyObservations(env, {stddev: -1}), /stddev must be a finite number >= 0, got -1/],
      [() => ctl.noisyObservations(env, {stddev: NaN}), /stddev must be a finite number >= 0, got NaN/],
      [() => ctl.delayActions(env, {steps: 1.5}), /steps must be an integer >= 1, got 1\.5/],
      [() => ctl.normalizeObservations(env, {clip: 0}), /clip must be a finite number > 0, got 0/],
      [() => ctl.normalizeRewards(env, {discount: 2}), /discount must be a number in \[0, 1\], got 2/],
    ];
    for (const [call, message] of cases) expect(call).toThrowError(message);
  });

  it('leave no tensor behind, one round the other', () => {
    const inner = ctl.timeLimit(ctl.delayActions(ctl.simulate(counting(), {size: 2}), {steps: 1}), {steps: 2});
    const whole = ctl.normalizeRewards(
      ctl.normalizeObservations(ctl.noisyObservations(ctl.clipActions(inner), {stddev: 0.1})),
    );
    const before = tf.memory().numTensors;
    tf.dispose(whole.reset({key}));
    for (let t = 0; t < 4; t++) tf.dispose(whole.step([[5], [-5]]));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('can be made by users', () => {
    class Doubled extends ctl.EnvironmentWrapper {
      override advance(actions: ArrayLike<number>): void {
        super.advance(Array.from(actions, x => 2 * x));
      }
    }
    const doubled = begun(new Doubled(ctl.simulate(counting())));
    doubled.advance([0.5]);
    expect(doubled.buffers.rewards[0]).toBe(1);
    expect(doubled.name).toBe('counting');
  });
});
