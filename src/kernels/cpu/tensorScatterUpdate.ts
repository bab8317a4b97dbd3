/** TensorScatterUpdate: the stock kernel writes the updates into the tensor that it is given, and shares its memory. */
import * as tf from '@tensorflow/tfjs-core';
import type {AnyBackend, CpuBackend} from '../backendParts.js';
import type {Replacement} from '../replacement.js';

export const scatterOnCopy: Replacement = {
  kernelName: tf.TensorScatterUpdate,
  replace: original => args => {
    const cpu = args.backend as CpuBackend; // only cpu's kernel is replaced by this
    const {shape, dtype, dataId} = args.inputs['tensor']!;
    const copy = cpu.makeTensorInfo(shape, dtype, cpu.data.get(dataId).values.slice());
    const out = original({...args, inputs: {...args.inputs, tensor: copy}});
    (args.backend as AnyBackend).disposeData(copy.dataId); // a record; the values are those of the result
    return out;
  },
};
