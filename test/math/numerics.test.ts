import * as tf from '@tensorflow/tfjs-core';
import {Normal, Uniform} from '../../src/distributions/index.js';
import {logNdtr, ndtr, ndtri} from '../../src/math/normal.js';
import {expm1, log1mexp, log1p, safeLog, xlogy} from '../../src/math/elementary.js';
import {grow} from '../../src/math/grow.js';
import {atLeast, atMost, finiteLog, lgamma1p, oneHotOf, select, weigh, weighedRatio} from '../../src/math/numerics.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectDerivative, expectNear} from '../helpers/distributionSuite.js';

describeBackends('numerics', () => {
  beforeAll(() => ensureKernels());
  const t = (values: number[]) => tf.tensor1d(values);

  it('keeps small numbers that naive forms lose', async () => {
    const x = [1e-7, -1e-7, 1e-3, 0.3, -0.39, 0.45, -0.6, 3].map(Math.fround);
    expectNear(await expm1(t(x)).data(), x.map(Math.expm1), 'expm1', true);
    const y = x.filter(v => v > -0.99);
    expectNear(await log1p(t(y)).data(), y.map(Math.log1p), 'log1p', true);
    const z = [1e-6, 0.01, 0.69, 0.7, 3, 12, 30].map(Math.fround);
    expectNear(await log1mexp(t(z)).data(), z.map(v => (v < 1 ? Math.log(-Math.expm1(-v)) : Math.log1p(-Math.exp(-v)))), 'log1mexp', true);
    expectNear(await lgamma1p(t([0, 1, 2, 3, 0.5, 20])).data(), [0, 0, Math.log(2), Math.log(6), -0.12078223763524522, 42.335616460753485], 'lgamma1p');
  });

  it('has exact infinities', async () => {
    expect(Array.from(await safeLog(t([0, 1])).data())).toEqual([-Infinity, 0]);
    expect(Array.from(await log1p(t([-1, 0])).data())).toEqual([-Infinity, 0]);
    expect(Array.from(await log1mexp(t([0])).data())).toEqual([-Infinity]);
    expect(Array.from(await ndtri(t([0, 1])).data())).toEqual([-Infinity, Infinity]);
    expect(Array.from(await xlogy(t([0, 1]), t([0, 0])).data())).toEqual([0, -Infinity]);
    expect(Array.from(await weigh(t([0, 0, 1]), t([-Infinity, Infinity, -Infinity])).data()).map(v => v + 0)).toEqual([0, 0, -Infinity]);
    const logs = [t([-Infinity, -Infinity, 0]), t([-Infinity, 1, -Infinity])] as const;
    expect(Array.from(await weighedRatio(t([0, 0, 1]), ...logs).data()).map(v => v + 0)).toEqual([0, 0, Infinity]);
    expect((await finiteLog(t([0])).data())[0]).toBeLessThan(-40);
  });

  it('has the right first and second derivatives', async () => {
    const cases: Array<[string, (x: tf.Tensor) => tf.Tensor, number[]]> = [
      ['expm1', expm1, [-2, -0.3, 0.2, 1]], ['log1p', log1p, [-0.6, -0.2, 0.3, 2]], ['log1mexp', log1mexp, [0.4, 1, 3]],
      ['lgamma1p', lgamma1p, [0.3, 1, 4]], ['safeLog', safeLog, [0.5, 1, 3]], ['xlogy', x => xlogy(x, x), [0.5, 1, 3]],
      ['ndtr', ndtr, [-2, 0, 1]], ['logNdtr', logNdtr, [-9, -2, 0.5, 2]], ['ndtri', ndtri, [0.2, 0.5, 0.7]],
      ['atLeast', x => tf.square(atLeast(x, 0)), [-1, 0.5, 2]], ['atMost', x => tf.square(atMost(x, 0)), [-1, 0.5, -2]],
    ];
    for (const [name, f, x] of cases) {
      await expectDerivative(f, t(x), name);
      await expectDerivative(u => tf.grad(v => tf.sum(f(v)))(u), t(x), `slope of ${name}`);
    }
    // at the bound as inside
    expect(Array.from(await tf.grad(x => tf.sum(atLeast(x, 0)))(t([-1, 0, 1])).data())).toEqual([0, 1, 1]);
    expect(Array.from(await tf.grad(x => tf.sum(atMost(x, 0)))(t([-1, 0, 1])).data())).toEqual([1, 1, 0]);
    // where both are 0, neither derivative is NaN
    const [dx, dy] = tf.grads((x, y) => tf.sum(xlogy(x, y)))([t([0, 2]), t([0, 4])]);
    expectNear(await dx!.data(), [0, Math.log(4)], 'xlogy by x');
    expectNear(await dy!.data(), [0, 0.5], 'xlogy by y');
  });

  it('grows and selects at any rank, with derivatives', async () => {
    const shape = [2, 1, 3, 1, 2, 2];
    expect(grow(tf.ones([3, 1, 1, 1]), shape).shape).toEqual(shape);
    expect(grow(tf.ones([2, 1], 'bool'), [2, 3]).dtype).toBe('bool');
    expect(grow(tf.ones([2, 1], 'int32'), [2, 3]).dtype).toBe('int32');
    const x = tf.tensor1d([1, -2]);
    const f = (v: tf.Tensor) => select(tf.greater(grow(v, shape), 0), v, tf.mul(v, 3));
    expect(f(x).shape).toEqual(shape);
    expectNear(await tf.grad(v => tf.sum(f(v)))(x).data(), [12, 36], 'gradient');
  });

  it('makes one-hot vectors of what is a class, and zeros of what is none', async () => {
    expect(await oneHotOf(tf.tensor1d([1, 0, 2, -1], 'int32'), 2).array()).toEqual([[0, 1], [1, 0], [0, 0], [0, 0]]);
    expect(await oneHotOf(tf.tensor1d([0, 0.5]), 1).array()).toEqual([[1], [0]]);
  });

  it('gives densities their derivatives at rank 6', async () => {
    const loc = tf.tensor2d([[0.5], [1]]);
    const x = tf.zeros([1, 2, 1, 1, 2, 3]);
    for (const f of [(l: tf.Tensor) => new Normal({loc: l, scale: 1}).logProb(x), (l: tf.Tensor) => new Normal({loc: l, scale: 1}).cdf(x)]) {
      expect(f(loc).shape).toEqual([1, 2, 1, 1, 2, 3]);
      expect((await tf.grad(l => tf.sum(f(l)))(loc).data()).every(v => v !== 0 && Number.isFinite(v))).toBe(true);
    }
    expect(new Uniform({low: -1, high: 1}).logProb(x).shape).toEqual([1, 2, 1, 1, 2, 3]);
  });
});
