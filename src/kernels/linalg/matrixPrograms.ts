/** Running programs on GPUs that see a batch of matrices by row and column. */
import type * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import type {WebglBackend, WebgpuBackend} from '../backendParts.js';
import type {ShaderFunction} from '../elementwise/definition.js';
import {toGlsl, toWgsl} from '../elementwise/dialect.js';

/**
 * A function `name(batch, row, column, …uniforms)` that gives one element of the output from inputs of rank 3, which it
 * reads by getA(batch, row, column), getB and so on. Beside what dialect.ts allows, local arrays: `var x: array<f32,
 * 8>;`.
 */
export interface MatrixProgram extends ShaderFunction {
  /** How many inputs there are. */
  readonly inputs: number;
  /** Names of the last arguments, whole numbers that change from one run to the next. */
  readonly uniforms: readonly string[];
}

/** The GPUs that programs are written for. */
export const GPUS: readonly string[] = ['webgl', 'webgpu'];

/** The output, float32 of the rank 3 shape `shape`. */
export function runProgram(
  backendName: string,
  backend: object,
  program: MatrixProgram,
  inputs: readonly tf.TensorInfo[],
  shape: number[],
  uniforms: readonly number[],
): tf.TensorInfo {
  return backendName === 'webgl'
    ? onWebgl(backend as WebglBackend, program, inputs, shape, uniforms)
    : onWebgpu(backend as WebgpuBackend, program, inputs, shape, uniforms);
}

const variableNames = (program: MatrixProgram): string[] => ['A', 'B', 'C', 'D'].slice(0, program.inputs);

function onWebgl(
  backend: WebglBackend,
  program: MatrixProgram,
  inputs: readonly tf.TensorInfo[],
  outputShape: number[],
  uniforms: readonly number[],
): tf.TensorInfo {
  const source = () => program.source().replace(/\bvar\s+(\w+)\s*:\s*array<f32,\s*(\d+)>/g, 'float $1[$2]');
  const args = ['at.x', 'at.y', 'at.z', ...program.uniforms];
  return backend.runWebGLProgram(
    {
      variableNames: variableNames(program),
      outputShape,
      customUniforms: program.uniforms.map(name => ({name, type: 'int'})),
      userCode: `
      ${toGlsl({...program, source})}
      void main() {
        ivec3 at = getOutputCoords();
        setOutput(${program.name}(${args.join(', ')}));
      }`,
    },
    inputs,
    'float32',
    uniforms.map(u => [u]),
  );
}

const WORKGROUP = 64;
/** The most work groups along one axis. */
const MOST_GROUPS = 65535;

function onWebgpu(
  backend: WebgpuBackend,
  program: MatrixProgram,
  inputs: readonly tf.TensorInfo[],
  outputShape: number[],
  uniforms: readonly number[],
): tf.TensorInfo {
  const groups = Math.ceil(sizeOf(outputShape) / WORKGROUP);
  const args = ['at.x', 'at.y', 'at.z', ...program.uniforms.map(name => `uniforms.${name}`)];
  return backend.runWebGPUProgram(
    {
      variableNames: variableNames(program),
      outputShape,
      shaderKey: program.name,
      dispatchLayout: {x: [0, 1, 2]},
      dispatch: [Math.min(groups, MOST_GROUPS), Math.ceil(groups / MOST_GROUPS), 1],
      workgroupSize: [WORKGROUP, 1, 1],
      size: true,
      uniforms: program.uniforms.map(name => `${name} : i32,`).join(' '),
      getUserCode: () => `
      ${toWgsl(program)}
      fn main(index : i32) {
        if (index < uniforms.size) {
          let at = getCoordsFromIndex(index);
          setOutputAtIndex(index, ${program.name}(${args.join(', ')}));
        }
      }`,
    },
    inputs,
    'float32',
    uniforms.map(u => ({type: 'int32', data: [u]})),
  );
}
