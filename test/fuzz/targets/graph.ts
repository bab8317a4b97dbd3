/** Nodes, costs, scopes and objectives. */
/* eslint-disable @typescript-eslint/no-unnecessary-type-assertion -- arguments are as wide as what takes their places */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Generator} from '../generate.js';
import type {Target} from '../judge.js';
import {anyDistribution, normal} from './distributions.js';

/** The gradients of the mean of what `f` makes of a node upstream of it. */
function scope(g: Generator, f: (z: st.DistributionTensor, v: tf.Variable) => unknown, samples?: number): unknown {
  const v = g.variable([3]);
  const key = g.key();
  return st.variableGrads(() => {
    const q = new st.Bernoulli({logits: v});
    const z = new st.DistributionTensor(q, {
      key,
      ...(samples === undefined ? {} : {valueType: st.sampleValue([samples])}),
    });
    return f(z, v) as tf.Tensor;
  }, [v]);
}

/** ln p(x|z), for a z of shape [sample…, 3]. */
const likelihood = (z: st.DistributionTensor): tf.Tensor => tf.neg(tf.square(tf.sub(z.value, 0.4)));
const prior = (): st.Distribution => new st.Bernoulli({probs: 0.5});

const nodes: Target[] = [
  {
    name: 'DistributionTensor',
    mayRefuse: true,
    run: (g, m) => {
      const v = g.variable([3]);
      const key = g.key();
      const estimator = g.pick([
        undefined,
        null,
        'scoreFunction',
        'enumerate',
        'pathwise',
        st.arm(),
        (n: st.StochasticTensor, _: tf.Tensor, c: tf.Tensor) => tf.mul(n.logProb(), c),
      ]);
      const valueType = g.pick([undefined, st.sampleValue([2]), st.meanValue(), st.sampleAndReshapeValue(2)]);
      const [kind, ask] = [g.int(0, 2), g.int(0, 5)];
      return st.variableGrads(() => {
        const q = [new st.Bernoulli({logits: v}), new st.Normal({loc: v, scale: 1}), new st.Poisson({logRate: v})][
          kind
        ]!;
        const node = new st.DistributionTensor(
          ...m(q as st.Distribution, {estimator: estimator as 'arm', valueType: valueType!, name: 'z', key}),
        );
        const extra = [
          () => tf.exp(node.logProb()),
          () => node.distribution.mean(),
          () => node.mean(),
          () => node.loss(...m(tf.square(node.value) as tf.Tensor)) ?? tf.scalar(0),
          () => node.reinforce(...m(0.5 as tf.TensorLike)),
          () => node.value,
        ][ask]!();
        return [tf.add(tf.square(tf.cast(node.value, 'float32')), tf.mul(tf.mean(tf.cast(extra, 'float32')), 0))];
      }, [v]);
    },
  },
  {
    name: 'ObservedStochasticTensor',
    mayRefuse: true,
    run: (g, m) =>
      tf.tidy(() => {
        const q = anyDistribution(g);
        const x = g.keep(q.sample([], {key: g.key()}));
        const node = new st.ObservedStochasticTensor(
          ...m(q, g.written(Array.from(x.dataSync()), x.shape), {name: 'x'}),
        );
        return [node.logProb(), tf.clone(node.value)];
      }),
  },
  {
    name: 'sampleValue',
    run: (g, m) =>
      new st.DistributionTensor(normal(g, [3]), {
        valueType: st.sampleValue(...m([2], {stopGradient: g.maybe()})),
        key: g.key(),
      }),
  },
  {
    name: 'meanValue',
    run: (g, m) =>
      tf.tidy(() =>
        tf.clone(
          new st.DistributionTensor(normal(g, [3]), {
            valueType: st.meanValue(...m({stopGradient: g.maybe()})),
            key: g.key(),
          }).value,
        ),
      ),
  },
  {
    name: 'sampleAndReshapeValue',
    run: (g, m) =>
      tf.tidy(
        () =>
          new st.DistributionTensor(normal(g, [3]), {
            valueType: st.sampleAndReshapeValue(...m(2, {stopGradient: g.maybe()})),
            key: g.key(),
          }).value,
      ),
  },
  {
    name: 'withValueType',
    run: (g, m) =>
      st.withValueType(
        ...m(
          st.sampleValue([2]) as st.ValueType,
          () => new st.DistributionTensor(normal(g, [3]), {key: g.key()}).value as unknown,
        ),
      ),
  },
  {name: 'currentValueType', run: (_, m) => void st.withValueType(st.meanValue(), () => st.currentValueType(...m()))},
  {
    name: 'cost',
    run: (g, m) =>
      scope(g, z =>
        st.cost(
          ...m(g.pick<tf.TensorLike>([1, [1, 2, 3]]) as tf.Tensor | tf.TensorLike | Promise<tf.TensorLike>, {
            dependsOn: g.pick([z as st.StochasticTensor, (z as st.StochasticTensor).value]),
            name: 'reward',
            only: g.maybe(),
          }),
        ),
      ),
  },
  {
    name: 'carry',
    run: (g, m) =>
      scope(g, z => {
        const state = st.carry(...m(g.numbers([3, 2], -1, 1), {dependsOn: g.pick<st.DependsOn>([z, z.value, [z]])}));
        return tf.sum(st.carry(state, {dependsOn: [state, z]}), -1);
      }),
  },
  {
    name: 'recorded values of DistributionTensor',
    run: (g, m) => {
      const v = g.variable([3]);
      return st.variableGrads(() => {
        const node = new st.DistributionTensor(
          ...m(new st.Bernoulli({logits: v}) as st.Distribution, {
            estimator: g.pick(['scoreFunction', 'dice']),
            value: g.written([0, 1, 1], [3]),
            behaviorLogProb: g.numbers([3], -2, -1),
          }),
        );
        return tf.square(tf.cast(node.value, 'float32'));
      }, [v]);
    },
  },
  {
    name: 'surrogateLoss',
    mayRefuse: true,
    run: (g, m) =>
      scope(g, z =>
        st.surrogateLoss(...m([likelihood(z), tf.square(z.value)] as readonly tf.Tensor[], {stochasticTensors: [z]})),
      ),
  },
  {
    name: 'variableGrads',
    run: (g, m) => {
      const v = g.variable([3]);
      return st.variableGrads(
        ...m(() => likelihood(new st.DistributionTensor(new st.Bernoulli({logits: v}), {})), [v]),
      );
    },
  },
  {
    name: 'variableGrads of anything',
    mayRefuse: true,
    run: (g, m) => scope(g, z => m([likelihood(z), tf.square(z.value)] as unknown)[0]),
  },
  {name: 'multiSampleBound', run: (g, m) => st.multiSampleBound(...m(g.tensor([4, 2])))},
  {name: 'stopGradient', run: (g, m) => st.stopGradient(...m(g.tensor([3])))},
  {name: 'extension.persist', run: (g, m) => st.extension.persist(...m([g.tensor([3])]))},
  {name: 'withFrozenState', run: (_, m) => st.withFrozenState(...m(() => 1 as unknown))},
  {name: 'isRepetition', run: (_, m) => void st.isRepetition(...m())},
  {name: 'disposeSharedEstimators', run: (_, m) => st.disposeSharedEstimators(...m())},
  {name: 'completeKernels', run: (_, m) => st.completeKernels(...m())},
  {name: 'enableFastKernels', run: (_, m) => st.enableFastKernels(...m())},
  {name: 'disableFastKernels', run: (_, m) => st.disableFastKernels(...m())},
];

