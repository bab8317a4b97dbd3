/** `npm run examples`: all of them, and one page with every figure. */
import path from 'node:path';
import {Command} from 'commander';
import {loadExample, exampleNames} from '../frame/names.js';
import {type ExampleReport, toIndex} from '../frame/report.js';
import {runExample} from '../frame/run.js';
import {inOurWords, integer, list, read} from '../job/commandLine.js';
import {claimFolder} from '../job/files.js';
import {messageOf, runJob} from '../job/job.js';
import {complain, say} from '../job/output.js';
import {deliver} from '../job/save.js';
import {renderTable} from '../report/table.js';

interface Options {
  readonly full: boolean;
  readonly only: readonly string[];
  readonly data?: string;
  readonly seed: number;
  readonly out: string;
}

function parseOptions(args: readonly string[]): Options | null {
  const names = exampleNames();
  const command = inOurWords(
    new Command('npm run examples')
      .usage('-- [options]')
      .description('Runs every example in seconds, to see that all of it works, and writes one page with every figure.')
      .option('--full', 'for real: up to two minutes each', false)
      .option('--only <names>', 'some of them, separated by commas', list('--only', 'example', names), names)
      .option('--data <dir>', 'folder with MNIST idx files for those that take images (default: drawn digits)')
      .option('--seed <n>', 'seed of all that is random', integer('--seed', 0), 1)
      .option('--out <dir>', 'folder for the page, and a folder for each report', 'out/examples'),
  );
  return read(command, args) ? command.opts<Options>() : null;
}

await runJob(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) return 0;
  const {full, only, data, seed, out} = options;
  const folder = claimFolder('--out', out, ['index.html']);
  const reports: ExampleReport[] = [];
  const rows: string[][] = [];
  let worst = 0;
  for (const name of only) {
    const {images} = await loadExample(name);
    const args = [
      ...['--out', path.join(out, name), '--seed', String(seed)],
      ...(full ? [] : ['--smoke']),
      ...(data === undefined || images === undefined ? [] : ['--data', data]),
    ];
    say(`── ${name}\n`);
    const start = performance.now();
    let code = 1;
    try {
      const ended = await runExample(name, args);
      code = ended.code;
      if (ended.report !== null) reports.push(ended.report);
    } catch (error) {
      complain(`${name}: ${messageOf(error)}`);
    }
    rows.push([name, code === 0 ? 'passed' : 'failed', ((performance.now() - start) / 1000).toFixed(1)]);
    worst = Math.max(worst, code);
    if (code > 128) break; // interrupted
  }
  say(`\n${renderTable(['example', '', 'seconds'], rows)}\n`);
  const hrefs = reports.map(({name}) => `${name}/report.html`);
  const isDelivered = deliver(folder, {'index.html': () => toIndex(reports, hrefs)}, null);
  folder.release();
  return worst || (isDelivered ? 0 : 1);
});
