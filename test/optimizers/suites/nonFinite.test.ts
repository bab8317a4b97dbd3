import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrief} from '../../helpers/backends.js';

const BAD = 5;
const STEPS = 8;
const data = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

/** What goes wrong in step BAD: it is added to the cost of the second of three examples. */
const isBrief = process.env.FULL !== '1';

const faults: Record<string, number | 'throw'> = {
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
  'a throw': 'throw',
};

/** Everything that may keep state: all estimators, and the score function with each baseline. */
function subjects(): Array<readonly [string, () => st.Estimator]> {
  const baselines: Record<string, () => st.Baseline> = {
    movingAverage: st.movingAverage,
    normalized: st.normalized,
    learned: () => st.learned({units: [4]}),
    constant: () => st.constant({value: 0.1}),
  };
  return [
    ...st.estimators.names().map(name => [name, () => st.estimators.get(name)] as const),
    ...Object.entries(baselines).map(
      ([name, make]) => [`scoreFunction with ${name}`, () => st.scoreFunction({baseline: make()})] as const,
    ),
    [
      'critic with replay',
      () => st.critic({target: 'monteCarlo', replay: {capacity: 30, batch: 6, key: st.random.key(1)}, units: [4]}),
    ],
    ['critic with a target network', () => st.critic({target: 'td', targetNetwork: {decay: 0.5}, units: [4]})],
  ];
}

