import * as tf from '@tensorflow/tfjs-core';
import * as families from '../../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../../helpers/backends.js';
import {expectDerivative} from '../../helpers/derivatives.js';
import {expectNear, withoutLeak} from '../../helpers/near.js';
import {divergences} from '../reference/discrete.js';

type Build = new (config: object) => families.Distribution;
// families by name
const build = (family: string, config: object) => new (families as unknown as Record<string, Build>)[family]!(config);

describeBackends(
  'divergences of discrete families',
  () => {
    for (const family of new Set(divergences.map(d => d.family))) {
      it(`are exact: ${family}`, async () => {
        for (const {q, p, kl} of divergences.filter(d => d.family === family)) {
          const actual = withoutLeak('klDivergence', () => families.klDivergence(build(family, q), build(family, p)));
          expectNear(await actual.data(), [kl], `${JSON.stringify(q)} from ${JSON.stringify(p)}`, false, 0);
          actual.dispose();
        }
      });
    }

    it('have the right derivatives', async () => {
      const [q, p] = [tf.tensor1d([0.5, -1, 2]), tf.tensor1d([-0.5, -1.25, 1])];
      const cases: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
        Bernoulli: (a, b) =>
          families.klDivergence(new families.Bernoulli({logits: a}), new families.Bernoulli({logits: b})),
        Poisson: (a, b) =>
          families.klDivergence(new families.Poisson({rate: tf.exp(a)}), new families.Poisson({logRate: b})),
        Geometric: (a, b) =>
          families.klDivergence(new families.Geometric({probs: tf.sigmoid(a)}), new families.Geometric({logits: b})),
      };
      for (const [name, f] of Object.entries(cases)) {
        await expectDerivative(t => f(t, p), q, `divergence of ${name} by q`);
        await expectDerivative(t => f(q, t), p, `divergence of ${name} by p`);
      }
    });

    it('need equal numbers of trials', () => {
      const [q, p] = [3, 4].map(totalCount => new families.Binomial({totalCount, logits: 0})) as [
        families.Binomial,
        families.Binomial,
      ]; // two
      expect(() => families.klDivergence(q, p)).toThrowError(
        /^klDivergence: two Binomial distributions must have the same totalCount, got \[3, 4\]/,
      );
    });
  },
  {inBrief: [gpuOf('divergences of discrete families')]},
);
