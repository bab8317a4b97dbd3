import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'layers of one seed in a model',
  () => {
    it('are warned of once where they draw in training, since they draw the same numbers', () => {
      const warn = spyOn(console, 'warn');
      const compiled = (...list: layers.Layer[]): LayersModel => {
        const model = sequential({layers: [layers.dense({units: 4, inputShape: [2]}), ...list]});
        model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
        return model;
      };
      const shared = stl.normal({seed: 1});
      compiled(stl.normal({seed: 1}), layers.dense({units: 4}), stl.normal({seed: 2}));
      compiled(stl.normal(), layers.dense({units: 4}), stl.normal());
      compiled(shared, layers.dense({units: 4}), shared); // each use draws anew
      compiled(stl.normal({seed: 1}), layers.dense({units: 4}), stl.normal({seed: 1, output: 'distribution'}));
      expect(warn).not.toHaveBeenCalled();
      const model = compiled(
        stl.normal({seed: 1, name: 'a'}),
        layers.dense({units: 4}),
        stl.denseFlipout({units: 2, seed: 1, name: 'b'}),
      );
      model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
      expect(warn.calls.allArgs().flat()).toEqual([
        jasmine.stringMatching(/layers "a" and "b" have the same seed, 1, and draw the same numbers in training/),
      ]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
