/** Trains with one estimator after another, and writes what came out. */
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fail} from '../../src/util/errors.js';
import {Batches, loadDataset} from '../data/dataset.js';
import {renderHtml} from './html.js';
import {interruptedExitCode, watchInterrupt} from './interrupt.js';
import type {Options} from './options.js';
import {type Progress, startProgress} from './progress.js';
import {type Pictures, type Report, type Run, summarise, toJson, widths} from './report.js';
import {renderTable} from './table.js';
import {train} from './train.js';

/** Returns the exit code: 0, or 130 after Ctrl-C. The report is written in both cases. */
export async function compare(options: Options): Promise<number> {
  const {batch, steps, layers, seed, out} = options;
  const stream = process.stdout;
  let progress: Progress | undefined;
  const interrupt = watchInterrupt({
    onFirst: () => {
      progress?.stop();
      stream.write('\nStopping: one moment for the report. Ctrl-C again stops at once.\n');
    },
    onSecond: () => progress?.stop(),
  });
  makeFolder(out);
  const dataset = loadDataset(options);
  const batches = new Batches(dataset, batch, seed);
  stream.write(`${widths(layers)} Bernoulli VAE on ${dataset.name}, batch ${batch}, ${steps} steps for each estimator\n`);

  const runs: Run[] = [], pictures: Pictures[] = [];
  const width = Math.max(...options.estimators.map(n => n.length));
  for (const name of options.estimators) {
    if (interrupt.requested) break;
    progress = startProgress(name, steps, {stream, width});
    try {
      const result = await train(name, {dataset, batches, steps, layers, seed, progress, stop: () => interrupt.requested});
      runs.push(result.run);
      pictures.push(result.pictures);
    } finally {
      progress.stop();
    }
  }
  const report: Report = {dataset: dataset.name, batch, ...(layers > 1 && {layers}), runs};
  const note = `${steps} steps asked for, seed ${seed}${interrupt.requested ? '; interrupted, so some runs are shorter or missing' : ''}`;
  const [json, html] = [path.join(out, 'report.json'), path.join(out, 'report.html')];
  writeFileSync(json, toJson(report));
  writeFileSync(html, renderHtml(report, pictures, note));
  stream.write(`\n${renderTable(runs.map(summarise))}\nWrote ${json} and ${html}\n`);
  const code = interrupt.requested ? interruptedExitCode : 0;
  interrupt.close();
  return code;
}

function makeFolder(out: string): void {
  try {
    mkdirSync(out, {recursive: true});
  } catch {
    fail('--out', 'must be a folder that exists or can be made', out);
  }
}
