import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrief, itInNode, sizeFor} from '../helpers/backends.js';
import {sigmoid} from '../helpers/estimates.js';

/** Minimised where b is 1 in the first two places and 0 in the others. */
const TARGET = [0.9, 0.7, 0.2, 0.4];
const BATCH = 16;

/** Costs Σⱼ (bⱼ − tⱼ)², of shape [BATCH], b drawn from Bernoulli(theta). */
function costs(theta: tf.Tensor, estimator?: st.Estimator | string, key?: st.random.Key): tf.Tensor {
  const q = st.independent(new st.Bernoulli({logits: tf.tile(tf.reshape(theta, [1, 4]), [BATCH, 1])}));
  const b = new st.DistributionTensor(q, {
    ...(estimator === undefined ? {} : {estimator}),
    ...(key === undefined ? {} : {key}),
  }).value;
  return tf.sum(tf.square(tf.sub(b, tf.tensor1d(TARGET))), -1);
}

const data = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

/** A variable, with no tensor beside it. */
function variable(values: number | number[], trainable = true): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values), trainable));
}

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(4),
  momentum: () => tf.train.momentum(0.5, 0.9),
  adam: () => tf.train.adam(0.2),
  rmsprop: () => tf.train.rmsprop(0.1),
  adagrad: () => tf.train.adagrad(0.5),
  adamax: () => tf.train.adamax(0.2),
  adadelta: () => tf.train.adadelta(2, 0.9, 1e-3),
};

