import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../src/distributions/index.js';
import {klDivergence, registerKl, type Distribution} from '../../src/distributions/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectDerivative, expectNear, withoutLeak} from '../helpers/distributionSuite.js';
import {divergences} from './reference/basic.js';

const families = dist as unknown as Record<string, new (config: object) => Distribution>; // each reference names a family

describeBackends('klDivergence', () => {
  for (const {family, q, p, kl} of divergences) {
    it(`is exact for ${family} ${JSON.stringify(q)} from ${JSON.stringify(p)}`, async () => {
      const [dq, dp] = [new families[family]!(q), new families[family]!(p)];
      const value = withoutLeak('klDivergence', () => klDivergence(dq, dp));
      expectNear(await value.data(), [kl], 'KL');
    });
  }

  it('broadcasts, and has the right derivatives', async () => {
    const [loc, scale] = [tf.tensor1d([0, 1, -1]), tf.tensor1d([1, 2, 0.5])];
    for (const Family of [dist.Normal, dist.Laplace, dist.Gumbel]) {
      const p = new Family({loc: 0.3, scale: 1.5});
      const q = new Family({loc, scale: tf.reshape(scale, [3, 1])});
      const value = withoutLeak('klDivergence', () => klDivergence(q, p));
      expect(value.shape).toEqual([3, 3]);
      expect((await value.data()).every(v => v >= 0)).toBe(true);
      await expectDerivative(t => klDivergence(new Family({loc: t, scale}), p), loc, `KL by q's loc`);
      await expectDerivative(t => klDivergence(new Family({loc, scale: t}), p), scale, `KL by q's scale`);
      await expectDerivative(t => klDivergence(p, new Family({loc, scale: t})), scale, `KL by p's scale`);
    }
    const logits = tf.tensor2d([[0, 1, 2], [3, -1, 0]]);
    const p = new dist.Categorical({logits: [0.5, 0, 0]});
    await expectDerivative(t => klDivergence(new dist.Categorical({logits: t}), p), logits, `KL by q's logits`);
    await expectDerivative(t => klDivergence(p, new dist.Categorical({logits: t})), logits, `KL by p's logits`);
    await expectDerivative(
      t => klDivergence(new dist.Bernoulli({logits: t}), new dist.Bernoulli({probs: 0.3})), tf.tensor1d([0, 1, -3]), `KL by q's logits`);
  });

  it('is 0 for equal distributions, of their batch shape though it depend on less', async () => {
    const d = new dist.Normal({loc: [1, 2], scale: 3});
    expect(Array.from(await klDivergence(d, d).data())).toEqual([0, 0]);
    const u = new dist.Uniform({low: [[0], [1]], high: 5});
    expect(klDivergence(u, new dist.Uniform({low: 0, high: [5, 6, 7]})).shape).toEqual([2, 3]);
  });

  it('adds up over the elements of independent distributions', async () => {
    const q = dist.independent(new dist.Normal({loc: [[0, 1], [2, 3]], scale: 1}));
    const p = dist.independent(new dist.Normal({loc: [0, 0], scale: 1}));
    expectNear(await withoutLeak('klDivergence', () => klDivergence(q, p)).data(), [0.5, 6.5], 'KL');
    expect(() => klDivergence(q, dist.independent(new dist.Normal({loc: [[0, 1], [2, 3]], scale: 1}), 2)))
      .toThrowError('klDivergence: event shapes must be equal, got [2] and [2,2]');
    expect(() => klDivergence(q, new dist.Normal({loc: 0, scale: 1}))).toThrowError(/^klDivergence: no closed form for \(Independent, Normal\)/);
  });

  it('takes new pairs, and says which there are', () => {
    const [q, p] = [new dist.Normal({loc: 0, scale: 1}), new dist.Logistic({loc: 0, scale: 1})];
    expect(() => klDivergence(q, p)).toThrowError(/^klDivergence: no closed form for \(Normal, Logistic\); there is one for .*\(Normal, Normal\)/);
    expect(() => klDivergence(q, 3 as unknown as Distribution)).toThrowError('klDivergence: p must be a distribution, got 3');
    expect(() => klDivergence(null as unknown as Distribution, p)).toThrowError('klDivergence: q must be a distribution, got null');
    expect(() => klDivergence(new dist.Normal({loc: [1, 2], scale: 1}), new dist.Normal({loc: [1, 2, 3], scale: 1})))
      .toThrowError('klDivergence: shapes must broadcast, got [2] and [3]');
    registerKl('Logistic', 'Uniform', () => tf.scalar(7));
    expect(klDivergence(p, new dist.Uniform({low: [0, 1], high: 3})).shape).toEqual([2]);
  });
});
