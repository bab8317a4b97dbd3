import * as tf from '@tensorflow/tfjs-core';
import * as stl from 'tfjs-stochastic/layers';
import {readLoss, underName} from '../../../layers/costs/readLoss.js';

describe('a loss by name or as a function', () => {
  it('says whether it takes a mean that is to be undone', () => {
    const own: stl.Loss = (y, p) => tf.sub(y, p);
    expect(readLoss('me', own)).toEqual({loss: own, isMean: false});
    expect(readLoss('me', 'meanSquaredError').isMean).toBeTrue();
    expect(readLoss('me', 'categoricalCrossentropy').isMean).toBeFalse();
    expect(() => readLoss('me', 'toString' as stl.LossName)).toThrowError(/me: unknown loss "toString"/);
    expect(() => readLoss('me', null as unknown as stl.Loss)).toThrowError(/me: loss must be a name or a function/);
  });

  it('is listed by tfjs-layers under the name that it is given', () => {
    expect(underName('kl', (y, p) => tf.sub(y, p)).name).toBe('kl');
  });
});
