import * as tf from '@tensorflow/tfjs-core';
import {backendNames, backendsHere, describeBackends, gpuOf, inBrowser, sizeFor, type BackendName} from './backends.js';

const defined: BackendName[] = [];

describeBackends(
  'describeBackends',
  backend => {
    defined.push(backend);
    const whileDefining = sizeFor({cpu: 'cpu', wasm: 'wasm', webgl: 'webgl', webgpu: 'webgpu'});

    it('runs a suite with its backend active, and computes there', async () => {
      expect(tf.getBackend()).toBe(backend);
      const x = tf.matMul(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor2d([[5], [6]]),
      );
      expect(Array.from(await x.data())).toEqual([17, 39]);
    });

    it('picks the size of that backend', () => {
      expect(whileDefining).toBe(backend);
      expect(sizeFor({cpu: 1, wasm: 2, webgl: 3, webgpu: 4})).toBe(
        ['cpu', 'wasm', 'webgl', 'webgpu'].indexOf(backend) + 1,
      );
    });
  },
  {inBrief: backendNames},
);

describeBackends(
  'describeBackends with only',
  () => {
    it('leaves out the others', () => expect(tf.getBackend()).toBe('cpu'));
  },
  {only: ['cpu'], inBrief: ['cpu']},
);

describe('gpuOf', () => {
  it('gives each name one of the two', () => {
    expect(['a', 'b', 'ab'].map(gpuOf)).toEqual(['webgpu', 'webgl', 'webgpu']);
  });
});

describe('the backends of this environment', () => {
  it('have a suite each', () => expect(defined).toEqual([...backendsHere]));

  if (inBrowser) {
    it('have threads for wasm', async () => {
      expect(globalThis.crossOriginIsolated).toBeTrue();
      expect(await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')).toBe(true);
    });
  }
});
