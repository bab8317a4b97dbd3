import {input, layers} from '@tensorflow/tfjs-layers';
import {checkApplied, checkLayerArgs, layerArgNames, readShapes} from '../../layers/layerArgs.js';

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

describe('what layers are applied to', () => {
  it('is one shape or several, of axes that are known or not', () => {
    expect(readShapes('who', [null, 3])).toEqual([[null, 3]]);
    expect(readShapes('who', [[null, 3], [null]])).toEqual([[null, 3], [null]]);
    for (const wrong of [3, null, undefined, 'x', {}, [], [[]], [-1], [null, 1.5], [null, [3]], new Array(2 ** 27)])
      expect(() => readShapes('who', wrong as never)).toThrowError(/^who: an input shape must be a list of integers/);
  });

  it('is symbolic or not, at least one', () => {
    const x = input({shape: [2]});
    checkApplied('who', [x, x]);
    expect(() => checkApplied('who', [])).toThrowError(/^who: needs at least one input/);
    for (const wrong of [3, null, undefined, [x, 3], [3, x]])
      expect(() => checkApplied('who', wrong)).toThrowError(/^who: inputs must be tensors, or all be symbolic/);
  });
});
