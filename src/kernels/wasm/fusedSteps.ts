/**
 * tfjs's optimizers on wasm, where a step of Adam is 14 kernels for each variable: here it is one pass over its numbers,
 * by the code of assembly/optimizers.ts. The numbers are the same to rounding; state, names and files stay tfjs's own.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {SimdCode} from '../../simd/code.js';
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
  /** The last arguments of `step`. */
  readonly numbers: (fields: Fields) => number[];
  /** What changes once a step. */
  readonly after?: (fields: Fields) => void;
}

const numberOf = (x: tf.Tensor): number => x.dataSync()[0]!;
const raise = (power: tf.Variable, beta: number): void => tf.tidy(() => power.assign(tf.mul(power, beta)));

const optimizers: readonly FusedOptimizer[] = [
  {
    type: tf.AdamOptimizer,
    step: code => code.adam,
    kept: f => [f.accumulatedFirstMoment, f.accumulatedSecondMoment],
    numbers: f => {
      const [first, second] = [1 - numberOf(f.accBeta1), 1 - numberOf(f.accBeta2)];
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
    numbers: f => {
      const rate = -f.learningRate / (numberOf(f.iteration) * f.decay + 1) / (1 - numberOf(f.accBeta1));
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
    numbers: f => [f.momentum, -f.learningRate, f.useNesterov ? 1 : 0],
  },
  {
    type: tf.SGDOptimizer,
    step: code => code.sgd,
    kept: () => [],
    numbers: f => [-f.learningRate],
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
  const jobs: Job[] = [];
  for (const [i, [name, gradient]] of list.entries()) {
    const variables = [tf.engine().registeredVariables[name], ...kept.map(state => state[i]?.variable)];
    if (!variables.every(v => v !== undefined)) return null;
    if ((gradient as tf.Tensor | null | undefined) == null) continue; // tfjs leaves such a variable as it is
    const fits = [gradient, ...variables].every(
      x => x.dtype === 'float32' && x.size > 0 && !x.isDisposed && sameShape(x.shape, gradient.shape),
    );
    if (!fits) return null;
    jobs.push({gradient, variables});
  }
  return jobs;
}

function runJob(
  {code, at}: HeapSimd,
  {step, spare}: FusedOptimizer,
  fields: Fields,
  numbers: number[],
  job: Job,
): void {
  const none = new Array<number>(spare?.(fields) ?? 0).fill(0);
  const {gradient, variables} = job;
  const made = variables.map(({shape}) => (tf.backend() as unknown as WasmBackend).makeOutput(shape, 'float32')); // wasm alone gets here
  const [x, ...kept] = variables.map(at);
  step(code)(...made.map(at), ...none, x!, at(gradient), ...kept, ...none, gradient.size, ...numbers);
  made.forEach((info, i) => {
    const tensor = tf.engine().makeTensorFromTensorInfo(info);
    variables[i]!.assign(tensor);
    tensor.dispose();
  });
}

/** `applyGradients` in one pass for each variable, where that can be done. */
function fused(optimizer: FusedOptimizer, original: tf.Optimizer['applyGradients']): tf.Optimizer['applyGradients'] {
  return function (this: tf.Optimizer, gradients) {
    const fields = this as unknown as Fields; // tfjs declares them private
    const simd = tf.getBackend() === 'wasm' ? heapSimd(tf.backend()) : null;
    const jobs = simd === null ? null : jobsOf(gradients, optimizer.kept(fields));
    if (simd === null || jobs === null) return original.call(this, gradients);
    const numbers = optimizer.numbers(fields);
    for (const job of jobs) runJob(simd, optimizer, fields, numbers, job);
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