describeBackends(
  'stochasticOptimizer.minimize',
  () => {
    beforeEach(() => st.random.setSeed(3));

    for (const [name, make] of Object.entries(optimizers).slice(0, inBrief ? 1 : undefined)) {
      it(`finds the optimum of a discrete problem with ${name}`, async () => {
        const theta = variable([0, 0, 0, 0]);
        const optimizer = st.stochasticOptimizer(make());
        for (let i = 0; i < sizeFor({cpu: 60, wasm: 60, webgl: 40, webgpu: 40}); i++)
          optimizer.minimize(() => costs(theta), false, [theta]);
        const p = (await data(theta)).map(sigmoid);
        expect(p.map(v => v > 0.5))
          .withContext(p.join(' '))
          .toEqual([true, true, false, false]);
        const expected = p.reduce((sum, v, i) => sum + v * (1 - TARGET[i]!) ** 2 + (1 - v) * TARGET[i]! ** 2, 0);
        // 0.30 at the optimum, 0.85 at the start
        expect(expected).toBeLessThan(sizeFor({cpu: 0.5, wasm: 0.5, webgl: 0.6, webgpu: 0.6}));
        optimizer.dispose();
        theta.dispose();
      });
    }

    itInNode(
      'trains variables that the function makes at its first call, as layers do, from that call on',
      async () => {
        tf.disposeVariables(); // of other specs
        for (const others of [[], [variable(1)]]) {
          const made: tf.Variable[] = [];
          const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
          const step = (): void => {
            optimizer.minimize(() => {
              if (made.length === 0) made.push(variable([0, 0, 0, 0]));
              return costs(made[0]!, 'rebar', st.random.key(4)); // runs the function again
            });
          };
          step();
          const first = await data(made[0]!);
          expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(1e-3);
          step();
          expect(await data(made[0]!)).not.toEqual(first);
          optimizer.dispose();
          tf.dispose([...made, ...others]);
        }
        expect(() => st.variableGrads(() => tf.scalar(1))).toThrowError(
          /^variableGrads: needs at least one trainable variable, got \[\]/,
        );
      },
    );

    it('returns the true cost, which is that of the same draw by hand', async () => {
      const theta = variable([0.5, -1, 0.3, 2]);
      const key = st.random.key(8);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      for (const estimator of ['scoreFunction', 'movingAverage', 'nvil', 'relax']) {
        const value = tf.tidy(
          () =>
            tf.variableGrads(
              () => tf.add<tf.Scalar>(tf.mean(st.stopGradient(costs(theta, estimator, key))), tf.mul(tf.sum(theta), 0)),
              [theta],
            ).value,
        );
        const byHand = (await data(value))[0]!;
        value.dispose();
        for (let i = 0; i < 3; i++) {
          const cost = optimizer.minimize(() => costs(theta, estimator, key), true, [theta])!;
          expect(cost.shape).toEqual([]);
          expect((await data(cost))[0]!)
            .withContext(estimator)
            .toBeCloseTo(byHand, 5);
          cost.dispose();
        }
      }
      optimizer.dispose();
      theta.dispose();
    });

    it('adds up the means of several costs', async () => {
      const theta = variable([0, 0, 0, 0]);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const cost = optimizer.minimize(() => [costs(theta), tf.fill([1], 3), tf.scalar(5)], true, [theta])!;
      const alone = (await data(cost))[0]! - 8;
      // a cost of the batch lies between 0.04 + 0.09 + … and the sum of the worst
      expect(alone).toBeGreaterThan(0.2);
      expect(alone).toBeLessThan(2.4);
      tf.dispose([cost, theta]);
      optimizer.dispose();
    });

    it('returns null and leaves nothing behind without returnCost', () => {
      const theta = variable([0, 0, 0, 0]);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      optimizer.minimize(() => costs(theta, 'nvil'), false, [theta]);
      const before = tf.memory().numTensors;
      expect(optimizer.minimize(() => costs(theta, 'nvil'), false, [theta])).toBeNull();
      expect(optimizer.minimize(() => costs(theta, 'nvil'), undefined, [theta])).toBeNull();
      expect(tf.memory().numTensors).toBe(before);
      optimizer.dispose();
      theta.dispose();
    });

    itInNode('trains only the variables of its list', async () => {
      const theta = variable([0, 0, 0, 0]);
      const scale = variable(1);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
      optimizer.minimize(() => tf.mul(costs(theta), scale), false, [theta]);
      expect((await data(scale))[0]!).toBe(1);
      expect(await data(theta)).not.toEqual([0, 0, 0, 0]);
      const moved = await data(theta);
      optimizer.minimize(() => tf.mul(costs(theta), scale), false, [scale]);
      expect(await data(theta)).toEqual(moved);
      expect((await data(scale))[0]!).toBeLessThan(1);
      optimizer.dispose();
      tf.dispose([theta, scale]);
    });

    itInNode('trains all trainable variables without a list, and leaves out what is not trainable', async () => {
      const theta = variable([0, 0, 0, 0]);
      const scale = variable(1);
      const fixed = variable(2, false);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
      optimizer.minimize(() => tf.mul(tf.mul(costs(theta, 'relax'), scale), fixed));
      expect((await data(scale))[0]!).toBeLessThan(1);
      expect((await data(theta)).every(v => v !== 0)).toBeTrue();
      expect((await data(fixed))[0]!).toBe(2);
      optimizer.dispose();
      tf.dispose([theta, scale, fixed]);
    });

    itInNode('keeps the state of two optimizers apart', async () => {
      const run = async (estimator: string, between: () => void): Promise<number[]> => {
        st.random.setSeed(5);
        const theta = variable([0, 0, 0, 0]);
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
        for (let i = 0; i < 5; i++) {
          optimizer.minimize(() => costs(theta, estimator, st.random.key(i)), false, [theta]);
          between();
        }
        const result = await data(theta);
        optimizer.dispose();
        theta.dispose();
        return result;
      };
      const other = variable([1, 1, 1, 1]);
      const second = st.stochasticOptimizer(tf.train.adam(0.3));
      for (const estimator of ['movingAverage', 'scoreFunction']) {
        const alone = await run(estimator, () => undefined);
        const beside = await run(estimator, () => {
          second.minimize(() => tf.mul(costs(other, estimator), 100), false, [other]);
        });
        expect(beside).withContext(estimator).toEqual(alone);
      }
      second.dispose();
      other.dispose();
    });

    itInNode('equals computeGradients followed by applyGradients, as a map and as a list', async () => {
      const results = await Promise.all(
        ['minimize', 'map', 'list'].map(async way => {
          st.random.setSeed(21);
          const theta = variable([0.1, 0.2, 0.3, 0.4]);
          const optimizer = st.stochasticOptimizer(tf.train.adam(0.1), {controlVariateOptimizer: tf.train.adam(0.01)});
          const key = st.random.key(4);
          for (let i = 0; i < 6; i++) {
            const f = (): tf.Tensor => costs(theta, 'relax', st.random.foldIn(key, i));
            if (way === 'minimize') {
              optimizer.minimize(f, false, [theta]);
            } else {
              const {value, grads} = optimizer.computeGradients(f, [theta]);
              optimizer.applyGradients(
                way === 'map' ? grads : Object.entries(grads).map(([name, tensor]) => ({name, tensor})),
              );
              tf.dispose([value, ...Object.values(grads)]);
            }
          }
          expect(optimizer.iterations).toBe(6);
          const result = await data(theta);
          optimizer.dispose();
          theta.dispose();
          return result;
        }),
      );
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    });

    itInNode('works where the scalar cost is returned, with the gradient of the per-example costs', async () => {
      const gradient = async (f: () => tf.Tensor, theta: tf.Variable): Promise<number[]> => {
        const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
        const {value, grads} = optimizer.computeGradients(f, [theta]);
        const result = await data(grads[theta.name]!);
        tf.dispose([value, ...Object.values(grads)]);
        optimizer.dispose();
        return result;
      };
      const theta = variable([0.5, -1, 0.3, 2]);
      const key = st.random.key(5);
      const perExample = await gradient(() => costs(theta, 'scoreFunction', key), theta);
      const forms: Record<string, () => tf.Tensor> = {
        mean: () => tf.mean(costs(theta, 'scoreFunction', key)),
        sum: () => tf.div(tf.sum(costs(theta, 'scoreFunction', key)), BATCH),
        'negated twice': () => tf.neg(tf.sub(1, tf.mean(costs(theta, 'scoreFunction', key)))),
        'times a constant': () => tf.mul(0.25, tf.mul(tf.mean(costs(theta, 'scoreFunction', key)), 4)),
        'with a regulariser': () => tf.add(tf.mean(costs(theta, 'scoreFunction', key)), tf.mul(tf.sum(theta), 0)),
      };
      for (const [name, f] of Object.entries(forms)) {
        (await gradient(f, theta)).forEach((g, i) => expect(g).withContext(name).toBeCloseTo(perExample[i]!, 5));
      }
      theta.dispose();
    });
  },
  {inBrief: ['webgl']},
);

