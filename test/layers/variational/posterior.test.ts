import * as tf from '@tensorflow/tfjs-core';
import {sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, itInNode} from '../../helpers/backends.js';
import {momentsOf, zOf} from '../models.js';

/** As many outputs with the same weights, each drawn on its own. */
const UNITS = 3000;
const X = [1, -2, 0.5];
const THETA = [0.7, 0.4, -1.2];
const TARGET = 0.3;
/** At the rates 0.2, 0.5, 0.75. */
const ALPHA = [0.25, 1, 3];

const dropout = {posterior: 'dropout', seed: 4, useBias: false} as const;
const methods: Record<string, (shape: {units: number}) => stl.VariationalLayer> = {
  denseVariationalDropout: shape => stl.denseVariationalDropout({...shape, seed: 4, useBias: false, inputShape: [3]}),
  denseReparameterization: shape => stl.denseReparameterization({...shape, ...dropout, inputShape: [3]}),
  denseFlipout: shape => stl.denseFlipout({...shape, ...dropout, inputShape: [3]}),
  conv1dFlipout: ({units}) => stl.conv1dFlipout({filters: units, kernelSize: 3, ...dropout, inputShape: [3, 1]}),
};

/** The layer's locations and rates are set, of all units alike. */
function setUp(layer: stl.VariationalLayer): LayersModel {
  const model = sequential({layers: [layer]});
  tf.tidy(() => {
    const [kernel, spread] = layer.getWeights() as [tf.Tensor, tf.Tensor];
    const columns = (list: number[]): tf.Tensor =>
      tf.reshape(tf.tile(tf.tensor2d(list, [3, 1]), [1, UNITS]), kernel.shape);
    layer.setWeights([columns(THETA), columns(ALPHA.map(Math.log)), ...layer.getWeights().slice(2)]);
    expect(spread.shape).toEqual(kernel.shape);
  });
  return model;
}

