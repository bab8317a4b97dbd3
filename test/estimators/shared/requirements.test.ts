import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as requirements from '../../../src/estimators/shared/requirements.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'what estimators need',
  () => {
    it('is met by the families that the rules name', () => {
      tf.tidy(() => {
        const families: Record<string, st.Distribution> = {
          Bernoulli: new st.Bernoulli({logits: tf.scalar(0)}),
          Categorical: new st.Categorical({logits: tf.tensor1d([0, 1])}),
          OneHot: new st.OneHotCategorical({logits: tf.tensor1d([0, 1])}),
          Poisson: new st.Poisson({rate: tf.scalar(1)}),
          Normal: new st.Normal({loc: tf.scalar(0), scale: 1}),
          Uniform: new st.Uniform({low: 0, high: tf.scalar(1)}),
        };
        const meet: Record<keyof typeof requirements, string[]> = {
          fixedSupport: ['Bernoulli', 'Categorical', 'OneHot', 'Poisson', 'Normal'],
          enumerable: ['Bernoulli', 'Categorical', 'OneHot'],
          softenable: ['Bernoulli', 'OneHot'],
          softenableBinary: ['Bernoulli'],
          withMean: ['Bernoulli', 'OneHot', 'Poisson', 'Normal'],
          discreteWithMean: ['Bernoulli', 'OneHot', 'Poisson'],
          binaryOrOneHot: ['Bernoulli', 'OneHot'],
          binary: ['Bernoulli'],
          discreteWithClasses: ['Bernoulli', 'Categorical', 'OneHot'],
          reparameterized: ['Normal', 'Uniform'],
          reparameterizedWithScore: ['Normal'],
        };
        for (const [name, requirement] of Object.entries(requirements)) {
          const met = Object.entries(families)
            .filter(([, q]) => requirement.accepts(q))
            .map(([family]) => family);
          expect(met)
            .withContext(name)
            .toEqual(meet[name as keyof typeof requirements]);
          expect(requirement.rule).withContext(name).toMatch(/^an? /);
        }
      });
    });
  },
  {only: ['cpu'], inBrief: []},
);
