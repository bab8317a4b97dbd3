/** Draws of parameters that are NaN, for every family and each way to give its parameters. */
import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../../src/distributions/index.js';
import type {Distribution} from '../../../src/distributions/index.js';
import {examples} from '../../../scripts/distributions/examples.js';
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

type Members = Record<string, (p: tf.Tensor) => Distribution>;
type Constructor = new (config: Record<string, unknown>) => Distribution;

/** Members of the families whose example has numbers for parameters, by each of these and what may be given instead. */
function membersOfExamples(): Members {
  const members: Members = {};
  for (const [name, {curves}] of Object.entries(examples)) {
    const {parameters, alternatives} = Object.values(curves)[0]!;
    if (!Object.entries(parameters).every(([own, v]) => typeof v === 'number' && !own.includes('.'))) continue;
    const Family = (dist as unknown as Record<string, Constructor>)[name]!; // an example has the name of its family
    const given = Object.keys(parameters);
    for (const parameter of new Set([...given, ...alternatives.flat()])) {
      const group = alternatives.find(names => names.includes(parameter)) ?? [parameter];
      const others = Object.fromEntries(Object.entries(parameters).filter(([other]) => !group.includes(other)));
      members[`${name}.${parameter}`] = t => new Family({...others, [parameter]: t});
    }
  }
  return members;
}

/** Members by each of their parameters, of batch shape [3] from a tensor [3]. */
const made: Members = {
  ...membersOfExamples(),
  'Binomial.totalCount': t => new dist.Binomial({totalCount: tf.mul(t, 10), probs: 0.5}),
  'Empirical.samples': t => new dist.Empirical({samples: tf.tile(tf.reshape(t, [3, 1]), [1, 4])}),
  Independent: t => new dist.Independent({distribution: normal(tf.reshape(t, [3, 1]))}),
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
  'RelaxedOneHotCategorical.temperature': temperature =>
    new dist.RelaxedOneHotCategorical({temperature, logits: [0, 1]}),
  'TransformedDistribution of tanh': loc =>
    new dist.TransformedDistribution({distribution: normal(loc), bijector: new b.Tanh()}),
  'TransformedDistribution.scale': scale =>
    new dist.TransformedDistribution({distribution: normal(tf.zeros([3])), bijector: new b.Scale({scale})}),
  'TransformedDistribution of SoftmaxCentered': t =>
    new dist.TransformedDistribution({
      distribution: new dist.MultivariateNormalDiag({loc: pair(t), scaleDiag: [1, 2]}),
      bijector: new b.SoftmaxCentered(),
    }),
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
    if (inBrief && (gpuOf(name) !== backend || name.length % 3 !== 0)) continue; // a few on each page
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
    )
      .withContext('families that need an entry in `made` above')
      .toEqual([]);
  });
});
