/** Estimators and baselines: made with a configuration, then used for a step. */

import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as allBaselines from '../../../src/baselines/all.js';
import * as allEstimators from '../../../src/estimators/all.js';
import type {Generator} from '../generate.js';
import type {Target} from '../judge.js';

type Config = (g: Generator) => unknown[];

/** Legal arguments of factories; those that are not here are called without. */
const factories: Record<string, Config> = {
  arms: g => [{samples: g.int(2, 3)}],
  dice: g => [{baseline: g.pick(['movingAverage', {name: 'constant', config: {value: 1}}])}],
  disarm: () => [{samples: 2}],
  doubleCv: g => [{samples: g.int(2, 3)}],
  dreg: g => [{samples: g.int(2, 3)}],
  enumerate: () => [{limit: 64}],
  gumbelRao: g => [{samples: g.int(1, 3), temperature: g.real(0.3, 1)}],
  gumbelSoftmax: g => [{temperature: g.real(0.3, 1)}],
  importance: g => [{samples: g.int(1, 3)}],
  lax: () => [{units: [3]}],
  raoBlackwell: () => [{top: 1, limit: 64}],
  rebar: g => [{temperature: g.real(0.3, 1)}],
  reinMax: g => [{temperature: g.real(1, 2)}],
  relax: () => [{units: [3]}],
  rodeo: () => [{units: [3]}],
  scoreFunction: g => [{baseline: g.pick(['leaveOneOut', 'learned', st.none()])}],
  straightThrough: g => [{through: g.pick(['identity', 'hardSigmoid'])}],
  straightThroughGumbelSoftmax: g => [{temperature: g.real(0.3, 1)}],
  sumAndSample: () => [{samples: 2, limit: 64}],
  unorderedSet: g => [{samples: 2, baseline: g.maybe(), limit: 64}],
  vimco: g => [{samples: g.int(2, 3)}],
  critic: g => [
    {
      target: g.pick(['monteCarlo', 'td', st.temporalDifference({lambda: 0.5})]),
      units: [3],
      use: g.pick(['controlVariate', 'alone']),
      ...(g.maybe() ? {replay: {capacity: 8, batch: 2}} : {}),
    },
  ],
};

const baselines: Record<string, Config> = {
  constant: g => [{value: g.real(-1, 1)}],
  learned: g => [{units: [3], decay: g.real(0, 0.99)}],
  leaveOneOut: g => [{samples: g.int(2, 3)}],
  movingAverage: g => [{decay: g.real(0, 0.99)}],
  normalized: g => [{decay: g.real(0, 0.99)}],
  advantage: () => [(_node: unknown, _value: unknown, cost: tf.Tensor) => cost],
  baselineFunction: () => [(_node: unknown, _value: unknown, cost: tf.Tensor) => tf.zerosLike(cost)],
};

type Factory = (...args: unknown[]) => unknown;
const library = st as unknown as Record<string, Factory>;

/** A distribution that most estimators serve, from a variable. */
function posterior(g: Again, v: tf.Variable): st.Distribution {
  return g.pick([
    () => new st.Bernoulli({logits: v}),
    () => new st.Normal({loc: v, scale: 1}),
    () => new st.OneHotCategorical({logits: v}),
    () => new st.Categorical({logits: v}),
    () => new st.Gamma({concentration: tf.exp(v), rate: 1}),
  ])();
}

/** One step of a small program: its gradients. */
export function step(g: Generator, estimator: unknown): unknown {
  const v = g.variable(g.pick([[3], [2, 3]]));
  const kind = g.int(0, 1e6);
  const key = g.key();
  return st.variableGrads(() => {
    const q = posterior(new Again(kind), v);
    const z = new st.DistributionTensor(q, {estimator: estimator as st.Estimator, key});
    const x = tf.square(tf.sub(tf.cast(z.value, 'float32'), 0.3));
    return q.eventShape.length > 0 ? tf.sum(x, -1) : x;
  }, [v]);
}

/** Chooses alike each time that the step's function runs. */
class Again {
  constructor(readonly kind: number) {}

  pick<T>(list: readonly T[]): T {
    return list[this.kind % list.length]!;
  }
}