describeBackends(
  'a cost that is not finite',
  backend => {
    const late = backend === 'webgl' || backend === 'webgpu';

    /** θ after each step; without a fault, step BAD is not made at all. */
    async function train(make: () => st.Estimator, fault: number | 'throw' | null): Promise<number[][]> {
      st.random.setSeed(7);
      const estimator = make();
      const theta = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.2, 0.3])));
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.05), {nonFinite: 'skip'});
      const seen: number[][] = [];
      for (let step = 1; step <= STEPS; step++) {
        if (step === BAD && fault === null) continue;
        const cost = (): tf.Tensor => {
          const q = estimator.requires.accepts(new st.Bernoulli({logits: theta}))
            ? new st.Bernoulli({logits: theta})
            : new st.Normal({loc: theta, scale: 1});
          const {value} = new st.DistributionTensor(q, {
            estimator,
            key: st.random.foldIn(st.random.key(2), step),
            name: 'z',
          });
          const usual = tf.square(tf.sub(value, 0.3));
          if (step !== BAD || fault === null) return usual;
          if (fault === 'throw') throw new Error('on purpose');
          return tf.add(usual, tf.tensor1d([0, fault, 0]));
        };
        try {
          optimizer.minimize(cost, false, [theta]);
        } catch (error) {
          if (step !== BAD) throw error;
        }
        seen.push(await data(theta));
      }
      const leaks = tf.memory().numTensors;
      optimizer.minimize(() => tf.sum(tf.square(theta)), false, [theta]);
      expect(tf.memory().numTensors).toBeLessThanOrEqual(leaks);
      estimator.dispose?.();
      optimizer.dispose();
      theta.dispose();
      return seen;
    }

    for (const [fault, what] of Object.entries(faults).slice(0, inBrief ? 1 : undefined)) {
      it(`leaves no trace in any estimator, baseline or optimizer: ${fault} in step ${BAD}`, async () => {
        // an infinite cost takes the way of NaN
        const few = inBrief
          ? /^relax|dice/
          : isBrief && fault.includes('Infinity')
            ? /^relax|dice|nvil|critic/
            : /(?:)/;
        for (const [name, make] of subjects().filter(([subject]) => few.test(subject))) {
          const with5 = await train(make, what);
          expect(with5.flat().every(Number.isFinite)).withContext(name).toBeTrue();
          if (late || /replay|target network/.test(name)) continue;
          // As if that step had not been; keys of the default stream that it drew are told by the step.
          const without5 = await train(make, null);
          if (!/relax|lax|nvil|learned|critic|rodeo/.test(name))
            expect(with5.at(-1)!.map(x => x.toFixed(5)))
              .withContext(name)
              .toEqual(without5.at(-1)!.map(x => x.toFixed(5)));
        }
      });
    }

    it('is a warning with cost, nodes and step by default, an error if asked, or nothing', async () => {
      const warn = spyOn(console, 'warn');
      const messages = (): string[] =>
        warn.calls
          .allArgs()
          .map(([text]) => text as string)
          .filter(text => text.includes('not finite'));
      const heard = async (): Promise<void> => {
        for (let i = 0; i < 200 && late && messages().length === 0; i++)
          await new Promise(resolve => setTimeout(resolve, 10));
      };
      const make = (nonFinite?: st.NonFinite) => {
        const theta = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.2, 0.3])));
        const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1), nonFinite === undefined ? {} : {nonFinite});
        const step = (bad: boolean): void => {
          optimizer.minimize(
            () => {
              const node = new st.DistributionTensor(new st.Bernoulli({logits: theta}), {
                estimator: 'scoreFunction',
                name: 'z',
              });
              return [
                tf.square(node.value),
                st.cost(tf.tensor1d([0, bad ? NaN : 2, 1]), {dependsOn: node, name: 'reward'}),
              ];
            },
            false,
            [theta],
          );
        };
        return {
          theta,
          step,
          end: () => {
            optimizer.dispose();
            theta.dispose();
          },
        };
      };
      const text = 'stochasticOptimizer: cost 1 ("reward") downstream of node "z" is not finite at step 2; the step';
      for (const mode of [undefined, 'warn', 'skip', 'throw'] as const) {
        warn.calls.reset();
        const {theta, step, end} = make(mode);
        step(false);
        const before = await data(theta);
        const atStep2 = (): void => step(true);
        if (mode === 'throw' && !late) expect(atStep2).toThrowError(`${text} was left out`);
        else expect(atStep2).not.toThrow();
        expect(await data(theta))
          .withContext(`${mode}`)
          .toEqual(before);
        if (mode !== 'skip' && mode !== 'throw') await heard();
        expect(messages().map(m => m.slice(0, m.indexOf(' is left out'))))
          .withContext(`${mode}`)
          .toEqual(mode === 'skip' || mode === 'throw' ? [] : [`tfjs-stochastic: ${text}`]);
        if (mode === 'throw' && late) {
          await new Promise(resolve => setTimeout(resolve, 300));
          expect(() => step(false)).toThrowError(`${text} was left out`);
        }
        step(false);
        expect((await data(theta)).every(Number.isFinite)).toBeTrue();
        end();
      }
      expect(() => st.stochasticOptimizer(tf.train.sgd(1), {nonFinite: 'ignore' as 'skip'})).toThrowError(
        'stochasticOptimizer: nonFinite must be "throw", "skip" or "warn", got "ignore"',
      );
    });

    it('is refused in no place where the caller throws the step away, and leaves state as it was there too', async () => {
      const estimator = st.scoreFunction({baseline: 'movingAverage'});
      const theta = tf.tidy(() => tf.variable(tf.zeros([3])));
      const gradient = (cost: tf.Tensor): tf.Tensor =>
        tf.tidy(
          () =>
            st.variableGrads(
              () =>
                tf.add(
                  cost,
                  tf.mul(
                    0,
                    new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator, key: st.random.key(3)})
                      .value,
                  ),
                ),
              [theta],
            ).grads[theta.name]!,
        );
      const steps = [
        tf.tensor1d([1, 2, 3]),
        tf.tensor1d([1, NaN, 3]),
        tf.tensor1d([Infinity, 2, 3]),
        tf.tensor1d([1, 2, 3]),
      ];
      const results = steps.map(gradient);
      // the mean of 2 is all that the average has seen: advantages −1, 0, 1
      const last = await data(results[3]!);
      const q = tf.tidy(() => new st.Bernoulli({logits: theta}).sample([], {key: st.random.key(3)}));
      const b = await data(q);
      if (!late) b.forEach((bit, i) => expect(last[i]).toBeCloseTo(((i - 1) * (bit - 0.5)) / 3, 5));
      expect(last.every(Number.isFinite)).toBeTrue();
      tf.dispose([...steps, ...results, q]);
      estimator.dispose?.();
      for (const name of ['nvil', 'relax', 'rebar']) {
        const learned = st.estimators.get(name);
        const {value, grads} = st.variableGrads(
          () =>
            tf.add(
              tf.tensor1d([1, NaN, 3]),
              tf.square(new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator: learned}).value),
            ),
          [theta],
        );
        const own = await Promise.all(
          Object.entries(grads)
            .filter(([key]) => key !== theta.name)
            .map(async ([, g]) => data(g)),
        );
        expect(own.flat().every(Number.isFinite)).withContext(name).toBeTrue();
        tf.dispose([value, grads]);
        learned.dispose?.();
      }
      theta.dispose();
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);

