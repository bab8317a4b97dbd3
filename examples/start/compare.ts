/** Trains with one estimator after another, and writes what came out. */
import type {ResultFolder} from '../job/files.js';
import type {Interrupt} from '../job/interrupt.js';
import {messageOf} from '../job/job.js';
import {complain, say} from '../job/output.js';
import {reporting} from '../job/reporting.js';
import {deliver, save} from '../job/save.js';
import {reportFiles} from '../report/files.js';
import {renderTable} from '../report/table.js';
import {Batches, loadDataset} from '../data/dataset.js';
import type {Options} from './options.js';
import {type Progress, startProgress} from '../report/progress.js';
import {noRun, type Pictures, type Run, summarise, widths} from './report.js';
import {type Contents, makersOf} from './save.js';
import {cells, columns} from './table.js';
import {train} from './train.js';

/** While an estimator is trained, the report so far is written now and then, in case the process is killed. */
const saveEveryMs = 60_000;

/**
 * Returns the exit code: 0; 130, 143 or 129 after Ctrl-C, SIGTERM or SIGHUP; 1 if an estimator failed or a file could
 * not be written. Whatever happens, what there is by then is printed and written.
 */
export async function compare(options: Options): Promise<number> {
  let progress: Progress | undefined;
  const report = {out: options.out, files: reportFiles, stopProgress: () => progress?.stop()};
  return reporting(report, async ({interrupt, folder}) => {
    const results = await trainAll(options, folder, interrupt, p => (progress = p));
    return finish(results, folder) && results.runs.every(run => run.error === undefined)
      ? interrupt.exitCode
      : interrupt.exitCode || 1;
  });
}

/** What has been trained so far. */
class Results {
  readonly runs: Run[] = [];
  readonly pictures: Array<Pictures | null> = [];

  constructor(
    private readonly options: Options,
    private readonly dataset: string,
    private readonly interrupt: Interrupt,
  ) {}

  add(run: Run, pictures: Pictures | null): void {
    this.runs.push(run);
    this.pictures.push(pictures);
  }

  /** The report, with a run that is not over. */
  contents(unfinished: readonly Run[] = []): Contents {
    const {
      options: {batch, layers, steps, seed},
      dataset,
    } = this;
    const runs = [...this.runs, ...unfinished];
    const short = this.interrupt.requested
      ? '; interrupted, so some runs are shorter or missing'
      : unfinished.length > 0
        ? '; still running'
        : '';
    return {
      report: {dataset, batch, ...(layers > 1 && {layers}), runs},
      pictures: this.pictures,
      note: `${steps} steps asked for, seed ${seed}${short}`,
    };
  }
}

async function trainAll(
  options: Options,
  folder: ResultFolder,
  interrupt: Interrupt,
  onProgress: (progress: Progress) => void,
): Promise<Results> {
  const {batch, steps, layers, seed} = options;
  const dataset = loadDataset(options);
  const batches = new Batches(dataset, batch, seed);
  const results = new Results(options, dataset.name, interrupt);
  say(`${widths(layers)} Bernoulli VAE on ${dataset.name}, batch ${batch}, ${steps} steps for each estimator\n`);
  const width = Math.max(...options.estimators.map(n => n.length));
  for (const name of options.estimators) {
    if (interrupt.requested) break;
    const progress = startProgress(name, steps, {width});
    onProgress(progress);
    let last = performance.now();
    const onPoint = (run: () => Run): void => {
      if (performance.now() - last < saveEveryMs) return;
      save(folder, makersOf(results.contents([run()]))); // what fails now is tried again at the end
      last = performance.now();
    };
    try {
      const {run, pictures} = await train(name, {
        dataset,
        batches,
        steps,
        layers,
        seed,
        progress,
        stop: () => interrupt.requested,
        onPoint,
      });
      results.add(run, pictures);
    } catch (error) {
      results.add({...noRun(name), error: messageOf(error)}, null);
    } finally {
      progress.stop();
    }
    const {error} = results.runs.at(-1)!; // it was just added
    if (error !== undefined) complain(`${name}: ${error}`);
    save(folder, makersOf(results.contents()));
  }
  return results;
}

/** Prints the table, then writes the files. Returns whether both are in their folder. */
function finish(results: Results, folder: ResultFolder): boolean {
  say(
    `\n${renderTable(
      columns,
      results.runs.map(run => cells(summarise(run))),
    )}\n`,
  );
  return deliver(folder, makersOf(results.contents()), 'report.json');
}
