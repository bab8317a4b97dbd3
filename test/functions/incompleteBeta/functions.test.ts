import * as tf from '@tensorflow/tfjs-core';
import {betaLogDensity} from '../../../src/functions/betaDensity/index.js';
import * as beta from '../../../src/functions/incompleteBeta/index.js';
import {implicitBeta} from '../../../src/functions/implicit/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectClose, expectFunction} from '../functionSuite.js';
import {betaCases as cases} from '../reference/beta.js';

/** The product of columns. */
const times = (...columns: number[][]) => columns[0]!.map((_, i) => columns.reduce((product, c) => product * c[i]!, 1));
const negative = (column: number[]) => column.map(v => -v);

describeBackends('incompleteBeta', backend => {
  const inputs = {a: cases.a, b: cases.b, x: cases.x};
  const density = cases.logDensity.map(Math.exp);

  // Each derivative is a program of its own, which a software GPU compiles for seconds: there fewer of them, and single
  // precision allows less.
  const host = ['cpu', 'wasm'].includes(backend);
  const tolerance = {relative: host ? 5e-6 : 2e-5, absolute: host ? 0 : 1e-20};
  const bendTolerance = {relative: host ? 1e-5 : 5e-5, absolute: host ? 1e-16 : 1e-15};

  it('betaLogDensity and its derivatives match exact values', async () => {
    await expectFunction(
      'betaLogDensity',
      (a, b, x) => betaLogDensity(x, a, b),
      {
        inputs,
        value: cases.logDensity,
        first: {a: cases.scoreA, b: cases.scoreB, x: cases.slope},
        second: {'a,x': cases.x.map(x => 1 / x)},
      },
      {relative: 5e-6, absolute: 1e-6},
    );
    const ends = betaLogDensity([0, 0, 0, 1, 1, 1, 2], [0.5, 1, 2, 3, 3, 3, 1], [3, 3, 3, 0.5, 1, 2, 1]);
    const ln3 = Math.log(3);
    expectClose(
      await ends.data(),
      [Infinity, ln3, -Infinity, Infinity, ln3, -Infinity, NaN],
      i => `betaLogDensity at ends [${i}]`,
      {},
    );
    ends.dispose();
  });

  it('betainc, its complement and their derivatives match exact values', async () => {
    const byA = times(density, cases.scoreA);
    await expectFunction(
      'betainc',
      beta.betainc,
      {inputs, value: cases.betainc, first: {a: cases.dA, b: cases.dB, x: density}},
      tolerance,
    );
    const second = {'a,a': cases.dAA, 'a,b': cases.dAB, 'x,a': byA};
    const rest = {'b,b': cases.dBB, 'a,x': byA, 'x,b': times(density, cases.scoreB)};
    await expectFunction(
      'betainc',
      beta.betainc,
      {inputs, value: cases.betainc, second: host ? {...second, ...rest} : second},
      bendTolerance,
    );
    await expectFunction(
      'betaincc',
      beta.betaincc,
      {inputs, value: cases.betaincc, first: {a: negative(cases.dA)}},
      tolerance,
    );
  });

  it('their logarithms match exact values, with derivatives', async () => {
    const {logBetainc: lower, logBetaincc: upper} = cases;
    if (!host) {
      await expectFunction('logBetainc', beta.logBetainc, {inputs, value: lower, first: {a: cases.logA}}, tolerance);
      await expectFunction('logBetaincc', beta.logBetaincc, {inputs, value: upper, first: {x: cases.logcX}}, tolerance);
      return;
    }
    const first = {a: cases.logA, b: cases.logB, x: cases.logX};
    const firstC = {a: cases.logcA, b: cases.logcB, x: cases.logcX};
    await expectFunction('logBetainc', beta.logBetainc, {inputs, value: lower, first}, tolerance);
    await expectFunction('logBetaincc', beta.logBetaincc, {inputs, value: upper, first: firstC}, tolerance);
    const second = {'a,a': cases.logAA, 'a,b': cases.logAB, 'b,b': cases.logBB};
    const secondC = {'a,a': cases.logcAA, 'a,b': cases.logcAB, 'b,b': cases.logcBB};
    await expectFunction('logBetainc', beta.logBetainc, {inputs, value: lower, second}, bendTolerance);
    await expectFunction('logBetaincc', beta.logBetaincc, {inputs, value: upper, second: secondC}, bendTolerance);
  });

  it('derivatives of draws match exact values, and are differentiable', async () => {
    const {sampleA, sampleB} = cases;
    await expectFunction(
      'betaSampleDerivativeA',
      beta.betaSampleDerivativeA,
      {inputs, value: sampleA},
      {relative: 1e-5, absolute: 0},
    );
    await expectFunction(
      'betaSampleDerivativeB',
      beta.betaSampleDerivativeB,
      {inputs, value: sampleB},
      {relative: 1e-5, absolute: 0},
    );
    const bend = {relative: host ? 1e-5 : 1e-4, absolute: 0};
    await expectFunction(
      'betaSampleDerivativeA',
      beta.betaSampleDerivativeA,
      {inputs, value: sampleA, first: {a: cases.sampleAA}},
      bend,
    );
    if (!host) return;
    const {sampleAX, sampleBB, sampleBX} = cases;
    await expectFunction(
      'betaSampleDerivativeA',
      beta.betaSampleDerivativeA,
      {inputs, value: sampleA, first: {x: sampleAX}},
      bend,
    );
    await expectFunction(
      'betaSampleDerivativeB',
      beta.betaSampleDerivativeB,
      {inputs, value: sampleB, first: {b: sampleBB, x: sampleBX}},
      bend,
    );
    // mixed ones, some of which nearly vanish, as the exponents of local powers
    const [a, b, x] = [tf.tensor1d(cases.a), tf.tensor1d(cases.b), tf.tensor1d(cases.x)];
    const byB = await tf.tidy(() => tf.grad(v => tf.sum(beta.betaSampleDerivativeA(a, v, x)))(b)).data();
    const byA = await tf.tidy(() => tf.grad(v => tf.sum(beta.betaSampleDerivativeB(v, b, x)))(a)).data();
    const powers = (slopes: ArrayLike<number>, of: number[], by: number[]) =>
      of.map((d, i) => (slopes[i]! / d) * by[i]!);
    const at = (i: number) => `mixed derivative of a draw [${i}]`;
    expectClose(powers(byB, cases.sampleA, cases.b), powers(cases.sampleAB, cases.sampleA, cases.b), at, {
      relative: 1e-5,
      absolute: 1e-5,
    });
    expectClose(powers(byA, cases.sampleB, cases.a), powers(cases.sampleBA, cases.sampleB, cases.a), at, {
      relative: 1e-5,
      absolute: 1e-5,
    });
    tf.dispose([a, b, x]);
  });

  it('implicit draws carry their own dependence into second derivatives', async () => {
    const bend = cases.sampleAA.map((v, i) => v + cases.sampleAX[i]! * cases.sampleA[i]!);
    await expectFunction(
      'implicitBeta',
      (a, b) => implicitBeta(a, b, tf.tensor1d(cases.x)),
      {
        inputs: {a: cases.a, b: cases.b},
        value: cases.x,
        first: host ? {a: cases.sampleA, b: cases.sampleB} : {},
        second: host ? {'a,a': bend} : {},
      },
      {relative: 2e-5, absolute: 0},
    );
  });

  it('betaincInv is the inverse of betainc, with derivatives', async () => {
    const inside = cases.betainc.map((p, i) => (p > 1e-30 && p < 0.999 ? i : -1)).filter(i => i >= 0);
    const [a, b, x] = [cases.a, cases.b, cases.x].map(column => tf.tensor1d(inside.map(i => column[i]!))) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const p = beta.betainc(a, b, x);
    const back = beta.betaincInv(a, b, p);
    // what rounding p may change: x moves by p's error over the density, at least by its own
    const [ps, there, xs] = [await p.data(), await back.data(), await x.data()];
    const steps = inside.map((i, j) => Math.abs(there[j]! - xs[j]!) / (xs[j]! * 2e-6 + (ps[j]! * 5e-6) / density[i]!));
    const slack = host ? 1 : 10;
    steps.forEach((step, j) => {
      if (!(step <= slack))
        fail(`betaincInv of betainc(${cases.a[inside[j]!]}, ${cases.b[inside[j]!]}, ${xs[j]}) is ${there[j]}`);
    });
    tf.dispose([a, b, x, p, back]);

    if (!host) return;
    const slopes = tf.tidy(() =>
      tf.grads((u, v, w) => tf.sum(beta.betaincInv(u, v, w)))([2, 3, 0.3].map(v => tf.tensor1d([v]))),
    );
    const root = 0.2723837114; // I_x(2, 3) = 0.3
    const at = [tf.scalar(2), tf.scalar(3), tf.scalar(root)] as const;
    const exact = tf.tidy(() => [
      beta.betaSampleDerivativeA(...at),
      beta.betaSampleDerivativeB(...at),
      tf.exp(tf.neg(betaLogDensity(root, 2, 3))),
    ]);
    for (let i = 0; i < 3; i++)
      expectClose(await slopes[i]!.data(), Array.from(await exact[i]!.data()), () => `slope ${i} of betaincInv`, {
        relative: 1e-5,
      });
    tf.dispose([slopes, [...at], exact]);
  });

  it('has the right ends, gives NaN outside, and leaves one tensor', async () => {
    const before = tf.memory().numTensors;
    const [a, b, x] = [
      [2, 2, 0.5, 2, -1, 2, NaN],
      [3, 3, 0.5, 3, 1, 3, 1],
      [0, 1, 0, 1.5, 0.5, -0.1, 0.5],
    ];
    const expected: Array<[keyof typeof beta, tf.Tensor, number[]]> = [
      ['betainc', beta.betainc(a, b, x), [0, 1, 0, NaN, NaN, NaN, NaN]],
      ['betaincc', beta.betaincc(a, b, x), [1, 0, 1, NaN, NaN, NaN, NaN]],
      ['logBetainc', beta.logBetainc(a, b, x), [-Infinity, 0, -Infinity, NaN, NaN, NaN, NaN]],
      ['logBetaincc', beta.logBetaincc(a, b, x), [0, -Infinity, 0, NaN, NaN, NaN, NaN]],
      ['betaincInv', beta.betaincInv(a, b, x), [0, 1, 0, NaN, NaN, NaN, NaN]],
      ['betaSampleDerivativeA', beta.betaSampleDerivativeA(a, b, x), [0, 0, 0, NaN, NaN, NaN, NaN]],
    ];
    for (const [name, values, exact] of expected) {
      expectClose(
        (await values.data()).map(v => v + 0),
        exact,
        i => `${name} [${i}]`,
        {absolute: 0},
      );
      values.dispose();
    }
    const column = beta.betainc([[1], [2]], [1, 2, 3], 0.5);
    expect(column.shape).toEqual([2, 3]);
    column.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
