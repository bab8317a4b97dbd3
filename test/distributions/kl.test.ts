import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../src/distributions/index.js';
import {crossEntropy, klDivergence, registerKl, type Distribution} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {expectDerivative, expectNear, withoutLeak} from '../helpers/distributionSuite.js';
import {divergences} from './reference/basic.js';

const families = dist as unknown as Record<string, new (config: object) => Distribution>; // each reference names a family

describeBackends('klDivergence', () => {
  for (const {family, q, p, kl} of divergences) {
    it(`is exact for ${family} ${JSON.stringify(q)} from ${JSON.stringify(p)}`, async () => {
      const [dq, dp] = [new families[family]!(q), new families[family]!(p)];
      const value = withoutLeak('klDivergence', () => klDivergence(dq, dp));
      expectNear(await value.data(), [kl], 'KL', false, 1e-12);
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
    expect(() => klDivergence(q, new dist.Normal({loc: 0, scale: 1}))).toThrowError('klDivergence: event shapes must be equal, got [2] and []');
  });

  it('estimates what has no closed form, on request, with the right gradient', async () => {
    // N(loc, 1) from Laplace(0, 1): E ln q − E ln p with E|x| by the folded normal; the exact value is that of a fine Riemann sum
    const exact = (loc: number) => {
      let sum = 0;
      for (let x = -12; x <= 12; x += 1e-3) {
        const q = Math.exp(-0.5 * (x - loc) ** 2) / Math.sqrt(2 * Math.PI);
        sum += q * (Math.log(Math.max(q, 1e-300)) + Math.LN2 + Math.abs(x)) * 1e-3;
      }
      return sum;
    };
    const n = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 2_000});
    const p = new dist.Laplace({loc: 0, scale: 1});
    const key = random.key(3);
    const f = (loc: tf.Tensor) => klDivergence(new dist.Normal({loc, scale: 1}), p, {samples: n, key});
    const loc = tf.scalar(0.7);
    expect(Math.abs((await withoutLeak('klDivergence', () => f(loc)).data())[0]! - exact(0.7))).toBeLessThan(4.5 * 1 / Math.sqrt(n));
    const slope = (exact(0.7001) - exact(0.6999)) / 2e-4;
    expect(Math.abs((await tf.grad(f)(loc).data())[0]! - slope)).toBeLessThan(4.5 * 1 / Math.sqrt(n));
  });

  it('estimates with the score where samples have no derivative', async () => {
    // a Categorical of the same two values
    const n = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 2_000});
    const logits = tf.scalar(0.4);
    const q = (t: tf.Tensor) => new dist.Bernoulli({logits: t});
    const p = new dist.Categorical({probs: [0.3, 0.7]});
    const exactly = (a: number) => {
      const s = 1 / (1 + Math.exp(-a));
      return s * Math.log(s / 0.7) + (1 - s) * Math.log((1 - s) / 0.3);
    };
    const f = (t: tf.Tensor) => klDivergence(q(t), p, {samples: n, key: random.key(4)});
    expect(Math.abs((await f(logits).data())[0]! - exactly(0.4))).toBeLessThan(4.5 / Math.sqrt(n));
    const slope = (exactly(0.401) - exactly(0.399)) / 2e-3;
    expect(Math.abs((await tf.grad(f)(logits).data())[0]! - slope)).toBeLessThan(4.5 / Math.sqrt(n));
    // and by the second derivative
    const curve = (exactly(0.41) - 2 * exactly(0.4) + exactly(0.39)) / 1e-4;
    expect(Math.abs((await tf.grad(t => tf.grad(f)(t))(logits).data())[0]! - curve)).toBeLessThan(4.5 * 2 / Math.sqrt(n));
    expect(() => klDivergence(q(logits), p)).toThrowError(/^klDivergence: no closed form for \(Bernoulli, Categorical\), give \{samples\} for an estimate/);
    expect(() => klDivergence(q(logits), p, {samples: 0})).toThrowError('klDivergence: samples must be an integer >= 1, got 0');
  });

  it('gives cross entropies', async () => {
    const [q, p] = [new dist.Normal({loc: [0, 1], scale: 1}), new dist.Normal({loc: 0.5, scale: 2})];
    // ln(σ√2π) + (1 + (μ − 0.5)²) / (2σ²)
    const exact = Math.log(2 * Math.sqrt(2 * Math.PI)) + 1.25 / 8;
    expectNear(await withoutLeak('crossEntropy', () => crossEntropy(q, p)).data(), [exact, exact], 'cross entropy');
    const laplace = new dist.Laplace({loc: 0, scale: 1});
    expect(() => crossEntropy(q, laplace)).toThrowError(/^crossEntropy: no closed form for \(Normal, Laplace\)/);
    const samples = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 2_000});
    const estimate = await crossEntropy(q, laplace, {samples, key: random.key(5)}).data();
    expect(Math.abs(estimate[0]! - Math.LN2 - Math.sqrt(2 / Math.PI))).toBeLessThan(4.5 * 0.61 / Math.sqrt(samples));
  });

  it('takes new pairs, and says which there are', () => {
    const [q, p] = [new dist.Normal({loc: 0, scale: 1}), new dist.Logistic({loc: 0, scale: 1})];
    expect(() => klDivergence(q, p)).toThrowError(/^klDivergence: no closed form for \(Normal, Logistic\), give .*; there is one for .*\(Normal, Normal\)/);
    expect(() => klDivergence(q, 3 as unknown as Distribution)).toThrowError('klDivergence: p must be a distribution, got 3');
    expect(() => klDivergence(null as unknown as Distribution, p)).toThrowError('klDivergence: q must be a distribution, got null');
    expect(() => klDivergence(new dist.Normal({loc: [1, 2], scale: 1}), new dist.Normal({loc: [1, 2, 3], scale: 1})))
      .toThrowError('klDivergence: shapes must broadcast, got [2] and [3]');
    registerKl('Logistic', 'Uniform', () => tf.scalar(7));
    expect(klDivergence(p, new dist.Uniform({low: [0, 1], high: 3})).shape).toEqual([2]);
  });
}, {inBrief: [gpuOf('klDivergence')]});