describeBackends(
  'the variables of estimators under stochasticOptimizer',
  () => {
    const N = 64;
    /** (b − 0.499)² for N independent copies of one logit. */
    const toy = (theta: tf.Tensor, estimator: st.Estimator | string): tf.Tensor =>
      tf.square(tf.sub(new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator}).value, 0.499));

    /** Variance of one estimate, over the N copies. */
    async function variance(
      optimizer: st.StochasticOptimizer,
      theta: tf.Variable,
      estimator: st.Estimator | string,
    ): Promise<number> {
      const result = tf.tidy(() => {
        const {grads} = optimizer.computeGradients(() => toy(theta, estimator), [theta]);
        return tf.moments(tf.mul(grads[theta.name]!, N)).variance;
      });
      const value = (await data(result))[0]!;
      result.dispose();
      return value;
    }

    it('are trained: the control variate lowers the variance on the toy problem', async () => {
      st.random.setSeed(1);
      const theta = variable(new Array<number>(N).fill(0));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.adam(0.05)});
      const [steps, factor] = sizeFor<[number, number]>({
        cpu: [150, 20],
        wasm: [150, 20],
        webgl: [40, 4],
        webgpu: [40, 4],
      });
      const estimator = st.relax({units: [8]});
      const before = await variance(optimizer, theta, estimator);
      for (let i = 0; i < steps; i++) optimizer.minimize(() => toy(theta, estimator), false, [theta]);
      const after = await variance(optimizer, theta, estimator);
      expect(after).toBeLessThan(before / factor);
      expect(after).toBeLessThan((await variance(optimizer, theta, 'scoreFunction')) / factor);
      estimator.dispose!();
      optimizer.dispose();
      theta.dispose();
    });

    it('are trained by name as well, the same from step to step', async () => {
      st.random.setSeed(2);
      const theta = variable(new Array<number>(N).fill(0));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.adam(0.05)});
      const plain = await variance(optimizer, theta, 'scoreFunction');
      for (let i = 0; i < sizeFor({cpu: 60, wasm: 60, webgl: 30, webgpu: 30}); i++)
        optimizer.minimize(() => toy(theta, 'nvil'), false, [theta]);
      // both costs are about 0.25, so that a trained baseline takes nearly all of the variance
      expect(await variance(optimizer, theta, 'nvil')).toBeLessThan(
        plain / sizeFor({cpu: 10, wasm: 10, webgl: 3, webgpu: 3}),
      );
      optimizer.dispose();
      theta.dispose();
    });

    it('never reach the inner optimizer, with and without a list', () => {
      const theta = variable(new Array<number>(N).fill(0));
      const inner = tf.train.sgd(0.1);
      const names = new Set<string>();
      const apply = inner.applyGradients.bind(inner);
      spyOn(inner, 'applyGradients').and.callFake(gradients => {
        (gradients as Array<{name: string}>).forEach(({name}) => names.add(name));
        apply(gradients);
      });
      const optimizer = st.stochasticOptimizer(inner);
      optimizer.minimize(() => toy(theta, 'relax'), false, [theta]);
      for (let i = 0; i < 3; i++) optimizer.minimize(() => toy(theta, i === 1 ? 'relax' : 'nvil'));
      expect([...names]).toEqual([theta.name]);
      optimizer.dispose();
      theta.dispose();
    });

    it('are trained by the user’s controlVariateOptimizer', () => {
      const theta = variable(new Array<number>(N).fill(0));
      const own = tf.train.sgd(0.1);
      const apply = spyOn(own, 'applyGradients').and.callThrough();
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1), {controlVariateOptimizer: own});
      expect(optimizer.controlVariateOptimizer).toBe(own);
      optimizer.minimize(() => toy(theta, 'scoreFunction'), false, [theta]);
      expect(apply).not.toHaveBeenCalled();
      optimizer.minimize(() => toy(theta, 'nvil'), false, [theta]);
      expect(apply).toHaveBeenCalledTimes(1);
      optimizer.dispose();
      theta.dispose();
    });

    it('keep their places in the moments of Adam when a node appears later, or is left out for a while', async () => {
      st.random.setSeed(6);
      // of different sizes: a mix-up would not go unseen
      const weights = ['a', 'b', 'c'].map((_, i) => variable(new Array<number>(i + 1).fill(0.5)));
      const theta = variable(new Array<number>(N).fill(0));
      const estimators = weights.map((w, i) =>
        st.relax({
          controlVariate: {
            call: (z: tf.Tensor) => tf.mul(tf.tanh(z), tf.sum(w)),
            variables: [weights[i]!],
          },
        }),
      );
      const adam = tf.train.adam(0.01);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: adam});
      const step = (which: number[]): void => {
        optimizer.minimize(() => which.map(i => toy(theta, estimators[i]!)), false, [theta]);
      };
      const seen: number[][] = [];
      for (const which of [[1], [1, 0], [2, 0], [0, 1, 2], [2]]) {
        step(which);
        seen.push(await Promise.all(weights.map(async w => (await data(w))[0]!)));
      }
      // step by step, only the weights of the nodes in use have moved
      expect(seen[0]![0]).toBe(0.5);
      expect(seen[0]![2]).toBe(0.5);
      expect(seen[0]![1]).not.toBe(0.5);
      expect(seen[1]![2]).toBe(0.5);
      expect(seen[1]![0]).not.toBe(0.5);
      expect(seen[2]![1]).toBe(seen[1]![1]);
      expect(seen[4]!.slice(0, 2)).toEqual(seen[3]!.slice(0, 2));
      optimizer.dispose();
      tf.dispose([...weights, theta]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'stochasticOptimizer',
  () => {
    it('keeps the moments of each variable, whatever the list of a step', async () => {
      // of different sizes: taken for one another they would not even broadcast
      const [a, b] = [variable([1, 1]), variable([1, 1, 1])];
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      const cost =
        (...used: tf.Variable[]) =>
        (): tf.Tensor =>
          used.map(v => tf.sum(tf.square(v))).reduce((x, y) => tf.add(x, y));
      optimizer.minimize(cost(b), false, [b]);
      optimizer.minimize(cost(a), false, [a]);
      optimizer.minimize(cost(a, b), false, [a, b]);
      optimizer.minimize(cost(b));
      optimizer.minimize(cost(a, b));
      for (const v of [a, b]) (await data(v)).forEach(x => expect(x).toBeLessThan(0.9));
      optimizer.dispose();
      tf.dispose([a, b]);
    });

    it('says what it is and round-trips through its configuration', () => {
      expect(tf.train.sgd(1)).not.toBeInstanceOf(st.StochasticOptimizer);
      expect([null, {}, 1].some(other => (other as unknown) instanceof st.StochasticOptimizer)).toBeFalse();
      const optimizer = st.stochasticOptimizer(tf.train.momentum(0.1, 0.8), {
        controlVariateOptimizer: tf.train.adam(0.02, 0.7),
      });
      const config = JSON.parse(JSON.stringify(optimizer.getConfig())) as tf.serialization.ConfigDict;
      const [cls, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[optimizer.getClassName()]!;
      const again = fromConfig(cls, config) as st.StochasticOptimizer;
      expect(again instanceof st.StochasticOptimizer).toBeTrue();
      expect(again.getConfig()).toEqual(optimizer.getConfig());
      expect(again.optimizer.getClassName()).toBe('Momentum');
      expect(again.optimizer.getConfig()).toEqual({learningRate: 0.1, momentum: 0.8, useNesterov: false});
      expect(again.controlVariateOptimizer.getConfig()['beta1']).toBe(0.7);
      optimizer.dispose();
      again.dispose();
      const before = tf.memory().numTensors;
      type Saved = Record<'className' | 'config', tf.serialization.ConfigDict>; // as getConfig writes it
      for (const part of ['optimizer', 'controlVariateOptimizer'])
        for (const name of Object.keys((config[part] as Saved).config))
          for (const wrong of ['x', null, [], {}, [1], NaN, 1e999, name === 'useNesterov' ? 1 : true]) {
            if (name === 'epsilon' && wrong === null) continue; // that of the backend
            const inside = {...(config[part] as Saved).config, [name]: wrong};
            const saved = {...config, [part]: {...(config[part] as Saved), config: inside}};
            const rule = new RegExp(`^stochasticOptimizer: the saved (Momentum|Adam): ${name} must be (a finite|true)`);
            expect(() => fromConfig(cls, saved)).toThrowError(st.errors.StochasticError, rule);
          }
      expect(tf.memory().numTensors).toBe(before);
      const bare = {...config, optimizer: {className: 'SGD', config: {}}};
      expect(() => fromConfig(cls, bare)).toThrowError(
        /^stochasticOptimizer: the saved SGD: learningRate must be a fin/,
      );
    });

    it('gives out and takes in the weights of the wrapped optimizer', async () => {
      const train = async (restore: boolean): Promise<number[]> => {
        const theta = variable([0, 0, 0, 0]);
        const steps = (optimizer: st.StochasticOptimizer, from: number, to: number): void => {
          for (let i = from; i < to; i++)
            optimizer.minimize(() => costs(theta, 'scoreFunction', st.random.key(i)), false, [theta]);
        };
        let optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
        steps(optimizer, 0, 4);
        if (restore) {
          const weights = await optimizer.getWeights();
          const next = st.stochasticOptimizer(tf.train.adam(0.1));
          await next.setWeights(weights);
          optimizer.dispose();
          optimizer = next;
        }
        steps(optimizer, 4, 8);
        const result = await data(theta);
        optimizer.dispose();
        theta.dispose();
        return result;
      };
      const through = await train(false);
      (await train(true)).forEach((v, i) => expect(v).toBeCloseTo(through[i]!, 5));
    });

    it('frees everything with dispose', () => {
      const before = tf.memory().numTensors;
      const names = Object.keys(tf.engine().registeredVariables).length;
      const theta = variable([0, 0, 0, 0]);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      for (const name of ['relax', 'nvil', 'movingAverage', 'scoreFunction']) {
        for (let i = 0; i < 2; i++) optimizer.minimize(() => costs(theta, name), false, [theta]);
      }
      expect(tf.memory().numTensors).toBeGreaterThan(before + 1);
      optimizer.dispose();
      theta.dispose();
      expect(tf.memory().numTensors).toBe(before);
      expect(Object.keys(tf.engine().registeredVariables).length).toBe(names);
    });

    it('keeps tensors constant over many steps with every estimator', () => {
      const steps = sizeFor({cpu: 300, wasm: 300, webgl: 30, webgpu: 30});
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.01));
      const theta = variable([0, 0, 0, 0]);
      const loc = variable([0, 0, 0]);
      const continuous = (estimator: string): tf.Tensor =>
        tf.square(tf.sub(new st.DistributionTensor(new st.Normal({loc, scale: 1}), {estimator}).value, 0.5));
      const step = (): void => {
        optimizer.minimize(() => [
          ...['scoreFunction', 'movingAverage', 'leaveOneOut', 'nvil', 'relax'].map(name =>
            tf.mean(costs(theta, name)),
          ),
          tf.mean(continuous('pathwise')),
          tf.mean(continuous('lax')),
        ]);
      };
      step();
      step();
      const before = tf.memory();
      for (let i = 0; i < steps / 10; i++) step();
      const after = tf.memory();
      expect(after.numTensors).toBe(before.numTensors);
      expect(after.numDataBuffers).toBe(before.numDataBuffers);
      const cheap = (): tf.Scalar | null => optimizer.minimize(() => costs(theta, 'scoreFunction'), true, [theta]);
      cheap()!.dispose();
      const start = tf.memory().numTensors;
      for (let i = 0; i < steps; i++) cheap()!.dispose();
      expect(tf.memory().numTensors).toBe(start);
      optimizer.dispose();
      tf.dispose([theta, loc]);
    });

    it('leaves nothing behind when the costs throw', () => {
      const theta = variable([0, 0, 0, 0]);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      const failing = (): tf.Tensor => {
        costs(theta);
        throw new Error('on purpose');
      };
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) expect(() => optimizer.minimize(failing, true, [theta])).toThrowError('on purpose');
      expect(tf.memory().numTensors).toBe(before);
      expect(() => optimizer.minimize(() => costs(theta), false, [theta])).not.toThrow();
      optimizer.dispose();
      theta.dispose();
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);

describeBackends(
  'stochasticOptimizer, given what it cannot use',
  () => {
    // What a JavaScript user may pass.
    const make = st.stochasticOptimizer as unknown as (...args: unknown[]) => st.StochasticOptimizer;
    const message = (fn: () => unknown): string => {
      try {
        fn();
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing was thrown';
    };

    it('names itself, the rule and what it got', () => {
      expect(message(() => make())).toBe(
        'stochasticOptimizer: the first argument must be a tf.Optimizer, got undefined',
      );
      expect(message(() => make('adam'))).toBe(
        'stochasticOptimizer: the first argument must be a tf.Optimizer, got "adam"',
      );
      expect(message(() => make({minimize: 1}))).toBe(
        'stochasticOptimizer: the first argument must be a tf.Optimizer, got an object with keys minimize',
      );
      const sgd = tf.train.sgd(0.1);
      expect(message(() => make(sgd, {controlVariateOptimizer: 3}))).toBe(
        'stochasticOptimizer: controlVariateOptimizer must be a tf.Optimizer, got 3',
      );
      expect(message(() => make(sgd, {controlVariateOptimizer: sgd}))).toContain(
        'stochasticOptimizer: controlVariateOptimizer must be another object',
      );
      expect(message(() => make(sgd, {controlVariateOptimiser: sgd}))).toBe(
        'stochasticOptimizer: unknown option "controlVariateOptimiser"; did you mean "controlVariateOptimizer"?',
      );
      expect(message(() => make(sgd, 5))).toBe('stochasticOptimizer: the config must be an object, got 5');
      expect(message(() => make(sgd, null))).toBe('stochasticOptimizer: the config must be an object, got null');
    });

    it('checks what minimize is given', () => {
      const theta = variable([0, 0, 0, 0]);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      // What a JavaScript user may pass.
      const minimize = optimizer.minimize.bind(optimizer) as unknown as (...args: unknown[]) => unknown;
      const before = tf.memory().numTensors;
      expect(message(() => minimize(tf.scalar))).toContain('must');
      expect(message(() => minimize(3, false, [theta]))).toContain('must be a function that returns costs, got 3');
      expect(message(() => minimize(() => undefined, false, [theta]))).toContain('got undefined');
      expect(message(() => minimize(() => 4, false, [theta]))).toContain('got 4');
      expect(message(() => minimize(() => [], false, [theta]))).toMatch(/: .*got/);
      expect(message(() => minimize(() => Promise.resolve(costs(theta)), false, [theta]))).toContain('got a Promise');
      expect(message(() => minimize(() => costs(theta), false, theta))).toContain('must be a list of variables');
      expect(message(() => minimize(() => costs(theta), false, [3]))).toContain('must be a list of variables, got [3]');
      expect(message(() => minimize(() => costs(theta), false, []))).toContain('at least one trainable variable');
      expect(message(() => minimize(() => costs(theta, 'relux'), false, [theta]))).toContain(
        'unknown estimator "relux"; did you mean "relax"?',
      );
      expect(tf.memory().numTensors).toBe(before);
      optimizer.dispose();
      theta.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
