/** What moves a support is derived from the support: the score of every other parameter has the mean 0. */
import * as tf from '@tensorflow/tfjs-core';
import {fixed} from '../../../src/constraints/ends.js';
import * as dist from '../../../src/distributions/index.js';
import type {Distribution} from '../../../src/distributions/index.js';
import * as random from '../../../src/random/index.js';
import {examples} from '../../../scripts/distributions/examples.js';
import {describeBackends} from '../../helpers/backends.js';
import {linked} from '../../helpers/derivatives.js';

const N = 4000;
const {bijectors} = dist;

/** The z-score of the mean of the derivatives of ln p by each parameter, over N draws. */
async function scores(d: Distribution): Promise<Record<string, number>> {
  const q = d.expand([N]);
  const tensors = q.tensors();
  const names = Object.keys(tensors);
  if (names.length === 0) return {};
  const x = q.sample([], {key: random.key(11)});
  const gradients = tf.grads((...ts: tf.Tensor[]) =>
    linked(q.withTensors(Object.fromEntries(names.map((n, i) => [n, ts[i]!]))).logProb(x), ...ts),
  )(names.map(n => tensors[n]!));
  const out: Record<string, number> = {};
  for (const [i, name] of names.entries()) {
    const numbers = await gradients[i]!.data();
    const width = numbers.length / N;
    for (let j = 0; j < width; j++) {
      // probabilities sum to 1: only differences of their derivatives mean something
      const onSimplex = width > 1 && name.endsWith('probs');
      const column = Float64Array.from(
        {length: N},
        (_, row) => numbers[row * width + j]! - (onSimplex ? numbers[row * width + ((j + 1) % width)]! : 0),
      );
      const mean = column.reduce((s, v) => s + v, 0) / N;
      const error = Math.sqrt(column.reduce((s, v) => s + (v - mean) ** 2, 0) / N / N);
      const z = mean === 0 ? 0 : Math.abs(mean) / Math.max(error, 1e-6 * Math.abs(mean));
      out[name] = Math.max(out[name] ?? 0, z);
    }
  }
  return out;
}

/** With one parameter as a tensor, the others as numbers. */
const only = (make: (t: tf.Tensor) => Distribution, at = 1.5): Distribution => make(tf.scalar(at));

const moving: Record<string, (t: tf.Tensor) => Distribution> = {
  'Uniform, an end': high => new dist.Uniform({low: 0, high}),
  'Pareto, its scale': scale => new dist.Pareto({concentration: 3, scale}),
  'TruncatedNormal, an end': high => new dist.TruncatedNormal({loc: 0, scale: 1, low: -1, high}),
  'HalfCauchy, its loc': loc => new dist.HalfCauchy({loc, scale: 1}),
  'an Exponential moved': shift =>
    new dist.TransformedDistribution({
      distribution: new dist.Exponential({rate: 1}),
      bijector: new bijectors.Shift({shift}),
    }),
  'a Uniform stretched': scale =>
    new dist.TransformedDistribution({
      distribution: new dist.Uniform({low: 0, high: 1}),
      bijector: new bijectors.Scale({scale}),
    }),
  'a bounded image moved': shift =>
    new dist.TransformedDistribution({
      distribution: new dist.Uniform({low: 0, high: 1}),
      bijector: new bijectors.Chain([new bijectors.Affine({shift, scale: 2}), new bijectors.Sigmoid()]),
    }),
  'a HalfCauchy under exp': loc =>
    new dist.TransformedDistribution({
      distribution: new dist.HalfCauchy({loc, scale: 1}),
      bijector: new bijectors.Exp(),
    }),
  'a part of a mixture': high =>
    new dist.Mixture({
      cat: new dist.Categorical({probs: [0.5, 0.5]}),
      components: [new dist.Normal({loc: 0, scale: 1}), new dist.Uniform({low: 0, high})],
    }),
};

const staying: Record<string, (t: tf.Tensor) => Distribution> = {
  'a Normal moved and stretched': t =>
    new dist.TransformedDistribution({
      distribution: new dist.Normal({loc: 0, scale: 1}),
      bijector: new bijectors.Affine({shift: t, scale: t}),
    }),
  'a Gamma stretched': scale =>
    new dist.TransformedDistribution({
      distribution: new dist.Gamma({concentration: 2, rate: 1}),
      bijector: new bijectors.Scale({scale}),
    }),
  'a Normal stretched under exp': scale =>
    new dist.TransformedDistribution({
      distribution: new dist.Normal({loc: 0, scale: 1}),
      bijector: new bijectors.Chain([new bijectors.Exp(), new bijectors.Scale({scale})]),
    }),
  'the scale of exp of a Normal': scale =>
    new dist.TransformedDistribution({
      distribution: new dist.Normal({loc: 0, scale: 1}),
      bijector: new bijectors.Chain([new bijectors.Scale({scale}), new bijectors.Exp()]),
    }),
  'the logarithm of a LogNormal, moved': shift =>
    new dist.TransformedDistribution({
      distribution: new dist.LogNormal({loc: 0, scale: 1}),
      bijector: new bijectors.Chain([new bijectors.Shift({shift}), new bijectors.Invert(new bijectors.Exp())]),
    }),
  'tanh of a Normal': loc =>
    new dist.TransformedDistribution({distribution: new dist.Normal({loc, scale: 1}), bijector: new bijectors.Tanh()}),
  'HalfCauchy, its scale': scale => new dist.HalfCauchy({loc: 1, scale}),
  'Pareto, its concentration': concentration => new dist.Pareto({concentration, scale: 1}),
  'TruncatedNormal, its loc': loc => new dist.TruncatedNormal({loc, scale: 1, low: -1, high: 2}),
};

describeBackends(
  'movesSupport',
  () => {
    for (const [name, {curves}] of Object.entries(examples)) {
      const d = Object.values(curves)[0]!;
      it(`is true of ${name}, or the scores of all its parameters have the mean 0`, async () => {
        if (d.expand([2]).movesSupport) return;
        for (const [parameter, z] of Object.entries(await scores(d))) {
          if (parameter === 'totalCount' && name !== 'NegativeBinomial') continue; // whole numbers have no derivative
          expect(z).withContext(parameter).toBeLessThan(4.5);
        }
      });
    }

    for (const [title, make] of Object.entries(moving)) {
      it(`is true where it must be: ${title}`, async () => {
        const d = only(make);
        expect(d.movesSupport).toBeTrue();
        expect(dist.independent(d.expand([2])).movesSupport).toBeTrue();
        expect(Math.max(...Object.values(await scores(d)))).toBeGreaterThan(10);
      });
    }

    for (const [title, make] of Object.entries(staying)) {
      it(`is false where it may be: ${title}`, async () => {
        const d = only(make);
        expect(d.movesSupport).toBeFalse();
        for (const z of Object.values(await scores(d))) if (!title.includes('its')) expect(z).toBeLessThan(4.5);
      });
    }

    it('is derived: a family that forgets its bounds is found out by its score', async () => {
      class Forgetful extends dist.HalfCauchy {
        override get support(): dist.Constraint {
          return {...super.support, ends: fixed(0, Infinity)};
        }
      }
      const d = only(loc => new Forgetful({loc, scale: 1}));
      expect(d.movesSupport).toBeFalse();
      expect((await scores(d))['loc']!).toBeGreaterThan(10);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
