/** Operations on every backend as on cpu, and there as differences of their values say. */
import * as tf from '@tensorflow/tfjs';
import {completeKernels, holes} from '../../src/kernels/holes.js';
import {backendsHere, describeBackends, inBrief} from '../helpers/backends.js';
import {operationCases} from './operationCases.js';
import {secondGradients, slopes, valueAndGradients} from './operations.js';

/** The largest distance, in units of the largest number. */
function distance(got: number[], exact: number[]): number {
  if (got.length !== exact.length) return Infinity;
  const scale = Math.max(1e-3, ...exact.map(Math.abs));
  return Math.max(0, ...exact.map((e, i) => (Number.isFinite(got[i]) ? Math.abs(got[i]! - e) / scale : Infinity)));
}

const differences = (): void => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    completeKernels();
  });

  for (const c of operationCases) {
    it(`of ${c.name} are the slopes of its values`, async () => {
      for (const {exact, got} of await slopes(c)) {
        expect(Math.abs(got - exact))
          .withContext(`${got} for ${exact}`)
          .toBeLessThan(0.02 * (1 + Math.abs(exact)));
      }
    });
  }
};
if (backendsHere.includes('cpu') && !inBrief) describe('the gradients of operations', differences);

describeBackends(
  'operations',
  backend => {
    beforeAll(() => completeKernels());
    const tolerance = backend === 'wasm' ? 1e-5 : 2e-3;

    for (const c of operationCases) {
      if (inBrief && !c.isMended) continue;
      // the nearest pixels of tfjs's webgl kernel are not all those of cpu, for a reason that is not known yet
      if (backend === 'webgl' && /cropAndResize.*nearest/.test(c.name)) continue;
      it(`${c.name} as on cpu, to the second order`, async () => {
        const both = async (name: string) => {
          await tf.setBackend(name);
          const before = tf.memory().numTensors;
          const first = await valueAndGradients(c);
          const second = c.isOnce || (inBrief && !c.isMended) ? [] : await secondGradients(c);
          expect(tf.memory().numTensors).withContext(name).toBe(before);
          return [...first, ...second];
        };
        const exact = await both('cpu');
        const got = await both(backend);
        expect(got.length).toBe(exact.length);
        got.forEach((g, i) => expect(distance(g, exact[i]!)).withContext(`result ${i}`).toBeLessThan(tolerance));
      }, 60_000);
    }
  },
  {only: ['wasm', 'webgl', 'webgpu'], inBrief: [], inNode: ['wasm']},
);

const completing = (): void => {
  it('registers what a backend lacks, and leaves what it has', () => {
    completeKernels();
    for (const {kernelName} of holes.missing!['wasm']!) {
      const ours = tf.getKernel(kernelName, 'wasm');
      const another = {...ours, kernelFunc: () => []};
      tf.unregisterKernel(kernelName, 'wasm');
      tf.registerKernel(another);
      completeKernels();
      expect(tf.getKernel(kernelName, 'wasm')).withContext(kernelName).toBe(another);
      tf.unregisterKernel(kernelName, 'wasm');
      tf.registerKernel(ours);
    }
    const warn = spyOn(console, 'warn');
    completeKernels();
    expect(warn).not.toHaveBeenCalled();
  });

  it('waits for a backend that is loaded later', () => {
    const names = [tf.Identity, ...holes.missing!['wasm']!.map(({kernelName}) => kernelName)];
    const kernels = names.map(name => tf.getKernel(name, 'wasm'));
    names.forEach(name => tf.unregisterKernel(name, 'wasm'));
    completeKernels();
    expect(names.map(name => tf.getKernel(name, 'wasm') as unknown)).toEqual(names.map(() => undefined));
    tf.registerKernel(kernels[0]!);
    completeKernels();
    names.slice(1).forEach(name => expect(tf.getKernel(name, 'wasm')).withContext(name).toBeDefined());
  });

  it('refuses images with channels first on wasm, which its convolutions do not know', () => {
    const {kernelFunc} = tf.getKernel(tf.Conv2DBackpropFilter, 'wasm');
    const x: tf.TensorInfo = {dataId: {}, shape: [1, 2, 4, 4], dtype: 'float32'};
    expect(() =>
      kernelFunc({
        inputs: {x, dy: x},
        backend: {},
        attrs: {strides: 1, pad: 'same', dataFormat: 'NCHW', filterShape: [2, 2, 2, 2]},
      }),
    ).toThrowError('Conv2DBackpropFilter: on wasm images must be in the format NHWC, got NCHW');
  });
};
describeBackends('completeKernels', completing, {only: ['wasm'], inBrief: []});
