/** What a kernel that works on each element by itself is made of; the backends differ only in how they run it. */
import type * as tf from '@tensorflow/tfjs-core';

/**
 * A function in the part that WGSL and GLSL share, in WGSL's notation (dialect.ts says what that part is).
 * Its entry point has the name `name`; `uses` come before it, each once.
 */
export interface ShaderFunction {
  readonly name: string;
  readonly source: string;
  readonly uses?: readonly ShaderFunction[];
}

interface Kernel {
  /** The name under which tfjs knows it; ours begin with St. */
  readonly kernelName: string;
  /** The names of the inputs, in the order of the arguments of the functions below. At most four. */
  readonly inputs: readonly string[];
  /** In single precision, for GPUs: one f32 for each input, f32 returned. */
  readonly shader: ShaderFunction;
}

/** A float32 function of tensors that broadcast against each other. */
export interface FunctionKernel extends Kernel {
  /** In double precision, for backends whose memory the host reads. */
  readonly scalar: (...inputs: number[]) => number;
  /**
   * The partial derivatives as functions of the inputs, by input name, made of differentiable operations. An input without one is left
   * out: to differentiate by it is an error. One that is 0 everywhere is `'zero'`.
   */
  readonly partials: Readonly<Record<string, 'zero' | ((...inputs: tf.Tensor[]) => tf.Tensor)>>;
}

/** Random bits for one element: an endless stream of words that depends on the key and the element's index only. */
export interface ElementStream {
  /** The next word, an unsigned 32-bit integer. */
  next(): number;
}

/** Draws one number for each element; the attribute `key` (two words) says which. It has no derivatives: implicit.ts gives samples theirs. */
export interface SamplerKernel extends Kernel {
  /** In double precision, for hosts. */
  readonly draw: (stream: ElementStream, ...inputs: number[]) => number;
}

export type ElementwiseKernel = FunctionKernel | SamplerKernel;
