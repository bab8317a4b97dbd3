/** The tables of docs/performance.md, from the last release in bench/history.json. */
import type {Release} from '../../bench/history.js';
import type {Line} from '../../bench/report.js';
import {between} from '../between.js';

/** What a column is called, in the order in which they stand. */
const titles: Record<string, string> = {
  ours: 'here',
  byHand: 'by hand, with our kernels',
  undrawn: 'without the draw',
  plain: 'plain tfjs',
  jaxjs: 'jax-js',
  torch: 'PyTorch',
  microsecondsPerNode: 'µs a node',
};

/** Lines of two kinds that share a row: what is taken from their names, and what the two are called. */
interface Pair {
  readonly pattern: RegExp;
  readonly kinds: Readonly<Record<string, string>>;
}

const samplers: Pair = {
  pattern: /^sample (.*) from (numbers|tensors)$/,
  kinds: {numbers: 'from numbers', tensors: 'from tensors'},
};
const logProbs: Pair = {
  pattern: /^logProb (.*) (value|gradient)$/,
  kinds: {value: 'value', gradient: 'value and gradient'},
};

/** `text` with its tables made anew from the last release. */
export function performanceText(text: string, history: Record<string, Release>): string {
  const [version, release] = Object.entries(history).at(-1) ?? [];
  if (version === undefined || release === undefined) throw new Error('bench/history.json: there must be a release');
  const {node, cpu, clock, lines} = release;
  const of = (word: string): Line[] => lines.filter(({name}) => name.startsWith(`${word} `) || name === word);
  const made: Record<string, string> = {
    where: `Version ${version}, Node ${node.slice(1)}, ${cpu}, ${clock === 'cpu' ? 'time of the processor' : 'time that passed'}.`,
    step: rows(of('step'), 'batch'),
    samplers: paired(of('sample'), samplers),
    logProb: paired(of('logProb'), logProbs),
    functions: rows(of('function')),
    chain: rows(of('chain'), 'nodes'),
    programs: rows([...of('fit'), ...of('policy')], 'examples, or times'),
    memory: rows(of('memory'), 'batch'),
    sizes: rows(of('size')),
  };
  return Object.entries(made).reduce((t, [name, part]) => between('docs/performance.md', t, name, part), text);
}

/** A row for each line, without the first word of its name where it has more. */
function rows(lines: readonly Line[], size?: string): string {
  const columns = Object.keys(titles).filter(column => lines.some(line => column in line));
  const label = ({name}: Line): string => (name.startsWith('fit') ? name : name.replace(/^\w+ /, ''));
  return table(
    ['', ...(size === undefined ? [] : [size]), ...columns.map(column => titles[column]!)],
    lines.map(line => [
      label(line),
      ...(size === undefined ? [] : [String(line.size)]),
      ...columns.map(column => number(line[column], line.unit)),
    ]),
  );
}

function paired(lines: readonly Line[], {pattern, kinds}: Pair): string {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [, label, kind] = pattern.exec(line.name)!;
    const row = found.get(label!) ?? Array<string>(2 * Object.keys(kinds).length).fill('');
    const place = 2 * Object.keys(kinds).indexOf(kind!);
    [row[place], row[place + 1]] = [number(line['ours']), number(line['torch'])];
    found.set(label!, row);
  }
  return table(
    ['', ...Object.values(kinds).flatMap(kind => [kind, 'PyTorch'])],
    [...found].map(([label, row]) => [label, ...row]),
  );
}

function number(value: string | number | undefined, unit?: string): string {
  if (typeof value !== 'number') return '';
  if (unit === 'bytes') return value > 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e3).toFixed(1)} kB`;
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

function table(head: readonly string[], body: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...body.map(line)].join('\n');
}
