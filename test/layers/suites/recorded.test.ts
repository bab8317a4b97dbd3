/** Models whose optimizer records: `fit` and `trainOnBatch` give what they give without. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, inBrief, itInNode} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';

const [width, units, examples] = [6, 3, 22];

function bits(estimator: st.EstimatorName, couples: boolean): LayersModel {
  const from = (seed: number) => initializers.glorotUniform({seed});
  return sequential({
    layers: [
      layers.dense({units, inputShape: [width], kernelInitializer: from(1)}),
      stl.bernoulli({estimator}),
      ...(couples ? [layers.batchNormalization()] : []),
      layers.dense({units: width, kernelInitializer: from(2)}),
    ],
  });
}

/** The history of `fit`, of some steps by hand, and the weights, as numbers. */
async function trained(make: () => LayersModel, compile: boolean): Promise<{numbers: number[]; warnings: string[]}> {
  const warn = jasmine.isSpy(console.warn) ? (console.warn as unknown as jasmine.Spy) : spyOn(console, 'warn');
  warn.calls.reset();
  st.random.setSeed(2);
  const model = make();
  const optimizer = st.stochasticOptimizer(tf.train.adam(0.02), {compile});
  model.compile({optimizer, loss: 'meanSquaredError', metrics: ['mse']});
  const x = st.random.normal([examples, width], {key: st.random.key(8)});
  // the last batch of an epoch is a smaller one
  const {history} = await model.fit(x, x, {batchSize: 8, epochs: 6, shuffle: false, verbose: 0});
  const numbers = Object.values(history).flat() as number[]; // nothing else is in it at its end
  for (let i = 0; i < 5; i++) numbers.push(...((await model.trainOnBatch(x, x)) as number[]));
  model.compile({optimizer, loss: 'meanAbsoluteError', metrics: ['binaryAccuracy']});
  for (let i = 0; i < 5; i++) numbers.push(...((await model.trainOnBatch(x, x)) as number[]));
  for (const weight of model.getWeights()) numbers.push(...(await weight.data()));
  model.dispose();
  optimizer.dispose();
  x.dispose();
  return {
    numbers,
    warnings: warn.calls
      .allArgs()
      .map(([text]) => String(text))
      .filter(text => /compile/.test(text)),
  };
}

describeBackends(
  'models whose optimizer records',
  backend => {
    const isExact = backend === 'cpu' || backend === 'wasm';
    const judge = async (make: () => LayersModel): Promise<string[]> => {
      const [written, recorded] = [await trained(make, false), await trained(make, true)];
      if (isExact) expect(recorded.numbers).toEqual(written.numbers);
      else expectNear(recorded.numbers, written.numbers, 'numbers', false, 1e-3);
      return recorded.warnings;
    };

    const estimators = inBrief ? (['nvil'] as const) : (['nvil', 'relax', 'leaveOneOut'] as const);
    for (const estimator of estimators)
      it(`train bits by ${estimator} as others do`, async () =>
        expect(await judge(() => bits(estimator, true))).toEqual([]));

    itInNode('give metrics of weighted draws', async () =>
      expect(await judge(() => bits('enumerate', false))).toEqual([]),
    );

    itInNode('train weights that are drawn, and hear why a step is not recorded', async () => {
      const of = (seed?: number) => () =>
        sequential({
          layers: [stl.denseReparameterization({units: width, inputShape: [width], seed, kernelInitializer: 'zeros'})],
        });
      expect(await judge(of())).toEqual([]);
      const warnings = await judge(of(3));
      expect(warnings.length).toBeGreaterThan(0);
      expect(warnings.every(text => /makes a key by "fold in/.test(text))).toBe(true);
    });
  },
  {inBrief: ['webgl']},
);
