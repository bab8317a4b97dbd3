import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {sigmoid} from '../../helpers/estimates.js';
import {expectNear, read, withoutLeak} from '../../helpers/near.js';
import {STANDARD} from './shared.js';

const [WEIGHT, SCALE] = [1.5, 0.7];
const PRECISION = 1 + (WEIGHT / SCALE) ** 2;

/** x = 1.5 z + 0.7 ε with z standard normal, and an encoder that is the posterior up to `factor` of its deviation. */
function linearModel(factor = 1, args: stl.PriorOptions = {}, size = 1): LayersModel {
  const dense = (weight: number): layers.Layer =>
    layers.dense({
      units: size,
      useBias: false,
      kernelInitializer: 'identity',
      weights: [tf.mul(tf.eye(size), weight)],
      inputShape: [size],
    });
  const z = stl.stochastic({
    distribution: ([loc]) => new st.Normal({loc: loc!, scale: factor / Math.sqrt(PRECISION)}),
    prior: STANDARD,
    seed: 3,
    ...args,
  });
  const y = stl.stochastic({distribution: ([loc]) => new st.Normal({loc: loc!, scale: SCALE}), output: 'distribution'});
  const model = sequential({layers: [dense(WEIGHT / SCALE ** 2 / PRECISION), z, dense(WEIGHT), y]});
  model.compile({optimizer: 'sgd', loss: stl.negativeLogLikelihood});
  return model;
}

/** ln p(x) of that model. */
const exact = (x: number): number => {
  const variance = WEIGHT ** 2 + SCALE ** 2;
  return -(x ** 2) / 2 / variance - Math.log(2 * Math.PI * variance) / 2;
};

