import * as tf from '@tensorflow/tfjs-core';
import {binomialLogMass, negativeBinomialLogMass} from '../../../src/functions/masses/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectClose, expectFunction} from '../functionSuite.js';
import {binomialCases, negativeBinomialCases} from '../reference/beta.js';

describeBackends('masses', () => {
  const both = [
    ['binomialLogMass', binomialLogMass, binomialCases],
    ['negativeBinomialLogMass', negativeBinomialLogMass, negativeBinomialCases],
  ] as const;

  for (const [name, f, cases] of both) {
    it(`${name} and its derivatives match exact values`, async () => {
      const inputs = {k: cases.k, n: cases.n, logits: cases.logits};
      await expectFunction(
        name,
        f,
        {
          inputs,
          value: cases.value,
          first: {k: cases.dK, n: cases.dN, logits: cases.dLogits},
          second: {'k,k': cases.dKK, 'n,n': cases.dNN, 'logits,logits': cases.dLogitsLogits},
        },
        {relative: 5e-6, absolute: 1e-6},
      );
    });
  }

  it('the score keeps its accuracy near its zero and where the logits are extreme', async () => {
    const inputs = {k: binomialCases.k, n: binomialCases.n, logits: binomialCases.logits};
    const value = tf.tidy(() =>
      tf.grad(l => tf.sum(binomialLogMass(inputs.k, inputs.n, l)))(tf.tensor1d(inputs.logits)),
    );
    expectClose(await value.data(), binomialCases.dLogits, i => `score [${i}]`, {relative: 1e-5, absolute: 0});
    value.dispose();
  });

  it('has the right ends, gives NaN for NaN, and leaves one tensor', async () => {
    const before = tf.memory().numTensors;
    const binomial = binomialLogMass([-1, 6, 0, 0, NaN], [5, 5, 0, 5, 5], [0, 0, 0, -Infinity, 0]);
    expectClose(
      (await binomial.data()).map(v => v + 0),
      [-Infinity, -Infinity, 0, 0, NaN],
      i => `binomial [${i}]`,
      {absolute: 0},
    );
    const negative = negativeBinomialLogMass([-1, 0, 2], [5, 5, -1], [0, -Infinity, 0]);
    expectClose(
      (await negative.data()).map(v => v + 0),
      [-Infinity, 0, NaN],
      i => `negative binomial [${i}]`,
      {absolute: 0},
    );
    const grown = binomialLogMass([[1], [2]], 5, [0, 1, 2]);
    expect(grown.shape).toEqual([2, 3]);
    tf.dispose([binomial, negative, grown]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
