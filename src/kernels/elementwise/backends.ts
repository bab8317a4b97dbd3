/** How each backend runs an elementwise kernel. */
import type * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type Shape} from '../../util/shapes.js';
import type {AnyBackend, CpuBackend, WasmBackend, WebglBackend, WebgpuBackend} from '../backendParts.js';
import type {ElementwiseKernel} from './definition.js';
import {toGlsl, toWgsl} from './dialect.js';
import {runOnHost} from './host.js';

/** Inputs in order, each of a shape that broadcasts to `shape`; `key` for samplers. */
export interface Call {
  kernel: ElementwiseKernel;
  inputs: readonly tf.TensorInfo[];
  shape: Shape;
  key?: readonly [number, number];
}

export type Runner = (call: Call, backend: object) => tf.TensorInfo;

const onCpu: Runner = ({kernel, inputs, shape, key}, backend) => {
  const cpu = backend as CpuBackend;
  const out = new Float32Array(sizeOf(shape));
  runOnHost(
    kernel,
    inputs.map(x => cpu.data.get(x.dataId).values),
    inputs.map(x => x.shape),
    shape,
    out,
    key,
  );
  return cpu.makeTensorInfo(shape, 'float32', out);
};

const onWasm: Runner = ({kernel, inputs, shape, key}, backend) => {
  const wasm = backend as WasmBackend;
  const out = wasm.makeOutput(shape, 'float32');
  const onHeap = (x: tf.TensorInfo): Float32Array => wasm.typedArrayFromHeap(x) as Float32Array; // inputs and output are float32
  // after makeOutput: an allocation may move the heap
  runOnHost(
    kernel,
    inputs.map(onHeap),
    inputs.map(x => x.shape),
    shape,
    onHeap(out),
    key,
  );
  return out;
};

const onAny: Runner = ({kernel, inputs, shape, key}, backend) => {
  const host = backend as AnyBackend;
  const out = new Float32Array(sizeOf(shape));
  runOnHost(
    kernel,
    inputs.map(x => host.readSync(x.dataId)),
    inputs.map(x => x.shape),
    shape,
    out,
    key,
  );
  return {dataId: host.write(out, shape, 'float32'), shape, dtype: 'float32'};
};

const LETTERS = ['A', 'B', 'C', 'D', 'E'];
const letters = (inputs: readonly tf.TensorInfo[]): string[] => LETTERS.slice(0, inputs.length);
/** Whether a parameter of a draw is NaN, which the rounds of a sampler may lose: `max` of a GPU drops it. */
const isNaNOf = (names: readonly string[]): string => names.map(n => `isnan(x${n})`).join(' || ');
/** The function of shaderStream.ts that the programs of samplers call before they draw. */
const STREAM_START = 'streamStart';
const signed = (key: readonly [number, number]): number[] => key.map(w => w | 0);

const onWebgl: Runner = ({kernel, inputs, shape, key}, backend) => {
  const names = letters(inputs);
  const random = 'draw' in kernel;
  const program = {
    variableNames: names,
    outputShape: shape,
    enableShapeUniforms: true, // one program for all lengths
    customUniforms: random ? [{name: 'streamKey', type: 'ivec2'}] : undefined,
    userCode: `
      ${toGlsl(kernel.shader, ...(random ? [STREAM_START] : []))}
      void main() {
        ${random ? 'streamStart(uint(streamKey.x), uint(streamKey.y), uint(getOutputCoords()));' : ''}
        ${names.map(n => `float x${n} = get${n}AtOutCoords();`).join(' ')}
        ${random ? `if (${isNaNOf(names)}) { setOutput(uintBitsToFloat(0x7fc00000u)); return; }` : ''}
        setOutput(${kernel.shader.name}(${names.map(n => `x${n}`).join(', ')}));
      }`,
  };
  return (backend as WebglBackend).runWebGLProgram(program, inputs, 'float32', random ? [signed(key!)] : undefined);
};

const WORKGROUP = 128;

const onWebgpu: Runner = ({kernel, inputs, shape, key}, backend) => {
  const names = letters(inputs);
  const random = 'draw' in kernel;
  const program = {
    variableNames: names,
    outputShape: shape,
    shaderKey: kernel.kernelName,
    dispatchLayout: {x: shape.map((_, i) => i)},
    dispatch: [Math.ceil(sizeOf(shape) / WORKGROUP), 1, 1],
    workgroupSize: [WORKGROUP, 1, 1],
    size: true,
    uniforms: random ? 'streamKeys : vec2<i32>,' : undefined,
    getUserCode: () => `
      ${toWgsl(kernel.shader, ...(random ? [STREAM_START] : []))}
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${random ? 'let started: bool = streamStart(u32(uniforms.streamKeys.x), u32(uniforms.streamKeys.y), u32(index));' : ''}
          ${names.map(n => `let x${n}: f32 = get${n}ByOutputIndex(index);`).join(' ')}
          ${random ? `if (${isNaNOf(names)}) { setOutputAtIndex(index, uniforms.NAN); return; }` : ''}
          setOutputAtIndex(index, ${kernel.shader.name}(${names.map(n => `x${n}`).join(', ')}));
        }
      }`,
  };
  return (backend as WebgpuBackend).runWebGPUProgram(
    program,
    inputs,
    'float32',
    random ? [{type: 'int32', data: signed(key!)}] : undefined,
  );
};

/** The runner of a backend by its name. */
export function runnerOf(backendName: string): Runner {
  return {cpu: onCpu, wasm: onWasm, webgl: onWebgl, webgpu: onWebgpu}[backendName] ?? onAny;
}
