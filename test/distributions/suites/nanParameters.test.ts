/** Draws of parameters that are NaN, for every family and each way to give its parameters. */
import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../../src/distributions/index.js';
import type {Distribution} from '../../../src/distributions/index.js';
import * as random from '../../../src/random/index.js';
import {describeBackends, gpuOf, inBrief} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';

const {bijectors: b, Categorical, Normal} = dist;
const normal = (loc: tf.Tensor) => new Normal({loc, scale: 1});
/** Triangles with t along the diagonal. */
const lower = (t: tf.Tensor) =>
  tf.mul(
    tf.reshape(t, [-1, 1, 1]),
    tf.tensor2d([
      [1, 0],
      [0.5, 1],
    ]),
  );
/** Weights of two classes: NaN in the second of a row that has one. */
const weights = (t: tf.Tensor) => tf.stack([tf.sub(1, tf.where(tf.isNaN(t), tf.onesLike(t), t)), t], 1);
/** The same number twice. */
const pair = (t: tf.Tensor) => tf.stack([t, t], 1);

/** Members by each of their parameters, of batch shape [3] from a tensor [3]. */
const made: Record<string, (p: tf.Tensor) => Distribution> = {
  'Bernoulli.logits': logits => new dist.Bernoulli({logits}),
  'Bernoulli.probs': probs => new dist.Bernoulli({probs}),
  'Beta.concentration1': concentration1 => new dist.Beta({concentration1, concentration0: 2}),
  'Beta.concentration0': concentration0 => new dist.Beta({concentration1: 2, concentration0}),
  'Binomial.logits': logits => new dist.Binomial({totalCount: 5, logits}),
  'Binomial.probs': probs => new dist.Binomial({totalCount: 5, probs}),
  'Binomial.totalCount': t => new dist.Binomial({totalCount: tf.mul(t, 10), probs: 0.5}),
  'Cauchy.loc': loc => new dist.Cauchy({loc, scale: 1}),
  'Cauchy.scale': scale => new dist.Cauchy({loc: 0, scale}),
  'Chi2.df': df => new dist.Chi2({df}),
  'Deterministic.loc': loc => new dist.Deterministic({loc}),
  'Empirical.samples': t => new dist.Empirical({samples: tf.tile(tf.reshape(t, [3, 1]), [1, 4])}),
  'Exponential.rate': rate => new dist.Exponential({rate}),
  'Gamma.concentration': concentration => new dist.Gamma({concentration, rate: 1}),
  'Gamma.rate': rate => new dist.Gamma({concentration: 2, rate}),
  'Geometric.logits': logits => new dist.Geometric({logits}),
  'Geometric.probs': probs => new dist.Geometric({probs}),
  'Gumbel.loc': loc => new dist.Gumbel({loc, scale: 1}),
  'Gumbel.scale': scale => new dist.Gumbel({loc: 0, scale}),
  'HalfCauchy.loc': loc => new dist.HalfCauchy({loc, scale: 1}),
  'HalfCauchy.scale': scale => new dist.HalfCauchy({loc: 0, scale}),
  'HalfNormal.scale': scale => new dist.HalfNormal({scale}),
  Independent: t => new dist.Independent({distribution: normal(tf.reshape(t, [3, 1]))}),
  'InverseGamma.concentration': concentration => new dist.InverseGamma({concentration, scale: 1}),
  'InverseGamma.scale': scale => new dist.InverseGamma({concentration: 2, scale}),
  'Kumaraswamy.concentration1': concentration1 => new dist.Kumaraswamy({concentration1, concentration0: 2}),
  'Kumaraswamy.concentration0': concentration0 => new dist.Kumaraswamy({concentration1: 2, concentration0}),
  'Laplace.loc': loc => new dist.Laplace({loc, scale: 1}),
  'Laplace.scale': scale => new dist.Laplace({loc: 0, scale}),
  'Logistic.loc': loc => new dist.Logistic({loc, scale: 1}),
  'Logistic.scale': scale => new dist.Logistic({loc: 0, scale}),
  'LogitNormal.loc': loc => new dist.LogitNormal({loc, scale: 1}),
  'LogitNormal.scale': scale => new dist.LogitNormal({loc: 0, scale}),
  'LogNormal.loc': loc => new dist.LogNormal({loc, scale: 1}),
  'LogNormal.scale': scale => new dist.LogNormal({loc: 0, scale}),
  'Mixture.cat.logits': t =>
    new dist.Mixture({
      cat: new Categorical({logits: weights(t)}),
      components: [new Normal({loc: 0, scale: 1}), new Normal({loc: 1, scale: 1})],
    }),
  'Mixture.cat.probs': t =>
    new dist.Mixture({
      cat: new Categorical({probs: weights(t)}),
      components: [new Normal({loc: 0, scale: 1}), new Normal({loc: 1, scale: 1})],
    }),
  'Mixture.components': t =>
    new dist.Mixture({cat: new Categorical({logits: [0, 1]}), components: [normal(t), normal(tf.add(t, 1))]}),
  'MixtureSameFamily.mixture.logits': t =>
    new dist.MixtureSameFamily({
      mixtureDistribution: new Categorical({logits: weights(t)}),
      componentsDistribution: new Normal({
        loc: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        scale: 1,
      }),
    }),
  'MixtureSameFamily.mixture.probs': t =>
    new dist.MixtureSameFamily({
      mixtureDistribution: new Categorical({probs: weights(t)}),
      componentsDistribution: new Normal({
        loc: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        scale: 1,
      }),
    }),
  'MixtureSameFamily.components': t =>
    new dist.MixtureSameFamily({
      mixtureDistribution: new Categorical({logits: [0, 1]}),
      componentsDistribution: normal(pair(t)),
    }),
  'MultivariateNormalDiag.loc': t => new dist.MultivariateNormalDiag({loc: pair(t), scaleDiag: [1, 2]}),
  'MultivariateNormalDiag.scaleDiag': t => new dist.MultivariateNormalDiag({loc: [0, 1], scaleDiag: pair(t)}),
  'MultivariateNormalTriL.loc': t =>
    new dist.MultivariateNormalTriL({
      loc: pair(t),
      scaleTril: [
        [1, 0],
        [0.5, 2],
      ],
    }),
  'MultivariateNormalTriL.scaleTril': t => new dist.MultivariateNormalTriL({loc: [0, 1], scaleTril: lower(t)}),
  'NegativeBinomial.logits': logits => new dist.NegativeBinomial({totalCount: 5, logits}),
  'NegativeBinomial.probs': probs => new dist.NegativeBinomial({totalCount: 5, probs}),
  'NegativeBinomial.totalCount': totalCount => new dist.NegativeBinomial({totalCount, probs: 0.5}),
  'Normal.loc': loc => new Normal({loc, scale: 1}),
  'Normal.scale': scale => new Normal({loc: 0, scale}),
  'Pareto.concentration': concentration => new dist.Pareto({concentration, scale: 1}),
  'Pareto.scale': scale => new dist.Pareto({concentration: 2, scale}),
  'Poisson.rate': rate => new dist.Poisson({rate}),
  'Poisson.logRate': logRate => new dist.Poisson({logRate}),
  'RelaxedBernoulli.logits': logits => new dist.RelaxedBernoulli({temperature: 0.5, logits}),
  'RelaxedBernoulli.probs': probs => new dist.RelaxedBernoulli({temperature: 0.5, probs}),
  'RelaxedBernoulli.temperature': temperature => new dist.RelaxedBernoulli({temperature, logits: 1}),
  'RelaxedOneHotCategorical.temperature': temperature =>
    new dist.RelaxedOneHotCategorical({temperature, logits: [0, 1]}),
  'StudentT.loc': loc => new dist.StudentT({df: 3, loc, scale: 1}),
  'StudentT.scale': scale => new dist.StudentT({df: 3, loc: 0, scale}),
  'StudentT.df': df => new dist.StudentT({df, loc: 0, scale: 1}),
  'TransformedDistribution of tanh': loc =>
    new dist.TransformedDistribution({distribution: normal(loc), bijector: new b.Tanh()}),
  'TransformedDistribution.scale': scale =>
    new dist.TransformedDistribution({distribution: normal(tf.zeros([3])), bijector: new b.Scale({scale})}),
  'TransformedDistribution of SoftmaxCentered': t =>
    new dist.TransformedDistribution({
      distribution: new dist.MultivariateNormalDiag({loc: pair(t), scaleDiag: [1, 2]}),
      bijector: new b.SoftmaxCentered(),
    }),
  'TruncatedNormal.loc': loc => new dist.TruncatedNormal({loc, scale: 1, low: -1, high: 2}),
  'TruncatedNormal.scale': scale => new dist.TruncatedNormal({loc: 0, scale, low: -1, high: 2}),
  'TruncatedNormal.low': low => new dist.TruncatedNormal({loc: 0, scale: 1, low, high: 2}),
  'TruncatedNormal.high': high => new dist.TruncatedNormal({loc: 0, scale: 1, low: -1, high}),
  'Uniform.low': low => new dist.Uniform({low, high: 2}),
  'Uniform.high': high => new dist.Uniform({low: -1, high}),
  'VonMises.loc': loc => new dist.VonMises({loc, concentration: 1}),
  'VonMises.concentration': concentration => new dist.VonMises({loc: 0, concentration}),
  'Weibull.concentration': concentration => new dist.Weibull({concentration, scale: 1}),
  'Weibull.scale': scale => new dist.Weibull({concentration: 2, scale}),
};
for (const [name, make] of Object.entries({
  Categorical: config => new Categorical({dtype: 'float32', ...config}),
  OneHotCategorical: config => new dist.OneHotCategorical(config),
  Multinomial: config => new dist.Multinomial({totalCount: 4, ...config}),
  RelaxedOneHotCategorical: config => new dist.RelaxedOneHotCategorical({temperature: 0.5, ...config}),
} satisfies Record<string, (config: {logits: tf.Tensor} | {probs: tf.Tensor}) => Distribution>)) {
  made[`${name}.logits`] = t => make({logits: weights(t)});
  made[`${name}.probs`] = t => make({probs: weights(t)});
}
made['Multinomial.totalCount'] = t => new dist.Multinomial({totalCount: tf.mul(t, 10), logits: [0, 1]});
made['Dirichlet.concentration'] = t => new dist.Dirichlet({concentration: weights(t)});

