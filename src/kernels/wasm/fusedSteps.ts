/**
 * tfjs's optimizers on wasm, where a step of Adam is 14 kernels for each variable: here it is one pass over its numbers,
 * by the code of assembly/optimizers.ts. The numbers are the same to rounding; state, names and files stay tfjs's own.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {SimdCode} from '../../simd/code.js';
import {recorder} from '../../util/recorder.js';
import {sameShape} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import {heapSimd, type HeapSimd} from './heap.js';

/** A list in which an optimizer keeps something for each variable, in their order. */
type KeptState = ReadonlyArray<{readonly variable: tf.Variable} | null | undefined>;

/** What tfjs's optimizers are made with and keep, by the names of their fields. */
interface Fields {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly momentum: number;
  /** With these two SGD and Momentum compute, whatever the fields `learningRate` and `momentum` say. */
  readonly c: tf.Scalar;
  readonly m: tf.Scalar;
  readonly centered: boolean;
  readonly useNesterov: boolean;
  readonly accBeta1: tf.Variable;
  readonly accBeta2: tf.Variable;
  readonly iteration: tf.Variable;
  readonly accumulatedFirstMoment: KeptState;
  readonly accumulatedSecondMoment: KeptState;
  readonly accumulatedWeightedInfNorm: KeptState;
  readonly accumulatedMeanSquares: KeptState;
  readonly accumulatedMoments: KeptState;
  readonly accumulatedMeanGrads: KeptState;
  readonly accumulations: KeptState;
  readonly accumulatedGrads: KeptState;
  incrementIterations(): void;
}

interface FusedOptimizer {
  readonly type: {readonly prototype: tf.Optimizer};
  readonly step: (code: SimdCode) => (...numbers: number[]) => void;
  /** What is kept for each variable, in the order of the arguments of `step`. */
  readonly kept: (fields: Fields) => readonly KeptState[];
  /** Places that `step` has for more than is kept: of new numbers and of old ones. */
  readonly spare?: (fields: Fields) => number;
  /** Variables of one number each, which `numbers` is given. */
  readonly counts?: (fields: Fields) => readonly tf.Variable[];
  /** The last arguments of `step`. */
  readonly numbers: (fields: Fields, counts: readonly number[]) => number[];
  /** What changes once a step. */
  readonly after?: (fields: Fields) => void;
}

/** The number of a scalar that is a field: one of its own may have taken its place since a step was recorded. */
const numberOf = (x: tf.Scalar): number => (tf.backend() as unknown as WasmBackend).typedArrayFromHeap(x)[0]!; // wasm alone gets here

const raise = (power: tf.Variable, beta: number): void => tf.tidy(() => power.assign(tf.mul(power, beta)));

const optimizers: readonly FusedOptimizer[] = [
  {
    type: tf.AdamOptimizer,
    step: code => code.adam,
    kept: f => [f.accumulatedFirstMoment, f.accumulatedSecondMoment],
    counts: f => [f.accBeta1, f.accBeta2],
    numbers: (f, counts) => {
      const [first, second] = [1 - counts[0]!, 1 - counts[1]!];
      return [f.beta1, 1 - f.beta1, f.beta2, 1 - f.beta2, -f.learningRate / first, 1 / second, f.epsilon];
    },
    after: f => {
      raise(f.accBeta1, f.beta1);
      raise(f.accBeta2, f.beta2);
    },
  },
  {
    type: tf.AdamaxOptimizer,
    step: code => code.adamax,
    kept: f => [f.accumulatedFirstMoment, f.accumulatedWeightedInfNorm],
    counts: f => [f.iteration, f.accBeta1],
    numbers: (f, counts) => {
      const rate = -f.learningRate / (counts[0]! * f.decay + 1) / (1 - counts[1]!);
      return [f.beta1, 1 - f.beta1, f.beta2, rate, f.epsilon];
    },
    after: f => {
      tf.tidy(() => f.iteration.assign(tf.add(f.iteration, 1)));
      raise(f.accBeta1, f.beta1);
    },
  },
  {
    type: tf.RMSPropOptimizer,
    step: code => code.rmsProp,
    kept: f => [f.accumulatedMeanSquares, f.accumulatedMoments, ...(f.centered ? [f.accumulatedMeanGrads] : [])],
    spare: f => (f.centered ? 0 : 1),
    numbers: f => [f.decay, 1 - f.decay, f.momentum, f.learningRate, f.epsilon],
  },
  {
    type: tf.MomentumOptimizer,
    step: code => code.momentum,
    kept: f => [f.accumulations],
    numbers: f => [numberOf(f.m), numberOf(f.c), f.useNesterov ? 1 : 0],
  },
  {
    type: tf.SGDOptimizer,
    step: code => code.sgd,
    kept: () => [],
    numbers: f => [numberOf(f.c)],
  },
  {
    type: tf.AdagradOptimizer,
    step: code => code.adagrad,
    kept: f => [f.accumulatedGrads],
    numbers: f => [-f.learningRate, tf.backend().epsilon()],
  },
];

