/** Runs an example from its command line to its report. */
import {useCpu, useWasm} from '../job/backend.js';
import {messageOf} from '../job/job.js';
import {say} from '../job/output.js';
import {reporting, type Surroundings} from '../job/reporting.js';
import {deliver, type Makers, save} from '../job/save.js';
import {reportFiles} from '../report/files.js';
import type {Comparison, Example, OptionsOf} from './example.js';
import {loadImages} from './images.js';
import {Job} from './job.js';
import type {OptionKinds} from './kinds.js';
import {loadExample} from './names.js';
import {parseOptions} from './options.js';
import {type ExampleReport, toHtml, toJson, toText} from './report.js';
import {scoped, seeded} from './scope.js';

/** While it runs, the report so far is written now and then, in case the process is killed. */
const saveEveryMs = 60_000;

/** How an example ended: its exit code, and its report unless it only gave help. */
export interface Outcome {
  readonly code: number;
  readonly report: ExampleReport | null;
}

/**
 * Runs the example of that name with the arguments behind it. The code is 0; 130, 143 or 129 after Ctrl-C, SIGTERM or
 * SIGHUP; 1 if something failed or a file could not be written. Whatever happens, what there is by then is printed and
 * written.
 * @throws one sentence, if the name or an argument is wrong, the data is, or the folder cannot be written to
 */
export async function runExample(name: string | undefined, args: readonly string[]): Promise<Outcome> {
  const example = await loadExample(name);
  const named = name!; // or it could not be loaded
  await (example.backend === 'cpu' ? useCpu() : useWasm()); // options may ask which estimators there are
  const options = parseOptions(named, example, args);
  if (options === null) return {code: 0, report: null};
  let job: Job | undefined;
  return reporting({out: options.out, files: reportFiles, stopProgress: () => job?.stopProgress()}, surroundings =>
    perform(named, example, options, {...surroundings, onJob: made => (job = made)}),
  );
}

async function perform(
  name: string,
  example: Example,
  options: OptionsOf<OptionKinds>,
  {interrupt, folder, onJob}: Surroundings & {readonly onJob: (job: Job) => void},
): Promise<Outcome> {
  const start = performance.now();
  const {labels, grey} = example.images ?? {};
  const images =
    example.images === undefined ? null : loadImages({...options, ...sizes(example.images, options), labels, grey});
  let comparisons: readonly Comparison[] = [];
  const reportSoFar = (state: ExampleReport['state']): ExampleReport => ({
    ...{name, title: example.title, paper: example.paper, about: example.about},
    settings: settingsOf(example, options),
    dataset: images?.train.name ?? null,
    ...{curves: job.curves, sections: job.sections, comparisons, errors: job.errors},
    seconds: (performance.now() - start) / 1000,
    state,
  });
  let last = start;
  const job = new Job(options, images, interrupt, () => {
    if (performance.now() - last < saveEveryMs) return;
    save(folder, makersOf(reportSoFar('running'))); // what fails now is tried again at the end
    last = performance.now();
  });
  onJob(job);
  say(`${example.title} (${example.paper})${images === null ? '' : `, on ${images.train.name}`}\n`);
  try {
    comparisons = await seeded(options.seed, () => scoped(() => example.run(job)));
  } catch (error) {
    job.fail(messageOf(error));
  }
  const report = reportSoFar(interrupt.requested ? 'interrupted' : 'done');
  say(`\n${toText(report)}\n`);
  const isDelivered = deliver(folder, makersOf(report), 'report.json');
  return {code: interrupt.exitCode || (isDelivered && report.errors.length === 0 ? 0 : 1), report};
}

function makersOf(report: ExampleReport): Makers {
  return {'report.json': () => toJson(report), 'report.html': () => toHtml(report)};
}

/** Of drawn digits; few in the smoke mode. */
function sizes(
  images: NonNullable<Example['images']>,
  {smoke, batch}: OptionsOf<OptionKinds>,
): {readonly train: number; readonly test: number} {
  return smoke
    ? {train: Math.min(images.train, Math.max(200, batch)), test: Math.min(images.test, 100)}
    : {train: images.train, test: images.test};
}

/** What was asked for, without the folders, and without what the example does not know. */
function settingsOf(
  {images, estimators, options: own}: Example,
  options: OptionsOf<OptionKinds>,
): Record<string, unknown> {
  const names = [
    ...[
      'steps',
      'seed',
      ...(images === undefined ? [] : ['batch']),
      ...(estimators === undefined ? [] : ['estimator']),
    ],
    ...Object.keys(own),
    ...(options.smoke ? ['smoke'] : []),
  ];
  return Object.fromEntries(Object.entries(options).filter(([key]) => names.includes(key)));
}
