/**
 * Sums over many terms on GPUs, whose stock kernels let one thread add up hundreds or thousands of numbers in float32,
 * one after the other.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose, withShape, type Maker} from './compose.js';
import {runProgram, type MatrixProgram} from './linalg/matrixPrograms.js';
import {groupAxes} from './ranks/mergedAxes.js';
import {reducedShape, runByRun} from './ranks/reductions.js';
import type {Replacement} from './replacement.js';

/**
 * The most terms that a stock kernel adds up well: webgl's windows are as long as the whole where its length is a
 * prime, four sums to each; webgpu's has 64 to 512 threads.
 */
const MOST_TERMS: Readonly<Record<string, number>> = {webgl: 512, webgpu: 4096};

/** How many terms each thread adds here. */
const TERMS = 64;

/** Of [batch, count, columns]: every stride-th row from `row` on, added up. */
const partialSum: MatrixProgram = {
  name: 'stPartialSum',
  inputs: 1,
  uniforms: ['count', 'stride'],
  source: () => `
fn stPartialSum(batch: i32, row: i32, column: i32, count: i32, stride: i32) -> f32 {
  var sum: f32 = 0.0;
  for (var k: i32 = row; k < count; k = k + stride) {
    sum = sum + getA(batch, k, column);
  }
  return sum;
}`,
};

/** Sum and Mean that first add up on many threads, in as many rounds as it takes. */
function inRounds(kernelName: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const x = args.inputs['x']!;
      const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
      const axes = tf.util.parseAxisParam(axis, x.shape);
      const terms = axes.reduce((n, i) => n * x.shape[i]!, 1);
      const most = MOST_TERMS[backendName]!; // registered for the GPUs alone
      if (terms <= most || x.dtype !== 'float32' || x.shape.includes(0)) return original(args);
      const out = compose(backendName, args.backend, maker => {
        const sum = runByRun(
          groupAxes(x.shape, i => axes.includes(i)),
          x,
          (y, shape) => sumMiddle(maker, backendName, args.backend, y, shape, most),
        );
        return kernelName === tf.Sum ? sum : maker.run(tf.RealDiv, {a: sum, b: maker.fill([], terms)});
      });
      return withShape(out, reducedShape(x.shape, axes, keepDims));
    },
  };
}

function sumMiddle(
  {run, track}: Maker,
  backendName: string,
  backend: object,
  x: tf.TensorInfo,
  [outer, terms, inner]: readonly [number, number, number],
  most: number,
): tf.TensorInfo {
  let [y, count] = [x, terms];
  while (count > most) {
    const stride = Math.ceil(count / TERMS);
    y = track(
      runProgram(
        backendName,
        backend,
        partialSum,
        [withShape(y, [outer, count, inner])],
        [outer, stride, inner],
        [count, stride],
      ),
    );
    count = stride;
  }
  return run(tf.Sum, {x: withShape(y, [outer, count, inner])}, {axis: [1], keepDims: false});
}

/** Over many classes, made of the kernels above; the stock kernel adds up as the stock Sum does. */
const softmax: Replacement = {
  kernelName: tf.Softmax,
  replace: (original, backendName) => args => {
    const logits = args.inputs['logits']!;
    const classes = logits.shape[logits.shape.length - 1] ?? 1;
    if (classes <= MOST_TERMS[backendName]!) return original(args);
    const rows = logits.shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const out = compose(backendName, args.backend, ({run}) => {
      const x = withShape(logits, [rows, classes]);
      const e = run(tf.Exp, {x: run(tf.Sub, {a: x, b: run(tf.Max, {x}, {reductionIndices: [1], keepDims: true})})});
      return run(tf.RealDiv, {a: e, b: run(tf.Sum, {x: e}, {axis: [1], keepDims: true})});
    });
    return withShape(out, logits.shape);
  },
};

export const accurateSums: readonly Replacement[] = [inRounds(tf.Sum), inRounds(tf.Mean), softmax];