/** What owns variables is disposed with what comes back. */
const owned = (result: unknown, owner: unknown): unknown => [result, owner];

/** Those of `configs`, and those of the list `all` that need no arguments. */
const withAll = (all: object, configs: Record<string, Config>): Array<[string, Config]> => [
  ...Object.entries(configs),
  ...Object.keys(all)
    .filter(name => !(name in configs))
    .map((name): [string, Config] => [name, () => []]),
];

const ofFactories = withAll(allEstimators, factories).map(([name, config]): Target => ({
  name,
  mayRefuse: true,
  run: (g, m) => {
    const estimator = library[name]!(...m(...config(g)));
    try {
      return owned(step(g, estimator), estimator);
    } catch (error) {
      (estimator as Partial<st.Estimator>).dispose?.();
      throw error;
    }
  },
}));

const ofBaselines = withAll(allBaselines, baselines).map(([name, config]): Target => ({
  name,
  run: (g, m) => {
    const baseline = g.own(library[name]!(...m(...config(g))) as st.Baseline);
    const estimator = st.scoreFunction({baseline});
    try {
      return owned(step(g, estimator), estimator);
    } catch (error) {
      estimator.dispose?.();
      throw error;
    }
  },
}));

const others: Target[] = [
  {
    name: 'estimators.get',
    mayRefuse: true,
    run: (g, m) => step(g, st.estimators.get(...m(g.pick(['enumerate', 'arm', 'pathwise', 'scoreFunction']), {}))),
  },
  {name: 'estimators.names', run: (_, m) => void st.estimators.names(...m())},
  {name: 'estimators.register', run: (g, m) => st.estimators.register(...m(g.newName(), () => st.pathwise()))},
  {
    name: 'extension.readBaseline',
    run: (g, m) =>
      void st.extension.readBaseline(
        ...m('fuzz', g.pick<st.BaselineLike>(['none', {name: 'constant', config: {value: 1}}, st.none()])),
      ),
  },
  {name: 'registerBaseline', run: (g, m) => st.registerBaseline(...m(g.newName(), () => st.none()))},
  {
    name: 'denseNetwork',
    run: (g, m) => {
      const network = st.denseNetwork(
        ...m({
          inputSize: 3,
          units: [2, 4],
          outputSize: g.int(1, 2),
          activation: g.pick(['tanh', 'relu'] as const),
          key: g.key(),
        }),
      );
      try {
        return [network.call(...m(g.tensor([2, 3]))), network];
      } catch (error) {
        network.dispose();
        throw error;
      }
    },
  },
  {
    name: 'stochasticGradientEstimators.getScoreFunctionWithBaseline',
    run: (g, m) => {
      const estimator = st.stochasticGradientEstimators.getScoreFunctionWithBaseline(
        ...m(g.pick([g.own(st.movingAverage()), (_n: unknown, _v: unknown, cost: tf.Tensor) => tf.zerosLike(cost)])),
      );
      try {
        return owned(step(g, estimator), estimator);
      } catch (error) {
        estimator.dispose?.();
        throw error;
      }
    },
  },
  {
    name: 'stochasticGradientEstimators.getScoreFunctionWithConstantBaseline',
    run: (g, m) => step(g, st.stochasticGradientEstimators.getScoreFunctionWithConstantBaseline(...m(1))),
  },
  {
    name: 'stochasticGradientEstimators.getScoreFunctionWithAdvantage',
    run: (g, m) =>
      step(
        g,
        st.stochasticGradientEstimators.getScoreFunctionWithAdvantage(
          ...m((_n: unknown, _v: unknown, cost: tf.Tensor) => cost),
        ),
      ),
  },
  {
    name: 'stochasticGradientEstimators.getMeanBaseline',
    run: (_, m) => void st.stochasticGradientEstimators.getMeanBaseline(...m(0.9)),
  },
  {
    name: 'stochasticGradientEstimators.scoreFunction',
    run: (g, m) =>
      step(g, (...args: Parameters<st.LossFunction>) => st.stochasticGradientEstimators.scoreFunction(...m(...args))),
  },
];

export const estimatorTargets: readonly Target[] = [...ofFactories, ...ofBaselines, ...others];