const objectives: Target[] = [
  {
    name: 'expectation',
    run: (g, m) => {
      const f = (x: tf.Tensor): tf.Tensor => tf.square(x);
      const options = {samples: g.int(1, 3), key: g.key(), estimator: g.pick(['pathwise', 'scoreFunction'])};
      return st.expectation(...m(f, normal(g, [3]) as st.Distribution, options));
    },
  },
  {
    name: 'expectation of a record',
    run: (g, m) =>
      st.expectation(
        ...m(
          ({a, b}: {a: tf.Tensor; b: tf.Tensor}) => tf.mul(a, b),
          {a: normal(g, [3]), b: normal(g, [3])},
          {key: g.key(), estimator: {a: 'pathwise', b: 'scoreFunction'}},
        ),
      ),
  },
  {
    name: 'elbo',
    mayRefuse: true,
    run: (g, m) =>
      scope(g, z => {
        st.registerPrior(...m(z, prior()));
        return tf.neg(
          st.elbo(
            ...m(likelihood(z), {
              form: g.pick(['default', 'sample', 'analyticKl', 'analyticEntropy'] as const),
              variationalWithPrior: [[z, prior()]] as const,
            }),
          ),
        );
      }),
  },
  {
    name: 'elboWithLogJoint',
    run: (g, m) =>
      scope(g, z => tf.neg(st.elboWithLogJoint(...m(likelihood(z), {variational: [z], form: 'sample' as const})))),
  },
  {
    name: 'registerPrior',
    run: (g, m) =>
      scope(g, z => {
        st.registerPrior(...m(z, prior()));
        return likelihood(z);
      }),
  },
  {
    name: 'importanceWeightedBound',
    run: (g, m) =>
      scope(
        g,
        z => tf.neg(st.importanceWeightedBound(...m(likelihood(z), {variationalWithPrior: [[z, prior()]] as const}))),
        2,
      ),
  },
  {
    name: 'renyiBound',
    run: (g, m) =>
      scope(
        g,
        z =>
          tf.neg(
            st.renyiBound(
              ...m(likelihood(z), {alpha: g.pick([0, 0.5, 2]), variationalWithPrior: [[z, prior()]] as const} as never),
            ),
          ),
        2,
      ),
  },
  {
    name: 'reweightedWakeSleep',
    run: (g, m) => {
      const v = g.variable([3]);
      const key = g.key();
      return st.variableGrads(() => {
        const z = new st.DistributionTensor(new st.Bernoulli({logits: v}), {
          estimator: null,
          valueType: st.sampleValue([2], {stopGradient: true}),
          key,
        });
        return st.reweightedWakeSleep(
          ...m(tf.neg(tf.square(tf.sub(z.value, v))) as tf.Tensor, {variationalWithPrior: [[z, prior()]] as const}),
        ).inferenceLoss;
      }, [v]);
    },
  },
  {
    name: 'sleepLoss',
    run: (g, m) => {
      const q = normal(g, [3]);
      return st.sleepLoss(
        ...m(
          () => ({x: tf.zeros([3]), z: tf.ones([3]) as tf.Tensor}),
          (_: tf.Tensor) => q as st.Distribution,
        ),
      );
    },
  },
  {
    name: 'entropyShannon',
    run: (g, m) =>
      st.entropyShannon(...m(normal(g, [3]) as st.Distribution, {samples: 3, key: g.key(), form: 'sample' as const})),
  },
  {
    name: 'elboRatio',
    run: (g, m) =>
      st.elboRatio(
        ...m((z: tf.Tensor) => tf.neg(tf.square(z)) as tf.Tensor, normal(g, [3]) as st.Distribution, {
          samples: 3,
          key: g.key(),
        }),
      ),
  },
  {
    name: 'renyiRatio',
    run: (g, m) =>
      st.renyiRatio(
        ...m(
          (z: tf.Tensor) => tf.neg(tf.square(z)) as tf.Tensor,
          normal(g, [3]) as st.Distribution,
          g.pick([0.5, 1, 2]),
          {samples: 3, key: g.key()},
        ),
      ),
  },
  {name: 'renyiAlpha', run: (g, m) => st.renyiAlpha(...m(g.int(0, 9), {decayTime: 5, alphaMin: 0.1}))},
  {
    name: 'monteCarlo.expectationImportanceSampler',
    run: (g, m) =>
      st.monteCarlo.expectationImportanceSampler(
        ...m(
          (z: tf.Tensor) => tf.square(z) as tf.Tensor,
          (z: tf.Tensor) => tf.neg(tf.square(z)) as tf.Tensor,
          normal(g, [3]) as st.Distribution,
          {samples: 3, key: g.key()},
        ),
      ),
  },
  {
    name: 'monteCarlo.expectationImportanceSamplerLogSpace',
    run: (g, m) =>
      st.monteCarlo.expectationImportanceSamplerLogSpace(
        ...m(
          (z: tf.Tensor) => tf.neg(z) as tf.Tensor,
          (z: tf.Tensor) => tf.neg(tf.square(z)) as tf.Tensor,
          normal(g, [3]) as st.Distribution,
          {samples: 3, key: g.key()},
        ),
      ),
  },
  {
    name: 'stochasticVariable',
    run: (g, m) => {
      const w = st.stochasticVariable(
        ...m(
          new st.Normal({loc: g.tensor([3]), scale: g.tensor([3], 0.5, 1)}) as st.Distribution,
          new st.Normal({loc: 0, scale: 1}) as st.Distribution,
          {estimator: 'pathwise'},
        ),
      );
      try {
        return [
          g.keep(
            tf.tidy(() =>
              tf.clone(w.draw(...m({key: g.key(), valueType: g.pick([st.sampleValue(), st.sampleValue([2])])})).value),
            ),
          ),
          w.divergence(...m({})),
          w,
        ];
      } catch (error) {
        w.dispose();
        throw error;
      }
    },
  },
];

export const graphTargets: readonly Target[] = [...nodes, ...objectives];
