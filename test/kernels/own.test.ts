import * as tf from '@tensorflow/tfjs-core';
import {isKnown, makeKnown} from '../../src/kernels/own.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'kernels of one’s own',
  backend => {
    it('are registered once for each backend, and what is there stays', () => {
      const [kernel, copy, kernelName] = [{}, {}, `OwnTest${backend}`];
      const made: string[] = [];
      const on = (label: string) => (name: string) => (
        made.push(`${label} ${name}`),
        () => ({dataId: {}, shape: [], dtype: 'float32'}) as tf.TensorInfo
      );
      expect(isKnown(kernel)).toBeFalse();
      makeKnown(kernel, kernelName, on('first'), null);
      expect(isKnown(kernel)).toBeTrue();
      makeKnown(copy, kernelName, on('second'), null); // as another copy of the library would
      expect(isKnown(copy)).toBeTrue();
      expect(made).toEqual([`first ${backend}`]);
      tf.unregisterKernel(kernelName, backend);
    });
  },
  {inBrief: []},
);
