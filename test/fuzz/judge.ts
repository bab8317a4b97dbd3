/** One fuzzed call: legal arguments, some of them replaced by hostile ones, and what must hold whatever comes of it. */
import * as tf from '@tensorflow/tfjs-core';
import {Distribution, errors, StochasticTensor} from 'tfjs-stochastic';
import {isTensor} from '../../src/util/tensors.js';
import {Generator, type Form} from './generate.js';
import {hostile, OwnError} from './hostile.js';

/** Replaces a place of the arguments of one of a target's calls. */
export interface Mutation {
  /** Which call, and which place of its arguments: as many as there are, counted round. */
  readonly call: number;
  readonly place: number;
  readonly hostile: number;
}

export interface FuzzCase {
  readonly seed: number;
  readonly mutations: readonly Mutation[];
}

/** Passes arguments through, with what the case puts in their place. */
export type Mutate = <A extends unknown[]>(...args: A) => A;

/** A public function or class and what is done with it. */
export interface Target {
  readonly name: string;
  /** Makes legal arguments, passes them through `mutate` and calls. What it returns is disposed. */
  run(g: Generator, mutate: Mutate): unknown;
  /** Legal arguments may be refused, since the target puts together what does not always fit. */
  readonly mayRefuse?: true;
  /** Legal arguments may give NaN or draws without a key. */
  readonly loose?: true;
}

/** Nothing may take longer, in milliseconds. */
const LONGEST = 2000;

/** Applies a case's mutations, and notes which took place. */
class Mutator {
  readonly done: string[] = [];
  #calls = 0;

  constructor(
    readonly mutations: readonly Mutation[],
    readonly g: Generator,
  ) {}

  readonly mutate: Mutate = <A extends unknown[]>(...args: A): A => {
    const call = this.#calls++;
    const list: unknown[] = [...args];
    for (const mutation of this.mutations) {
      if (mutation.call % 3 !== call) continue;
      const places = placesOf(list);
      const [path, set] = places[mutation.place % places.length]!;
      const [name, make] = hostile[mutation.hostile % hostile.length]!;
      set(make(this.g));
      this.done.push(`call ${call}, ${path} = ${name}`);
    }
    return list as A; // as JavaScript has it
  };
}

type Place = readonly [path: string, set: (x: unknown) => void];

/**
 * The arguments, the fields of plain objects and the elements of lists in them, each object with an unknown key, and
 * one argument more.
 */
function placesOf(args: unknown[]): Place[] {
  const places: Place[] = [];
  const visit = (holder: Record<string, unknown>, key: string, path: string, depth: number): void => {
    const before = holder[key];
    places.push([
      path,
      x => {
        holder[key] = x;
      },
    ]);
    if (depth >= 3 || typeof before !== 'object' || before === null) return;
    const isPlain = Object.getPrototypeOf(before) === Object.prototype;
    if (!isPlain && !(Array.isArray(before) && before.length < 100)) return;
    const copy = (Array.isArray(before) ? [...(before as unknown[])] : {...before}) as Record<string, unknown>;
    holder[key] = copy; // the legal arguments stay as they are
    for (const k of Object.keys(copy).slice(0, 8)) visit(copy, k, `${path}.${k}`, depth + 1);
    if (isPlain)
      places.push([
        `${path}.unknownKey`,
        x => {
          copy['unknownKey'] = x;
        },
      ]);
  };
  const holder = args as unknown as Record<string, unknown>; // a list is an object of its indices
  args.forEach((_, i) => visit(holder, String(i), `[${i}]`, 0));
  places.push([
    `[${args.length}]`,
    x => {
      args.push(x);
    },
  ]);
  return places;
}

/** How many places the arguments of each call of a target have, as legal arguments tell. */
export async function countPlaces(target: Target, seeds: number): Promise<number[]> {
  const counts: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    let calls = 0;
    await judge(
      {
        ...target,
        run: (g, mutate) =>
          target.run(g, (...args) => {
            const call = calls++;
            counts[call] = Math.max(counts[call] ?? 0, placesOf([...args]).length);
            return mutate(...args);
          }),
      },
      {seed, mutations: []},
    );
  }
  return counts.slice(0, 3);
}

