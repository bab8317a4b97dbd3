/** What fit computes of a layer with random weights is what the same model computes that is written by hand, with the same keys. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';
import {recorder, seeded} from '../models.js';

const {foldIn, key: keyOf} = st.random;
type Tensors = Record<string, tf.Tensor>;
const SEED = 5;
const KL_WEIGHT = 0.1;
const SCALE = 0.3;

/** A layer and the same by hand; weights of these names are random, in this order. */
interface Case {
  readonly make: (options: stl.VariationalOptions) => stl.VariationalLayer;
  readonly input: number[];
  readonly random: readonly string[];
  /** The output, of the weights that were drawn. */
  readonly byHand: (x: tf.Tensor, w: Tensors) => tf.Tensor;
  /** Where more than the weights is drawn: the output of the locations and the draws' distances from them. */
  readonly flipout?: (x: tf.Tensor, loc: Tensors, shift: tf.Tensor, key: st.random.Key) => tf.Tensor;
}

const recurrent = {recurrentInitializer: initializers.glorotUniform({seed: 9}), ...seeded(8)};
const steps = (x: tf.Tensor): tf.Tensor2D[] => tf.unstack(x, 1) as tf.Tensor2D[]; // of [batch, time, features]
const dot = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.matMul(x, w);
const hard = (x: tf.Tensor): tf.Tensor => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
const ofRows = (x: tf.Tensor): tf.Tensor => tf.zeros([x.shape[0], 2]);
const RECURRENT = ['kernel', 'recurrent_kernel'];

/** −1 or 1 for each example and channel. */
const signs = (x: tf.Tensor, key: st.random.Key): tf.Tensor => {
  const shape = x.shape.map((d, i) => (i === 0 || i === x.rank - 1 ? d : 1));
  const u = new st.Uniform({low: tf.fill(shape, -1), high: 1}).sample([], {key});
  return tf.sub(tf.mul(tf.cast(tf.greaterEqual(u, 0), 'float32'), 2), 1);
};

const conv1d = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'same');
const conv2d = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');

/** A convolution, by plain draws and by flipout. */
const convolution = (
  make: (options: stl.VariationalOptions) => stl.VariationalLayer,
  input: number[],
  conv: typeof conv1d,
  isFlipout: boolean,
): Case => ({
  make,
  input,
  random: ['kernel'],
  byHand: (x, w) => tf.add(conv(x, w['kernel']!), w['bias']!),
  ...(isFlipout
    ? {
        flipout: (x, loc, shift, key) => {
          const plain = tf.add(conv(x, loc['kernel']!), loc['bias']!);
          const turned = conv(tf.mul(x, signs(x, foldIn(key, 1))), shift);
          return tf.add(plain, tf.mul(turned, signs(plain, foldIn(key, 2))));
        },
      }
    : {}),
});

const of1d = {filters: 2, kernelSize: 2, padding: 'same' as const, inputShape: [3, 2], ...seeded(7)};
const of2d = {...of1d, inputShape: [3, 4, 2]};

