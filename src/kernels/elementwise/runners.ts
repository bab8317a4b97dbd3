/** How each backend runs an elementwise kernel. */
import type * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type Shape} from '../../util/shapes.js';
import type {AnyBackend, CpuBackend, WasmBackend, WebglBackend, WebgpuBackend} from '../backendParts.js';
import type {ElementwiseKernel} from './definition.js';
import {toGlsl, toWgsl} from './dialect.js';

type Words = readonly [number, number];

/** What tells kernels of one kind from others: functions of their inputs (apply.ts), and draws (drawByKernel.ts). */
export interface Kind<K extends ElementwiseKernel> {
  readonly gradientOf: (kernel: K) => tf.GradConfig | null;
  /** The shape of the output. */
  readonly shapeOf: (kernel: K, inputs: readonly tf.TensorInfo[], attrs: tf.NamedAttrMap) => Shape;
  /** Writes the output on a host, from the numbers of inputs of the given shapes. */
  readonly fill: (
    kernel: K,
    values: ReadonlyArray<ArrayLike<number>>,
    shapes: readonly Shape[],
    shape: Shape,
    out: Float32Array,
    key: Words | undefined,
  ) => void;
  /** What programs have beside those of functions. */
  readonly draws: DrawPrograms | null;
}

/** The additions to the programs of draws, in each shading language. */
export interface DrawPrograms {
  /** The function that they call before they draw. */
  readonly start: string;
  readonly webgl: {readonly uniforms: object[]; readonly begin: string; readonly ifNaN: string};
  readonly webgpu: {readonly uniforms: string; readonly begin: string; readonly ifNaN: string};
}

/** Inputs in order, each of a shape that broadcasts to `shape`; `key` for draws. */
export interface Call<K extends ElementwiseKernel> {
  readonly kind: Kind<K>;
  readonly kernel: K;
  readonly inputs: readonly tf.TensorInfo[];
  readonly shape: Shape;
  readonly key: Words | undefined;
}

export type Runner = <K extends ElementwiseKernel>(call: Call<K>, backend: object) => tf.TensorInfo;

const onCpu: Runner = ({kind, kernel, inputs, shape, key}, backend) => {
  const cpu = backend as CpuBackend;
  const out = new Float32Array(sizeOf(shape));
  kind.fill(
    kernel,
    inputs.map(x => cpu.data.get(x.dataId).values),
    inputs.map(x => x.shape),
    shape,
    out,
    key,
  );
  return cpu.makeTensorInfo(shape, 'float32', out);
};

const onWasm: Runner = ({kind, kernel, inputs, shape, key}, backend) => {
  const wasm = backend as WasmBackend;
  const out = wasm.makeOutput(shape, 'float32');
  const onHeap = (x: tf.TensorInfo): Float32Array => wasm.typedArrayFromHeap(x) as Float32Array; // inputs and output are float32
  // after makeOutput: an allocation may move the heap
  kind.fill(
    kernel,
    inputs.map(onHeap),
    inputs.map(x => x.shape),
    shape,
    onHeap(out),
    key,
  );
  return out;
};

const onAny: Runner = ({kind, kernel, inputs, shape, key}, backend) => {
  const host = backend as AnyBackend;
  const out = new Float32Array(sizeOf(shape));
  kind.fill(
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

const signed = (key: Words): number[] => key.map(w => w | 0);

const onWebgl: Runner = ({kind: {draws}, kernel, inputs, shape, key}, backend) => {
  const names = letters(inputs);
  const program = {
    variableNames: names,
    outputShape: shape,
    enableShapeUniforms: true, // one program for all lengths
    customUniforms: draws?.webgl.uniforms,
    userCode: `
      ${toGlsl(kernel.shader, ...(draws === null ? [] : [draws.start]))}
      void main() {
        ${draws?.webgl.begin ?? ''}
        ${names.map(n => `float x${n} = get${n}AtOutCoords();`).join(' ')}
        ${draws === null ? '' : `if (${isNaNOf(names)}) ${draws.webgl.ifNaN}`}
        setOutput(${kernel.shader.name}(${names.map(n => `x${n}`).join(', ')}));
      }`,
  };
  return (backend as WebglBackend).runWebGLProgram(program, inputs, 'float32', key && [signed(key)]);
};

const WORKGROUP = 128;

const onWebgpu: Runner = ({kind: {draws}, kernel, inputs, shape, key}, backend) => {
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
      ${toWgsl(kernel.shader, ...(draws === null ? [] : [draws.start]))}
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${draws?.webgpu.begin ?? ''}
          ${names.map(n => `let x${n}: f32 = get${n}ByOutputIndex(index);`).join(' ')}
          ${draws === null ? '' : `if (${isNaNOf(names)}) ${draws.webgpu.ifNaN}`}
          setOutputAtIndex(index, ${kernel.shader.name}(${names.map(n => `x${n}`).join(', ')}));
        }
      }`,
  };
  return (backend as WebgpuBackend).runWebGPUProgram(
    program,
    inputs,
    'float32',
    key && [{type: 'int32', data: signed(key)}],
  );
};

/** The runner of a backend by its name. */
export function runnerOf(backendName: string): Runner {
  return {cpu: onCpu, wasm: onWasm, webgl: onWebgl, webgpu: onWebgpu}[backendName] ?? onAny;
}
