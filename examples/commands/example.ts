/** `npm run example -- NAME [options]`: the smaller examples, one module each. */
import process from 'node:process';
import type {Interrupt} from '../job/interrupt.js';
import {runTables} from '../job/tables.js';

/** What an example exports: runs with the arguments behind its name. */
interface Example {
  readonly run: (args: readonly string[], interrupt: Pick<Interrupt, 'requested'>) => Promise<void>;
}

/** Loaded only when asked for. */
const examples: Readonly<Record<string, () => Promise<Example>>> = {
  'backprop-q': () => import('../backpropQ.js'),
  es: () => import('../es.js'),
  layers: () => import('../layers.js'),
  svg: () => import('../svg.js'),
};

const [name, ...args] = process.argv.slice(2);
const load = name === undefined ? undefined : examples[name];
if (load === undefined) {
  console.error(
    `npm run example -- NAME [options]; NAME is one of ${Object.keys(examples).join(', ')}${name === undefined ? '' : `, got ${JSON.stringify(name)}`}`,
  );
  process.exitCode = 1;
} else {
  const {run} = await load();
  await runTables(interrupt => run(args, interrupt));
}