/** Families without parameters, without NaN, or that refuse. */
const aside = ['Rademacher', 'MultivariateNormalFullCovariance', 'Distribution'];

describeBackends('parameters of NaN', backend => {
  for (const [name, make] of Object.entries(made)) {
    if (inBrief && gpuOf(name) !== backend) continue;
    it(`give draws of NaN, and leave the rest of the batch as it was: ${name}`, async () => {
      const key = random.key(3);
      const drawn = (parameters: number[], pathwise: boolean) =>
        read(
          tf.tidy(() => {
            const d = make(tf.tensor1d(parameters));
            return pathwise ? d.sampleAndLogProb([5], {key}).value : d.sample([5], {key});
          }),
        );
      for (const pathwise of [false, true]) {
        const [whole, spoilt] = [await drawn([0.3, 0.5, 0.7], pathwise), await drawn([0.3, NaN, 0.7], pathwise)];
        const size = whole.length / 15;
        const expected = whole.map((v, i) => (Math.floor(i / size) % 3 === 1 ? NaN : v));
        expectNear(spoilt, expected, pathwise ? 'sampleAndLogProb' : 'sample', false, 1e-4);
      }
    });
  }

  it('are tried in every family', () => {
    const families = Object.entries(dist)
      .filter(([, x]) => typeof x === 'function' && x.prototype instanceof dist.Distribution)
      .map(([name]) => name);
    expect(
      families.filter(name => !aside.includes(name) && !Object.keys(made).some(own => own.split(/[. ]/)[0] === name)),
    ).toEqual([]);
  });
});
