import * as tf from '@tensorflow/tfjs-core';
import {describeBackends} from './backends.js';
import {failOnGpuErrors, takeGpuErrors} from './gpuErrors.js';

interface WebgpuBackend {
  runWebGPUProgram(program: object, inputs: readonly tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
}

/** Runs a program of its own making: the sum of `count` tensors, and what `more` says. */
function runProgram(count: number, more = '0.0'): void {
  tf.tidy(() => {
    const names = Array.from({length: count}, (_, i) => `X${String.fromCharCode(97 + i)}`);
    const sum = names.map(name => `get${name}ByOutputIndex(index)`).join(' + ');
    const body = `setOutputAtIndex(index, ${sum} + ${more});`;
    const inputs = names.map(() => tf.sqrt(tf.ones([3000])));
    const backend = tf.backend() as unknown as WebgpuBackend; // this suite runs on webgpu alone
    const out = backend.runWebGPUProgram(
      {
        variableNames: names,
        outputShape: [3000],
        shaderKey: `broken${count}${body}`,
        dispatchLayout: {x: [0]},
        dispatch: [24, 1, 1],
        workgroupSize: [128, 1, 1],
        size: true,
        getUserCode: () => `fn main(index : i32) { if (index < uniforms.size) { ${body} } }`,
      },
      inputs,
      'float32',
    );
    tf.engine().makeTensorFromTensorInfo(out);
  });
}

describeBackends(
  'errors of the WebGPU device',
  () => {
    it('are none after a program that is right', async () => {
      runProgram(2);
      expect(await takeGpuErrors()).toEqual([]);
    });

    it('are caught where a program binds more buffers than the device has, before anything is read', async () => {
      runProgram(9);
      expect((await takeGpuErrors()).join()).toMatch(/storage buffers/i);
      expect(await takeGpuErrors()).toEqual([]);
    });

    it('are caught where a program does not compile', async () => {
      runProgram(1, 'nothing(index)');
      expect((await takeGpuErrors()).join()).toMatch(/nothing/);
    });

    it('fail the spec', async () => {
      const reports: string[] = [];
      runProgram(9);
      await failOnGpuErrors(message => reports.push(message));
      expect(reports[0]).toMatch(/^WebGPU: /);
    });
  },
  {only: ['webgpu']},
);
