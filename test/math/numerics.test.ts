import * as tf from '@tensorflow/tfjs-core';
import {Normal, Uniform} from '../../src/distributions/index.js';
import {grow} from '../../src/math/grow.js';
import {finiteLog} from '../../src/functions/logarithms/index.js';
import {atLeast, atMost, oneHotOf, select, signOf, withDerivative} from '../../src/math/numerics.js';
import {weigh} from '../../src/functions/masses/index.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear} from '../helpers/near.js';

describeBackends('numerics', () => {
  beforeAll(() => ensureKernels());
  const t = (values: number[]) => tf.tensor1d(values);

  it('has exact infinities', async () => {
    const weighed = await weigh(t([0, 0, 1]), t([-Infinity, Infinity, -Infinity])).data();
    expect(Array.from(weighed).map(v => v + 0)).toEqual([0, 0, -Infinity]);
    expect((await finiteLog(t([0])).data())[0]).toBeLessThan(-40);
  });

  it('bounds, at the bound as inside, with derivatives of both orders', async () => {
    const x = t([-2, -1, 0, 1, 3]);
    expect(Array.from(await atLeast(x, 0).data())).toEqual([0, 0, 0, 1, 3]);
    expect(Array.from(await atMost(x, 0).data())).toEqual([-2, -1, 0, 0, 0]);
    const second = (f: (v: tf.Tensor) => tf.Tensor) =>
      tf
        .grad(u => tf.sum(tf.grad(v => tf.sum(tf.square(f(v))))(u)))(x)
        .data();
    expect(
      Array.from(
        await tf
          .grad(v => tf.sum(atLeast(v, 0)))(x)
          .data(),
      ),
    ).toEqual([0, 0, 1, 1, 1]);
    expect(
      Array.from(
        await tf
          .grad(v => tf.sum(atMost(v, 0)))(x)
          .data(),
      ),
    ).toEqual([1, 1, 1, 0, 0]);
    expect(Array.from(await second(v => atLeast(v, 0)))).toEqual([0, 0, 2, 2, 2]);
    expect(Array.from(await second(v => atMost(v, 0)))).toEqual([2, 2, 2, 0, 0]);
  });

  it('knows the sign of small numbers, as a constant', async () => {
    expect(Array.from(await signOf(t([-1e-30, 0, 1e-37, 5])).data())).toEqual([-1, 0, 1, 1]);
    expect(
      Array.from(
        await tf
          .grad(x => tf.sum(tf.mul(x, signOf(x))))(t([-2, 3]))
          .data(),
      ),
    ).toEqual([-1, 1]);
  });

  it('states derivatives, of which there can be more', async () => {
    const sine: (x: tf.Tensor) => tf.Tensor = withDerivative(tf.sin, x => tf.cos(x));
    const slope = tf.grad(x => tf.sum(sine(x)));
    expectNear(await slope(t([0.5])).data(), [Math.cos(0.5)], 'slope');
    expectNear(
      await tf
        .grad(x => tf.sum(slope(x)))(t([0.5]))
        .data(),
      [-Math.sin(0.5)],
      'slope of the slope',
    );
  });

  it('grows and selects at any rank, with derivatives', async () => {
    const shape = [2, 1, 3, 1, 2, 2];
    expect(grow(tf.ones([3, 1, 1, 1]), shape).shape).toEqual(shape);
    expect(grow(tf.ones([2, 1], 'bool'), [2, 3]).dtype).toBe('bool');
    expect(grow(tf.ones([2, 1], 'int32'), [2, 3]).dtype).toBe('int32');
    const x = tf.tensor1d([1, -2]);
    const f = (v: tf.Tensor) => select(tf.greater(grow(v, shape), 0), v, tf.mul(v, 3));
    expect(f(x).shape).toEqual(shape);
    expectNear(
      await tf
        .grad(v => tf.sum(f(v)))(x)
        .data(),
      [12, 36],
      'gradient',
    );
  });

  it('makes one-hot vectors of what is a class, and zeros of what is none', async () => {
    expect(await oneHotOf(tf.tensor1d([1, 0, 2, -1], 'int32'), 2).array()).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await oneHotOf(tf.tensor1d([0, 0.5]), 1).array()).toEqual([[1], [0]]);
  });

  it('gives densities their derivatives at rank 6', async () => {
    const loc = tf.tensor2d([[0.5], [1]]);
    const x = tf.zeros([1, 2, 1, 1, 2, 3]);
    const normal = (l: tf.Tensor) => new Normal({loc: l, scale: 1});
    for (const f of [(l: tf.Tensor) => normal(l).logProb(x), (l: tf.Tensor) => normal(l).cdf(x)]) {
      expect(f(loc).shape).toEqual([1, 2, 1, 1, 2, 3]);
      expect(
        (
          await tf
            .grad(l => tf.sum(f(l)))(loc)
            .data()
        ).every(v => v !== 0 && Number.isFinite(v)),
      ).toBe(true);
    }
    expect(new Uniform({low: -1, high: 1}).logProb(x).shape).toEqual([1, 2, 1, 1, 2, 3]);
  });
});
