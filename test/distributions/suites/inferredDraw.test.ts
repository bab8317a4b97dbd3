import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../../src/distributions/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../../helpers/near.js';
import {ensureKernels} from '../../../src/kernels/index.js';
import * as random from '../../../src/random/index.js';

/** Families and compositions of them on parameters p: [3, 2] and s: [3, 2], s > 0. */
const made: Record<string, (p: tf.Tensor, s: tf.Tensor) => dist.Distribution> = {
  Normal: (loc, scale) => new dist.Normal({loc, scale}),
  Laplace: (loc, scale) => new dist.Laplace({loc, scale}),
  Gumbel: (loc, scale) => new dist.Gumbel({loc, scale}),
  LogNormal: (loc, scale) => new dist.LogNormal({loc, scale}),
  LogitNormal: (loc, scale) => new dist.LogitNormal({loc, scale}),
  HalfNormal: (_, scale) => new dist.HalfNormal({scale}),
  StudentT: (loc, scale) => new dist.StudentT({df: tf.add(scale, 2), loc, scale}),
  'independent normals': (loc, scale) => dist.independent(new dist.Normal({loc, scale})),
  MultivariateNormalDiag: (loc, scaleDiag) => new dist.MultivariateNormalDiag({loc, scaleDiag}),
  'MultivariateNormalDiag without loc': (_, scaleDiag) => new dist.MultivariateNormalDiag({scaleDiag}),
  MultivariateNormalTriL: (loc, s) => new dist.MultivariateNormalTriL({loc, scaleTril: triangles(s)}),
  MultivariateNormalFullCovariance: (loc, s) =>
    new dist.MultivariateNormalFullCovariance({
      loc,
      covarianceMatrix: tf.matMul(triangles(s), triangles(s), false, true),
    }),
  'tanh of independent normals': (loc, scale) =>
    dist.independent(
      new dist.TransformedDistribution({
        distribution: new dist.Normal({loc, scale}),
        bijector: new dist.bijectors.Tanh(),
      }),
    ),
  'exponential of a normal': (loc, scale) =>
    new dist.TransformedDistribution({distribution: new dist.Normal({loc, scale}), bijector: new dist.bijectors.Exp()}),
  'sigmoid of a normal': (loc, scale) =>
    new dist.TransformedDistribution({
      distribution: new dist.Normal({loc, scale}),
      bijector: new dist.bijectors.Sigmoid(),
    }),
  'an affine map with parameters': (shift, scale) =>
    new dist.TransformedDistribution({
      distribution: new dist.Normal({loc: tf.mul(shift, 2), scale: 1}),
      bijector: new dist.bijectors.Affine({shift, scale}),
    }),
};

/** [[s₀, 0], [s₁, s₀]] for each row of s. */
const triangles = (s: tf.Tensor): tf.Tensor => {
  const [first, second] = tf.unstack(s, 1) as [tf.Tensor, tf.Tensor];
  return tf.reshape(tf.stack([first, tf.zerosLike(first), second, first], 1), [-1, 2, 2]);
};

describeBackends(
  'inferredDraw',
  () => {
    const key = random.key(4);
    beforeAll(() => ensureKernels());

    for (const [name, make] of Object.entries(made)) {
      it(`gives a draw of ${name} again, with the derivatives that it had`, async () => {
        const [p, s] = [
          tf.tensor2d([
            [0.3, -0.5],
            [0, 1],
            [-0.2, 0.1],
          ]),
          tf.tensor2d([
            [0.5, 1.2],
            [1, 0.3],
            [0.7, 0.4],
          ]),
        ];
        const weights = tf.tensor2d([
          [1, -2],
          [0.5, 3],
          [-1, 2],
        ]);
        const x = tf.tidy(() => make(p, s).sample([], {key}));
        const again = withoutLeak('inferredDraw', () => tf.tidy(() => make(p, s).inferredDraw!(x)));
        expectNear(await read(again), Array.from(await x.data()), `value of ${name}`, false, 1e-5);
        const slopes = (draw: (q: dist.Distribution) => tf.Tensor) =>
          tf.tidy(() =>
            tf.concat(
              tf.grads((a: tf.Tensor, b: tf.Tensor) =>
                tf.add(tf.sum(tf.mul(draw(make(a, b)), weights)), tf.mul(0, tf.add(tf.sum(a), tf.sum(b)))),
              )([p, s]),
            ),
          );
        const original = await read(slopes(q => q.sample([], {key})));
        expectNear(await read(slopes(q => q.inferredDraw!(x))), original, `derivatives of ${name}`, false, 2e-4);
        tf.dispose([p, s, weights, x]);
      });
    }

    it('serves parameters that broadcast to the value', async () => {
      const q = new dist.MultivariateNormalTriL({
        loc: [1, 2],
        scaleTril: [
          [1, 0],
          [0.5, 2],
        ],
      });
      expectNear(
        await read(
          tf.tidy(() =>
            q.inferredDraw(
              tf.tensor2d([
                [3, 4],
                [5, 6],
                [-7, 8],
              ]),
            ),
          ),
        ),
        [3, 4, 5, 6, -7, 8],
        'value',
      );
    });

    it('is NaN where the value is', async () => {
      for (const [name, make] of Object.entries(made)) {
        const [p, s] = [
          tf.tensor2d([
            [0.3, -0.5],
            [0, 1],
            [-0.2, 0.1],
          ]),
          tf.tensor2d([
            [0.5, 1.2],
            [1, 0.3],
            [0.7, 0.4],
          ]),
        ];
        const again = await read(tf.tidy(() => make(p, s).inferredDraw!(tf.fill([3, 2], NaN))));
        expect(again.every(Number.isNaN)).withContext(name).toBeTrue();
        tf.dispose([p, s]);
      }
    });

    it('stays finite where a map has saturated', async () => {
      const draw = (loc: tf.Tensor) =>
        new dist.TransformedDistribution({
          distribution: new dist.Normal({loc, scale: 0.1}),
          bijector: new dist.bijectors.Tanh(),
        }).inferredDraw!(tf.tensor1d([1, -1]));
      const loc = tf.tensor1d([0.5, -0.5]);
      expectNear(await read(tf.tidy(() => draw(loc))), [1, -1], 'value');
      expectNear(await read(tf.tidy(() => tf.grad(draw)(loc))), [0, 0], 'derivative');
      loc.dispose();
    });

    it('does not exist where the noise is no function of the value', () => {
      for (const q of [
        new dist.Bernoulli({probs: 0.5}),
        new dist.Uniform({low: 0, high: 1}),
        dist.independent(new dist.Poisson({rate: [1, 2]})),
      ]) {
        expect(q.inferredDraw).withContext(q.name).toBeNull();
      }
    });
  },
  {inBrief: ['webgpu']},
);
