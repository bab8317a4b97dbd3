/** What a run leaves behind, and `report.json`. */
import {type Curve, finite} from '../report/curves.js';
import {round} from '../report/numbers.js';

/** One estimator's run as `report.json` holds it. Every number is finite. */
export interface Run {
  readonly estimator: string;
  /** Steps that were done: fewer than asked for if the run was interrupted. */
  readonly steps: number;
  /** Mean ELBO of the minibatches, in nats, over the steps since the point before. */
  readonly elbo: Curve;
  /** Natural log of the gradient variance; see `variance.ts`. */
  readonly logVariance: Curve;
  readonly msPerStep: number;
  /** Why it broke off, if it did. */
  readonly error?: string;
}

/** The run of an estimator before its first step. */
export function noRun(estimator: string): Run {
  return {estimator, steps: 0, elbo: [], logVariance: [], msPerStep: 0};
}

export interface Report {
  readonly dataset: string;
  readonly batch: number;
  /** Layers of latents, where there is more than one. */
  readonly layers?: number;
  readonly runs: readonly Run[];
}

/** Pictures of a trained model, for the page only: 784 intensities in [0, 1] each. */
export interface Pictures {
  readonly originals: readonly Float32Array[];
  readonly reconstructions: readonly Float32Array[];
  readonly samples: readonly Float32Array[];
}

/** A row of the table at the end. */
export interface Summary {
  readonly estimator: string;
  readonly steps: number;
  /** Means over the last quarter of the steps; null where there is no point. */
  readonly elbo: number | null;
  readonly logVariance: number | null;
  readonly msPerStep: number;
}

export function summarise(run: Run): Summary {
  const {estimator, steps, msPerStep} = run;
  return {
    estimator,
    steps,
    elbo: lastQuarter(run.elbo, steps),
    logVariance: lastQuarter(run.logVariance, steps),
    msPerStep,
  };
}

/** The report as JSON text. */
export function toJson(report: Report): string {
  const rounded = (points: Curve): Curve => finite(points).map(([step, value]) => [step, round(value)]);
  const runs = report.runs.map(({estimator, steps, elbo, logVariance, msPerStep, error}) => ({
    estimator,
    steps,
    elbo: rounded(elbo),
    logVariance: rounded(logVariance),
    msPerStep: Number.isFinite(msPerStep) ? round(msPerStep) : 0,
    ...(error !== undefined && {error}),
  }));
  const layers = report.layers === undefined ? {} : {layers: report.layers};
  return `${JSON.stringify({dataset: report.dataset, batch: report.batch, ...layers, runs})}\n`;
}

function lastQuarter(points: Curve, steps: number): number | null {
  const late = finite(points).filter(([step]) => step > 0.75 * steps);
  const chosen = late.length > 0 ? late : finite(points).slice(-1);
  return chosen.length === 0 ? null : chosen.reduce((sum, [, value]) => sum + value, 0) / chosen.length;
}

/** The widths of a model of so many layers, from pixels to pixels. */
export function widths(layers = 1): string {
  return `784-${'200-'.repeat(layers)}784`;
}
