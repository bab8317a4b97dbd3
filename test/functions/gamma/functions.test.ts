import * as tf from '@tensorflow/tfjs-core';
import * as gamma from '../../../src/functions/gamma/index.js';
import {polygamma} from '../../../src/functions/gamma/scalar.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectClose, expectFunction} from '../functionSuite.js';
import {gammaReference} from '../reference/gamma.js';

describeBackends('gamma', () => {
  for (const [name, reference] of Object.entries(gammaReference)) {
    it(`${name} and its derivatives match exact values`, async () => {
      const f = gamma[name as keyof typeof gammaReference] as (...x: tf.Tensor[]) => tf.Tensor; // all take tensors
      await expectFunction(name, f, reference, {
        relative: 2e-6,
        absolute: /^(lgamma|digamma|lbeta|gammaLog|poissonLog)/.test(name) ? 1e-6 : 0,
      });
    });
  }

  it('has poles and limits', async () => {
    const limits: Array<[string, tf.Tensor, number[]]> = [
      ['lgamma', gamma.lgamma([0, -1, -30, Infinity]), [Infinity, Infinity, Infinity, Infinity]],
      ['digamma', gamma.digamma([0, -1, Infinity]), [-Infinity, NaN, Infinity]],
      ['polygamma', gamma.polygamma([1, 2, 1.5], [0, 0, 1]), [Infinity, -Infinity, NaN]],
      [
        'gammaLogDensity',
        gamma.gammaLogDensity([0, 0, 0, Infinity], [0.5, 1, 2, 2]),
        [Infinity, 0, -Infinity, -Infinity],
      ],
      [
        'poissonLogMass',
        gamma.poissonLogMass([0, 1, -1, 0], [-Infinity, -Infinity, 1, 0]),
        [0, -Infinity, -Infinity, -1],
      ],
    ];
    for (const [name, values, expected] of limits)
      expectClose(await values.data(), expected, i => `${name} [${i}]`, {absolute: 0});
  });

  it('gives differences of polygamma functions down to a small argument', async () => {
    for (const n of [0, 1, 2]) {
      const [x, d] = [
        [12, 30, 0.5],
        [-11.875, -29.75, -0.375],
      ];
      const expected = x.map((v, i) => polygamma(n, v + d[i]!) - polygamma(n, v));
      const found = await gamma.polygammaDifference(n, x, d).data();
      expectClose(found, expected, i => `order ${n} [${i}]`, {relative: 2e-6});
    }
  });

  it('broadcasts, takes numbers, and leaves one tensor', () => {
    const before = tf.memory().numTensors;
    const t = gamma.lbeta([[1], [2]], [1, 2, 3]);
    expect(t.shape).toEqual([2, 3]);
    t.dispose();
    tf.dispose(gamma.lgamma(0.5));
    expect(tf.memory().numTensors).toBe(before);
    expect(() => gamma.lbeta([1, 2], [1, 2, 3])).toThrowError(/lbeta: /);
  });
});
