/** Runs a suite once for each backend of this environment. */
import * as tf from '@tensorflow/tfjs-core';
import '../../src/names.js';
import '../../src/kernels/complete.js';
import {isTensor} from '../../src/util/tensors.js';

export const backendNames = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** What karma puts on the page; the arguments hold `--backends=cpu,webgl`, where nothing after `=` stands for all. */
interface KarmaGlobal {
  __karma__?: {config: {args: string[]}};
}

/** True on a page, false in Node. */
export const inBrowser = typeof window !== 'undefined';

/** The backends that this run must test: all that the environment has, or those of `BACKENDS=cpu,webgl`. */
export const backendsHere: readonly BackendName[] = chosenBackends();
const areChosen = askedBackends().length > 0;

const isBrief = process.env.FULL !== '1';

/**
 * A page whose run is to be short: Node tests cpu and wasm, and a software GPU compiles a program for a second or more.
 */
export const inBrief = inBrowser && isBrief;

/**
 * A spec that a page leaves out in brief: of kernels that others judge there it puts together what is the same code on
 * every backend.
 */
export const itInNode: typeof it = (...args) => {
  if (!inBrief) it(...args);
};

/**
 * One of the two GPUs, by name: what is generated from one source for both need not be tested on both in every respect.
 */
export function gpuOf(name: string): 'webgl' | 'webgpu' {
  return Array.from(name).reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 2 === 0 ? 'webgl' : 'webgpu';
}

/** The backend whose suite is being defined; between definitions, null. */
let defining: BackendName | null = null;

export interface BackendOptions {
  /** Leaves out every backend not named. */
  only?: readonly BackendName[];
  /**
   * What a page runs in brief: both GPUs unless said otherwise, and neither cpu nor wasm, which differ little from
   * those in Node.
   */
  inBrief?: readonly BackendName[];
  /** What Node runs in brief: cpu and wasm unless said otherwise. For statistics one of them will do. */
  inNode?: readonly BackendName[];
}

/**
 * Defines the suite `title [backend]` once for each backend, with that backend active while its specs run.
 * A backend that cannot be initialised fails the suite. Where BACKENDS names some, none of them is left out.
 */
export function describeBackends(
  title: string,
  fn: (backend: BackendName) => void,
  options: BackendOptions = {},
): void {
  const {only = backendNames, inBrief: onPages = ['webgl', 'webgpu'], inNode = ['cpu', 'wasm']} = options;
  const few = inBrowser ? onPages : inNode;
  for (const backend of backendsHere) {
    if (!only.includes(backend) || (isBrief && !areChosen && !few.includes(backend))) continue;
    describe(`${title} [${backend}]`, () => {
      beforeAll(async () => {
        if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} could not be initialised`);
        await tf.ready();
      });
      // Jasmine prints what it compares, even where they are equal, and printing a tensor reads it synchronously:
      // webgpu loses its device over that.
      beforeEach(() => jasmine.addCustomObjectFormatter(describeTensor));
      defining = backend;
      try {
        fn(backend);
      } finally {
        defining = null;
      }
    });
  }
}

function describeTensor(x: unknown): string | undefined {
  return isTensor(x) ? `a tensor of shape [${x.shape.join(',')}]` : undefined;
}

/** The value for the backend of this suite; works in the body of a suite and inside a spec. */
export function sizeFor<T = number>(sizes: Record<BackendName, T>): T {
  return sizes[defining ?? (tf.getBackend() as BackendName)]; // inside a spec the active backend is one of ours
}

function askedBackends(): string[] {
  return (inBrowser ? fromKarma() : (process.env['BACKENDS'] ?? '')).split(',').filter(name => name !== '');
}

function chosenBackends(): BackendName[] {
  const all: BackendName[] = inBrowser ? [...backendNames] : ['cpu', 'wasm'];
  const asked = askedBackends();
  const unknown = asked.filter(name => !all.some(b => b === name));
  if (unknown.length > 0) throw new Error(`BACKENDS: here it may hold ${all.join(', ')}, got ${unknown.join(', ')}`);
  return asked.length === 0 ? all : all.filter(name => asked.includes(name));
}

function fromKarma(): string {
  const prefix = '--backends=';
  return (
    (globalThis as KarmaGlobal).__karma__?.config.args.find(arg => arg.startsWith(prefix))?.slice(prefix.length) ?? ''
  );
}
