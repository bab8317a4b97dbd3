/** What a running example is given: its options and images, loops that can be watched and stopped, and its report. */
import type * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import type {ModelFitArgs} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {check} from '../../src/util/errors.js';
import {type Interrupt, yieldToEvents} from '../job/interrupt.js';
import {messageOf} from '../job/job.js';
import {complain} from '../job/output.js';
import type {Curve} from '../report/curves.js';
import {fixed} from '../report/numbers.js';
import {describeFigures, type Progress, startProgress} from '../report/progress.js';
import type {OptionsOf} from './example.js';
import type {Images} from './images.js';
import type {OptionKinds} from './kinds.js';
import type {Section} from './report.js';
import {scoped, seeded} from './scope.js';

/** What a step has to show: each name gets a curve. Scalars are read. */
export type Figures = Readonly<Record<string, number | tf.Tensor>>;

const curvePoints = 80;

export class Job<O extends OptionKinds = OptionKinds> {
  /** For draws of its own; the default stream starts from the seed too. */
  readonly key: st.random.Key;
  readonly curves: Record<string, Record<string, Curve>> = {};
  readonly sections: Section[] = [];
  readonly errors: string[] = [];
  #progress: Progress | null = null;
  #width = 0;

  constructor(
    readonly options: OptionsOf<O>,
    private readonly loaded: {readonly train: Images; readonly test: Images} | null,
    private readonly interrupt: Pick<Interrupt, 'requested'>,
    /** Called between steps, when the report may be written in between. */
    private readonly onStep: () => void,
  ) {
    this.key = st.random.key(options.seed);
  }

  /** Whether to come to an end. */
  get stopped(): boolean {
    return this.interrupt.requested;
  }

  /** The images to train with and those held out, of an example that declares `images`. */
  get images(): {readonly train: Images; readonly test: Images} {
    check(this.loaded !== null, 'job.images', 'the example must declare images', undefined);
    return this.loaded;
  }

