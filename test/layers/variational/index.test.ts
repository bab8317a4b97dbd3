import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, inBrief} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';
import {momentsOf, seeded, zOf} from '../models.js';

const {foldIn, key: keyOf} = st.random;
const SEED = 5;
const BATCH = 32;

/** softplus. */
const softplus = (x: number): number => Math.log1p(Math.exp(x));
/** Its inverse: where scales start. */
const RHO = Math.log(Math.expm1(0.3));
const scale = {posterior: {name: 'normal', config: {scale: 0.3}}} as const;

/** Gradients of a fitted step, by the last part of a variable's name, under an optimizer that moves nothing. */
async function fitted(
  model: LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  isWrapped: boolean,
): Promise<Record<string, Float32Array>> {
  const inner = tf.train.sgd(0);
  const noted: tf.NamedTensorMap = {};
  inner.applyGradients = given => {
    const list = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({name, tensor}));
    for (const {name, tensor} of list) if (tensor != null) noted[name] = tf.keep(tf.clone(tensor));
  };
  model.compile({optimizer: isWrapped ? st.stochasticOptimizer(inner) : inner, loss: 'meanSquaredError'});
  await model.fit(x, y, {epochs: 1, batchSize: x.shape[0], shuffle: false, verbose: 0});
  const entries = await Promise.all(
    Object.entries(noted).map(
      async ([name, g]) => [name.split('/').pop()!.replace(/_\d+$/, ''), await g.data<'float32'>()] as const,
    ),
  );
  tf.dispose(noted);
  inner.dispose();
  return Object.fromEntries(entries);
}

/** The variables of a layer by the last part of their names. */
const variablesOf = (layer: layers.Layer): Record<string, tf.Variable> =>
  Object.fromEntries(layer.trainableWeights.map(w => [w.originalName.split('/').pop()!, w.read() as tf.Variable]));

/** −1 or 1 with the key of a layer's draw. */
const signs = (shape: number[], key: st.random.Key): tf.Tensor => {
  const u = new st.Uniform({low: tf.fill(shape, -1), high: 1}).sample([], {key});
  return tf.sub(tf.mul(tf.cast(tf.greaterEqual(u, 0), 'float32'), 2), 1);
};

/** KL(N(m, s²) ‖ N(0, 1)), summed. */
const standardKl = (m: tf.Tensor, s: tf.Tensor): tf.Tensor =>
  tf.sum(tf.sub(tf.mul(0.5, tf.sub(tf.add(tf.square(m), tf.square(s)), 1)), tf.log(s)));

/** What a layer of three inputs and two outputs computes, by hand. */
type ByHand = (x: tf.Tensor, v: Record<string, tf.Tensor>, key: st.random.Key) => tf.Tensor;

const scaleOf = (rho: tf.Tensor): tf.Tensor => tf.softplus(rho);
const noise = (shape: number[], key: st.random.Key, place: number): tf.Tensor =>
  st.random.normal(shape, {key: foldIn(key, place)});

/** KL(N(θ, αθ²) ‖ log-uniform) by eq. 14 of Molchanov et al. (2017), summed. */
const dropoutKl = (logAlpha: tf.Tensor): tf.Tensor => {
  const gate = tf.sub(1, tf.sigmoid(tf.add(tf.mul(logAlpha, 1.48695), 1.8732)));
  return tf.sum(tf.add(tf.mul(gate, 0.63576), tf.mul(tf.log1p(tf.exp(tf.neg(logAlpha))), 0.5)));
};

