/** One instance of each family, and of events that estimators tell apart. */
import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../src/distributions/index.js';
import type {Distribution} from '../../src/distributions/index.js';
import {examples} from '../distributions/examples.js';
import {familyNames} from '../distributions/table.js';

const one = (): tf.Tensor => tf.scalar(1);
const two = (): tf.Tensor => tf.scalar(2);
const classes = (): tf.Tensor => tf.tensor1d([0.1, 0.3, -0.2]);

/** Instances with learnt parameters: where those count one by one, numbers would count as none. */
const learnt: Record<string, () => Distribution> = {
  Bernoulli: () => new dist.Bernoulli({logits: one()}),
  Categorical: () => new dist.Categorical({logits: classes()}),
  Exponential: () => new dist.Exponential({rate: one()}),
  Gamma: () => new dist.Gamma({concentration: two(), rate: one()}),
  Normal: () => new dist.Normal({loc: one(), scale: two()}),
  OneHotCategorical: () => new dist.OneHotCategorical({logits: classes()}),
  Poisson: () => new dist.Poisson({rate: one()}),
  Weibull: () => new dist.Weibull({concentration: two(), scale: one()}),
  'Independent of Bernoulli': () => dist.independent(new dist.Bernoulli({logits: tf.tensor1d([0.1, -0.2, 0.3])})),
  'Independent of Categorical': () =>
    dist.independent(
      new dist.Categorical({
        logits: tf.tensor2d([
          [0.1, 0.3, -0.2],
          [0.2, 0, 0.1],
        ]),
      }),
    ),
  'Independent of OneHotCategorical': () =>
    dist.independent(
      new dist.OneHotCategorical({
        logits: tf.tensor2d([
          [0.1, 0.3, -0.2],
          [0.2, 0, 0.1],
        ]),
      }),
    ),
  'Independent of Poisson': () => dist.independent(new dist.Poisson({rate: tf.tensor1d([1, 2])})),
  'Independent of Normal': () => dist.independent(new dist.Normal({loc: tf.tensor1d([0, 1]), scale: one()})),
};

/** By label, in alphabetical order. */
export function families(): Array<[label: string, q: Distribution]> {
  const all = {
    ...Object.fromEntries(
      familyNames()
        .filter(name => name !== 'Independent')
        .map(name => [name, Object.values(examples[name]!.curves)[0]!]),
    ),
    ...Object.fromEntries(Object.entries(learnt).map(([name, make]) => [name, make()])),
  };
  return Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
}
