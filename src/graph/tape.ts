/**
 * The only reader of tfjs's tape. While a gradient scope is open the engine appends one record per kernel,
 * differentiable or not; everything that this library knows about a user's graph comes from those records. The format
 * is internal to tfjs-core, so it is checked here, once for each reading, and nowhere else.
 */
import * as tf from '@tensorflow/tfjs-core';
import {tfjsVersions} from '../util/copy.js';
import {check, describe, fail} from '../util/errors.js';
import {checkAlive} from '../util/numbers.js';
import {isListOf, isTensor} from '../util/tensors.js';

/** The versions of tfjs-core that this reader was tested with. */
const TESTED_VERSION = tfjsVersions;

/** One kernel of the tape. `inputs` may hold tensors that are disposed by now; their ids stay valid. */
export interface TapeRecord {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
  /** Missing where the kernel has no gradient. */
  readonly gradient?: (dys: tf.Tensor[]) => unknown;
}

interface EngineState {
  readonly gradientDepth?: unknown;
  readonly activeTape?: unknown;
  readonly activeScope?: {readonly track?: unknown} | null;
  readonly scopeStack?: unknown;
}

function engineState(): EngineState {
  // The engine's state is typed as a private class; only the fields above are read, and all are checked.
  return tf.engine().state;
}

/** How many gradient scopes are open, one inside the other. */
export function scopeDepth(): number {
  const depth = engineState().gradientDepth;
  check(typeof depth === 'number', 'tape', `needs an engine like that of tfjs-core ${TESTED_VERSION}`, tf.version_core);
  return depth;
}

/** Whether a gradient scope (`tf.variableGrads`, `minimize`, `fit`, …) is open. */
export function inGradientScope(): boolean {
  return scopeDepth() > 0;
}

/** The tensors that the innermost `tf.tidy` or `engine().startScope()` would dispose at its end. */
export function scopeTensors(): tf.Tensor[] {
  const made = engineState().activeScope?.track;
  check(Array.isArray(made), 'tape', `needs an engine like that of tfjs-core ${TESTED_VERSION}`, tf.version_core);
  return [...(made as tf.Tensor[])];
}

/** The tape of the open gradient scope, oldest record first. Throws in the name of `who` where there is none. */
export function readTape(who: string): readonly TapeRecord[] {
  check(
    inGradientScope(),
    who,
    'must be called inside a gradient scope (tf.variableGrads, optimizer.minimize, model.fit)',
  );
  return checkTape(who, engineState().activeTape, tf.version_core);
}

/**
 * The identity of the open gradient scope: an object that stays the same from the start of the outermost scope to its
 * end, else null.
 */
export function currentTape(): object | null {
  return inGradientScope() ? readTape('tape') : null;
}

/** Checks that `tape` has the form that this reader understands, by its first and last records. */
export function checkTape(who: string, tape: unknown, version: string): readonly TapeRecord[] {
  const sentence = `needs the tape of tfjs-core ${TESTED_VERSION}; version ${version} has another form`;
  if (!Array.isArray(tape)) return fail(who, sentence, tape);
  for (const record of [tape[0], tape[tape.length - 1]] as unknown[]) {
    if (record !== undefined && !isRecord(record)) fail(who, `${sentence} (a record is ${describe(record)})`);
  }
  return tape as TapeRecord[];
}

function isRecord(record: unknown): record is TapeRecord {
  if (typeof record !== 'object' || record === null) return false;
  const {kernelName, inputs, outputs, saved} = record as Partial<Record<keyof TapeRecord, unknown>>;
  return (
    typeof kernelName === 'string' &&
    typeof inputs === 'object' &&
    inputs !== null &&
    Array.isArray(saved) &&
    Array.isArray(outputs) &&
    outputs.every(o => typeof (o as {id?: unknown}).id === 'number')
  );
}

/**
 * Copies (by reference, without moving data) of `tensors` that live until the outermost gradient scope ends, even where
 * a `tf.tidy` around the call ends before. The copies stay linked to their originals on the tape, so gradients and
 * influence pass through them. The engine disposes them with the scope; outside a scope the tensors themselves are
 * returned.
 */
