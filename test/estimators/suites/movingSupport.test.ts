/** Where parameters move the set of possible values, the score knows only half of the derivative. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

/** Distributions with parameters as tensors, by whether those move the support. */
const cases: Record<string, [make: (t: tf.Tensor) => st.Distribution, moves: boolean]> = {
  Uniform: [high => new st.Uniform({low: 0, high}), true],
  'Pareto, its scale': [scale => new st.Pareto({concentration: 3, scale}), true],
  'Pareto, its concentration': [concentration => new st.Pareto({concentration, scale: 1}), false],
  'TruncatedNormal, a bound': [high => new st.TruncatedNormal({loc: 0, scale: 1, low: -1, high}), true],
  'TruncatedNormal, its loc': [loc => new st.TruncatedNormal({loc, scale: 1, low: -1, high: 1}), false],
  Deterministic: [loc => new st.Deterministic({loc}), true],
  Exponential: [rate => new st.Exponential({rate}), false],
  'an Exponential moved': [
    shift =>
      new st.TransformedDistribution({
        distribution: new st.Exponential({rate: [1, 1]}),
        bijector: new st.bijectors.Shift({shift}),
      }),
    true,
  ],
  'a Normal moved': [
    shift =>
      new st.TransformedDistribution({
        distribution: new st.Normal({loc: [0, 0], scale: 1}),
        bijector: new st.bijectors.Shift({shift}),
      }),
    false,
  ],
};

describeBackends(
  'estimators by the score',
  () => {
    for (const [title, [make, moves]] of Object.entries(cases)) {
      it(`${moves ? 'refuse' : 'serve'} ${title}, and so do Independent and mixtures of it`, () => {
        tf.tidy(() => {
          const q = make(tf.tensor1d([1.5, 2]));
          const all = [q, st.independent(q, 1)];
          for (const name of [
            'scoreFunction',
            'nvil',
            'leaveOneOut',
            'vimco',
            'importance',
            ...(q.isReparameterized ? ['lax', 'stl', 'dreg'] : []),
          ]) {
            for (const d of all) {
              const node = (): unknown => new st.DistributionTensor(d, {estimator: name});
              if (moves)
                expect(node)
                  .withContext(name)
                  .toThrowError(new RegExp(`"${name}" needs .*move its support.*got `));
              else expect(node).withContext(name).not.toThrow();
            }
          }
          if (q.isReparameterized) expect(() => new st.DistributionTensor(q, {estimator: 'pathwise'})).not.toThrow();
        });
      });
    }

    it('serve a support whose bounds are numbers', () => {
      tf.tidy(() =>
        expect(
          () => new st.DistributionTensor(new st.Uniform({low: [0, 1], high: 3}), {estimator: 'scoreFunction'}),
        ).not.toThrow(),
      );
    });

    it('would be wrong: the score of a Uniform has not the mean 0 that it has elsewhere', () => {
      tf.tidy(() => {
        // E X = high / 2 has the slope 1/2, but E[X ∂ log p] = −E X / high = −1/2.
        const high = tf.scalar(2);
        const score = tf.grad(h => new st.Uniform({low: 0, high: h}).logProb(1))(high);
        expect(new st.Uniform({low: 0, high}).movesSupport).toBeTrue();
        expect(score.shape).toEqual([]);
      });
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
