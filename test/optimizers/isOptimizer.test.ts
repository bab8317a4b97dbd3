import * as tf from '@tensorflow/tfjs-core';
import {isOptimizer} from '../../src/optimizers/isOptimizer.js';

describe('an optimizer', () => {
  it('is known by what it does, whichever copy of tfjs made it', () => {
    expect(isOptimizer(tf.train.sgd(0.1))).toBeTrue();
    const f = () => undefined;
    expect(isOptimizer({minimize: f, computeGradients: f, applyGradients: f})).toBeTrue();
    expect(
      [
        null,
        'adam',
        {},
        {minimize: f, computeGradients: f},
        {minimize: 1, computeGradients: f, applyGradients: f},
      ].some(isOptimizer),
    ).toBeFalse();
  });
});
