import * as tf from '@tensorflow/tfjs-core';
import {implicitGamma, implicitLogGamma} from '../../../src/functions/implicit/index.js';
import * as incomplete from '../../../src/functions/incompleteGamma/index.js';
import * as quantile from '../../../src/functions/incompleteGamma/quantileScalar.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectClose, expectFunction, type Tolerances} from '../functionSuite.js';
import {incompleteGammaReference} from '../reference/incompleteGamma.js';

type Name = keyof typeof incompleteGammaReference;

// Second derivatives by a cross zero near the mean. On GPUs, slopes of sample derivatives are differences of terms √a
// times as large.
const tolerances: Partial<Record<Name, Tolerances>> = {
  igamma: {second: {absolute: 2e-9}},
  igammac: {second: {absolute: 2e-9}},
  logIgammac: {second: {absolute: 2e-8}},
  gammaSampleDerivative: {first: {slack: 1000}},
  igammaInv: {first: {slack: 500}},
  igammacInv: {first: {slack: 500}},
  logGammaSampleDerivative: {first: {slack: 100}},
};

describeBackends('incompleteGamma', () => {
  for (const [name, reference] of Object.entries(incompleteGammaReference)) {
    it(`${name} and its derivatives match exact values`, async () => {
      const f = incomplete[name as Name] as (...x: tf.Tensor[]) => tf.Tensor; // all take tensors
      await expectFunction(name, f, reference, {relative: 2e-6, absolute: 0, ...tolerances[name as Name]});
    });
  }

  it('has the right values at the ends', async () => {
    const a = [1, 1, 0, 0, 1, -1, Infinity];
    const x = [0, Infinity, 0, 1, -1, 1, 1];
    const [inf, nan] = [Infinity, NaN];
    const ends: Array<[string, tf.Tensor, number[]]> = [
      ['igamma', incomplete.igamma(a, x), [0, 1, nan, 1, nan, nan, 0]],
      ['igammac', incomplete.igammac(a, x), [1, 0, nan, 0, nan, nan, 1]],
      ['logIgamma', incomplete.logIgamma(a, x), [-inf, 0, nan, 0, nan, nan, -inf]],
      ['logIgammac', incomplete.logIgammac(a, x), [0, -inf, nan, -inf, nan, nan, 0]],
      ['igammaInv', incomplete.igammaInv([2, 2, 2, -1], [0, 1, 2, 0.5]), [0, inf, nan, nan]],
      ['igammacInv', incomplete.igammacInv([2, 2, 2], [0, 1, -1]), [inf, 0, nan]],
    ];
    for (const [name, values, expected] of ends)
      expectClose(await values.data(), expected, i => `${name} [${i}]`, {absolute: 0});
  });

  it('inverts', async () => {
    const a = [0.3, 1, 2.5, 12, 200, 1e5];
    const x = [0.02, 3, 1, 15, 190, 1.003e5].map(Math.fround);
    const back = tf.tidy(() => incomplete.igammaInv(a, incomplete.igamma(a, x)));
    expectClose(await back.data(), x, i => `x(${a[i]}) [${i}]`, {relative: 1e-6});
    const backUpper = tf.tidy(() => incomplete.igammacInv(a, incomplete.igammac(a, x)));
    expectClose(await backUpper.data(), x, i => `x(${a[i]}) [${i}]`, {relative: 1e-6});
    tf.dispose([back, backUpper]);
  });

  it('has slopes of inverses that differentiate', async () => {
    const [a, p] = [
      [0.6, 2, 30],
      [0.3, 0.9, 0.4],
    ];
    const h = 1e-4;
    const at = (i: number, da: number, dp: number) =>
      quantile.igammaInv(Math.fround(a[i]!) + da, Math.fround(p[i]!) + dp);
    const slope =
      (f: (...x: tf.Tensor[]) => tf.Tensor, k: number) =>
      (...x: tf.Tensor[]) =>
        tf.grad(t => tf.sum(f(...x.slice(0, k), t, ...x.slice(k + 1))))(x[k]!);
    const inputs = [tf.tensor1d(a), tf.tensor1d(p)];
    const lower = slope(incomplete.igammaInv, 1);
    const upper = slope((s: tf.Tensor, t: tf.Tensor) => incomplete.igammacInv(s, tf.sub(1, t)), 1);
    const twice = a.map((_, i) => (at(i, 0, h) - 2 * at(i, 0, 0) + at(i, 0, -h)) / (h * h));
    const mixed = a.map((_, i) => (at(i, h, h) - at(i, h, -h) - at(i, -h, h) + at(i, -h, -h)) / (4 * h * h));
    for (const [name, f] of [
      ['igammaInv', lower],
      ['igammacInv', upper],
    ] as const) {
      expectClose(await slope(f, 1)(...inputs).data(), twice, i => `d²/dp² ${name} [${i}]`, {relative: 1e-4});
      expectClose(await slope(f, 0)(...inputs).data(), mixed, i => `d²/dadp ${name} [${i}]`, {relative: 1e-4});
    }
  });

  it('moves draws at a fixed quantile, to the second order', async () => {
    const a = tf.tensor1d([0.3, 1.5, 8, 40]);
    const p = [0.2, 0.5, 0.9, 0.3];
    const h = 1e-3;
    const z = await incomplete.igammaInv(a, p).data();
    const exact = [...z].map((_, i) => {
      const at = (step: number) =>
        quantile.igammaInv([0.3, 1.5, 8, 40].map(Math.fround)[i]! + step, Math.fround(p[i]!));
      return [(at(h) - at(-h)) / (2 * h), (at(h) - 2 * at(0) + at(-h)) / (h * h)];
    });
    const draw = (t: tf.Tensor) => implicitGamma(t, tf.tensor1d(z));
    const first = (t: tf.Tensor) => tf.grad(u => tf.sum(draw(u)))(t);
    expectClose(await draw(a).data(), [...z], i => `z [${i}]`, {});
    expectClose(
      await first(a).data(),
      exact.map(e => e[0]!),
      i => `dz/da [${i}]`,
      {relative: 2e-5},
    );
    expectClose(
      await tf
        .grad(t => tf.sum(first(t)))(a)
        .data(),
      exact.map(e => e[1]!),
      i => `d²z/da² [${i}]`,
      {relative: 2e-4},
    );
    // the same in logarithms: d ln z = dz/z
    const logs = (t: tf.Tensor) => implicitLogGamma(t, tf.log(tf.tensor1d(z)));
    const firstOfLogs = (t: tf.Tensor) => tf.grad(u => tf.sum(logs(u)))(t);
    expectClose(
      await firstOfLogs(a).data(),
      exact.map((e, i) => e[0]! / z[i]!),
      i => `d ln z/da [${i}]`,
      {relative: 2e-5},
    );
    const expected = exact.map((e, i) => e[1]! / z[i]! - (e[0]! / z[i]!) ** 2);
    expectClose(
      await tf
        .grad(t => tf.sum(firstOfLogs(t)))(a)
        .data(),
      expected,
      i => `d² ln z/da² [${i}]`,
      {relative: 2e-4},
    );
  });

  it('broadcasts the parameter of draws, leaves one tensor, and says which derivative there is not', () => {
    const [a, z] = [tf.tensor1d([1, 2]), tf.ones([3, 2])];
    const before = tf.memory().numTensors;
    const slope = tf.tidy(() => tf.grad(t => tf.sum(implicitGamma(t, z)))(a));
    expect(slope.shape).toEqual([2]);
    const P = incomplete.igamma(a, z);
    expect(P.shape).toEqual([3, 2]);
    expect(tf.memory().numTensors).toBe(before + 2);
    const thrice = () =>
      tf.tidy(() => {
        const f = (t: tf.Tensor) => incomplete.igamma(t, z);
        return tf.grad(t => tf.sum(tf.grad(u => tf.sum(tf.grad(v => tf.sum(f(v)))(u)))(t)))(a);
      });
    expect(thrice).toThrowError(/StIgammaDaa: there is no derivative in a/);
  });
});
