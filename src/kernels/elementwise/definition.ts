/** What a kernel that works on each element by itself is made of; the backends differ only in how they run it. */
import type * as tf from '@tensorflow/tfjs-core';
import type {ElementSampler} from '../../keys/elementSampler.js';

/**
 * A function in the part that WGSL and GLSL share, in WGSL's notation (dialect.ts says what that part is).
 * Its entry point has the name `name`; `uses` come before it, each once.
 */
export interface ShaderFunction {
  readonly name: string;
  /** Written out when a program is made: most are never asked for. */
  readonly source: () => string;
  readonly uses?: readonly ShaderFunction[];
}

/** What every kernel that works on each element by itself is made of. */
interface KernelBase<I extends string> {
  /** The name under which tfjs knows it; ours begin with St. */
  readonly kernelName: string;
  /** The names of the inputs, in the order of the arguments of the functions below. At most five. */
  readonly inputs: readonly I[];
  /** In single precision, for GPUs: one f32 for each input, f32 returned. */
  readonly shader: ShaderFunction;
}

/**
 * A partial derivative, made of differentiable operations: `'zero'` where it is 0 everywhere, `'none'` where nobody has
 * one, and to differentiate is an error.
 */
export type Derivative = 'zero' | 'none' | ((...inputs: tf.Tensor[]) => tf.Tensor);

/** Fills `out` from numbers a and b, of which the first `periodA` and `periodB` are read over and over. */
export type PairLoop = (
  a: ArrayLike<number>,
  periodA: number,
  b: ArrayLike<number>,
  periodB: number,
  out: Float32Array,
) => void;

/** A float32 function of tensors that broadcast against each other; `I` are the names of its inputs. */
export interface FunctionKernel<I extends string = string> extends KernelBase<I> {
  /** In double precision, for backends whose memory the host reads. */
  readonly scalar: (...inputs: number[]) => number;
  /**
   * `scalar` of two inputs for all elements at once, for what takes less time than calling a function: a loop that many
   * kernels share calls each.
   */
  readonly loop?: PairLoop;
  /** The partial derivatives as functions of the inputs, by input name. */
  readonly partials: Readonly<Record<I, Derivative>>;
}

/**
 * Draws one number for each element from a stream of words of its own; the attribute `key` (two words) says which. The
 * shader reads `streamNext()` (shaderStream.ts) just as `draw` reads `stream.next()`. It has no derivatives: implicit.ts
 * gives samples theirs.
 */
export type SamplerKernel<I extends string = string> = KernelBase<I> & ElementSampler;

export type ElementwiseKernel = FunctionKernel | SamplerKernel;
