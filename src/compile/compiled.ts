/** Steps that are recorded once and then run without tfjs's bookkeeping. */
import * as tf from '@tensorflow/tfjs-core';
import {needBackend} from '../util/backend.js';
import {checkBoolean, checkCount, checkFunction, checkKeys} from '../util/options.js';
import {recorder, type KeyWords} from '../util/recorder.js';
import {isPromise} from '../util/tensors.js';
import {ensureKernels} from '../kernels/index.js';
import {isStateFrozen} from '../graph/estimatorStore.js';
import {inGradientScope, scopeTensors} from '../graph/tape.js';
import {sampleValue, valueTypeOrDefault} from '../graph/valueTypes.js';
import {copyChanges, isIntact, readArguments, type Arguments} from './arguments.js';
import {describeRecording, type RecordingDescription} from './recordingDescription.js';
import {differenceOf} from './difference.js';
import {planTrace} from './plan.js';
import {RecordedProgram} from './recordedProgram.js';
import type {Recording} from './recording.js';
import {Tracer} from './tracer.js';
import {treeLeaves, type Trace} from './trace.js';
import {watchStep} from './watch.js';

/** What `compile` takes beside the function. */
export interface CompileOptions {
  /**
   * Whether a recording is used only once two calls in a row have given the same one; default true. Without, numbers
   * that JavaScript changes from call to call stay what they were in the first.
   */
  check?: boolean;
  /** How many recordings are kept, one for each structure, shape and dtype of arguments; default 16. */
  maxRecordings?: number;
}

/** A function that `compile` made: it is called as the one that it was made of. */
export interface CompiledStep<A extends unknown[], R> {
  (...args: A): R;
  /** What was recorded so far, and what runs as it is written, and why. */
  describe(): RecordingDescription[];
  /** Lets go of all recordings; later calls record again. */
  dispose(): void;
}

/** So many runs of a step may tell nothing, or something else each time, before it is given up. */
const MOST_TRIES = 5;

/** So many recordings in a row may be overtaken before they have served for `WORTH` calls. */
const MOST_CHANGES = 8;
const WORTH = 20;

/** So many calls in a row may meet other numbers than the recording relied on, before it is made again. */
const MOST_MISSES = 3;

/**
 * A function that does what `step` does, faster: the first calls with arguments of given shapes and dtypes run as they
 * are and are recorded as a list of kernels, later ones run the list straight on the backend, without tape, scopes and
 * clones. The numbers are those of the step: draws go on from call to call, variables are assigned, optimizers and
 * estimators keep their state.
 *
 * What JavaScript computes is recorded as it was. What changes from call to call must be an argument or a tf.Variable:
 * tensors and keys, in arrays and records; other numbers, texts and booleans among the arguments have a recording for
 * each of their values. Two recordings are compared before one is used. A step that cannot be recorded runs as it is
 * written, and a warning says once why: one that reads values (`dataSync`), returns a promise, keeps tensors, makes
 * variables, or does something else in each call. Tensors that the step makes and does not return are disposed.
 *
 * @param step a synchronous function of tensors, keys, numbers, texts, arrays and records; it returns tensors, arrays
 * and records of them, or nothing
 * @example
 * ```ts
 * const w = tf.variable(tf.scalar(1));
 * const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
 * const step = st.compile(x => optimizer.minimize(() => tf.square(tf.sub(w, x)), true, [w]));
 * for (let i = 0; i < 10; i++) tf.dispose(step(tf.scalar(3)));
 * ```
 */
export function compile<A extends unknown[], R>(
  step: (...args: A) => R,
  options: CompileOptions = {},
): CompiledStep<A, R> {
  const who = 'compile';
  checkFunction(who, 'the first argument', step);
  checkKeys(who, options, ['check', 'maxRecordings']);
  const {check = true, maxRecordings = 16} = options;
  checkBoolean(who, 'check', check);
  checkCount(who, 'maxRecordings', maxRecordings, 1);
  const recordings = new Map<string, Recording>();
  const warned = new Set<string>();
  const warn = (what: string): void => {
    if (warned.has(what)) return;
    warned.add(what);
    console.warn(`tfjs-stochastic: compile: ${what}`);
  };
  const refuse = (recording: Recording, why: string): void => {
    recording.refusal = why;
    warn(`the step runs as it is written, since ${why}`);
  };

  /** Runs the step while it is written down. */
  const record = (recording: Recording, args: Arguments, given: readonly unknown[]): unknown => {
    const {value, trace, passing, hasConstantKey} = traceOf(step as (...all: unknown[]) => unknown, args, given); // given what it takes
    recording.tries++;
    if (typeof trace === 'string') {
      refuse(recording, trace);
    } else if (trace === null) {
      if (recording.tries > MOST_TRIES) refuse(recording, passing);
    } else if (!check || recording.last !== null) {
      const {last} = recording;
      const difference = last === null ? null : differenceOf(last, trace);
      disposeTrace(last);
      recording.last = null;
      if (difference === null) {
        recording.program = new RecordedProgram(planTrace(trace));
        if (hasConstantKey)
          warn(
            'the step draws with a key that it does not get from the default stream or from an argument, so these draws ' +
              'are the same in every call',
          );
        recording.tries = 0;
      } else if (recording.tries > MOST_TRIES) {
        disposeTrace(trace);
        refuse(recording, difference);
      } else {
        recording.last = trace;
      }
    } else {
      recording.last = trace;
    }
    return value;
  };

  const call = (...given: A): unknown => {
    needBackend();
    ensureKernels();
    const plain = (): unknown => scoped(() => step(...given));
    if (recorder() !== null || inGradientScope()) return plain();
    const args = readArguments(given);
    if (typeof args === 'string') {
      warn(`a call runs as it is written, since ${args}`);
      return plain();
    }
    const signature = surroundings() + args.signature;
    let recording = recordings.get(signature);
    if (recording === undefined) {
      if (recordings.size >= maxRecordings) {
        warn(
          `calls with further shapes run as they are written, since there are ${maxRecordings} recordings ` +
            '(maxRecordings) already',
        );
        return plain();
      }
      recording = {
        signature,
        last: null,
        program: null,
        refusal: null,
        tries: 0,
        changes: 0,
        misses: 0,
        served: 0,
      };
      recordings.set(signature, recording);
    }
    if (recording.refusal !== null) return plain();
    const {program} = recording;
    if (program !== null) {
      const done = program.run(args.tensors, args.keys);
      if (typeof done === 'object') {
        recording.misses = 0;
        recording.served++;
        return done.value;
      }
      if (done === 'unexpected' && ++recording.misses < MOST_MISSES) return plain();
      program.dispose();
      recording.program = null;
      recording.misses = 0;
      recording.changes = recording.served < WORTH ? recording.changes + 1 : 0;
      recording.served = 0;
      if (recording.changes > MOST_CHANGES) {
        refuse(
          recording,
          'what it does changes again and again: a hyperparameter of an optimizer, say, or a variable that is made',
        );
        return plain();
      }
    }
    return record(recording, args, given);
  };

  return Object.assign(call as (...args: A) => R, {
    describe: () => [...recordings.values()].map(describeRecording),
    dispose: () => {
      for (const {last, program} of recordings.values()) {
        disposeTrace(last);
        program?.dispose();
      }
      recordings.clear();
    },
  });
}

