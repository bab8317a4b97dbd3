/** The layers of tfjs-layers: on wasm values and gradients as on cpu, and a model of them trained alike. */
import * as tf from '@tensorflow/tfjs';
import {completeKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {numbers} from '../operations.js';

type Make = () => tf.layers.Layer;

const l = tf.layers;
/** By name the shape of an example, and the layer. */
const layers: Record<string, [number[], Make]> = {
  dense: [[3], () => l.dense({units: 2, activation: 'tanh'})],
  'dense of rank 3': [[4, 3], () => l.dense({units: 2})],
  conv1d: [[6, 2], () => l.conv1d({filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu'})],
  'conv1d with dilations': [[7, 2], () => l.conv1d({filters: 3, kernelSize: 2, dilationRate: 2, activation: 'tanh'})],
  conv2d: [[5, 6, 2], () => l.conv2d({filters: 3, kernelSize: [3, 2], strides: [2, 1], activation: 'relu'})],
  'conv2d, same': [[5, 6, 2], () => l.conv2d({filters: 3, kernelSize: 3, strides: 2, padding: 'same'})],
  'conv2d with dilations': [
    [7, 7, 2],
    () => l.conv2d({filters: 3, kernelSize: 3, dilationRate: 2, activation: 'relu'}),
  ],
  conv2dTranspose: [[3, 4, 2], () => l.conv2dTranspose({filters: 3, kernelSize: 3, strides: 2, padding: 'same'})],
  conv3d: [[3, 4, 4, 2], () => l.conv3d({filters: 2, kernelSize: 2, padding: 'same', activation: 'relu'})],
  conv3dTranspose: [[2, 2, 3, 2], () => l.conv3dTranspose({filters: 2, kernelSize: 2, strides: 2})],
  separableConv2d: [[5, 5, 2], () => l.separableConv2d({filters: 3, kernelSize: 3, depthMultiplier: 2})],
  depthwiseConv2d: [[5, 5, 2], () => l.depthwiseConv2d({kernelSize: 3, depthMultiplier: 2, padding: 'same'})],
  maxPooling1d: [[6, 2], () => l.maxPooling1d({poolSize: 3, strides: 2})],
  maxPooling2d: [[5, 6, 2], () => l.maxPooling2d({poolSize: 3, strides: 2, padding: 'same'})],
  maxPooling3d: [[4, 4, 4, 2], () => l.maxPooling3d({poolSize: 2, dataFormat: 'channelsLast'})],
  averagePooling1d: [[6, 2], () => l.averagePooling1d({poolSize: 3, strides: 1})],
  averagePooling2d: [[5, 6, 2], () => l.averagePooling2d({poolSize: 3, strides: 2, padding: 'same'})],
  averagePooling3d: [[4, 4, 4, 2], () => l.averagePooling3d({poolSize: 2, dataFormat: 'channelsLast'})],
  globalMaxPooling2d: [[3, 4, 2], () => l.globalMaxPooling2d({})],
  globalAveragePooling1d: [[4, 2], () => l.globalAveragePooling1d({})],
  simpleRNN: [[4, 2], () => l.simpleRNN({units: 3, recurrentInitializer: 'glorotUniform'})],
  gru: [[4, 2], () => l.gru({units: 3, returnSequences: true, recurrentInitializer: 'glorotUniform'})],
  'lstm of one step': [[1, 2], () => l.lstm({units: 3, recurrentInitializer: 'glorotUniform'})],
  lstm: [[4, 2], () => l.lstm({units: 3, goBackwards: true, recurrentInitializer: 'glorotUniform'})],
  convLstm2d: [[3, 4, 4, 2], () => l.convLstm2d({filters: 2, kernelSize: 2, recurrentInitializer: 'glorotUniform'})],
  bidirectional: [
    [4, 2],
    () =>
      l.bidirectional({
        layer: l.gru({units: 2, recurrentInitializer: 'glorotUniform'}), // its type is not exported
        mergeMode: 'concat',
      }),
  ],
  timeDistributed: [[3, 4, 4, 1], () => l.timeDistributed({layer: l.conv2d({filters: 2, kernelSize: 2})})],
  batchNormalization: [[4, 3], () => l.batchNormalization()],
  layerNormalization: [[4, 3], () => l.layerNormalization()],
  zeroPadding2d: [[3, 4, 2], () => l.zeroPadding2d({padding: [1, 2]})],
  cropping2D: [
    [5, 6, 2],
    () =>
      l.cropping2D({
        cropping: [
          [1, 1],
          [2, 1],
        ],
      }),
  ],
  upSampling2d: [[3, 4, 2], () => l.upSampling2d({size: [2, 3]})],
  permute: [[3, 4], () => l.permute({dims: [2, 1]})],
  repeatVector: [[3], () => l.repeatVector({n: 4})],
  masking: [[3, 2], () => l.masking()],
  leakyReLU: [[5], () => l.leakyReLU({alpha: 0.2})],
  prelu: [[3, 4], () => l.prelu({alphaInitializer: 'glorotNormal', sharedAxes: [1]})],
  elu: [[5], () => l.elu()],
  thresholdedReLU: [[5], () => l.thresholdedReLU({theta: 0.3})],
  softmax: [[5], () => l.softmax({axis: -1})],
};

/** The output, then the gradients in the input and in each weight, of weights that are fixed. */
async function results(shape: number[], make: Make): Promise<number[][]> {
  const model = tf.sequential({layers: [l.activation({activation: 'linear', inputShape: shape}), make()]});
  // one of them is a variance
  const given = model.getWeights().map((w, i) => tf.abs(tf.tensor(numbers(w.shape, i + 2), w.shape)));
  model.setWeights(given);
  tf.dispose(given);
  const x = tf.tensor(numbers([2, ...shape], 1), [2, ...shape]);
  const f = (t: tf.Tensor) => {
    const y = model.apply(t, {training: true}) as tf.Tensor; // of one output
    return tf.sum<tf.Scalar>(tf.mul(tf.square(y), tf.tensor(numbers(y.shape, 9), y.shape)));
  };
  const weights = model.trainableWeights.map(w => w.read() as tf.Variable); // a layer's weights are variables
  const byWeight = weights.length === 0 ? {grads: {}} : tf.variableGrads(() => tf.tidy(() => f(x)), weights);
  const made = [
    tf.tidy(() => model.apply(x) as tf.Tensor),
    tf.tidy(() => tf.grad(f)(x)),
    ...Object.values(byWeight.grads),
  ];
  const values: number[][] = [];
  for (const t of made) values.push(Array.from(await t.data()));
  tf.dispose([made, byWeight, x]);
  model.dispose();
  return values;
}

describeBackends(
  'layers of tfjs',
  backend => {
    beforeAll(() => completeKernels());

    for (const [name, [shape, make]] of Object.entries(layers)) {
      it(`${name} has the values and gradients of cpu`, async () => {
        const got = await results(shape, make);
        await tf.setBackend('cpu');
        const exact = await results(shape, make);
        await tf.setBackend(backend);
        expect(got.length).toBe(exact.length);
        exact.forEach((e, i) => {
          const scale = Math.max(1e-2, ...e.map(Math.abs));
          expect(got[i]!.length).toBe(e.length);
          e.forEach((v, j) =>
            expect(Math.abs(got[i]![j]! - v) / scale)
              .withContext(`result ${i}`)
              .toBeLessThan(2e-5),
          );
        });
      });
    }
  },
  {only: ['wasm'], inBrief: []},
);
