import {layers} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {costNameOf} from '../../../layers/costs/costNames.js';
import {STANDARD} from './shared.js';

describe('the name of what a layer adds to the loss', () => {
  it('is known as soon as the layer is made', () => {
    expect(costNameOf(stl.normal({prior: STANDARD}))).toBe('kl');
    expect(costNameOf(stl.denseFlipout({units: 1}))).toBe('kl');
    expect(costNameOf(stl.observedValue())).toBe('observed');
    for (const layer of [stl.normal(), layers.dense({units: 1})]) expect(costNameOf(layer)).toBeUndefined();
  });
});
