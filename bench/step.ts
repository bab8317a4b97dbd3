/** A training step through the library beside the same step by hand, in plain tfjs and in the peers. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {byHand, stepNames, makeModel, type Draws, type StepName, type VaeModel} from './byHand.js';
import type {BenchContext} from './context.js';
import {here, interleaved} from './measure.js';

const independent = (logits: tf.Tensor): st.Distribution => st.independent(new st.Bernoulli({logits}), 1);

export const ourDraws: Draws = {
  uniform: shape => st.random.uniform(shape),
  normal: shape => st.random.normal(shape),
};

/** The library's estimators, with the networks and the samples of those by hand. */
const estimators: Readonly<Record<StepName, (model: VaeModel) => st.Estimator>> = {
  scoreFunction: () => st.scoreFunction(),
  nvil: ({centred}) => st.nvil({context: centred}),
  leaveOneOut: () => st.estimators.get('leaveOneOut'),
  disarm: () => st.disarm(),
  relax: () => st.relax({relaxedCost: true}),
  pathwise: () => st.pathwise(),
};

/** Our step. */
export function library(model: VaeModel, name: StepName): () => void {
  const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
  const estimator = estimators[name](model);
  if (name === 'pathwise') {
    const {normal} = model;
    const cost = (): tf.Tensor => {
      const {loc, scale} = normal.encode();
      const z = new st.DistributionTensor(st.independent(new st.Normal({loc, scale}), 1), {estimator});
      return normal.cost(z.value, loc, scale);
    };
    return () => void optimizer.minimize(cost, false, normal.variables);
  }
  const cost = (): tf.Tensor => {
    const logits = model.encode();
    const z = new st.DistributionTensor(independent(logits), {estimator});
    return model.cost(z.value, logits);
  };
  return () => void optimizer.minimize(cost, false, model.variables);
}

/** Milliseconds of a step, for each estimator and batch size. */
export async function benchStep({report, peers, effort, quick}: BenchContext): Promise<void> {
  for (const batch of quick ? [4] : [24, 100]) {
    st.random.setSeed(1);
    const model = makeModel(batch, ourDraws);
    for (const name of stepNames) {
      const operation = `step ${name} ${batch}`;
      const columns = await interleaved(
        {
          ours: here(library(model, name)),
          byHand: here(byHand[name](model, ourDraws)),
          plain: peers.plain?.contender(operation) ?? null,
          jaxjs: peers.jaxjs?.contender(operation) ?? null,
          torch: peers.torch?.contender(operation) ?? null,
        },
        effort(15, 10),
      );
      report({name: `step ${name}`, size: batch, ...columns});
    }
  }
}
