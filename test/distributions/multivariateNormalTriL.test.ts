import * as tf from '@tensorflow/tfjs-core';
import {klDivergence, type Distribution} from '../../src/distributions/index.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {triangularSolve} from '../../src/kernels/linalg/functions.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {describeMultivariateNormal, FACTORS, families, settingOf} from './multivariateNormals.js';

describeMultivariateNormal(
  'MultivariateNormalTriL',
  [
    [{}, 'MultivariateNormalTriL: scaleTril must be given'],
    [{scaleTril: [1, 2]}, 'MultivariateNormalTriL: scaleTril must have at least 2 axes, got [1, 2]'],
    [{scaleTril: [[1, 0]]}, 'MultivariateNormalTriL: scaleTril must be square in its last two axes, got [[1, 0]]'],
    [
      {
        scaleTril: [
          [1, 0.5],
          [0, 1],
        ],
      },
      'MultivariateNormalTriL: scaleTril must be a square lower triangular matrix with a diagonal > 0, got [1, 0.5, 0, 1]',
    ],
    [
      {
        scaleTril: [
          [1, 0],
          [2, 0],
        ],
      },
      'MultivariateNormalTriL: scaleTril must be a square lower triangular matrix with a diagonal > 0, got [1, 0, 2, 0]',
    ],
    [
      {
        loc: [1, 2, 3],
        scaleTril: [
          [1, 0],
          [0, 1],
        ],
      },
      'MultivariateNormalTriL: the last axis of loc must have length 2, as that of scaleTril, or 1, got 3',
    ],
  ],
  {
    config: settingOf('MultivariateNormalTriL'),
    logProb: (x: tf.Tensor, {loc, scaleTril}: Record<string, tf.Tensor>) => {
      const z = triangularSolve(scaleTril!, tf.expandDims(tf.sub(x, loc!), -1));
      const logDet = tf.sum(tf.log(tf.sum(tf.mul(scaleTril!, tf.eye(2)), -1)), -1);
      return tf.sub(tf.mul(tf.sum(tf.square(z), [-2, -1]), -0.5), tf.add(logDet, Math.log(2 * Math.PI)));
    },
  },
);

describeBackends(
  'MultivariateNormalTriL, given tensors',
  backend => {
    beforeAll(() => ensureKernels());
    const key = random.key(77);

    it('ignores what stands above the diagonal of a tensor', async () => {
      const upper = tf.tensor2d([
        [1, 9],
        [0.5, 0.8],
      ]);
      const [d, e] = [
        families.MultivariateNormalTriL({scaleTril: upper}),
        families.MultivariateNormalTriL({scaleTril: FACTORS[0]!}),
      ];
      for (const f of [
        (q: Distribution) => q.sample(3, {key}),
        (q: Distribution) => q.logProb([1, 2]),
        (q: Distribution) => q.covariance(),
        (q: Distribution) => q.stddev(),
        (q: Distribution) => q.entropy(),
        (q: Distribution) => klDivergence(q, e),
      ]) {
        expectNear(await read(f(d)), await read(f(e)), 'with rubbish above');
      }
      const slope = await read(tf.grad(t => families.MultivariateNormalTriL({scaleTril: t}).logProb([1, 2]))(upper));
      expect(slope[1]).toBe(0);
    });

    if (backend !== 'webgpu')
      // reads there are asynchronous
      it('reads them with validateArgs, and refuses what is not triangular or has a diagonal that is not > 0', () => {
        for (const scaleTril of [
          [
            [1, 2],
            [0, 1],
          ],
          [
            [1, 0],
            [2, -1],
          ],
        ]) {
          const t = tf.tensor2d(scaleTril);
          expect(() => families.MultivariateNormalTriL({scaleTril: t})).not.toThrow();
          expect(() => families.MultivariateNormalTriL({scaleTril: t, validateArgs: true})).toThrowError(
            /scaleTril must be a square lower triangular/,
          );
          t.dispose();
        }
      });
  },
  {inBrief: [gpuOf('multivariate normal distributions')]},
);
