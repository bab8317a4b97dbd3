/** What it takes to load each entry of the built package in Node, once tfjs is there: each time in a new process. */
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import process from 'node:process';
import type {BenchContext} from './context.js';
import {median} from './measure.js';

/** Loaded before the clock starts, and measured alone for comparison: it takes tfjs-core with it. */
const TFJS = '@tensorflow/tfjs-layers';

/** How often each entry is loaded; the median counts. */
const ROUNDS = 7;

export function benchImports({report, effort}: BenchContext): void {
  const {name, exports} = JSON.parse(readFileSync('package.json', 'utf8')) as {
    name: string;
    exports: Record<string, unknown>;
  };
  if (!existsSync('dist/node')) {
    console.error('bench: imports needs the built package: npm run build');
    return;
  }
  const entries = Object.keys(exports).filter(path => !path.includes('*') && !path.endsWith('.json'));
  for (const system of ['import', 'require'] as const) {
    const times = new Map<string, number[]>(
      [TFJS, ...entries.map(entry => name + entry.slice(1))].map(entry => [entry, []]),
    );
    // in turn, so that a machine's drift meets all alike
    for (let round = 0; round < effort(ROUNDS, 1).rounds; round++)
      for (const [entry, list] of times) list.push(milliseconds(system, entry));
    for (const [entry, list] of times) report({name: `${system} ${entry}`, size: 1, ours: median(list)});
  }
}

/** How long a new process takes for the entry alone. */
function milliseconds(system: 'import' | 'require', entry: string): number {
  const load = (what: string) =>
    system === 'import' ? `await import(${JSON.stringify(what)})` : `require(${JSON.stringify(what)})`;
  const program = `${entry === TFJS ? '' : load(TFJS)};
    const start = performance.now();
    ${load(entry)};
    console.log(performance.now() - start);`;
  const type = system === 'import' ? 'module' : 'commonjs';
  return Number(execFileSync(process.execPath, [`--input-type=${type}`, '--eval', program], {encoding: 'utf8'}));
}