const dense: Record<string, {make: (args: stl.DenseVariationalArgs) => stl.VariationalLayer; byHand: ByHand}> = {
  denseReparameterization: {
    make: stl.denseReparameterization,
    byHand: (x, v, key) => {
      const w = tf.add(v['kernel']!, tf.mul(noise([3, 2], key, 0), scaleOf(v['kernel_rho']!)));
      return tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), v['bias']!);
    },
  },
  denseLocalReparameterization: {
    make: stl.denseLocalReparameterization,
    byHand: (x, v, key) => {
      const mean = tf.add(tf.matMul(x as tf.Tensor2D, v['kernel'] as tf.Tensor2D), v['bias']!);
      const variance = tf.matMul(tf.square(x), tf.square(scaleOf(v['kernel_rho']!)));
      return tf.add(mean, tf.mul(noise(mean.shape, key, 0), tf.sqrt(variance)));
    },
  },
  denseFlipout: {
    make: stl.denseFlipout,
    byHand: (x, v, key) => {
      const shift = tf.mul(noise([3, 2], key, 0), scaleOf(v['kernel_rho']!));
      const batch = x.shape[0];
      const into = tf.mul(x, signs([batch, 3], foldIn(key, 1)));
      const turned = tf.mul(tf.matMul(into as tf.Tensor2D, shift as tf.Tensor2D), signs([batch, 2], foldIn(key, 2)));
      return tf.add(tf.add(tf.matMul(x as tf.Tensor2D, v['kernel'] as tf.Tensor2D), v['bias']!), turned);
    },
  },
};

/** Those of other posteriors. */
const others: typeof dense = {
  denseVariationalDropout: {
    make: args => stl.denseVariationalDropout({...args, posterior: {name: 'dropout', config: {rate: 0.3}}}),
    byHand: (x, v, key) => {
      const mean = tf.add(tf.matMul(x as tf.Tensor2D, v['kernel'] as tf.Tensor2D), v['bias']!);
      const variance = tf.matMul(tf.square(x), tf.mul(tf.exp(v['kernel_logAlpha']!), tf.square(v['kernel']!)));
      return tf.add(mean, tf.mul(noise(mean.shape, key, 0), tf.sqrt(variance)));
    },
  },
};