describeBackends(
  'weights with dropout',
  () => {
    for (const [name, make] of Object.entries(methods)) {
      it(`${name}: outputs have the mean and the variance of N(θ, αθ²), and gradients those of their expectation`, async () => {
        const layer = make({units: UNITS});
        const model = setUp(layer);
        const x = tf.reshape(tf.tensor1d(X), [1, ...(model.inputs[0]!.shape.slice(1) as number[])]); // numbers but for the batch
        const [kernel, spread] = layer.trainableWeights.map(w => w.read() as tf.Variable) as [tf.Variable, tf.Variable];
        let drawn = tf.zeros([UNITS]);
        const {value, grads} = tf.variableGrads((): tf.Scalar => {
          const y = model.apply(x, {training: true}) as tf.Tensor;
          drawn = tf.keep(tf.clone(tf.reshape(y, [UNITS])));
          return tf.sum(tf.square(tf.sub(y, TARGET)));
        }, [kernel, spread]);
        const mean = X.reduce((sum, x, i) => sum + x * THETA[i]!, 0);
        const variance = X.reduce((sum, x, i) => sum + ALPHA[i]! * (x * THETA[i]!) ** 2, 0);
        const outputs = Array.from(await drawn.data());
        const rows = outputs.map(y => [y, (y - mean) ** 2]);
        expect(zOf(momentsOf(rows), [mean, variance])).toBeLessThan(4.5);
        expect(zOf(momentsOf(rows), [mean, 1.2 * variance])).toBeGreaterThan(4.5);
        const [ofKernel, ofSpread] = [await grads[kernel.name]!.data(), await grads[spread.name]!.data()];
        // E (y − t)² = (mean − t)² + variance
        const exact = [
          ...X.map((x, i) => 2 * x * (mean - TARGET) + 2 * ALPHA[i]! * x * x * THETA[i]!),
          ...X.map((x, i) => ALPHA[i]! * (x * THETA[i]!) ** 2),
        ];
        const each = outputs.map((_, u) => [0, 1, 2].map(i => i * UNITS + u));
        const estimates = each.map(places => [...places.map(p => ofKernel[p]!), ...places.map(p => ofSpread[p]!)]);
        expect(zOf(momentsOf(estimates), exact)).toBeLessThan(4.5);
        tf.dispose([x, value, grads, drawn]);
        model.dispose();
      });
    }

    it('give finite outputs and gradients where ln α is −30 or 30, and where weights are 0', async () => {
      for (const [name, make] of Object.entries(methods)) {
        for (const logAlpha of [-30, 30]) {
          const layer = make({units: 2});
          const model = sequential({layers: [layer]});
          tf.tidy(() => {
            const [kernel, spread, ...rest] = layer.getWeights() as [tf.Tensor, tf.Tensor];
            const weights = tf.reshape(tf.tensor1d([0, 1, 0, 0.01, 0, -3]), kernel.shape);
            layer.setWeights([weights, tf.fill(spread.shape, logAlpha), ...rest]);
          });
          const x = tf.ones([2, ...(model.inputs[0]!.shape.slice(1) as number[])]); // numbers but for the batch
          const {value, grads} = tf.variableGrads((): tf.Scalar => {
            const y = model.apply(x, {training: true}) as tf.Tensor;
            return tf.add(tf.sum(y), layer.kl());
          });
          for (const t of [value, ...Object.values(grads)])
            expect(Array.from(await t.data()).every(Number.isFinite))
              .withContext(`${name}, ${logAlpha}`)
              .toBeTrue();
          tf.dispose([x, value, grads]);
          model.dispose();
        }
      }
    });

    it('may share one rate, which starts where it is told, and say what ln α is', async () => {
      const posterior = {name: 'dropout', config: {rate: 0.2, shared: true}} as const;
      const layer = stl.denseVariationalDropout({units: 2, inputShape: [3], posterior});
      const model = sequential({layers: [layer]});
      expect(layer.trainableWeights.map(w => w.shape)).toEqual([[3, 2], [2], []]);
      const [logAlpha, kl] = [layer.logAlpha()[0]!, layer.kl()];
      expect((await logAlpha.data())[0]).toBeCloseTo(Math.log(0.25), 6);
      // eq. 14 at ln ¼, by mpmath
      expect((await kl.data())[0]).toBeCloseTo(6 * 1.152415672, 4);
      expect(layer.getConfig()['posterior']).toEqual(posterior);
      const additive = stl.denseReparameterization({
        ...{units: 1, inputShape: [1], weights: [tf.tensor2d([[0.5]]), tf.zeros([1])]},
        posterior: {name: 'normal', config: {scale: 2}},
      });
      sequential({layers: [additive]});
      const [ofNormal] = additive.logAlpha();
      expect((await ofNormal!.data())[0]).toBeCloseTo(Math.log(16), 5);
      tf.dispose([logAlpha, kl, ofNormal!]);
      model.dispose();
      additive.dispose();
    });

    itInNode('lose those that are of no use to noise, and keep the others', async () => {
      const n = 64;
      const x = st.random.normal([n, 4], {key: st.random.key(1)});
      const y = tf.tidy(() => tf.matMul(x as tf.Tensor2D, tf.tensor2d([[2], [-1], [0], [0]])));
      const layer = stl.denseVariationalDropout({
        ...{units: 1, useBias: false, inputShape: [4], seed: 1, klWeight: 'perExample', posterior: 'normal'},
        kernelInitializer: 'ones',
      });
      const model = sequential({layers: [layer]});
      const optimizer = tf.train.adam(0.1);
      model.compile({optimizer, loss: (a, b) => tf.mul(tf.sum(tf.square(tf.sub(a, b)), -1), 5)});
      await model.fit(x, y, {epochs: 100, batchSize: n, verbose: 0});
      const [logAlpha] = layer.logAlpha();
      const [first, second, ...others] = Array.from(await logAlpha!.data());
      expect(Math.max(first!, second!)).toBeLessThan(-5);
      expect(Math.min(...others)).toBeGreaterThan(1);
      tf.dispose([x, y, logAlpha!]);
      model.dispose();
      optimizer.dispose();
    });

    itInNode('say what does not suit them', () => {
      const build = (args: object) => () =>
        sequential({layers: [stl.denseVariationalDropout({units: 2, inputShape: [3], name: 'a', ...args})]});
      const dropout = (config: object): object => ({posterior: {name: 'dropout', config}});
      for (const rate of [0, 1, -1, NaN, '0.5', null])
        expect(build(dropout({rate}))).toThrowError(/^stl layer "a": posterior: rate must be a number in \(0, 1\)/);
      expect(build(dropout({shared: 1}))).toThrowError(/^stl layer "a": posterior: shared must be true or false/);
      expect(build(dropout({scale: 1}))).toThrowError(/^stl layer "a": posterior: unknown option "scale"/);
      for (const prior of ['learned', new st.Normal({loc: 0, scale: 1})])
        expect(build({prior})).toThrowError(/^stl layer "a": prior: the posterior dropout needs the prior logUniform/);
      expect(build({exact: false})).toThrowError(/exact must not be false/);
      expect(build({posterior: 'laplace'})).toThrowError(/needs the posterior normal or dropout/);
      const laplace = stl.denseFlipout({units: 1, inputShape: [1], posterior: 'laplace', name: 'a'});
      expect(() => laplace.logAlpha()).toThrowError(/^stl layer "a": logAlpha is of the posteriors normal and dropout/);
      expect(() => stl.denseVariationalDropout({units: 1, name: 'a'}).logAlpha()).toThrowError(/must be built/);
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);
