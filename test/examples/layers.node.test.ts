import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {loadDataset} from '../../examples/data/dataset.js';
import {models} from '../../examples/layers/models.js';
import {parseOptions} from '../../examples/layers/options.js';

describe('autoencoders of layers', () => {
  const cases = [
    ['vae', 'pathwise'],
    // half a minute each in plain JavaScript
    ...(process.env['FULL'] === '1' ? ['leaveOneOut', 'disarm', 'arms'] : []).map(estimator => ['conv', estimator]),
    ...['leaveOneOut', 'armCategorical'].map(estimator => ['categorical', estimator]),
  ] as Array<[string, string]>;
  for (const [name, estimator] of cases) {
    it(`${name} learns under ${estimator}`, async () => {
      await tf.setBackend(name === 'conv' ? 'cpu' : 'wasm'); // tfjs has no such gradient on wasm
      st.random.setSeed(1);
      const model = models[name]!({units: name === 'conv' ? 8 : 16, estimator});
      const optimizer = st.stochasticOptimizer(tf.train.adam(1e-2));
      model.compile({optimizer, ...stl.withCosts(stl.negativeLogLikelihood, model)});
      const {pixels} = loadDataset({seed: 1, count: 40});
      const x = tf.tensor2d(pixels, [40, 784]);
      const {history} = await model.fit(x, x, {epochs: 6, batchSize: 20, verbose: 0});
      const losses = history['loss'] as number[];
      expect(losses.at(-1)!).toBeLessThan((name === 'conv' ? 0.95 : 0.75) * losses[0]!);
      losses.forEach((loss, i) =>
        expect(loss).toBeCloseTo((history['reconstruction']![i] as number) + (history['kl']![i] as number), 0),
      );
      x.dispose();
      model.dispose();
      optimizer.dispose();
    });
  }

  it('take their options from the command line', () => {
    expect(parseOptions(['--model', 'conv', '--epochs', '2'])).toEqual({
      ...{model: 'conv', data: undefined, estimator: 'leaveOneOut', units: 500, epochs: 2, seed: 1},
    });
  });
});
