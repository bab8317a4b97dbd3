import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../src/distributions/index.js';
import {klDivergence, type Distribution} from '../../src/distributions/index.js';
import {examples} from '../../scripts/distributions/examples.js';
import {klPairs} from '../../src/distributions/kl.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectDerivative} from '../helpers/distributionSuite.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {divergences} from './reference/gammas.js';

// each reference names a family
const families = dist as unknown as Record<string, new (config: object) => Distribution>;

describeBackends(
  'klDivergence of gamma variables and what is made of them',
  () => {
    const groups = new Map<string, typeof divergences>();
    for (const d of divergences) {
      const name = `${d.family} from ${d.to ?? d.family} by ${Object.keys(d.q).join(' and ')}`;
      groups.set(name, [...(groups.get(name) ?? []), d]);
    }
    for (const [name, cases] of groups) {
      it(`is exact for ${name}`, async () => {
        for (const {family, to, q, p, kl} of cases) {
          const [dq, dp] = [new families[family]!(q), new families[to ?? family]!(p)];
          const value = await read(withoutLeak('klDivergence', () => klDivergence(dq, dp)));
          // to its own size: nothing cancels
          expectNear(value, [kl], `KL of ${JSON.stringify(q)} from ${JSON.stringify(p)}`, false, 0);
        }
      });
    }

    it('has a closed form for each pair of the gamma families', () => {
      const ofEach = Object.values(examples).map(({curves}) => Object.values(curves)[0]!);
      const pairs = klPairs(ofEach).map(pair => pair.join(', '));
      for (const q of ['Gamma', 'Chi2', 'Exponential']) {
        for (const p of ['Gamma', 'Chi2', 'Exponential']) expect(pairs).toContain(`${q}, ${p}`);
      }
      for (const name of ['InverseGamma', 'Beta', 'VonMises', 'Dirichlet']) expect(pairs).toContain(`${name}, ${name}`);
    });

    it('has the right derivatives', async () => {
      const [a, b, c] = [tf.tensor1d([1.5, 2, 0.7]), tf.tensor1d([0.8, 3, 1]), tf.tensor1d([2, 0.5, 1.2])];
      const gamma = (concentration: tf.Tensor, rate: tf.Tensor) => new dist.Gamma({concentration, rate});
      const logarithmic = (concentration: tf.Tensor, logRate: tf.Tensor) => new dist.Gamma({concentration, logRate});
      const beta = (concentration1: tf.Tensor, concentration0: tf.Tensor) =>
        new dist.Beta({concentration1, concentration0});
      const angle = (loc: tf.Tensor, concentration: tf.Tensor) => new dist.VonMises({loc, concentration});
      for (const [name, create] of Object.entries({gamma, logarithmic, beta, angle})) {
        await expectDerivative(t => klDivergence(create(t, b), create(b, c)), a, `${name}: KL by q's first parameter`);
        await expectDerivative(t => klDivergence(create(b, t), create(b, c)), a, `${name}: KL by q's second parameter`);
        await expectDerivative(t => klDivergence(create(b, c), create(t, b)), a, `${name}: KL by p's first parameter`);
        await expectDerivative(t => klDivergence(create(b, c), create(b, t)), a, `${name}: KL by p's second parameter`);
      }
    });

    it('mixes rates with logarithms of rates, and broadcasts', async () => {
      const q = new dist.Gamma({concentration: [[1], [2]], logRate: 0.5});
      const p = new dist.Gamma({concentration: [1, 2, 3], rate: Math.exp(0.5)});
      const kl = withoutLeak('klDivergence', () => klDivergence(q, p));
      expect(kl.shape).toEqual([2, 3]);
      const values = await read(kl);
      expectNear([values[0]!, values[4]!], [0, 0], 'KL');
    });

    it('is 0 for equal distributions', async () => {
      const d = [
        new dist.Gamma({concentration: [1e-3, 3, 1e6], rate: 2}),
        new dist.Beta({concentration1: [1e-3, 3, 1e6], concentration0: 2}),
      ];
      for (const each of d) expect(await read(klDivergence(each, each))).toEqual([0, 0, 0]);
    });
  },
  {inBrief: [gpuOf('klDivergence of gamma variables and what is made of them')]},
);