describeBackends(
  'a cost or a node that is cut off',
  () => {
    const warnings = (spy: jasmine.Spy): string[] => spy.calls.allArgs().map(([text]) => text as string);
    let theta: tf.Variable;
    let optimizer: st.StochasticOptimizer;
    beforeEach(() => {
      theta = tf.tidy(() => tf.variable(tf.zeros([3])));
      optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
    });
    afterEach(() => {
      theta.dispose();
      optimizer.dispose();
    });
    const bernoulli = (): st.DistributionTensor =>
      new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator: 'scoreFunction', name: 'z'});

    it('is an error where dependsOn names a node of a scope that is over', () => {
      let old: st.DistributionTensor | null = null;
      optimizer.minimize(
        () => {
          old = bernoulli();
          return old.value;
        },
        false,
        [theta],
      );
      const cost = (): tf.Tensor => st.cost([1, 2, 3], {dependsOn: old!, name: 'reward'});
      const rule =
        /^cost "reward": dependsOn must name nodes of the gradient scope that is open; the one in which node "z" was made is over/;
      expect(() => optimizer.minimize(() => [tf.square(bernoulli().value), cost()], false, [theta])).toThrowError(rule);
      expect(cost).toThrowError(rule);
    });

    it('is warned of once', () => {
      const warn = spyOn(console, 'warn');
      for (let i = 0; i < 3; i++) {
        optimizer.minimize(
          () => [tf.square(theta), tf.tensor1d(Array.from(bernoulli().value.dataSync()), 'float32')],
          false,
          [theta],
        );
      }
      expect(warnings(warn).length).toBe(2);
      expect(warnings(warn)[0]).toContain('node "z" bears on none of the costs');
      expect(warnings(warn)[1]).toContain('cost 1 depends on no random node and no variable');
      warnings(warn).forEach(text => expect(text).toContain('st.cost(value, {dependsOn: nodes})'));
    });

    it('is not taken for one that is whole', () => {
      const warn = spyOn(console, 'warn');
      const divergence = (): tf.Tensor =>
        st.klDivergence(new st.Bernoulli({logits: theta}), new st.Bernoulli({probs: 0.5}));
      optimizer.minimize(() => [tf.square(bernoulli().value), divergence(), tf.sum(tf.square(theta))], false, [theta]);
      optimizer.minimize(() => st.cost([1, 2, 3], {dependsOn: bernoulli()}), false, [theta]);
      optimizer.minimize(() => [tf.square(tf.mul(st.stopGradient(bernoulli().value), 2)), tf.square(theta)], false, [
        theta,
      ]);
      optimizer.minimize(() => tf.sum(tf.square(theta)), false, [theta]);
      expect(warnings(warn)).toEqual([]);
    });
  },
  {only: ['cpu', 'wasm'], inNode: ['cpu']},
);