describeBackends(
  'the bound of several samples on how likely a model finds data',
  () => {
    beforeEach(() => st.random.setSeed(1));

    it('is exact where the encoder is the posterior, whatever weighs in training, and leaves nothing behind', async () => {
      const model = linearModel(1, {klWeight: 0.1, freeBits: 3}, 2);
      const x = tf.tensor2d([[0, 1], [2, -3], [0.5, 0.5]]); // prettier-ignore
      const [before] = [await read(model.predict(x) as tf.Tensor)];
      for (const args of [{samples: 1}, {samples: 4, batchSize: 2}, {samples: 2, loss: stl.negativeLogLikelihood}]) {
        const bound = withoutLeak('bound', () => stl.logLikelihoodBound(model, x, x, args));
        expect(bound.shape).toEqual([3]);
        expectNear(
          await read(bound),
          [exact(0) + exact(1), exact(2) + exact(-3), 2 * exact(0.5)],
          JSON.stringify(args),
        );
        bound.dispose();
      }
      expectNear(await read(model.predict(x) as tf.Tensor), before, 'predictions afterwards');
      model.dispose();
      x.dispose();
    });

    it('has weights whose mean is the likelihood, where the encoder is not the posterior', async () => {
      const model = linearModel(1.3);
      const x = tf.fill([3000, 1], 0.8);
      const bound = stl.logLikelihoodBound(model, x, x, {samples: 3, batchSize: 1000});
      expectMean(await read(tf.exp(bound)), Math.exp(exact(0.8)));
      const one = stl.logLikelihoodBound(model, x, x, {samples: 1, batchSize: 1000});
      // KL(N(m, (1.3 s)²) ‖ N(m, s²)) below
      expectMean(await read(one), exact(0.8) - ((1.3 ** 2 - 1) / 2 - Math.log(1.3)));
      tf.dispose([x, bound, one]);
      model.dispose();
    });

    it('counts what is observed of layers whose prior is another layer', async () => {
      // z2 → z1 → x of one bit each; z1 has fair bits as a factor of its prior beside p(z1 | z2)
      const [up, down, out, bias] = [1, 2, -1.5, 0.5];
      const fair = {name: 'Bernoulli', config: {probs: 0.5}};
      const bit = (weight: number, before: unknown): SymbolicTensor =>
        layers
          .dense({units: 1, weights: [tf.tensor2d([[weight]]), tf.tensor1d([bias])]})
          .apply(before as SymbolicTensor) as SymbolicTensor; // of one input
      const x = input({shape: [1]});
      const z1 = stl.bernoulli({prior: fair, seed: 1}).apply(bit(up, x));
      const z2 = stl.bernoulli({prior: fair, seed: 2}).apply(bit(up, z1));
      const p1 = stl.bernoulli({output: 'distribution'}).apply(bit(down, z2)) as SymbolicTensor;
      const drawn = stl.observedValue({weight: 0.5}).apply([p1, z1 as SymbolicTensor]);
      const px = stl.bernoulli({output: 'distribution'}).apply(bit(out, drawn)) as SymbolicTensor;
      const model = modelOf({inputs: x, outputs: px});
      model.compile({
        optimizer: st.stochasticOptimizer(tf.train.sgd(0.1)),
        ...stl.withCosts(stl.negativeLogLikelihood, model),
      });
      let likelihood = 0;
      for (const a of [0, 1])
        for (const b of [0, 1]) {
          const p = sigmoid(down * b + bias);
          likelihood += 0.5 * 0.5 * (a === 1 ? p : 1 - p) * sigmoid(out * a + bias);
        }
      const ones = tf.ones([4000, 1]);
      const bound = stl.logLikelihoodBound(model, ones, ones, {samples: 2, batchSize: 2000});
      expectMean(await read(tf.exp(bound)), likelihood);
      model.compile({optimizer: 'sgd', loss: {[model.outputNames[0]!]: stl.negativeLogLikelihood}}); // by name
      expect(stl.logLikelihoodBound(model, tf.slice(ones, 0, 2), tf.slice(ones, 0, 2)).shape).toEqual([2]);
      tf.dispose([ones, bound]);
      model.dispose();
    });

    it('takes priors of one number, of a row, and of a whole event, whatever the layer’s own event is', async () => {
      const loc = [0.3, -0.2];
      const scale = [0.8, 1.1];
      const row = new st.Normal({loc, scale});
      const one = new st.Normal({loc: 0.5, scale: 1.2});
      const of = [
        [(q: st.Normal) => q, one],
        [(q: st.Normal) => q, row],
        [(q: st.Normal) => q, st.independent(row, 1)],
        [(q: st.Normal) => st.independent(q, 1), one], // of each number of the event
        [(q: st.Normal) => st.independent(q, 1), st.independent(row, 1)],
      ] as const;
      for (const [make, prior] of of) {
        // q is the prior, so that every draw weighs as much
        const q = (x: tf.Tensor): st.Normal => {
          const zeros = tf.mul(x, 0);
          return prior === one
            ? new st.Normal({loc: tf.add(zeros, 0.5), scale: 1.2})
            : new st.Normal({loc: tf.add(zeros, tf.tensor1d(loc)), scale});
        };
        const z = stl.stochastic({distribution: ([x]) => make(q(x!)), prior});
        const model = sequential({layers: [layers.activation({activation: 'linear', inputShape: [2]}), z]});
        for (const rows of [2, 3]) {
          const x = tf.ones([rows, 2]);
          const loss = (y: tf.Tensor): tf.Tensor => tf.sum(tf.mul(y, 2), -1);
          const bound = stl.logLikelihoodBound(model, x, x, {samples: 1, loss});
          expectNear(await read(bound), new Array<number>(rows).fill(-4), `${prior.familyName}, ${rows} rows`);
          tf.dispose([x, bound]);
        }
        model.dispose();
      }
    });

    it('draws layers of one seed apart', async () => {
      const fair = {name: 'Bernoulli', config: {probs: 0.5}};
      const x = input({shape: [1]});
      const [a, b] = [0.7, -0.4].map(weight =>
        stl
          .bernoulli({prior: fair, seed: 5})
          .apply(layers.dense({units: 1, weights: [tf.tensor2d([[weight]]), tf.tensor1d([0])]}).apply(x)),
      ) as [SymbolicTensor, SymbolicTensor];
      const model = modelOf({inputs: x, outputs: layers.concatenate().apply([a, b]) as SymbolicTensor});
      // both bits at 1, of which one draw in four would say so
      const loss = (_: tf.Tensor, bits: tf.Tensor): tf.Tensor => tf.mul(tf.sub(1, tf.prod(bits, -1)), Math.log(9));
      const ones = tf.ones([4000, 1]);
      const bound = stl.logLikelihoodBound(model, ones, ones, {samples: 1, batchSize: 2000, loss});
      expectMean(await read(tf.exp(bound)), 1 / 4 + 3 / 4 / 9);
      tf.dispose([ones, bound]);
      model.dispose();
    });

    it('refuses models that it says nothing about, and data that do not fit', () => {
      const of = (...list: layers.Layer[]): LayersModel =>
        sequential({layers: [layers.dense({units: 2, inputShape: [2]}), ...list]});
      const [x, y] = [tf.ones([3, 2]), tf.ones([3, 2])];
      const loss = 'meanSquaredError' as const;
      const normal = (args: stl.PriorOptions = {prior: STANDARD}): layers.Layer =>
        stl.stochastic({distribution: ([loc]) => new st.Normal({loc: loc!, scale: 1}), name: 'z', ...args});
      const compiled = of(normal());
      compiled.compile({optimizer: 'sgd', loss});
      const cases: ReadonlyArray<readonly [() => unknown, RegExp]> = [
        [
          () => stl.logLikelihoodBound(of(), x, y, {loss}),
          /^stl.logLikelihoodBound: the model must have a layer that draws/,
        ],
        [() => stl.logLikelihoodBound(of(normal({})), x, y, {loss}), /^stl layer "z": has no prior/],
        [
          () => stl.logLikelihoodBound(of(stl.denseFlipout({units: 2, name: 'w'}), normal()), x, y, {loss}),
          /layer "w" draws weights/,
        ],
        [() => stl.logLikelihoodBound(compiled, x, y), /the loss must be that of stl.withCosts/],
        [() => stl.logLikelihoodBound(compiled, x, tf.ones([2, 2]), {loss}), /as many examples as the inputs, 3/],
        [
          () => stl.logLikelihoodBound(compiled, tf.ones([3, 4]), y, {loss}),
          /input ".*" must be a tensor of shape \[any,2\]/,
        ],
        [() => stl.logLikelihoodBound(compiled, x, y, {loss, samples: 0}), /samples must be/],
        [
          () => stl.logLikelihoodBound(of(normal({prior: new st.Bernoulli({probs: 0.5})})), x, y, {loss}),
          /^stl layer "z": prior must be continuous, as the layer's Normal is/,
        ],
        [
          () =>
            stl.logLikelihoodBound(of(normal({prior: new st.Normal({loc: tf.zeros([5, 2]), scale: 1})})), x, y, {loss}),
          /^stl layer "z": prior must broadcast/,
        ],
        [
          () => tf.variableGrads(() => tf.mean(stl.logLikelihoodBound(compiled, x, y, {loss}))),
          /^stl.logLikelihoodBound: is a report, and was differentiated/,
        ],
        [() => stl.logLikelihoodBound(compiled, x, y, {loss: () => tf.scalar(1)}), /must be a number for each example/],
      ];
      for (const [wrong, message] of cases) expect(wrong).toThrowError(message);
      expect((stl.logLikelihoodBound(compiled, x, y, {loss}) as tf.Tensor).shape).toEqual([3]); // it draws no longer
    });
  },
  {inBrief: [], inNode: ['cpu', 'wasm']},
);

/** That the mean of what was drawn is `expected`, within 4.5 standard errors. */
function expectMean(drawn: number[], expected: number): void {
  const mean = drawn.reduce((a, b) => a + b) / drawn.length;
  const variance = drawn.reduce((sum, d) => sum + (d - mean) ** 2, 0) / drawn.length;
  expect(Math.abs(mean - expected)).toBeLessThan(4.5 * Math.sqrt(variance / drawn.length));
}
