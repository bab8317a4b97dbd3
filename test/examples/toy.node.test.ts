import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {expectedCost, gradientVariance} from '../../examples/toy.js';
import {runHere} from './helpers.js';

describe('the toy problem', () => {
  it('has the published losses at both ends', () => {
    expect(expectedCost(-50)).toBeCloseTo(0.249001, 9);
    expect(expectedCost(50)).toBeCloseTo(0.251001, 9);
    expect(expectedCost(0)).toBeCloseTo(0.250001, 9);
  });

  it('shows the exact variance of the score function, (.25)²/4 at the start', async () => {
    await tf.setBackend('cpu');
    const [logit, before] = [tf.zeros([1]), tf.memory().numTensors];
    const variance = gradientVariance(logit, st.estimators.get('scoreFunction'), 100_000, st.random.key(1));
    expect(Math.log(variance)).toBeCloseTo(Math.log(0.0625 / 4), 2);
    expect(tf.memory().numTensors).toBe(before);
    logit.dispose();
  });

  it('has a far lower variance with RELAX after 300 steps', async () => {
    const {report} = await runHere('toy', ['--steps', '300', '--draws', '300', '--estimator', 'relax,scoreFunction']);
    const [score, relax] = report!.comparisons.map(({here}) => here);
    expect(relax).toBeLessThan(score! - 2);
  });
});