describeBackends(
  'dense layers with random weights',
  () => {
    let x: tf.Tensor2D;
    let y: tf.Tensor2D;
    beforeAll(() => {
      x = st.random.normal([BATCH, 3], {key: keyOf(1)}) as tf.Tensor2D;
      y = st.random.normal([BATCH, 2], {key: keyOf(2)}) as tf.Tensor2D;
    });
    afterAll(() => tf.dispose([x, y]));
    beforeEach(() => st.random.setSeed(3));

    for (const [name, {make, byHand}] of Object.entries({...dense, ...others})) {
      for (const isWrapped of [false, true]) {
        it(`${name}: fit's gradient is that by hand, ${isWrapped ? 'with the stochastic' : "with tfjs's"} optimizer`, async () => {
          const layer = make({
            units: 2,
            inputShape: [3],
            activation: 'tanh',
            seed: SEED,
            klWeight: 0.1,
            ...scale,
            ...seeded(7),
          });
          const model = sequential({layers: [layer]});
          const got = await fitted(model, x, y, isWrapped);
          const v = variablesOf(layer);
          const {grads, value} = tf.variableGrads((): tf.Scalar => {
            const out = tf.tanh(byHand(x, v, foldIn(keyOf(SEED), 0)));
            const logAlpha = v['kernel_logAlpha'];
            const kl =
              logAlpha === undefined ? standardKl(v['kernel']!, scaleOf(v['kernel_rho']!)) : dropoutKl(logAlpha);
            return tf.add(tf.mean(tf.square(tf.sub(out, y))), tf.mul(kl, 0.1));
          }, Object.values(v));
          expect(Object.keys(got).sort()).toEqual(Object.keys(v).sort());
          expect(Object.keys(v).length).toBe(3);
          for (const [short, variable] of Object.entries(v))
            expectNear(got[short]!, await grads[variable.name]!.data(), `${name}: ${short}`);
          tf.dispose([grads, value]);
          model.dispose();
        });
      }
    }

    if (inBrief) return;

    /** The moments of the gradient over calls, of the mean squared error of linear outputs. */
    async function gradients(make: (args: stl.DenseVariationalArgs) => stl.VariationalLayer, calls: number) {
      const layer = make({units: 2, inputShape: [3], seed: 11, ...scale, ...seeded(7)});
      const model = sequential({layers: [layer]});
      const v = variablesOf(layer);
      const variables = [v['kernel']!, v['kernel_rho']!];
      const rows: number[][] = [];
      for (let i = 0; i < calls; i++) {
        const {grads, value} = tf.variableGrads(
          (): tf.Scalar => tf.mean(tf.square(tf.sub(layer.apply(x, {training: true}) as tf.Tensor, y))),
          variables,
        );
        rows.push((await Promise.all(variables.map(w => grads[w.name]!.data()))).flatMap(g => [...g]));
        tf.dispose([grads, value]);
      }
      const m = (await v['kernel']!.array()) as number[][];
      model.dispose();
      return {moments: momentsOf(rows), m};
    }

    it('ask back where an option has another name', () => {
      const cases = [
        [() => stl.denseFlipout({unit: 1} as never), 'stl.denseFlipout: unknown option "unit"; did you mean "units"?'],
        [
          () => stl.conv2dFlipout({filter: 1, kernelSize: 3} as never),
          'stl.conv2dFlipout: unknown option "filter"; did you mean "filters"?',
        ],
      ] as const;
      for (const [make, message] of cases) expect(make).toThrowError(message);
      expect(() => stl.denseFlipout({units: -1})).toThrowError(/stl.denseFlipout: .*units/);
    });

    it('have a mean gradient that is the exact one, and vary less than plain draws where examples draw apart', async () => {
      const [xs, ys] = [await x.array(), await y.array()];
      const s = softplus(RHO);
      const slope = 1 / (1 + Math.exp(-RHO));
      const total: Record<string, number[]> = {};
      for (const [name, {make}] of Object.entries(dense)) {
        const {moments, m} = await gradients(make, 500);
        // E (x·w − y)² = (x·m − y)² + Σᵢ xᵢ² s²
        const kernel = m.map((_, i) =>
          m[0]!.map(
            (_, j) =>
              xs.reduce(
                (sum, row, b) => sum + row[i]! * (row.reduce((dot, x, k) => dot + x * m[k]![j]!, 0) - ys[b]![j]!),
                0,
              ) / BATCH,
          ),
        );
        const rho = m.map((_, i) =>
          m[0]!.map(() => (xs.reduce((sum, row) => sum + row[i]! ** 2, 0) * s * slope) / BATCH),
        );
        const exact = [...kernel.flat(), ...rho.flat()];
        expect(zOf(moments, exact)).withContext(name).toBeLessThan(4.5);
        expect(
          zOf(
            moments,
            exact.map(g => g * 1.2),
          ),
        )
          .withContext(`${name}, biased`)
          .toBeGreaterThan(4.5);
        total[name] = [0, 6].map(from => moments.variance.slice(from, from + 6).reduce((a, b) => a + b, 0));
      }
      for (const name of ['denseLocalReparameterization', 'denseFlipout'])
        for (const part of [0, 1])
          expect(total[name]![part])
            .withContext(`${name}, ${['locations', 'scales'][part]}`)
            .toBeLessThan(0.5 * total['denseReparameterization']![part]!);
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);

describeBackends(
  'the posterior of a conjugate model',
  () => {
    if (inBrief) return;
    /** Orthogonal columns, so that independent weights are the exact posterior: precision 1 + n/σ². */
    const n = 32;
    const sigma = 0.7;
    const UNITS = 100;
    const [xs, ys] = (() => {
      const rows = Array.from({length: n}, (_, i) => [i % 2 === 0 ? 1 : -1, i % 4 < 2 ? 0.5 : -0.5]);
      return [rows, rows.map(([a, b], i) => [0.8 * a! - 1.2 * b! + 0.7 * Math.sin(7 * i)])];
    })();

    // many outputs, each with the same targets: so many posteriors, over which the noise of the draws is averaged
    for (const make of ['denseReparameterization', 'denseLocalReparameterization', 'denseFlipout'] as const) {
      it(`is the optimum of fit: ${make}`, async () => {
        const layer = stl[make]({
          ...{units: UNITS, useBias: false, inputShape: [2], seed: 4, klWeight: 'perExample'},
          posterior: {name: 'normal', config: {scale: 0.2}},
        });
        const model = sequential({layers: [layer]});
        const x = tf.tensor2d(xs);
        const y = tf.tidy(() => tf.tile(tf.tensor2d(ys), [1, UNITS]));
        const loss = (t: tf.Tensor, p: tf.Tensor): tf.Tensor =>
          tf.div(tf.sum(tf.square(tf.sub(t, p)), -1), 2 * sigma ** 2);
        // at last steps that are not scaled by the gradient's size, which moves the mean where noise is skewed
        for (const optimizer of [tf.train.adam(0.05, 0.9, 0.999, 1e-7), tf.train.sgd(0.3), tf.train.sgd(0.1)]) {
          model.compile({optimizer, loss});
          await model.fit(x, y, {epochs: 150, batchSize: n, verbose: 0});
          optimizer.dispose();
        }
        const v = variablesOf(layer);
        const [means, rhos] = [await v['kernel']!.data(), await v['kernel_rho']!.data()];
        const average = (list: ArrayLike<number>, j: number): number =>
          Array.from({length: UNITS}, (_, u) => list[j * UNITS + u]!).reduce((a, b) => a + b, 0) / UNITS;
        for (const j of [0, 1]) {
          const precision = 1 + xs.reduce((sum, row) => sum + row[j]! ** 2, 0) / sigma ** 2;
          const exact = xs.reduce((sum, row, i) => sum + row[j]! * ys[i]![0]!, 0) / sigma ** 2 / precision;
          const [mean, variance] = [
            average(means, j),
            average(
              rhos.map(rho => softplus(rho) ** 2),
              j,
            ),
          ];
          expect(Math.abs(mean / exact - 1))
            .withContext(`mean ${j}: ${mean} for ${exact}`)
            .toBeLessThan(0.02);
          expect(Math.abs(variance * precision - 1))
            .withContext(`variance ${j}`)
            .toBeLessThan(0.02);
        }
        // what is reported, with steps that move nothing
        const optimizer = tf.train.sgd(0);
        model.compile({optimizer, ...stl.withCosts(loss, model)});
        const {history} = await model.fit(x, y, {batchSize: 5, epochs: 1, verbose: 0, validationData: [x, y]});
        const closed = Array.from(means).reduce((sum, m, i) => {
          const s = softplus(rhos[i]!);
          return sum + (m * m + s * s - 1) / 2 - Math.log(s);
        }, 0);
        const evaluated = model.evaluate(x, y, {batchSize: 7}) as tf.Scalar[];
        const read = await Promise.all(evaluated.map(async t => (await t.data())[0]!));
        const of = (name: string): number => history[name]![0] as number;
        for (const [what, total, reconstruction, kl] of [
          ['fit', of('loss'), of('reconstruction'), of('kl')],
          ['validation', of('val_loss'), of('val_reconstruction'), of('val_kl')],
          ['evaluate', ...read],
        ] as Array<[string, number, number, number]>) {
          expect(Math.abs(kl / closed - 1))
            .withContext(`KL of ${what}`)
            .toBeLessThan(1e-4);
          expect(Math.abs(total / (reconstruction + closed / n) - 1))
            .withContext(`loss of ${what}`)
            .toBeLessThan(1e-4);
        }
        tf.dispose([x, y, evaluated]);
        optimizer.dispose();
        model.dispose();
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'the divergence from the prior',
  () => {
    const make = (args: Partial<stl.DenseVariationalArgs>): stl.VariationalLayer => {
      const kernelInitializer = initializers.constant({value: 0.5});
      const layer = stl.denseReparameterization({
        units: 2,
        inputShape: [3],
        seed: SEED,
        kernelInitializer,
        ...scale,
        ...args,
      });
      sequential({layers: [layer]});
      return layer;
    };
    const value = async (t: tf.Tensor): Promise<number> => {
      const [x] = await t.data();
      t.dispose();
      return x!;
    };

    it('is the closed form of a Normal prior', async () => {
      const layer = make({prior: {name: 'Normal', config: {loc: 1, scale: 2}}});
      // ln(2/0.3) + (0.09 + 0.25)/8 − 1/2
      expectNear([await value(layer.kl())], [6 * (Math.log(2 / 0.3) + 0.34 / 8 - 0.5)], 'KL');
      layer.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
