/** Optimizers, critics, value gradients and the audit. */
/* eslint-disable @typescript-eslint/no-unnecessary-type-assertion -- arguments are as wide as what takes their places */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Generator} from '../generate.js';
import type {Mutate, Target} from '../judge.js';
import {using} from './using.js';

/** One of the ways to use an evolutionary optimizer. */
function evolve(optimizer: st.EvolutionaryOptimizer, g: Generator, m: Mutate, v: tf.Variable): unknown {
  const cost = (): number => v.dataSync()[0]! ** 2;
  return g.pick<() => unknown>([
    () => optimizer.minimize(...m(cost as st.CostFunction, {key: g.key()})),
    () => optimizer.minimize(...m((() => tf.sum(tf.square(v))) as st.CostFunction, {key: g.key()})),
    () => optimizer.minimize(...m((() => Promise.resolve(cost())) as st.CostFunction, {key: g.key()})),
    () => {
      const asked = optimizer.ask(...m({key: g.key()}));
      return optimizer.tell(...m(asked.map(() => g.real(0, 1)) as ArrayLike<number>));
    },
    () => optimizer.perturb(...m(optimizer.ask({key: g.key()})[0]!)),
    () => optimizer.evaluate(...m(optimizer.ask({key: g.key()})[0]!, cost as st.CostFunction)),
    () => {
      if (optimizer instanceof st.EvolutionStrategies)
        return optimizer.gradient(...m(cost as st.CostFunction, {key: g.key()}));
      if (optimizer instanceof st.CmaEs || optimizer instanceof st.CrossEntropyMethod) {
        optimizer.minimize(cost, {key: g.key()});
        optimizer.useBest(...m());
        return [optimizer.mean, optimizer.best, optimizer.axisRatio];
      }
      return null;
    },
    () => {
      if (!(optimizer instanceof st.EvolutionStrategies)) return null;
      const asked = optimizer.ask({key: g.key()});
      return optimizer.gradientFrom(...m(asked.map(() => g.real(0, 1)) as ArrayLike<number>));
    },
  ])();
}

const evolution: Target[] = (
  [
    [
      'evolutionStrategies',
      g => ({population: 4, sigma: g.real(0.1, 1), antithetic: g.maybe(), rankShaping: g.maybe(), weightDecay: 0.1}),
    ],
    [
      'crossEntropyMethod',
      g => ({
        population: 6,
        sigma: g.real(0.1, 1),
        covariance: g.pick(['full', 'diagonal']),
        eliteFraction: 0.5,
        smoothing: 0.5,
        extraVariance: 0.1,
      }),
    ],
    [
      'cmaEs',
      g => ({population: 5, sigma: g.real(0.1, 1), covariance: g.pick(['full', 'diagonal']), stop: {tolX: 1e-9}}),
    ],
  ] as ReadonlyArray<readonly ['evolutionStrategies' | 'crossEntropyMethod' | 'cmaEs', (g: Generator) => object]>
).map(([name, config]) => ({
  name,
  run: (g: Generator, m: Mutate) => {
    const v = g.variable([2]);
    const make = st[name] as (config: object) => st.EvolutionaryOptimizer;
    return using(make(...m({variables: [v], ...config(g)} as object)), optimizer => evolve(optimizer, g, m, v));
  },
}));

/** A configuration whose parts are tfjs's own affair: nothing is put into them. */
const opaque = (config: tf.serialization.ConfigDict): tf.serialization.ConfigDict =>
  Object.fromEntries(
    Object.entries(config).map(([name, part]) => [
      name,
      typeof part === 'object' ? Object.assign(Object.create({}) as object, part) : part,
    ]),
  ) as tf.serialization.ConfigDict;

const gradient: Target = {
  name: 'stochasticOptimizer',
  run: (g, m) => {
    const v = g.variable([3]);
    const key = g.key();
    const f = (): tf.Tensor =>
      tf.square(new st.DistributionTensor(new st.Bernoulli({logits: v}), {key, estimator: 'scoreFunction'}).value);
    return using(
      st.stochasticOptimizer(
        ...m(g.own(tf.train.sgd(0.1)) as tf.Optimizer, {controlVariateOptimizer: g.own(tf.train.sgd(0.01))}),
      ),
      optimizer =>
        g.pick<() => unknown>([
          () => optimizer.minimize(...m(f, g.maybe(), [v])),
          () => optimizer.computeGradients(...m(f, [v])),
          () => {
            const {value, grads} = optimizer.computeGradients(f, [v]);
            try {
              optimizer.applyGradients(...m(grads));
            } finally {
              tf.dispose([value, Object.values(grads)]);
            }
            return null;
          },
          () => optimizer.getConfig(...m()),
          () => optimizer.getWeights(...m()),
          () => {
            const read = st.StochasticOptimizer.fromConfig(
              st.StochasticOptimizer as never,
              ...m(opaque(optimizer.getConfig())),
            ) as unknown as st.StochasticOptimizer;
            g.own(read.optimizer); // both stay the caller's
            g.own(read.controlVariateOptimizer);
            return null;
          },
        ])(),
    );
  },
};

