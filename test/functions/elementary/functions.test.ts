import * as tf from '@tensorflow/tfjs-core';
import * as elementary from '../../../src/functions/elementary/index.js';
import {expectClose} from '../functionSuite.js';
import {describeGroup} from '../groupSuite.js';
import {elementaryReference} from '../reference/elementary.js';

const {log1mexp, safeLog, xlog1py, xlogy} = elementary;

describeGroup(
  'elementary',
  {
    functions: elementary,
    reference: elementaryReference,
    zeros: {safeLog: 5e-7, xlogy: 5e-7, xlog1py: 5e-7, logAddExp: 1e-7, softplusInverse: 5e-7},
    outside: {
      log1p: [[-1.5]],
      log1pmx: [[-1.5]],
      safeLog: [[-1]],
      softplusInverse: [[-0.5]],
      xlogy: [
        [0, NaN],
        [2, -1],
      ],
      xlog1py: [
        [0, NaN],
        [2, -1.5],
      ],
    },
  },
  () => {
    const slopes = (f: (...x: tf.Tensor[]) => tf.Tensor, ...x: number[][]) =>
      tf.grads((...t: tf.Tensor[]) => tf.sum(f(...t)))(x.map(v => tf.tensor1d(v)));

    it('takes derivatives as 0 where the value is −∞, or a product of 0 and −∞', async () => {
      const at = (i: number) => `element ${i}`;
      expectClose(await slopes(safeLog, [0, 4])[0]!.data(), [0, 0.25], at, {});
      expectClose(await slopes(log1mexp, [0, Math.LN2])[0]!.data(), [0, 1], at, {});
      const [dx, dy] = slopes(xlogy, [0, 2, 0], [0, 4, 4]);
      expectClose(await dx!.data(), [0, Math.log(4), Math.log(4)], at, {});
      expectClose(await dy!.data(), [0, 0.5, 0], at, {});
      const [ex, ey] = slopes(xlog1py, [0, 2], [-1, 3]);
      expectClose(await ex!.data(), [0, Math.log(4)], at, {});
      expectClose(await ey!.data(), [0, 0.5], at, {});
    });

    it('shares the derivative of logAddExp between equal infinities', async () => {
      const [da, db] = slopes(elementary.logAddExp, [-Infinity, Infinity, -Infinity], [-Infinity, Infinity, 0]);
      expectClose(await da!.data(), [0.5, 0.5, 0], i => `da ${i}`, {});
      expectClose(await db!.data(), [0.5, 0.5, 1], i => `db ${i}`, {});
    });
  },
);
