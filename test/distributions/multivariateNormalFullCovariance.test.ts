import * as tf from '@tensorflow/tfjs-core';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {describeMultivariateNormal, families} from './multivariateNormals.js';

describeMultivariateNormal('MultivariateNormalFullCovariance', [
  [{}, 'MultivariateNormalFullCovariance: covarianceMatrix must be given'],
  [
    {
      covarianceMatrix: [
        [1, 2],
        [2, 1],
      ],
    },
    'MultivariateNormalFullCovariance: covarianceMatrix must be a symmetric positive definite matrix, got [1, 2, 2, 1]',
  ],
  [
    {
      covarianceMatrix: [
        [1, 0.5],
        [0, 1],
      ],
    },
    'MultivariateNormalFullCovariance: covarianceMatrix must be a symmetric positive definite matrix, got [1, 0.5, 0, 1]',
  ],
  [
    {covarianceMatrix: [[[1]], [[0]]]},
    'MultivariateNormalFullCovariance: covarianceMatrix must be a symmetric positive definite matrix, got [0] at [1]',
  ],
  [
    {loc: [1, 2], covarianceMatrix: [[1]]},
    'MultivariateNormalFullCovariance: the last axis of loc must have length 1, as that of covarianceMatrix, or 1, got 2',
  ],
]);

describeBackends(
  'MultivariateNormalFullCovariance, given tensors',
  backend => {
    beforeAll(() => ensureKernels());
    const onGpu = backend === 'webgl' || backend === 'webgpu';

    it('factorises only what can be, and reads them with validateArgs', async () => {
      const indefinite = tf.tensor2d([
        [1, 2],
        [2, 1],
      ]);
      const d = families.MultivariateNormalFullCovariance({covarianceMatrix: indefinite});
      if (onGpu) expect((await read(d.logProb([1, 2])))[0]).toBeNaN();
      else
        expect(() => d.logProb([1, 2])).toThrowError(
          'cholesky: the matrix must be positive definite, got pivot -3 at [1]',
        );
      if (backend === 'webgpu') return; // reads there are asynchronous
      expect(() =>
        families.MultivariateNormalFullCovariance({covarianceMatrix: indefinite, validateArgs: true}),
      ).toThrowError(/covarianceMatrix must be a symmetric positive definite matrix/);
    });

    it('takes the symmetric part of a tensor', async () => {
      const skew = tf.tensor2d([
        [2, 0.5],
        [0.7, 1],
      ]);
      const d = families.MultivariateNormalFullCovariance({covarianceMatrix: skew});
      expectNear(await read(d.covariance()), [2, 0.6, 0.6, 1], 'covariance');
      expectNear(await read(d.variance()), [2, 1], 'variance');
      expectNear(await read(d.stddev()), [Math.SQRT2, 1], 'stddev');
      // ln p = −½ xᵀΣ⁻¹x − ½ ln det Σ − ln 2π
      const [x, y, det] = [0.3, -0.8, 2 - 0.36];
      const square = (x * x - 2 * 0.6 * x * y + 2 * y * y) / det;
      expectNear(
        await read(d.logProb([x, y])),
        [-0.5 * square - 0.5 * Math.log(det) - Math.log(2 * Math.PI)],
        'logProb',
      );
      const slope = await read(
        tf.tidy(() =>
          tf.grad(t => tf.sum(families.MultivariateNormalFullCovariance({covarianceMatrix: t}).covariance()))(skew),
        ),
      );
      expectNear(slope, [1, 1, 1, 1], 'each half of the pair counts');
      skew.dispose();
    });
  },
  {inBrief: [gpuOf('multivariate normal distributions')]},
);