const recorded: Target = {
  name: 'compile',
  run: (g, m) => {
    const step = (...args: unknown[]): tf.Tensor => tf.scalar(args.length);
    const options = {check: g.maybe(), maxRecordings: g.int(1, 3)};
    const compiled = st.compile(...m(step as (...args: never[]) => unknown, options)) as st.CompiledStep<
      unknown[],
      unknown
    >;
    try {
      for (let i = 0; i < 4; i++)
        tf.dispose(compiled(...m({x: g.tensor([2]), keys: [g.key()]} as never)) as tf.TensorContainer);
      return compiled.describe(...m()).length;
    } finally {
      compiled.dispose();
    }
  },
};

const critics: Target[] = [
  {
    name: 'replayBuffer',
    run: (g, m) =>
      using(st.replayBuffer(...m({capacity: g.int(2, 5), key: g.key()})), buffer => {
        const rows = {x: g.tensor([2, 3]), y: g.tensor([2])};
        buffer.add(...m(rows as st.Rows));
        buffer.add(...m(rows as st.Rows));
        return buffer.sample(...m(2, g.key()));
      }),
  },
  {name: 'tabular', run: (_, m) => using(st.tabular(...m({contexts: 2})), table => table.table(...m('z')))},
  {name: 'monteCarloTarget', run: (_, m) => void st.monteCarloTarget(...m())},
  {name: 'temporalDifference', run: (_, m) => void st.temporalDifference(...m({lambda: 0.5}))},
  {
    name: 'targetNetwork',
    run: (g, m) => {
      const v = g.variable([3]);
      return using(
        st.targetNetwork(
          ...m({call: (x: tf.Tensor) => tf.mul(tf.sum(tf.cast(x, 'float32')), v), variables: [v]} as st.NetworkLike, {
            decay: 0.5,
          }),
        ),
        network => {
          network.update(...m());
          return network.call(...m(g.tensor([2, 3])));
        },
      );
    },
  },
];

function record(g: Generator) {
  return {
    states: g.tensor([4, 2]),
    actions: g.tensor([4, 1]),
    nextStates: g.tensor([4, 2]),
    costs: g.tensor([4]),
    logProbs: g.tensor([4], -2, -1),
  };
}

const q = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(tf.sum(tf.square(s), -1), tf.sum(tf.square(a), -1));
const value = (s: tf.Tensor): tf.Tensor => tf.sum(tf.square(s), -1);
const policy = (s: tf.Tensor): st.Prediction => st.independent(new st.Normal({loc: tf.mean(s, -1, true), scale: 1}), 1);
const dynamics = (s: tf.Tensor, a: tf.Tensor): st.Prediction => tf.add(s, a);

const valueGradients: Target[] = [
  {
    name: 'valueLoss',
    run: (g, m) =>
      st.valueLoss(
        ...m({value, targetValue: value, transitions: record(g), discount: 0.9, weights: g.tensor([4], 0, 1)}),
      ),
  },
  {
    name: 'actionValueLoss',
    run: (g, m) =>
      st.actionValueLoss(
        ...m({
          q,
          targetQ: q,
          policy,
          transitions: record(g),
          discount: 0.9,
          weights: g.tensor([4], 0, 1),
          key: g.key(),
        }),
      ),
  },
  {name: 'dynamicsLoss', run: (g, m) => st.dynamicsLoss(...m({dynamics, transitions: record(g)}))},
  {
    name: 'importanceWeights',
    run: (g, m) => st.importanceWeights(...m({policy, transitions: record(g), maxWeight: 3})),
  },
  {
    name: 'deterministicPolicyGradient',
    run: (g, m) => st.deterministicPolicyGradient(...m({policy, q, states: g.tensor([4, 2])})),
  },
  {name: 'svg0', run: (g, m) => st.svg0(...m({policy, q, transitions: record(g), weights: g.tensor([4], 0, 1)}))},
  {
    name: 'svg1',
    run: (g, m) =>
      st.svg1(
        ...m({dynamics, policy, cost: q, value, transitions: record(g), discount: 0.9, weights: g.tensor([4], 0, 1)}),
      ),
  },
  {
    name: 'svgInfinity',
    run: (g, m) =>
      st.svgInfinity(
        ...m({
          dynamics,
          policy,
          cost: q,
          trajectory: {states: g.tensor([3, 4, 2]), actions: g.tensor([2, 4, 1])},
          terminalCost: value,
          discount: 0.9,
        }),
      ),
  },
];

const audits: Target[] = [
  {
    name: 'auditEstimators',
    run: async (g, m) => {
      const v = g.variable([2]);
      const program = (estimator: st.Estimator, key: st.random.Key): tf.Tensor =>
        tf.square(new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator, key}).value);
      const [options, ...more] = m({
        program,
        variables: [v],
        estimators: ['scoreFunction', 'arm'],
        samples: 4,
        key: g.key(),
      } as unknown as st.AuditOptions) as [st.AuditOptions];
      const audit = await st.auditEstimators(
        typeof options === 'object' && options !== null && 'samples' in options && options.samples === undefined
          ? {...options, samples: 4}
          : options,
        ...more,
      ); // the default takes long
      return void st.formatAudit(...m(audit));
    },
  },
  {
    name: 'formatAudit',
    run: (_, m) =>
      void st.formatAudit(
        ...m({
          estimators: [],
          samples: 2,
          warmup: 0,
          reference: null,
          zLimit: 4,
          backend: 'cpu',
        } as unknown as st.EstimatorAudit),
      ),
  },
];

export const trainingTargets: readonly Target[] = [
  ...evolution,
  gradient,
  recorded,
  ...critics,
  ...valueGradients,
  ...audits,
];
