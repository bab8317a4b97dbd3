import * as tf from '@tensorflow/tfjs-core';
import {expectedCost} from '../../examples/toy/problem.js';
import {runToy} from '../../examples/toy/run.js';

describe('the toy problem', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const config = {steps: 300, seed: 1, measureEvery: 50, measureDraws: 300};

  it('has the published losses at both ends', () => {
    expect(expectedCost(-50)).toBeCloseTo(0.249001, 9);
    expect(expectedCost(50)).toBeCloseTo(0.251001, 9);
    expect(expectedCost(0)).toBeCloseTo(0.250001, 9);
  });

  it('shows the exact variance of the score function, (.25)²/4 at the start', () => {
    expect(runToy('scoreFunction', {...config, steps: 1, measureDraws: 100000}).logVariance).toBeCloseTo(
      Math.log(0.0625 / 4),
      2,
    );
  });

  it('has a far lower variance with RELAX after 300 steps, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const relax = runToy('relax', config);
    const scoreFunction = runToy('scoreFunction', config);
    expect(relax.logVariance).toBeLessThan(scoreFunction.logVariance - 2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is the same for the same seed', () => {
    const short = {...config, steps: 30};
    expect({...runToy('relax', short), seconds: 0}).toEqual({...runToy('relax', short), seconds: 0});
  });
});