export function persist(tensors: readonly tf.Tensor[]): tf.Tensor[] {
  check(isListOf(tensors, isTensor), 'persist', 'needs a list of tensors', tensors);
  tensors.forEach((t, i) => checkAlive('persist', `tensor ${i}`, t));
  if (tensors.length === 0 || !inGradientScope()) return [...tensors];
  let before = -1;
  // An op without inputs; the engine keeps what it saves until the tape is dropped, which is the lifetime wanted here.
  const anchor = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    (args[0] as tf.GradSaveFunc)([...tensors]);
    before = readTape('persist').length;
    return {value: tf.scalar(0), gradFunc: () => []};
  })();
  anchor.dispose();
  const record = readTape('persist')[before];
  check(
    record !== undefined && record.saved.length === tensors.length,
    'persist',
    `needs the tape of tfjs-core ${TESTED_VERSION}; version ${tf.version_core} has another form`,
  );
  return [...record.saved];
}

/**
 * As `persist`, in inference too: outside a gradient scope the copies live until the outermost `tf.tidy` ends. Null where
 * nothing lasts longer than the innermost one.
 */
export function outlive(tensors: readonly tf.Tensor[]): tf.Tensor[] | null {
  check(isListOf(tensors, isTensor), 'outlive', 'needs a list of tensors', tensors);
  if (inGradientScope()) return persist(tensors);
  const {scopeStack} = engineState();
  const isKnown =
    Array.isArray(scopeStack) && scopeStack.every(scope => Array.isArray((scope as {track?: unknown} | null)?.track));
  check(isKnown, 'outlive', `needs an engine like that of tfjs-core ${TESTED_VERSION}`, tf.version_core);
  const scopes = scopeStack as ReadonlyArray<{readonly id: number; readonly track: tf.Tensor[]}>; // as far as was checked
  if (scopes.length < 2) return null;
  const [outermost, innermost] = [scopes[0]!, scopes[scopes.length - 1]!];
  return tensors.map(t => {
    checkAlive('outlive', 'a tensor', t);
    const copy = tf.clone(t);
    innermost.track.splice(innermost.track.lastIndexOf(copy), 1);
    outermost.track.push(copy);
    copy.scopeId = outermost.id;
    return copy;
  });
}

/** A tensor that refuses derivatives. */
export interface Guarded {
  readonly value: tf.Tensor;
  /** Lets derivatives pass by: from now on the value is a constant, at no cost in the backward pass. */
  open(): void;
}

/**
 * A copy (by reference) of `value`. A backward pass that leads through it to one of `upstream` calls `refuse`, which
 * throws; a gradient with respect to anything else is not disturbed. Must be called inside a gradient scope.
 */
export function guardUpstream(value: tf.Tensor, upstream: readonly tf.Tensor[], refuse: () => never): Guarded {
  const guarded = tf.customGrad(() => ({
    value: tf.clone(value),
    gradFunc: () => {
      disposeAbandonedTape(true);
      return refuse();
    },
  }))(...upstream);
  const tape = readTape('guard');
  const record = tape[tape.length - 1]; // the customGrad's
  check(
    record?.outputs[0] === guarded,
    'guard',
    `needs the tape of tfjs-core ${TESTED_VERSION}; version ${tf.version_core} has another form`,
  );
  const writable: {inputs: TapeRecord['inputs']} = record; // no other record is ever changed
  return {
    value: guarded,
    open() {
      writable.inputs = {};
    },
  };
}

/**
 * `value`, where a gradient scope is open such that a gradient that leads through it to one of `upstream` is an error,
 * `who: rule`: for values that are right but whose derivatives would not be those that a user expects.
 */
export function refuseGradient(value: tf.Tensor, upstream: readonly tf.Tensor[], who: string, rule: string): tf.Tensor {
  return inGradientScope() ? guardUpstream(value, upstream, () => fail(who, rule)).value : value;
}

/**
 * Disposes what the engine kept for a backward pass that an error prevented. Does nothing while a gradient scope is
 * still open.
 * @param withResult whether the result of the forward pass goes as well, which nobody will be given
 */
export function disposeAbandonedTape(withResult = false): void {
  const {activeTape} = engineState();
  if (inGradientScope() || !Array.isArray(activeTape)) return;
  for (const {saved, outputs} of checkTape('tape', activeTape, tf.version_core)) {
    tf.dispose([...saved]);
    // Of what the forward pass made, tfjs has left alive its result and what the user keeps.
    if (withResult) tf.dispose(outputs.filter(t => !t.isDisposed && !t.kept && !(t instanceof tf.Variable)));
  }
}
