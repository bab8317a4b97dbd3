import * as tf from '@tensorflow/tfjs-core';
import {kernelOf, putInPlace} from '../../src/kernels/replacement.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'replacements',
  backend => {
    it('wrap what is there in their order, once, and pass over what a backend lacks', () => {
      const kernelName = `ReplacementTest${backend}`;
      const log: string[] = [];
      const info = {dataId: {}, shape: [], dtype: 'float32'} as tf.TensorInfo;
      const kernelFunc = () => (log.push('original'), info);
      tf.registerKernel({kernelName, backendName: backend, kernelFunc});
      const wrap = (label: string, name = kernelName) => ({
        kernelName: name,
        replace:
          (original: tf.KernelFunc): tf.KernelFunc =>
          args => (log.push(label), original(args)),
      });
      const list = [wrap('inner'), wrap('outer'), wrap('nowhere', `${kernelName}Missing`)];
      putInPlace(list, backend);
      putInPlace(list, backend);
      void kernelOf(kernelName, backend)!.kernelFunc({inputs: {}, backend: {}});
      expect(log).toEqual(['outer', 'inner', 'original']);
      expect(kernelOf(`${kernelName}Missing`, backend)).toBeUndefined();
      tf.unregisterKernel(kernelName, backend);
    });
  },
  {only: ['cpu'], inBrief: []},
);
