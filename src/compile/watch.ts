/**
 * Watching tfjs while a step runs: the one place that puts functions in the way of its own, for as long as a recording takes.
 */
import * as tf from '@tensorflow/tfjs-core';
import {recorder, withRecorder} from '../util/recorder.js';
import type {Tracer} from './tracer.js';

type AnyFunction = (...args: never[]) => unknown;

/** Puts `make(original)` in the place of a method; returns how it is taken out again. */
function intercept<T extends object, K extends keyof T>(
  target: T,
  name: K,
  make: (original: T[K]) => T[K],
): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  target[name] = make(target[name]);
  return () => {
    if (own === undefined) delete target[name];
    else Object.defineProperty(target, name, own);
  };
}

/** What every optimizer of tfjs counts with, which its types hide. */
interface Counting {
  incrementIterations(): void;
  iterations_?: number;
}

/** Runs `step` with `tracer` told of all that it does. */
export function watchStep<T>(tracer: Tracer, step: () => T): T {
  const undo: Array<() => void> = [];
  // Kernels call each other as functions; only those that the engine calls are noted.
  let depth = 0;
  const inside = <R>(fn: () => R): R => {
    depth++;
    try {
      return fn();
    } finally {
      depth--;
    }
  };
  for (const config of tf.getKernelsForBackend(tf.getBackend())) {
    undo.push(
      intercept(config, 'kernelFunc', original => args => {
        if (depth > 0) return original(args);
        const out = inside(() => original(args));
        tracer.kernel(config.kernelName, original, args.inputs, args.attrs, out);
        return out;
      }),
    );
  }
  const engine = tf.engine();
  undo.push(
    intercept(engine, 'makeTensor', original => (values, ...rest) => {
      const tensor = original.call(engine, values, ...rest);
      if (depth === 0) tracer.wrote(tensor, values);
      return tensor;
    }),
    intercept(engine, 'makeTensorFromTensorInfo', original => (info, ...rest) => {
      const tensor = original.call(engine, info, ...rest);
      if (depth === 0) tracer.wrapped(info, tensor);
      return tensor;
    }),
  );
  // data of another backend, which tfjs reads to bring it here
  undo.push(
    intercept(
      engine,
      'moveData',
      original =>
        (...args) =>
          inside(() => original.apply(engine, args)),
    ),
  );
  for (const name of ['readSync', 'read', 'readToGPU'] as const) {
    undo.push(
      intercept(engine, name, original => {
        const reader: AnyFunction = original;
        return ((...args: never[]) => {
          if (depth === 0 && recorder() === tracer) tracer.refused(`it reads the values of a tensor${placeInCode()}`);
          return reader.apply(engine, args);
        }) as never; // of the type of the original
      }),
    );
  }
  undo.push(
    intercept(
      tf.Variable.prototype,
      'assign',
      original =>
        function (this: tf.Variable, value: tf.Tensor) {
          tracer.assigned(this, value);
          original.call(this, value);
        },
    ),
    intercept(
      tf.Optimizer.prototype as unknown as Counting,
      'incrementIterations',
      original =>
        function (this: Counting) {
          original.call(this);
          const optimizer = this as unknown as tf.Optimizer;
          tracer.counted(
            optimizer,
            () => original.call(this),
            () => {
              this.iterations_ = optimizer.iterations - 1;
            },
          );
        },
    ),
  );
  undo.push(
    intercept(Math, 'random', original => () => {
      if (depth === 0)
        tracer.isPassing =
          'it draws by Math.random, as tf.randomNormal, tf.dropout and others of tfjs do: draw by st.random instead';
      return original();
    }),
  );
  try {
    return withRecorder(tracer, step);
  } finally {
    while (undo.length > 0) undo.pop()!();
  }
}

/** ` at …`: the first line of the stack that is neither tfjs's nor this library's, where the engine gives one. */
function placeInCode(): string {
  const lines = (new Error().stack ?? '')
    .split('\n')
    .slice(1)
    .map(line => line.trim());
  const isRead = (line: string) =>
    /(dataSync|arraySync|data|array|bytes|buffer(Sync)?|dataToGPU) /.test(line) && /tf-core|tfjs/.test(line);
  const reads = lines.map(isRead).lastIndexOf(true);
  const place = reads < 0 ? undefined : lines[reads + 1];
  return place === undefined ? '' : ` (${place})`;
}
