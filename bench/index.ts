/** `npm run bench -- [names] [options]`: what the library costs, beside what else one might use. `--help` says how. */
import {existsSync, readFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import {Command, Option} from 'commander';
import * as st from 'tfjs-stochastic';
import '../test/helpers/setup-node.js';
import {everywhere} from './all.js';
import type {BenchContext, Peers} from './context.js';
import {keepRelease, readHistory} from './history.js';
import {benchImports} from './imports.js';
import {benchKernels} from './kernels.js';
import {startPeer} from './peers/peer.js';
import {against, asText, withRatios, type Line, type Result} from './report.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

interface Options {
  readonly backend: 'cpu' | 'wasm' | 'webgl' | 'webgpu';
  readonly json?: boolean;
  readonly quick?: boolean;
  readonly against?: string;
  readonly keep?: string;
  readonly clock: 'wall' | 'cpu';
  readonly peers: boolean;
  readonly jaxjs: string;
}

const benchmarks: Readonly<Record<string, (context: BenchContext) => void | Promise<void>>> = {
  ...everywhere,
  kernels: benchKernels,
  imports: benchImports,
  // what only some runs need takes long to load
  sizes: async context => (await import('./sizes.js')).benchSizes(context),
};

/** The lines of a release in bench/history.json, or of a file that `--json` filled. */
function earlierLines(what: string): readonly Line[] {
  const history = readHistory();
  const release = history[what];
  if (release !== undefined) return release.lines;
  if (!existsSync(what)) {
    fail(`--against must name a file or one of ${Object.keys(history).join(', ') || 'no release yet'}, got ${what}`);
  }
  return readFileSync(what, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Line); // as --json prints it
}

function fail(message: string): never {
  console.error(`bench: ${message}`);
  process.exit(2);
}

async function findPeers({backend, jaxjs, peers}: Options): Promise<Peers> {
  if (!peers) return {plain: null, jaxjs: null, torch: null};
  const file = (name: string): string => join(folder, 'peers', name);
  const [plain, jax, torch] = await Promise.all([
    startPeer(process.execPath, ['--import', 'tsx', file('plain.ts'), backend]),
    startPeer(process.execPath, [file('jaxjs.mjs'), jaxjs, backend]),
    startPeer(process.env['BENCH_PYTHON'] ?? '/usr/bin/python3', [file('torch_peer.py')], {
      env: {OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1'},
    }),
  ]);
  return {plain, jaxjs: jax, torch};
}

async function inNode(asked: readonly string[], options: Options, report: (result: Result) => void): Promise<void> {
  const {backend, quick = false} = options;
  await tf.setBackend(backend);
  await tf.ready();
  st.enableFastKernels();
  process.env['BENCH_CLOCK'] = options.clock; // also of the peers
  const peers = await findPeers(options);
  const context: BenchContext = {
    report,
    peers,
    quick,
    size: quick ? 100 : 1_000_000,
    effort: (rounds, repeats) => (quick ? {rounds: 1, repeats: 1} : {rounds, repeats}),
  };
  try {
    for (const name of asked) await benchmarks[name]!(context);
  } finally {
    for (const peer of Object.values(peers) as Array<Peers['plain']>) peer?.close();
  }
}

async function main(names: string[], options: Options): Promise<void> {
  const unknown = names.find(name => !Object.hasOwn(benchmarks, name));
  if (unknown !== undefined)
    fail(`unknown benchmark ${JSON.stringify(unknown)}; known: ${Object.keys(benchmarks).join(', ')}`);
  const {backend, quick = false} = options;
  const onPage = backend.startsWith('webg');
  if (onPage && options.clock === 'cpu') fail('--clock cpu is for Node, --backend cpu or wasm');
  const known = onPage ? everywhere : benchmarks;
  const elsewhere = names.find(name => !Object.hasOwn(known, name));
  if (elsewhere !== undefined) fail(`${elsewhere} runs in Node alone, on --backend cpu or wasm`);
  const asked = names.length === 0 ? Object.keys(known) : names;
  const earlier = options.against === undefined ? [] : earlierLines(options.against);
  const lines: Line[] = [];
  const report = (result: Result): void => {
    const line = against(withRatios({...result, backend}), earlier);
    lines.push(line);
    console.log(options.json ? JSON.stringify(line) : asText(line));
  };
  if (onPage) {
    const {onPages} = await import('./browser.js');
    await onPages(
      asked.map(name => ({name, backend, quick, peers: options.peers})),
      report,
    );
  } else await inNode(asked, options, report);
  if (options.keep !== undefined) {
    const cpu = cpus()[0]?.model ?? 'unknown';
    keepRelease(options.keep, {node: process.version, cpu, clock: options.clock, lines});
  }
}

await new Command()
  .name('npm run bench --')
  .description('What the library costs, beside what else one might use: milliseconds, and ratios of ours to theirs.')
  .argument('[names...]', `which benchmarks: ${Object.keys(benchmarks).join(', ')}; all where none is named`)
  .addOption(new Option('--backend <name>').choices(['cpu', 'wasm', 'webgl', 'webgpu']).default('wasm'))
  .option('--json', 'one JSON object a line')
  .addOption(
    new Option('--clock <which>', 'time that passes, or that of the processor: for busy machines')
      .choices(['wall', 'cpu'])
      .default('wall'),
  )
  .option('--quick', 'tiny sizes, one round: to see that it works; its times say nothing')
  .option('--against <what>', 'compares with a file of --json, or with a release in bench/history.json')
  .option('--keep <version>', 'writes the results into bench/history.json, as those of a release')
  .option('--no-peers', 'measures ours and what runs in the same process')
  .option('--jaxjs <folder>', 'where @jax-js/jax is installed', '.')
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .action((names: string[], options: Options) => main(names, options))
  .parseAsync()
  .catch((error: unknown) => fail(error instanceof Error ? (error.stack ?? error.message) : String(error)));