type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** What one variable's step works on. */
interface Job {
  readonly gradient: tf.Tensor;
  /** The variable, and what is kept for it. */
  readonly variables: readonly tf.Variable[];
}

/** The jobs of a step; null where tfjs's own step has to be taken, as the first, which makes what is kept. */
function jobsOf(gradients: Gradients, kept: readonly KeptState[]): Job[] | null {
  const list = Array.isArray(gradients)
    ? gradients.map(({name, tensor}) => [name, tensor] as const)
    : Object.entries(gradients);
  if (new Set(list.map(([name]) => name)).size < list.length) return null; // one after the other
  const jobs: Job[] = [];
  for (const [i, [name, gradient]] of list.entries()) {
    const variables = [tf.engine().registeredVariables[name], ...kept.map(state => state[i]?.variable)];
    if (!variables.every(v => v !== undefined)) return null;
    if ((gradient as tf.Tensor | null | undefined) == null) continue; // tfjs leaves such a variable as it is
    const fits = [gradient, ...variables].every(
      x => x.dtype === 'float32' && !x.isDisposed && sameShape(x.shape, gradient.shape),
    );
    if (!fits) return null;
    if (gradient.size > 0) jobs.push({gradient, variables});
  }
  return jobs;
}

/** All jobs of a step, in one that whoever records it can run again on other numbers, with what the fields hold then. */
function runJobs({code, at}: HeapSimd, optimizer: FusedOptimizer, fields: Fields, jobs: readonly Job[]): void {
  const backend = tf.backend() as unknown as WasmBackend; // wasm alone gets here
  const none = new Array<number>(optimizer.spare?.(fields) ?? 0).fill(0);
  const counts = optimizer.counts?.(fields) ?? [];
  const variables = jobs.flatMap(job => job.variables);
  const inputs = [...counts, ...jobs.flatMap(job => [job.gradient, ...job.variables])];
  const run = (infos: readonly tf.TensorInfo[]): tf.TensorInfo[] => {
    const numbers = optimizer.numbers(
      fields,
      infos.slice(0, counts.length).map(info => backend.typedArrayFromHeap(info)[0]!),
    );
    const outputs: tf.TensorInfo[] = [];
    let next = counts.length;
    for (const job of jobs) {
      const [gradient, ...own] = infos.slice(next, (next += 1 + job.variables.length));
      const made = own.map(({shape}) => backend.makeOutput(shape, 'float32'));
      const [x, ...kept] = own.map(at);
      optimizer.step(code)(
        ...made.map(at),
        ...none,
        x!,
        at(gradient!),
        ...kept,
        ...none,
        job.gradient.size,
        ...numbers,
      );
      outputs.push(...made);
    }
    return outputs;
  };
  const made = run(inputs).map(info => tf.engine().makeTensorFromTensorInfo(info));
  recorder()?.ran('optimizer step', inputs, made, run, fields);
  made.forEach((tensor, i) => variables[i]!.assign(tensor));
  tf.dispose(made);
}

/** `applyGradients` in one pass for each variable, where that can be done. */
function fused(optimizer: FusedOptimizer, original: tf.Optimizer['applyGradients']): tf.Optimizer['applyGradients'] {
  return function (this: tf.Optimizer, gradients) {
    const fields = this as unknown as Fields; // tfjs declares them private
    const simd = tf.getBackend() === 'wasm' ? heapSimd(tf.backend()) : null;
    const jobs = simd === null ? null : jobsOf(gradients, optimizer.kept(fields));
    if (simd === null || jobs === null) return original.call(this, gradients);
    runJobs(simd, optimizer, fields, jobs);
    optimizer.after?.(fields);
    fields.incrementIterations();
  };
}

/** Under this symbol a fused method has the one that it replaced. */
const STOCK = Symbol.for('tfjs-stochastic.stockMethod');

type Method = tf.Optimizer['applyGradients'] & {[STOCK]?: tf.Optimizer['applyGradients']};

/** Has tfjs's optimizers work in one pass on wasm, or as they did. */
export function fuseOptimizers(areFused: boolean): void {
  for (const optimizer of optimizers) {
    const {prototype} = optimizer.type;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const method: Method = prototype.applyGradients;
    if (areFused === (method[STOCK] !== undefined)) continue;
    prototype.applyGradients = areFused ? Object.assign(fused(optimizer, method), {[STOCK]: method}) : method[STOCK]!;
  }
}
