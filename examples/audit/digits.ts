/** The autoencoder of `npm start` as a problem of the audit: 200 Bernoulli latents, one minibatch of digits. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {Batches, type Dataset, imageSize} from '../data/dataset.js';
import {makeContender} from '../start/estimators.js';
import {Vae} from '../start/model.js';

export interface DigitsConfig {
  readonly dataset: Dataset;
  readonly seed: number;
  /** Gradient estimates for each estimator. */
  readonly samples: number;
  /** Steps in which estimators' own variables are trained, the model held fixed. */
  readonly warmup: number;
  /**
   * Steps in which the model is trained before, by leave-one-out; every estimator is measured at the parameters that
   * come out.
   */
  readonly pretrain: number;
  /** Names of estimators, to leave out the others; default all of `contenders`. */
  readonly estimators?: readonly string[] | undefined;
}

const batch = 24;

/** An estimator for each label; two of them have networks that see the image. */
function contenders(vae: Vae, key: st.random.Key): {estimators: Record<string, st.Estimator>; dispose: () => void} {
  const named = ['nvil', 'relax'].map(name => [name, makeContender(name, vae, key)] as const);
  const own = Object.fromEntries(named.map(([name, {estimators}]) => [name, estimators[0]!]));
  const plain = [
    'scoreFunction',
    'movingAverage',
    'arm',
    'muProp',
    'rebar',
    'gumbelSoftmax',
    'straightThroughGumbelSoftmax',
    'gumbelRao',
    'straightThrough',
    'reinMax',
  ];
  const several = ['leaveOneOut', 'disarm', 'arms', 'doubleCv', 'rodeo'].flatMap(name =>
    [2, 4, 8].map(samples => [name, samples] as const),
  );
  const estimators = {
    ...own,
    ...Object.fromEntries(plain.map(name => [name, st.estimators.get(name)])),
    ...Object.fromEntries(several.map(([name, samples]) => [`${name} ${samples}`, st.estimators.get(name, {samples})])),
  };
  return {
    estimators,
    dispose() {
      named.forEach(([, contender]) => contender.dispose());
      Object.entries(estimators).forEach(([label, estimator]) => label in own || estimator.dispose?.());
    },
  };
}

/** Audits the gradient of the encoder's bias, one number for each latent, on one minibatch. */
export async function auditDigits({
  dataset,
  seed,
  samples,
  warmup,
  pretrain,
  estimators: only,
}: DigitsConfig): Promise<st.EstimatorAudit> {
  const [forWeights, forTraining, forNetworks, forAudit] = st.random.split(st.random.key(seed), 4) as [
    st.random.Key,
    st.random.Key,
    st.random.Key,
    st.random.Key,
  ]; // four were asked for
  const vae = new Vae(dataset.mean, forWeights);
  const batches = new Batches(dataset, batch, seed);
  const minibatch = (step: number): tf.Tensor2D => tf.tensor2d(batches.at(step), [batch, imageSize]);
  const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
  const teacher = st.estimators.get('leaveOneOut');
  for (let i = 0; i < pretrain; i++) {
    tf.tidy(() => {
      const x = minibatch(i);
      optimizer.minimize(() => vae.cost(x, teacher, st.random.foldIn(forTraining, i)), false, [...vae.variables]);
    });
  }
  optimizer.dispose();
  const x = minibatch(pretrain);
  const {estimators, dispose} = contenders(vae, forNetworks);
  const chosen =
    only === undefined
      ? estimators
      : Object.fromEntries(Object.entries(estimators).filter(([label]) => only.includes(label.split(' ')[0]!)));
  try {
    const [, bias] = vae.encoderVariables as [tf.Variable, tf.Variable]; // one layer
    return await st.auditEstimators({
      program: (estimator, key) => vae.cost(x, estimator, key),
      variables: {bias},
      estimators: chosen,
      samples,
      warmup,
      learningRate: 1e-3,
      key: forAudit,
    });
  } finally {
    dispose();
    x.dispose();
    vae.dispose();
  }
}
