/**
 * A wrong pairing of estimator and distribution does not compile; in plain JavaScript the same is an error at run time.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'the types of estimators',
  () => {
    it('pair pathwise and LAX with reparameterised distributions, RELAX with relaxable ones', () => {
      tf.tidy(() => {
        const normal = new st.Normal({loc: 0, scale: 1});
        const bernoulli = new st.Bernoulli({logits: 0});
        const general: st.Distribution = normal;
        new st.DistributionTensor(normal, {estimator: st.pathwise()});
        new st.DistributionTensor(normal, {estimator: st.lax()});
        new st.DistributionTensor(bernoulli, {estimator: st.relax()});
        new st.DistributionTensor(bernoulli, {estimator: st.estimators.get('relax')});
        new st.DistributionTensor(general, {estimator: st.pathwise()});
        new st.DistributionTensor(st.independent(new st.Normal({loc: [0, 1], scale: 1}), 1), {
          estimator: st.pathwise(),
        });
        // @ts-expect-error: a Bernoulli variable has no pathwise derivative
        expect(() => new st.DistributionTensor(bernoulli, {estimator: st.pathwise()})).toThrowError(
          /"pathwise" needs a reparameterised distribution \(Normal.*got Bernoulli/,
        );
        // @ts-expect-error: nor does LAX find one
        expect(() => new st.DistributionTensor(bernoulli, {estimator: st.lax()})).toThrowError(
          /"lax" needs a reparameterised distribution/,
        );
        // @ts-expect-error: a Normal variable is continuous already
        expect(() => new st.DistributionTensor(normal, {estimator: st.relax()})).toThrowError(
          /"relax" needs .*\(Bernoulli, Categorical.*got Normal/,
        );
      });
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
