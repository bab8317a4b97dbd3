/** How each backend runs an elementwise kernel. */
import type * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type Shape} from '../../util/shapes.js';
import type {AnyBackend, CpuBackend, WasmBackend, WebglBackend, WebgpuBackend} from '../backendParts.js';
import type {ElementwiseKernel} from './definition.js';
import {toGlsl, toWgsl} from './dialect.js';

/** How a kernel runs in one call, with the numbers that its output is made of. */
export interface Plan {
  readonly shape: Shape;
  /** Writes the numbers on a host, from inputs of the given shapes. */
  readonly fill: (
    values: ReadonlyArray<ArrayLike<number>>,
    shapes: readonly Shape[],
    shape: Shape,
    out: Float32Array,
  ) => void;
  /** What the programs of draws have beside. */
  readonly draws?: DrawPrograms | undefined;
}

/** The additions to the programs of draws, in each shading language. */
export interface DrawPrograms {
  /** The function that they call before they draw. */
  readonly start: string;
  /** The key as signed words. */
  readonly key: number[];
  readonly webgl: {readonly uniforms: object[]; readonly begin: string; readonly ifNaN: string};
  readonly webgpu: {readonly uniforms: string; readonly begin: string; readonly ifNaN: string};
}

/** Inputs in order, each of a shape that broadcasts to `shape`. */
export interface Call extends Plan {
  readonly kernel: ElementwiseKernel;
  readonly inputs: readonly tf.TensorInfo[];
}

export type Runner = (call: Call, backend: object) => tf.TensorInfo;

const onCpu: Runner = ({inputs, shape, fill}, backend) => {
  const cpu = backend as CpuBackend;
  const out = new Float32Array(sizeOf(shape));
  fill(
    inputs.map(x => cpu.data.get(x.dataId).values),
    inputs.map(x => x.shape),
    shape,
    out,
  );
  return cpu.makeTensorInfo(shape, 'float32', out);
};

const onWasm: Runner = ({inputs, shape, fill}, backend) => {
  const wasm = backend as WasmBackend;
  const out = wasm.makeOutput(shape, 'float32');
  const onHeap = (x: tf.TensorInfo): Float32Array => wasm.typedArrayFromHeap(x) as Float32Array; // inputs and output are float32
  // after makeOutput: an allocation may move the heap
  fill(
    inputs.map(onHeap),
    inputs.map(x => x.shape),
    shape,
    onHeap(out),
  );
  return out;
};

const onAny: Runner = ({inputs, shape, fill}, backend) => {
  const host = backend as AnyBackend;
  const out = new Float32Array(sizeOf(shape));
  fill(
    inputs.map(x => host.readSync(x.dataId)),
    inputs.map(x => x.shape),
    shape,
    out,
  );
  return {dataId: host.write(out, shape, 'float32'), shape, dtype: 'float32'};
};

const LETTERS = ['A', 'B', 'C', 'D', 'E'];
const letters = (inputs: readonly tf.TensorInfo[]): string[] => LETTERS.slice(0, inputs.length);
/** Whether a parameter of a draw is NaN, which the rounds of a sampler may lose: `max` of a GPU drops it. */
const isNaNOf = (names: readonly string[]): string => names.map(n => `isnan(x${n})`).join(' || ');

const onWebgl: Runner = ({kernel, inputs, shape, draws}, backend) => {
  const names = letters(inputs);
  const program = {
    variableNames: names,
    outputShape: shape,
    enableShapeUniforms: true, // one program for all lengths
    customUniforms: draws?.webgl.uniforms,
    userCode: `
      ${toGlsl(kernel.shader, ...(draws === undefined ? [] : [draws.start]))}
      void main() {
        ${draws?.webgl.begin ?? ''}
        ${names.map(n => `float x${n} = get${n}AtOutCoords();`).join(' ')}
        ${draws === undefined ? '' : `if (${isNaNOf(names)}) ${draws.webgl.ifNaN}`}
        setOutput(${kernel.shader.name}(${names.map(n => `x${n}`).join(', ')}));
      }`,
  };
  return (backend as WebglBackend).runWebGLProgram(program, inputs, 'float32', draws && [draws.key]);
};

const WORKGROUP = 128;

const onWebgpu: Runner = ({kernel, inputs, shape, draws}, backend) => {
  const names = letters(inputs);
  const program = {
    variableNames: names,
    outputShape: shape,
    shaderKey: kernel.kernelName,
    dispatchLayout: {x: shape.map((_, i) => i)},
    dispatch: [Math.ceil(sizeOf(shape) / WORKGROUP), 1, 1],
    workgroupSize: [WORKGROUP, 1, 1],
    size: true,
    uniforms: draws?.webgpu.uniforms,
    getUserCode: () => `
      ${toWgsl(kernel.shader, ...(draws === undefined ? [] : [draws.start]))}
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${draws?.webgpu.begin ?? ''}
          ${names.map(n => `let x${n}: f32 = get${n}ByOutputIndex(index);`).join(' ')}
          ${draws === undefined ? '' : `if (${isNaNOf(names)}) ${draws.webgpu.ifNaN}`}
          setOutputAtIndex(index, ${kernel.shader.name}(${names.map(n => `x${n}`).join(', ')}));
        }
      }`,
  };
  return (backend as WebgpuBackend).runWebGPUProgram(
    program,
    inputs,
    'float32',
    draws && [{type: 'int32', data: draws.key}],
  );
};

/** The runner of a backend by its name. */
export function runnerOf(backendName: string): Runner {
  return {cpu: onCpu, wasm: onWasm, webgl: onWebgl, webgpu: onWebgpu}[backendName] ?? onAny;
}
