/** `npm run distributions`: every family against its reference, with the worst error of each method. */
import Table from 'cli-table3';
import {Command, Option} from 'commander';
import * as tf from '@tensorflow/tfjs-core';
import '../../test/helpers/setup-node.js';
import {measure, readReferences, type Worst} from './errors.js';

const command = new Command()
  .name('npm run distributions --')
  .description(
    'Compares every family with exact values: the worst relative error of each method, and the parameters where it is.',
  )
  .addOption(new Option('--backend <name>', 'the tfjs backend').choices(['cpu', 'wasm']).default('cpu'))
  .option('--family <name>', 'only this family, with every method on a line of its own')
  .option('--json', 'one JSON object a line')
  .parse();

const options = command.opts<{backend: string; family?: string; json?: boolean}>();
await tf.setBackend(options.backend);
await tf.ready();
const worst = measure(await readReferences()).filter(w => options.family === undefined || w.family === options.family);
if (worst.length === 0) command.error(`error: there is no reference for the family ${options.family}`);
if (options.json === true) worst.forEach(w => console.log(JSON.stringify({...w, backend: options.backend})));
else print(worst);

function print(rows: Worst[]): void {
  const shown = (e: number) => (e === 0 ? '0' : e.toExponential(1));
  const families = [...new Set(rows.map(w => w.family))].sort();
  if (options.family !== undefined) {
    const table = new Table({
      head: ['method', 'values', 'worst error', 'parameters', 'at'],
      style: {head: [], border: [], compact: true},
    });
    for (const w of rows) table.push([w.method, w.values, shown(w.error), w.config, w.at]);
    console.log(table.toString());
    return;
  }
  const methods = ['logProb', 'cdf', 'survival', 'logCdf', 'quantile', 'mean', 'variance', 'entropy', 'kl'];
  const table = new Table({
    head: ['family', 'values', ...methods, 'worst, and where'],
    style: {head: [], border: [], compact: true},
  });
  for (const family of families) {
    const own = rows.filter(w => w.family === family);
    const top = own.reduce((a, b) => (b.error > a.error ? b : a));
    const cell = (method: string) => {
      const found = own.find(w => w.method === method);
      return found === undefined ? '' : shown(found.error);
    };
    const where = top.config.length > 40 ? `${top.config.slice(0, 40)}…` : top.config;
    table.push([
      family,
      own.reduce((s, w) => s + w.values, 0),
      ...methods.map(cell),
      `${shown(top.error)} ${top.method} ${where} ${top.at === 'undefined' ? '' : `at ${top.at}`}`,
    ]);
  }
  console.log(table.toString());
  console.log(
    'Relative errors; of logarithms, entropies and divergences relative to at least 0.2 nats, of locations to at least 0.2 standard deviations, of',
  );
  console.log('quantiles to at least 0.1. Reference values have 15 digits (scripts/reference).');
}
