import {layers} from '@tensorflow/tfjs-layers';
import {checkLayerArgs, layerArgNames} from '../../layers/layerArgs.js';

describe('the arguments of every tfjs layer', () => {
  it('are those that it takes, null standing for what is not set', () => {
    const args = {name: 'a', inputShape: [null, 2], dtype: 'float32', trainable: false, batchSize: null} as const;
    checkLayerArgs(args, 'who');
    for (const name of Object.keys(args)) expect(layerArgNames).toContain(name);
    expect(layers.dense({units: 1, name: 'a', trainable: false}).trainable).toBe(false);
  });

  it('are refused where tfjs would take them as they come', () => {
    const check = (args: Record<string, unknown>) => () => checkLayerArgs(args, 'who');
    expect(check({trainable: 1})).toThrowError('who: trainable must be true or false, got 1');
    expect(check({inputShape: [-1]})).toThrowError(/^who: inputShape must be a list of integers >= 0 and null/);
    expect(check({batchSize: 0})).toThrowError('who: batchSize must be an integer >= 1, got 0');
    expect(check({weights: [1]})).toThrowError(/^who: weights must be a list of tensors/);
    expect(check({dtype: 'float16'})).toThrowError(/^who: dtype must be /);
  });
});