const cases: Record<string, Case> = {
  conv1dReparameterization: convolution(o => stl.conv1dReparameterization({...of1d, ...o}), [3, 2], conv1d, false),
  conv1dFlipout: convolution(o => stl.conv1dFlipout({...of1d, ...o}), [3, 2], conv1d, true),
  conv2dReparameterization: convolution(o => stl.conv2dReparameterization({...of2d, ...o}), [3, 4, 2], conv2d, false),
  conv2dFlipout: convolution(o => stl.conv2dFlipout({...of2d, ...o}), [3, 4, 2], conv2d, true),
  'variational(dense)': {
    make: o => stl.variational(layers.dense({units: 2, inputShape: [3], ...seeded(7)}), o),
    input: [3],
    random: ['kernel'],
    byHand: (x, w) => tf.add(dot(x, w['kernel']!), w['bias']!),
  },
  'variational(simpleRNN)': {
    make: o => stl.variational(layers.simpleRNN({units: 2, inputShape: [3, 2], ...recurrent}), o),
    input: [3, 2],
    random: RECURRENT,
    byHand: (x, w) =>
      steps(x).reduce(
        (h, step) => tf.tanh(tf.add(tf.add(dot(step, w['kernel']!), dot(h, w['recurrent_kernel']!)), w['bias']!)),
        ofRows(x),
      ),
  },
  'variational(lstm)': {
    make: o => stl.variational(layers.lstm({units: 2, inputShape: [3, 2], ...recurrent}), o),
    input: [3, 2],
    random: RECURRENT,
    byHand: (x, w) => {
      let [h, c] = [ofRows(x), ofRows(x)];
      for (const step of steps(x)) {
        const all = tf.add(tf.add(dot(step, w['kernel']!), dot(h, w['recurrent_kernel']!)), w['bias']!);
        const [i, f, candidate, o] = tf.split(all, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        c = tf.add(tf.mul(hard(f), c), tf.mul(hard(i), tf.tanh(candidate)));
        h = tf.mul(hard(o), tf.tanh(c));
      }
      return h;
    },
  },
  'variational(gru)': {
    make: o => stl.variational(layers.gru({units: 2, inputShape: [3, 2], ...recurrent}), o),
    input: [3, 2],
    random: RECURRENT,
    byHand: (x, w) => {
      const [toGates, toCandidate] = tf.split(w['recurrent_kernel']!, [4, 2], 1) as [tf.Tensor, tf.Tensor];
      return steps(x).reduce((h, step) => {
        const [xz, xr, xh] = tf.split(tf.add(dot(step, w['kernel']!), w['bias']!), 3, 1) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        const [hz, hr] = tf.split(dot(h, toGates), 2, 1) as [tf.Tensor, tf.Tensor];
        const [z, r] = [hard(tf.add(xz, hz)), hard(tf.add(xr, hr))];
        const candidate = tf.tanh(tf.add(xh, dot(tf.mul(r, h), toCandidate)));
        return tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
      }, ofRows(x));
    },
  },
};

const normal = (loc: tf.Tensor | number, scale: tf.Tensor | number): st.Normal => new st.Normal({loc, scale});
/** Σ ln q(w) − ln p(w). */
const atDraw = (q: st.Distribution, p: st.Distribution, w: tf.Tensor): tf.Tensor =>
  tf.sum(tf.sub(q.logProb(w), p.logProb(w)));
/** KL(N(m, s²) ‖ N(a, b²)), summed. */
const closed = (m: tf.Tensor, s: tf.Tensor, a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor => {
  const quadratic = tf.div(tf.add(tf.square(s), tf.square(tf.sub(m, a))), tf.mul(2, tf.square(b)));
  return tf.sum(tf.add(tf.sub(tf.log(b), tf.log(s)), tf.sub(quadratic, 0.5)));
};
const mixture = (): st.Distribution =>
  new st.MixtureSameFamily({
    mixtureDistribution: new st.Categorical({probs: [0.25, 0.75]}),
    componentsDistribution: new st.Normal({loc: 0, scale: [1, 0.1]}),
  });

/** Options of the weights, and by hand the family and the divergence of one weight tensor. */
interface Weights {
  readonly options: stl.VariationalOptions;
  readonly q: (loc: tf.Tensor, scale: tf.Tensor) => st.Distribution;
  readonly kl: (loc: tf.Tensor, scale: tf.Tensor, w: tf.Tensor, v: Tensors, name: string) => tf.Tensor;
}

const posterior = {posterior: {name: 'normal', config: {scale: SCALE}}} as const;
const weights: Record<string, Weights> = {
  'a standard prior': {options: posterior, q: normal, kl: (m, s) => closed(m, s, 0, 1)},
  'a learnt prior': {
    options: {...posterior, prior: {name: 'learned', config: {loc: 0.1, scale: 0.5}}},
    q: normal,
    kl: (m, s, _, v, name) => closed(m, s, v[`${name}_prior_loc`]!, tf.softplus(v[`${name}_prior_rho`]!)),
  },
  'a standard prior, exact: false': {
    options: {...posterior, exact: false},
    q: normal,
    kl: (m, s, w) => atDraw(normal(m, s), normal(0, 1), w),
  },
  'a learnt prior, exact: false': {
    options: {...posterior, prior: 'learned', exact: false},
    q: normal,
    kl: (m, s, w, v, name) =>
      atDraw(normal(m, s), normal(v[`${name}_prior_loc`]!, tf.softplus(v[`${name}_prior_rho`]!)), w),
  },
  'a scale mixture': {
    options: {...posterior, prior: {name: 'scaleMixture', config: {weight: 0.25, scales: [1, 0.1]}}},
    q: normal,
    kl: (m, s, w) => atDraw(normal(m, s), mixture(), w),
  },
  'laplace weights': {
    options: {posterior: {name: 'laplace', config: {scale: SCALE}}, exact: false},
    q: (loc, scale) => new st.Laplace({loc, scale}),
    kl: (m, s, w) => atDraw(new st.Laplace({loc: m, scale: s}), normal(0, 1), w),
  },
};

describeBackends(
  'a compiled model with random weights equals the same one by hand, with the same keys:',
  () => {
    const compare = async (one: Case, {options, q, kl}: Weights, isWrapped: boolean): Promise<void> => {
      const layer = one.make({...options, seed: SEED, klWeight: KL_WEIGHT});
      const model = sequential({layers: [layer]});
      const {optimizer: wrapped, read} = recorder();
      const optimizer = isWrapped ? wrapped : wrapped.optimizer;
      model.compile({optimizer, loss: 'meanSquaredError'});
      const x = st.random.normal([5, ...one.input], {key: keyOf(1)});
      const y = st.random.normal([5, ...(model.outputs[0]!.shape.slice(1) as number[])], {key: keyOf(2)}); // numbers but for the batch
      const variables = Object.fromEntries(
        layer.trainableWeights.map(w => [w.originalName.split('/').pop()!, w.read() as tf.Variable]),
      );
      for (let call = 0; call < 2; call++) {
        const {history} = await model.fit(x, y, {epochs: 1, batchSize: 5, shuffle: false, verbose: 0});
        const step = (await read())[0]!;
        const {value, grads} = tf.variableGrads((): tf.Scalar => {
          const key = foldIn(keyOf(SEED), call);
          const of = (name: string): [tf.Tensor, tf.Tensor] => [
            variables[name]!,
            tf.softplus(variables[`${name}_rho`]!),
          ];
          const drawn: Tensors = {...variables};
          one.random.forEach((name, i) => (drawn[name] = q(...of(name)).sample([], {key: foldIn(key, i)})));
          const shift = (): tf.Tensor => tf.sub(drawn['kernel']!, variables['kernel']!);
          const out = one.flipout === undefined ? one.byHand(x, drawn) : one.flipout(x, variables, shift(), key);
          const total = tf.addN(one.random.map(name => kl(...of(name), drawn[name]!, variables, name)));
          return tf.add(tf.mean(tf.square(tf.sub(out, y))), tf.mul(total, KL_WEIGHT));
        }, Object.values(variables));
        const [exact] = await value.data();
        expect(Math.abs((history['loss']![0] as number) - exact!)).toBeLessThan(2e-5 * Math.max(1, Math.abs(exact!)));
        expect(Object.keys(step).sort()).toEqual(
          Object.values(variables)
            .map(v => v.name)
            .sort(),
        );
        for (const [name, variable] of Object.entries(variables))
          expectNear(step[variable.name]!, await grads[variable.name]!.data(), `${name}, call ${call}`, false, 5e-6);
        tf.dispose([value, grads]);
      }
      tf.dispose([x, y]);
      model.dispose();
      wrapped.dispose();
    };

    for (const [name, one] of Object.entries(cases))
      it(name, async () => {
        await compare(one, weights['a standard prior']!, false);
        await compare(one, weights['a learnt prior']!, true);
        await compare(one, weights['a standard prior, exact: false']!, true);
      });

    for (const [title, how] of Object.entries(weights))
      it(`variational(dense), ${title}, with tfjs's and the stochastic optimizer`, async () => {
        for (const isWrapped of [false, true]) await compare(cases['variational(dense)']!, how, isWrapped);
      });
  },
  {inBrief: [], inNode: ['cpu']},
);
