import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {layersOf} from '../../../layers/costs/layersOf.js';

describe('the layers of a model', () => {
  it('are those of models inside it, of wrappers and of recurrent layers too, each once', () => {
    const shared = layers.dense({units: 4, inputShape: [3, 4], name: 'shared'});
    const inner = sequential({layers: [shared, stl.bernoulli({name: 'bits'})], name: 'inner'});
    const wrapped = layers.timeDistributed({layer: stl.bernoulli({name: 'steps'}), name: 'wrapper'});
    const recurrent = layers.simpleRNN({units: 2, recurrentInitializer: 'zeros', name: 'recurrent'});
    const model = sequential({layers: [inner, wrapped, recurrent], name: 'outer'});
    const names = layersOf('me', model).map(layer => layer.name);
    expect(names).toContain('recurrent'); // its cell has the same name
    for (const name of ['outer', 'inner', 'shared', 'bits', 'wrapper', 'steps'])
      expect(names.filter(one => one === name))
        .withContext(name)
        .toEqual([name]);
    expect(layersOf('me', [shared, shared])).toEqual([shared]);
    expect(() => layersOf('me', [shared, null] as unknown as [typeof shared])).toThrowError(
      /me: needs a model, a layer or a list of layers, got null/,
    );
    model.dispose();
  });
});
