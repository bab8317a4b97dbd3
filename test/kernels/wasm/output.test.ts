import * as tf from '@tensorflow/tfjs';
import '../../../src/kernels/complete.js';
import {enableFastKernels} from '../../../src/kernels/index.js';
import {outputOf} from '../../../src/kernels/wasm/output.js';
import type {WasmBackend} from '../../../src/kernels/backendParts.js';
import {describeBackends} from '../../helpers/backends.js';

const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

/** Shapes of inputs and what is made of them by kernels of ours. */
const kernels: Record<string, [shapes: number[][], of: (...xs: tf.Tensor[]) => unknown]> = {
  exp: [[[5]], tf.exp],
  softplus: [[[5]], tf.softplus],
  tanh: [[[5]], tf.tanh],
  sqrt: [[[5]], tf.sqrt],
  matMul: [[[4, 4], [4, 4]], (a, b) => tf.matMul(a, b, true)], // prettier-ignore
  'matMul of batches': [[[2, 4, 4], [2, 4, 4]], (a, b) => tf.matMul(a, b)], // prettier-ignore
  'fused matMul': [
    [[4, 4], [4, 4], [4], [4]], // prettier-ignore
    (a, b, bias, preluActivationWeights) =>
      tf.fused.matMul({
        ...{a: a, b: b, bias: bias, preluActivationWeights: preluActivationWeights},
        activation: 'prelu',
      }),
  ],
  slice: [[[4, 4]], x => tf.slice(x, [1, 1], [2, 2])],
  split: [[[4, 4]], x => tf.split(x, 2)],
  unstack: [[[4, 4]], x => tf.unstack(x)],
  tile: [[[4, 4]], x => tf.tile(x, [2, 2])],
  'sum of columns': [[[100, 50]], x => tf.sum(x, 0)],
  'sum of all': [[[1000, 5]], x => tf.sum(x)],
  mean: [[[1000, 5]], x => tf.mean(x)],
  segments: [[[3, 4]], x => tf.unsortedSegmentSum(x, ids(0, 1, 0), 2)],
  prelu: [[[4, 4], [4, 1]], (x, slopes) => tf.prelu(x, slopes)], // prettier-ignore
  crop: [
    [[1, 4, 4, 1], [1, 4]], // prettier-ignore
    (image, boxes) => tf.image.cropAndResize(image as tf.Tensor4D, boxes as tf.Tensor2D, ids(0), [2, 2], 'nearest'),
  ],
};

const counts = () => ({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()});

describeBackends(
  'kernels on wasm',
  () => {
    beforeEach(() => void enableFastKernels());

    for (const [name, [shapes, of]] of Object.entries(kernels)) {
      it(`${name}: make nothing of an input that is disposed`, () => {
        shapes.forEach((_, dead) => {
          tf.tidy(() => {
            const xs = shapes.map(shape => tf.ones(shape));
            xs[dead]!.dispose();
            const before = counts();
            expect(() => tf.tidy(() => void of(...xs)))
              .withContext(`input ${dead}`)
              .toThrowError();
            expect(counts()).withContext(`input ${dead}`).toEqual(before);
          });
        });
      });

      it(`${name}: take inputs over from another backend`, async () => {
        const read = (made: unknown) => [made].flat().map(x => Array.from((x as tf.Tensor).dataSync()));
        const wanted = tf.tidy(() => read(of(...shapes.map(shape => tf.mul(tf.ones(shape), 0.5)))));
        await tf.setBackend('cpu');
        const xs = shapes.map(shape => tf.mul(tf.ones(shape), 0.5));
        await tf.setBackend('wasm');
        expect(tf.tidy(() => read(of(...xs)))).toEqual(wanted);
        tf.dispose(xs);
      });
    }

    it('have no output before their inputs are there', () => {
      const x = tf.ones([3]);
      x.dispose();
      const before = counts();
      expect(() => outputOf(tf.backend() as unknown as WasmBackend, [x], [3], 'float32')).toThrowError();
      expect(counts()).toEqual(before);
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
