/** The second derivative that a control variate needs, d/dφ |∂c/∂z|², through Keras-style networks. */
import * as tf from '@tensorflow/tfjs';
import {ensureKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {erf} from '../cases.js';

type Layer = (x: number[]) => number[];

const softplus = (x: number) => Math.log1p(Math.exp(x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const each =
  (f: (x: number) => number): Layer =>
  x =>
    x.map(f);
const elu = each(x => (x > 0 ? x : Math.expm1(x)));
const softmax: Layer = x => {
  const e = x.map(Math.exp);
  const total = e.reduce((a, b) => a + b, 0);
  return e.map(v => v / total);
};

/** Every activation of tfjs-layers 4.22, by name. */
const activations = {
  elu,
  hardSigmoid: each(x => Math.min(Math.max(0.2 * x + 0.5, 0), 1)),
  linear: x => x,
  logSoftmax: x => softmax(x).map(Math.log),
  relu: each(x => Math.max(x, 0)),
  relu6: each(x => Math.min(Math.max(x, 0), 6)),
  selu: each(x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
  sigmoid: each(sigmoid),
  softmax,
  softplus: each(softplus),
  softsign: each(x => x / (1 + Math.abs(x))),
  tanh: each(Math.tanh),
  swish: each(x => x * sigmoid(x)),
  mish: each(x => x * Math.tanh(softplus(x))),
  gelu: each(x => x * 0.5 * (1 + erf(x / Math.SQRT2))),
  gelu_new: each(x => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))),
} satisfies Record<string, Layer>;

/** Layers that are an activation, with no weights or with one shared slope. */
const layers: Record<string, {make: () => tf.layers.Layer; reference: Layer}> = {
  leakyReLU: {make: () => tf.layers.leakyReLU({alpha: 0.2}), reference: each(x => (x > 0 ? x : 0.2 * x))},
  prelu: {
    make: () => tf.layers.prelu({alphaInitializer: tf.initializers.constant({value: 0.3})}),
    reference: each(x => (x > 0 ? x : 0.3 * x)),
  },
  elu: {make: () => tf.layers.elu(), reference: elu},
  softmax: {make: () => tf.layers.softmax(), reference: softmax},
  thresholdedReLU: {make: () => tf.layers.thresholdedReLU({theta: 0.1}), reference: each(x => (x > 0.1 ? x : 0))},
  ReLU: {make: () => tf.layers.reLU({maxValue: 0.9}), reference: each(x => Math.min(Math.max(x, 0), 0.9))},
};

const IN = 2;
const HIDDEN = 3;
const KERNEL = [0.7, -1.1, 0.4, 0.9, 0.5, -0.8];
const BIAS = [0.35, -0.25, 0.15];
const POINT = [0.6, -0.9];

/** c(z; φ) = Σⱼ (j + 1)·act(zW + b)ⱼ² in float64, with φ = (W, b). */
function cost(act: Layer, z: number[], phi: number[]): number {
  const hidden = BIAS.map((_, j) => phi[IN * HIDDEN + j]! + z.reduce((s, v, i) => s + v * phi[i * HIDDEN + j]!, 0));
  return act(hidden).reduce((s, v, j) => s + (j + 1) * v * v, 0);
}

/** Derivative of f along axis i by the central five-point rule. */
function partial(f: (x: number[]) => number, x: number[], i: number): number {
  const h = 5e-3;
  const at = (t: number) => f(x.map((v, j) => (j === i ? v + t : v)));
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

function referenceGradient(act: Layer): number[] {
  const squaredNorm = (phi: number[]) =>
    POINT.reduce((s, _, i) => s + partial(z => cost(act, z, phi), POINT, i) ** 2, 0);
  const phi = [...KERNEL, ...BIAS];
  return phi.map((_, i) => partial(squaredNorm, phi, i));
}

async function networkGradient(model: tf.Sequential): Promise<number[]> {
  const dense = model.layers[0]!;
  dense.setWeights([tf.tensor2d(KERNEL, [IN, HIDDEN]), tf.tensor1d(BIAS)]);
  const weight = tf.tensor1d([1, 2, 3]);
  const c = (z: tf.Tensor) => tf.sum(tf.mul(weight, tf.square(model.apply(z, {training: true}) as tf.Tensor)));
  const variables = dense.trainableWeights.map(w => w.read() as tf.Variable); // a layer's weights are variables
  const z = tf.tensor2d(POINT, [1, IN]);
  const {value, grads} = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(tf.grad(c)(z))), variables);
  const got: number[] = [];
  for (const v of variables) got.push(...(await grads[v.name]!.data()));
  tf.dispose([value, grads, weight, z]);
  return got;
}

describeBackends('the gradient of the squared gradient of a network', backend => {
  const tolerance = backend === 'cpu' || backend === 'wasm' ? 1e-4 : 2e-3;

  async function compare(model: tf.Sequential, reference: Layer): Promise<void> {
    ensureKernels();
    const exact = referenceGradient(reference);
    const got = await networkGradient(model);
    const scale = Math.max(1, ...exact.map(Math.abs));
    got.forEach((g, i) =>
      expect(Math.abs(g - exact[i]!) / scale)
        .withContext(`${g} for ${exact[i]}`)
        .toBeLessThan(tolerance),
    );
    expect(got.length).toBe(exact.length);
    model.dispose();
  }

  for (const [name, reference] of Object.entries(activations)) {
    it(`is exact with activation ${name}`, async () => {
      // The typed list of activations leaves some of the registered ones out.
      const activation = name as 'relu';
      await compare(
        tf.sequential({layers: [tf.layers.dense({units: HIDDEN, inputShape: [IN], activation})]}),
        reference,
      );
    }, 60000);
  }

  for (const [name, {make, reference}] of Object.entries(layers)) {
    it(`is exact with layer ${name}`, async () => {
      await compare(tf.sequential({layers: [tf.layers.dense({units: HIDDEN, inputShape: [IN]}), make()]}), reference);
    }, 60000);
  }

  it('is exact through layer normalization', async () => {
    const normalize: Layer = x => {
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
      return x.map(v => (v - mean) / Math.sqrt(variance + 0.1));
    };
    const layer = tf.layers.layerNormalization({epsilon: 0.1});
    await compare(tf.sequential({layers: [tf.layers.dense({units: HIDDEN, inputShape: [IN]}), layer]}), normalize);
  }, 60000);
});
