/**
 * Families at the edges of what they are defined on: an example of each, and values on the ends of its support, beyond
 * them, infinite and NaN.
 */
import * as tf from '@tensorflow/tfjs-core';
import {examples} from '../../scripts/distributions/examples.js';
import * as dist from '../../src/distributions/index.js';
import type {Distribution} from '../../src/distributions/index.js';
import {linked} from './derivatives.js';
import {read} from './near.js';

const NUMBERS = [-Infinity, -1000, -1, 0, 0.5, 1, 2, 1000, Infinity];

/** Members of which the density ends at a finite height, or is 0 or 1 in probability: shape 1, probs 0 and 1. */
const special: Record<string, Distribution> = {
  'Beta(1, 1)': new dist.Beta({concentration1: 1, concentration0: 1}),
  'Beta(1, 3)': new dist.Beta({concentration1: 1, concentration0: 3}),
  'Bernoulli(0)': new dist.Bernoulli({probs: 0}),
  'Bernoulli(1)': new dist.Bernoulli({probs: 1}),
  'Bernoulli by logits': new dist.Bernoulli({logits: 0.3}),
  'Binomial(5, 0)': new dist.Binomial({totalCount: 5, probs: 0}),
  'Binomial(5, 1)': new dist.Binomial({totalCount: 5, probs: 1}),
  'Categorical with 0': new dist.Categorical({probs: [0.4, 0.6, 0]}),
  'Categorical with a masked class': new dist.Categorical({logits: [0.2, -Infinity, 1]}),
  'Chi2(2)': new dist.Chi2({df: 2}),
  'Dirichlet(1, 1)': new dist.Dirichlet({concentration: [1, 1]}),
  'Gamma(1, 2)': new dist.Gamma({concentration: 1, rate: 2}),
  'Geometric(1)': new dist.Geometric({probs: 1}),
  'Kumaraswamy(2, 1)': new dist.Kumaraswamy({concentration1: 2, concentration0: 1}),
  'Multinomial with 0': new dist.Multinomial({totalCount: 2, probs: [0, 1]}),
  'NegativeBinomial(5, 0)': new dist.NegativeBinomial({totalCount: 5, probs: 0}),
  'Poisson by logRate': new dist.Poisson({logRate: 1}),
  'Weibull(1, 1)': new dist.Weibull({concentration: 1, scale: 1}),
  'exp of a normal': new dist.TransformedDistribution({
    distribution: new dist.Normal({loc: 0, scale: 1}),
    bijector: new dist.bijectors.Exp(),
  }),
  'a chain with a bounded image': new dist.TransformedDistribution({
    distribution: new dist.Normal({loc: 0, scale: 1}),
    bijector: new dist.bijectors.Chain([
      new dist.bijectors.Affine({shift: 0.5, scale: -2}),
      new dist.bijectors.Sigmoid(),
    ]),
  }),
  'SoftmaxCentered of a normal': new dist.TransformedDistribution({
    distribution: new dist.MultivariateNormalDiag({loc: [0], scaleDiag: [1]}),
    bijector: new dist.bijectors.SoftmaxCentered(),
  }),
};

/** One member of each family, by name, and those above. */
export const members: Record<string, Distribution> = {
  ...Object.fromEntries(Object.entries(examples).map(([name, {curves}]) => [name, Object.values(curves)[0]!])),
  ...special,
};

/** Values of the shape of an event: ends, beyond, infinite. */
export function valuesFor(d: Distribution): number[][] {
  const size = d.eventShape.reduce((a, b) => a * b, 1);
  if (d.eventShape.length === 0) return NUMBERS.map(v => [v]);
  const first = (v: number, rest: number) => Array.from({length: size}, (_, i) => (i === 0 ? v : rest));
  return [
    first(1, 0),
    first(0, 1 / (size - 1)),
    first(-0.5, 1.5 / (size - 1)),
    first(0.3, 0.3),
    first(Infinity, 0),
    first(-Infinity, 0.5),
    first(1000, 2),
  ];
}

/** The values along a leading axis, as a batch, each with parameters of its own: derivatives do not mix. */
export function spread(d: Distribution, values: number[][]): {q: Distribution; x: tf.Tensor} {
  return {q: d.expand([values.length]), x: tf.tensor(values.flat(), [values.length, ...d.eventShape], 'float32')};
}

/** The first derivatives of Σ f by the parameters and by x, and the derivatives of a weighed sum of those, by name. */
export async function derivativesOf(
  q: Distribution,
  x: tf.Tensor,
  f: (q: Distribution, x: tf.Tensor) => tf.Tensor,
): Promise<Record<string, number[]>> {
  const tensors = q.tensors();
  const names = Object.keys(tensors).filter(name => !name.endsWith('totalCount'));
  const inputs = [...names.map(name => tensors[name]!), x];
  const at = (...ts: tf.Tensor[]) =>
    linked(
      f(q.withTensors({...tensors, ...Object.fromEntries(names.map((n, i) => [n, ts[i]!]))}), ts[names.length]!),
      ...ts,
    );
  const first = tf.grads(at)(inputs);
  const second = tf.grads((...ts: tf.Tensor[]) =>
    linked(
      tf.addN(
        tf
          .grads(at)(ts)
          .map((g, i) => tf.mul(tf.sum(g), 1 + 0.3 * i)),
      ),
      ...ts,
    ),
  )(inputs);
  const out: Record<string, number[]> = {};
  for (const [i, name] of [...names, 'x'].entries()) {
    out[name] = await read(first[i]!);
    out[`second ${name}`] = await read(second[i]!);
  }
  return out;
}

/**
 * Where one of the derivatives is NaN; of the second ones only where all first ones are finite, since a slope may truly
 * be infinite at an end.
 */
export async function faultsOf(
  d: Distribution,
  f: (q: Distribution, x: tf.Tensor) => tf.Tensor,
  order: 1 | 2 = 2,
): Promise<string[]> {
  const values = valuesFor(d);
  const {q, x} = spread(d, values);
  const all = await read(tf.tidy(() => f(q, x)));
  const faults: string[] = values.filter((_, i) => Number.isNaN(all[i])).map(v => `the value at ${v.join()}`);
  const derivatives = await derivativesOf(q, x, f);
  const at = (numbers: number[], i: number) =>
    numbers.slice((i * numbers.length) / values.length, ((i + 1) * numbers.length) / values.length);
  for (const [i, v] of values.entries()) {
    const isSteep = Object.entries(derivatives).some(
      ([name, numbers]) => !name.startsWith('second') && at(numbers, i).some(g => Math.abs(g) === Infinity),
    );
    for (const [name, numbers] of Object.entries(derivatives)) {
      if (!((isSteep || order === 1) && name.startsWith('second')) && at(numbers, i).some(g => Number.isNaN(g)))
        faults.push(`by ${name} at ${v.join()}: ${at(numbers, i).join()}`);
    }
  }
  return faults;
}
