/**
 * Unknown names of estimators and baselines, wherever they are given: what people call them elsewhere is understood, if
 * not taken.
 */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';

const meant: Record<string, string> = {
  reinforce: 'scoreFunction',
  REINFORCE: 'scoreFunction',
  'score-function': 'scoreFunction',
  sf: 'scoreFunction',
  ppo: 'scoreFunction',
  rloo: 'leaveOneOut',
  leave_one_out: 'leaveOneOut',
  reparam: 'pathwise',
  reparameterization: 'pathwise',
  vae: 'pathwise',
  'gumbel-softmax': 'gumbelSoftmax',
  concrete: 'gumbelSoftmax',
  ste: 'straightThrough',
  ST: 'straightThrough',
  'st-gumbel-softmax': 'straightThroughGumbelSoftmax',
  u2g: 'disarm',
  ARSM: 'armCategorical',
  exact: 'enumerate',
  dregs: 'dreg',
  iwae: 'vimco',
  relx: 'relax',
  'actor-critic': 'critic',
};

describe('an unknown estimator', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const places: Record<string, (name: string) => unknown> = {
    'estimators.get': name => st.estimators.get(name),
    DistributionTensor: name => new st.DistributionTensor(new st.Bernoulli({logits: 0}), {estimator: name}),
    'stl.bernoulli': name => stl.bernoulli({estimator: name}),
    auditEstimators: name =>
      st.auditEstimators({program: () => tf.scalar(0), variables: {w: tf.variable(tf.scalar(0))}, estimators: [name]}),
  };
  for (const [place, run] of Object.entries(places)) {
    it(`is understood by ${place}`, async () => {
      for (const [name, here] of Object.entries(meant)) {
        const told = await Promise.resolve()
          .then(() => run(name))
          .then(
            () => 'nothing',
            (error: Error) => error.message,
          );
        expect(told)
          .withContext(name)
          .toMatch(new RegExp(`unknown estimator "${name}"; did you mean .*"${here}"`));
      }
      tf.disposeVariables();
    });
  }

  it('of no kin is answered with all names', () => {
    expect(() => st.estimators.get('zebra')).toThrowError(
      /^estimators\.get: unknown estimator "zebra"; known: .*scoreFunction/,
    );
  });

  it('means only what is registered', () => {
    for (const here of Object.values(meant)) expect(st.estimators.names()).toContain(here);
  });

  it('has baselines understood alike', () => {
    for (const [name, here] of Object.entries({
      rloo: 'leaveOneOut',
      EMA: 'movingAverage',
      'value function': 'learned',
      zero: 'none',
      whiten: 'normalized',
    })) {
      expect(() => st.scoreFunction({baseline: name})).toThrowError(
        new RegExp(`unknown baseline "${name}"; did you mean "${here}"`),
      );
    }
  });
});