/** What is wrong with the outcome of a case; null if nothing is. */
export async function judge(target: Target, {seed, mutations}: FuzzCase): Promise<string | null> {
  const before = tf.memory().numTensors;
  const scopes = engineState().scopeStack.length;
  const g = new Generator(seed);
  const mutator = new Mutator(mutations, g);
  const about = (what: string): string =>
    `${target.name}: ${what} (seed ${seed}; ${mutator.done.join('; ') || 'nothing hostile'})`;
  const start = performance.now();
  let result: unknown;
  let error: unknown = null;
  let finished = true;
  try {
    result = target.run(g, mutator.mutate);
    if (isThenable(result)) {
      finished = false;
      result = await Promise.race([
        result,
        new Promise((_, reject) => setTimeout(reject, LONGEST, new Error('never settles')).unref()),
      ]);
      finished = true;
    }
  } catch (e) {
    error = e ?? new Error('threw nothing');
  }
  const elapsed = performance.now() - start;
  let verdict: string | null = null;
  if (error !== null && !(error instanceof errors.StochasticError) && !(error instanceof OwnError)) {
    verdict = `raw ${error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)} ${placeOf(error)}` : 'what is no Error'}`;
  } else if (error instanceof errors.StochasticError && error.message.length > 4000) {
    verdict = `a message of ${error.message.length} letters`;
  } else if (error !== null && mutator.done.length === 0 && target.mayRefuse !== true) {
    verdict = `refused though legal: ${(error as Error).message}`;
  } else if (elapsed > LONGEST) {
    verdict = `took ${elapsed.toFixed(0)} ms`;
  } else if (error === null && mutator.done.length === 0 && target.loose !== true && holdsNaN(result)) {
    verdict = 'NaN from finite legal input';
  }
  discard(result);
  g.dispose();
  const {gradientDepth, scopeStack} = engineState();
  if (gradientDepth !== 0 || scopeStack.length !== scopes)
    verdict ??= `left ${gradientDepth} gradient scopes and ${scopeStack.length - scopes} scopes open`;
  const left = tf.memory().numTensors - before;
  if (left !== 0 && finished) verdict ??= `${left} tensors more than before`;
  return verdict === null ? null : about(verdict);
}

/** What the engine has open. */
export function engineState(): {gradientDepth: number; scopeStack: unknown[]} {
  return tf.engine().state; // its class is private
}

/** The numbers that a legal call gives when its arguments are written in that form. */
export async function outcome(target: Target, seed: number, form: Form): Promise<number[]> {
  const g = new Generator(seed, form);
  try {
    const result = await target.run(g, (...args) => args);
    const numbers: number[] = [];
    walk(result, {
      tensor: t => {
        if (t.dtype !== 'string') numbers.push(...t.dataSync());
      },
      number: n => {
        numbers.push(n);
      },
    });
    discard(result);
    return numbers;
  } finally {
    g.dispose();
  }
}

/** Where in the sources it was thrown. */
function placeOf(error: Error): string {
  return (
    error.stack
      ?.split('\n')
      .find(line => /(\/src\/|\/layers\/)/.test(line) && !line.includes('node_modules') && !line.includes('/test/'))
      ?.replace(/^.*\/((?:src|layers)\/[^)]*)\)?$/, 'at $1') ?? ''
  );
}

interface Visitor {
  tensor?(t: tf.Tensor): void;
  number?(n: number): void;
  owner?(x: {dispose(): unknown}): void;
}

/** Visits everything in a result, once. */
function walk(x: unknown, visitor: Visitor, seen = new Set<unknown>()): void {
  if (typeof x === 'number') return visitor.number?.(x);
  if (typeof x !== 'object' || x === null || seen.has(x)) return;
  seen.add(x);
  if (isTensor(x)) {
    if (!x.isDisposed) visitor.tensor?.(x);
    return;
  }
  const deeper = (y: unknown): void => walk(y, visitor, seen);
  if (ArrayBuffer.isView(x))
    return x instanceof DataView ? undefined : Array.from(x as Float32Array).forEach(n => deeper(n));
  if (x instanceof Distribution) return Object.values(x.tensors()).forEach(deeper);
  if (x instanceof StochasticTensor) return [x.value, x.distribution].forEach(deeper);
  if ('dispose' in x && typeof x.dispose === 'function') return visitor.owner?.(x as {dispose(): unknown});
  if (Array.isArray(x) || Object.getPrototypeOf(x) === Object.prototype) Object.values(x).forEach(deeper);
}

function holdsNaN(result: unknown): boolean {
  let found = false;
  walk(result, {
    tensor: t => {
      if (t.dtype === 'float32') found ||= t.dataSync().some(Number.isNaN);
    },
    number: n => {
      found ||= Number.isNaN(n);
    },
  });
  return found;
}

export function discard(result: unknown): void {
  walk(result, {
    tensor: t => t.dispose(),
    owner: x => {
      try {
        x.dispose();
      } catch (error) {
        if (!(error instanceof OwnError)) throw error; // of a user's part
      }
    },
  });
}

function isThenable(x: unknown): x is PromiseLike<unknown> {
  return typeof x === 'object' && x !== null && typeof (x as {then?: unknown}).then === 'function';
}
