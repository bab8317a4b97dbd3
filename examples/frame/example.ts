/** What an example declares: a system of a paper in one file. */
import type {Job} from './job.js';
import type {OptionKinds, ValuesOf} from './kinds.js';

/** One line of the table at the end: what the paper says, and what came out here. */
export interface Comparison {
  readonly what: string;
  /** The published figure, with what belongs to it, such as `−97 (MNIST, 30 epochs)`; empty if there is none. */
  readonly paper: string;
  /** NaN where a run that was interrupted did not get so far. */
  readonly here: number;
  /** Behind the point; default 2. */
  readonly digits?: number;
}

export interface Example<O extends OptionKinds = OptionKinds> {
  readonly title: string;
  /** Authors, year, title, where to find it. */
  readonly paper: string;
  /** What it does, in a sentence or two. */
  readonly about: string;
  /** Default wasm; cpu is the quickest where tensors are small. */
  readonly backend?: 'wasm' | 'cpu';
  /** Of training (`--steps`), unless asked otherwise, and in the smoke mode, which shows that all of it works. */
  readonly steps: {readonly default: number; readonly smoke: number; readonly about?: string};
  /** If it takes images (`--data`, `--batch`): how many digits are drawn where there is no folder of them. */
  readonly images?: {
    readonly batch: number;
    readonly train: number;
    readonly test: number;
    /** Whether it takes their labels too. */
    readonly labels?: boolean;
    /** Whether pixels are given as their intensities; default, drawn as 0 or 1. */
    readonly grey?: boolean;
  };
  /** If estimators are compared (`--estimator`): those that can be asked for, and those that are. */
  readonly estimators?: {readonly known: () => readonly string[]; readonly default: readonly string[]};
  /** Options of its own. */
  readonly options: O;
  /** Trains, shows what there is to see, and returns the table at the end. */
  run(job: Job<O>): Promise<readonly Comparison[]> | readonly Comparison[];
}

/** What all of them can be asked for. */
export interface CommonOptions {
  readonly steps: number;
  readonly seed: number;
  readonly out: string;
  /** Tiny sizes, to see that all of it works. */
  readonly smoke: boolean;
  /** Folder of idx files; without it, digits are drawn. */
  readonly data?: string;
  readonly batch: number;
  readonly estimator: readonly string[];
}

export type OptionsOf<O extends OptionKinds> = CommonOptions & ValuesOf<O>;

/** An example with the types of its options. */
export function example<const O extends OptionKinds>(declared: Example<O>): Example<O> {
  return declared;
}