const PLAIN_SAMPLE = JSON.stringify(sampleValue());

/** What code of this library around a call decides in it. */
function surroundings(): string {
  const type = JSON.stringify(valueTypeOrDefault());
  return `${isStateFrozen() ? 'frozen ' : ''}${type === PLAIN_SAMPLE ? '' : `${type} `}`;
}

function disposeTrace(trace: Trace | null): void {
  if (trace !== null) tf.dispose([...trace.held.values()]);
}

/** Runs `fn` and disposes what it makes and does not return; of one that returns a promise nothing is known yet. */
function scoped<R>(fn: () => R): R {
  const engine = tf.engine();
  engine.startScope('compile');
  let result: R;
  try {
    result = fn();
  } catch (error) {
    engine.endScope();
    throw error;
  }
  engine.endScope(isPromise(result) ? scopeTensors() : (result as tf.TensorContainer)); // whatever it is, tensors in it are found
  return result;
}

interface Traced {
  readonly value: unknown;
  /** A text says why there can be none; null where this run tells nothing, since `passing`. */
  readonly trace: Trace | string | null;
  readonly passing: string;
  /** Whether it draws with a key that never changes. */
  readonly hasConstantKey: boolean;
}

/** One run of a step, and what was written down. */
function traceOf(step: (...args: unknown[]) => unknown, args: Arguments, given: readonly unknown[]): Traced {
  // other objects, which the step cannot know from elsewhere
  const tensors = args.tensors.map(t => tf.clone(t));
  const keys = args.keys.map(([high, low]): KeyWords => [high, low]);
  const before = tf.memory().numTensors;
  const tracer = new Tracer(tensors, keys);
  let trace: Trace | null = null;
  try {
    const copies = args.rebuild(tensors, keys);
    const value = watchStep(tracer, () => scoped(() => step(...copies)));
    if (isPromise(value)) {
      tracer.refused('it returns a promise');
      tensors.length = 0; // which it may still need
    }
    tensors.forEach((t, i) => {
      if (!t.isDisposed) return;
      tracer.refused('it disposes an argument');
      args.tensors[i]!.dispose();
    });
    if (tensors.length === args.tensors.length && !isIntact(copies, args, tensors, keys)) {
      tracer.refused('it writes into an argument');
      const originals = new Map<unknown, unknown>([
        ...tensors.map((t, i) => [t, args.tensors[i]] as const),
        ...keys.map((words, i) => [words, args.keys[i]] as const),
      ]);
      copyChanges(copies, [...given], value => originals.get(value) ?? value);
    }
    trace = tracer.finish(value);
    if (trace !== null) {
      const returned = new Set(treeLeaves(trace.result).flatMap(leaf => (leaf.kind === 'tensor' ? [leaf.object] : [])));
      const fresh = returned.size - tensors.filter(t => contains(value, t)).length;
      const kept = tf.memory().numTensors - before - fresh - tracer.heldCount;
      if (kept > 0) tracer.refused(`it keeps ${kept} tensor${kept === 1 ? '' : 's'} that it does not return (tf.keep)`);
      if (kept < 0) tracer.refused('it disposes tensors that it did not make');
    }
    tf.dispose(tensors.filter(t => !contains(value, t)));
    const isGood = trace !== null && tracer.refusal === null;
    if (!isGood) tracer.dispose();
    return {
      value,
      trace: isGood ? trace : tracer.refusal,
      passing: tracer.isPassing ?? '',
      hasConstantKey: tracer.hasConstantKey,
    };
  } catch (error) {
    tracer.dispose();
    tf.dispose(tensors);
    throw error;
  }
}

/** Whether a tensor is among what was returned. */
function contains(value: unknown, tensor: tf.Tensor): boolean {
  if (value === tensor) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof tf.Tensor) &&
    Object.values(value).some(each => contains(each, tensor))
  );
}