  /**
   * Runs `step` for 0, 1, … and keeps the curves of the figures that it returns, under the name of `label`. Tensors that
   * a step makes do not outlive it. Returns the number of steps that were done: fewer if it was interrupted.
   */
  train(label: string, step: (i: number) => Figures, steps = this.options.steps): Promise<number> {
    return this.#loop(label, steps, i => {
      let figures: Record<string, number> = {};
      tf.tidy(() => void (figures = numbers(step(i))));
      return figures;
    });
  }

  /** The same for steps that wait for something; they dispose of their tensors themselves. */
  trainAsync(label: string, step: (i: number) => Promise<Figures>, steps = this.options.steps): Promise<number> {
    return this.#loop(label, steps, async i => numbers(await step(i)));
  }

  /** What makes `model.fit` a loop like `train`: batches, epochs, callbacks. `figures` are made of a batch's logs. */
  fitArgs(
    label: string,
    model: {stopTraining: boolean},
    fit: {readonly examples: number; readonly batch?: number; readonly steps?: number},
    figures: (logs: Readonly<Record<string, number>>, step: number) => Figures,
  ): ModelFitArgs {
    const {examples, steps = this.options.steps, batch = this.options.batch} = fit;
    const meter = this.#meter(label, steps);
    return {
      batchSize: batch,
      epochs: Math.ceil(steps / Math.ceil(examples / batch)),
      verbose: 0,
      callbacks: {
        onBatchEnd: async (_, logs) => {
          meter.add(numbers(figures(logs as Record<string, number>, meter.done))); // numbers, as the fit makes them
          await yieldToEvents();
          if (meter.done === steps || this.stopped) model.stopTraining = true;
        },
        onTrainEnd: () => Promise.resolve(meter.end()),
      },
    };
  }

  /**
   * One piece of work for each name, all from the same random numbers; what goes wrong with one of them does not end the
   * others.
   */
  async each<T extends string>(names: readonly T[], work: (name: T) => Promise<void> | void): Promise<void> {
    this.#width = Math.max(this.#width, ...names.map(name => name.length));
    for (const name of names) {
      if (this.stopped) break;
      try {
        await seeded(this.options.seed, () => scoped(() => work(name)));
      } catch (error) {
        this.fail(`${name}: ${messageOf(error)}`);
      }
    }
  }

  /** Adds a point to a curve. */
  point(label: string, figure: string, step: number, value: number): void {
    ((this.curves[figure] ??= {})[label] ??= []).push([step, value]);
  }

  /** The mean of a curve over the last quarter of its steps; NaN where there is none. */
  recent(label: string, figure: string): number {
    const points = this.curves[figure]?.[label] ?? [];
    const late = points.filter(([step]) => step > 0.75 * points.at(-1)![0]);
    return late.reduce((sum, [, value]) => sum + value, 0) / late.length;
  }

  /**
   * The mean over the first `most` images of what `values` gives for each, `[n]` for `[n, 784]`, in parts of `size`. Of
   * one that was interrupted it is that of the parts so far, one at least.
   */
  async average(
    label: string,
    images: Images,
    most: number,
    values: (x: tf.Tensor2D) => tf.Tensor,
    size = 100,
  ): Promise<number> {
    let [sum, count] = [0, 0];
    const total = Math.min(most, images.count);
    const progress = this.#show(label, total);
    while (count < total && (count === 0 || !this.stopped)) {
      tf.tidy(() => {
        const x = images.slice(count, Math.min(size, total - count));
        sum += tf.sum(values(x)).dataSync()[0]!;
        count += x.shape[0];
      });
      progress.update(count, `mean ${fixed(sum / count, 2)}`);
      await yieldToEvents();
    }
    progress.stop();
    return sum / count;
  }

  /** Pictures of intensities in [0, 1], a row for each name: `[n, 784]`, or `[n, side, side]`. */
  show(title: string, make: () => Readonly<Record<string, tf.Tensor>>): void {
    const rows: Array<readonly [string, Float32Array[]]> = [];
    let side = 1;
    tf.tidy(() => {
      for (const [name, images] of Object.entries(make())) {
        const [n, size] = [images.shape[0], images.size / images.shape[0]];
        side = Math.round(Math.sqrt(size));
        const all = images.dataSync() as Float32Array; // float32 tensors hold their data so
        rows.push([name, Array.from({length: n}, (_, i) => all.slice(i * size, (i + 1) * size))]);
      }
    });
    this.sections.push({kind: 'pictures', title, gallery: {side, rows}});
  }

  /** A table; numbers are shown with two digits behind the point. */
  table(title: string, columns: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): void {
    const text = rows.map(row => row.map(cell => (typeof cell === 'number' ? fixed(cell, 2) : cell)));
    this.sections.push({kind: 'table', title, columns, rows: text});
  }

  /** A drawing of Observable Plot; `names`, which its marks are coloured by, are listed above it. */
  plot(title: string, options: Plot.PlotOptions, names: readonly string[] = []): void {
    this.sections.push({kind: 'plot', title, names, options});
  }

  /** Remembers and says what went wrong. */
  fail(error: string): void {
    this.errors.push(error);
    this.stopProgress();
    complain(error);
  }

  /** Gives the line of the terminal back. */
  stopProgress(): void {
    this.#progress?.stop();
  }

  #show(label: string, steps: number): Progress {
    return (this.#progress = startProgress(label, steps, {width: this.#width}));
  }

  async #loop(
    label: string,
    steps: number,
    step: (i: number) => Record<string, number> | Promise<Record<string, number>>,
  ): Promise<number> {
    const meter = this.#meter(label, steps);
    try {
      while (meter.done < steps && !this.stopped) {
        meter.add(await step(meter.done));
        await yieldToEvents();
      }
    } finally {
      meter.end();
    }
    return meter.done;
  }

  /** Counts steps, shows how they get on, and makes curves of the means of their figures. */
  #meter(
    label: string,
    steps: number,
  ): {readonly done: number; add(figures: Record<string, number>): void; end(): void} {
    const progress = this.#show(label, steps);
    const every = Math.max(1, Math.ceil(steps / curvePoints));
    const start = performance.now();
    let done = 0;
    let sums: Record<string, [sum: number, count: number]> = {};
    const recent: Record<string, number> = {};
    const addPoints = (): void => {
      for (const [figure, [sum, count]] of Object.entries(sums)) this.point(label, figure, done, sum / count);
      sums = {};
    };
    return {
      get done() {
        return done;
      },
      add: figures => {
        done++;
        for (const [figure, value] of Object.entries(figures)) {
          if (!Number.isFinite(value)) continue;
          const sum = (sums[figure] ??= [0, 0]);
          sum[0] += value;
          sum[1]++;
          recent[figure] = figure in recent ? 0.98 * recent[figure]! + 0.02 * value : value;
        }
        if (done % every === 0 || done === steps) addPoints();
        const shown = Object.entries(recent).map(([name, value]) => [name, value, 2] as const);
        const stepsPerSecond = (1000 * done) / (performance.now() - start);
        progress.update(done, `${describeFigures(shown)}  ${stepsPerSecond.toFixed(0)} steps/s`);
        this.onStep();
      },
      end() {
        addPoints();
        progress.stop();
      },
    };
  }
}

function numbers(figures: Figures): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? value : value.dataSync()[0]!]),
  );
}
