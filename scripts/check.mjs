/**
 * The inner loop: `npm run check -- [files]`. Types (incremental), format and lint (of what changed) and the specs nearest
 * to what changed, for estimators their proofs first and for new files what they need, in Node on cpu. What changed is what differs from the last commit, or if nothing does, the last
 * commit itself; or the files that are named. `npm test` remains the judge.
 */
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {build} from 'esbuild';
import {ensurePackages, root} from './ensure.mjs';
import {specsNear} from './specsNear.mjs';

/** Specs are begun as long as this has not passed; each batch takes so many files. */
const [SECONDS, FILES] = [8, 4];

const PROOFS = 'test/estimators/suites/proofs.test.ts';

/** What a new file of the library is asked for: a test, names of its own, and legal arguments of what it exports. */
const GUARDS = [
  ['test/scripts/mirror.node.test.ts', 'test/lint/meanings.node.test.ts'],
  ['test/fuzz/fuzz.node.test.ts', '--grep', 'fuzzed calls cover'],
];

process.chdir(root);
ensurePackages();
mkdirSync('.cache', {recursive: true});

const named = process.argv.slice(2);
const changed = named.length > 0 ? named.map(file => relative(root, join(process.cwd(), file))) : filesThatChanged();
const sources = changed.filter(file => /\.(ts|mjs|js)$/.test(file) && existsSync(file));
console.log(sources.length === 0 ? 'No source file has changed.' : `Changed: ${sources.join(', ')}`);

const started = Date.now();
const results = await Promise.all([
  run('types', [
    'node_modules/typescript/bin/tsc',
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    '.cache/check.tsbuildinfo',
  ]),
  sources.length === 0
    ? true
    : run('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', ...sources]),
  sources.length === 0
    ? true
    : run('lint', ['node_modules/eslint/bin/eslint.js', '--cache', '--cache-location', '.cache/eslint', ...sources]),
  specs(),
]);
console.log(
  `${results.every(Boolean) ? 'All good' : 'Something failed'}, ${((Date.now() - started) / 1000).toFixed(1)} s`,
);
process.exitCode = results.every(Boolean) ? 0 : 1;

/** The proofs of the estimators that changed; nothing else that is near says whether their gradients are right. */
async function proofs() {
  const all = readFileSync('src/estimators/all.ts', 'utf8');
  const names = sources.flatMap(file => /^src\/estimators\/(\w+)\.ts$/.exec(file)?.[1] ?? []);
  let isGood = true;
  for (const name of names.filter(name => all.includes(`'./${name}.js'`))) {
    const args = ['--import', 'tsx', 'scripts/test-node.mjs', PROOFS, '--grep', `] ${name} `];
    isGood = (await run(`proofs of ${name}`, args, {BACKENDS: 'wasm'})) && isGood;
  }
  return isGood;
}

/** Asks of new files what `npm test` asks of all. */
async function guards() {
  const added = filesThatChanged('A').filter(file => /^(src|layers|control)\//.test(file) && sources.includes(file));
  let isGood = true;
  for (const args of added.length === 0 ? [] : GUARDS) {
    const all = ['--import', 'tsx', 'scripts/test-node.mjs', ...args];
    isGood = (await run(`what new files need: ${args.join(' ')}`, all, {BACKENDS: 'cpu'})) && isGood;
  }
  return isGood;
}

/** Runs the nearest specs, batch by batch, until time is up, and says what was left out. */
async function specs() {
  const files = specsNear(await importsOfSpecs(), sources);
  let at = 0;
  let isGood = await guards();
  isGood = (await proofs()) && isGood;
  while (at < files.length && (at === 0 || Date.now() - started < SECONDS * 1000)) {
    const batch = files.slice(at, at + FILES);
    at += batch.length;
    isGood =
      (await run(`specs: ${batch.join(', ')}`, ['--import', 'tsx', 'scripts/test-node.mjs', ...batch], {
        BACKENDS: 'cpu',
      })) && isGood;
  }
  if (at < files.length) console.log(`${files.length - at} other spec files import what changed; npm test runs them.`);
  return isGood;
}

/** For each file that specs reach, what it imports. */
async function importsOfSpecs() {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'test'], {
    encoding: 'utf8',
  }).split('\n');
  const entryPoints = list.filter(file => file.endsWith('.test.ts') && existsSync(file));
  const {metafile} = await build({
    entryPoints,
    bundle: true,
    splitting: true,
    write: false,
    outdir: '.cache',
    metafile: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    treeShaking: false,
    alias: {
      'tfjs-stochastic/control': './control/index.ts',
      'tfjs-stochastic/layers': './layers/index.ts',
      'tfjs-stochastic/random': './src/random/index.ts',
      'tfjs-stochastic': './src/index.ts',
    },
  });
  return Object.fromEntries(
    Object.entries(metafile.inputs).map(([file, {imports}]) => [
      file,
      imports.filter(({external}) => external !== true).map(({path}) => path),
    ]),
  );
}

/** The lines that git answers. */
function git(...args) {
  return execFileSync('git', args, {encoding: 'utf8'})
    .split('\n')
    .filter(line => line !== '');
}

/** What differs from the last commit, or where nothing does, what that changed; `kind` as git's --diff-filter. */
function filesThatChanged(kind = 'ACDMRT') {
  const filter = `--diff-filter=${kind}`;
  const untracked = git('ls-files', '--others', '--exclude-standard');
  const now = [...git('diff', '--name-only', 'HEAD'), ...untracked];
  if (now.length > 0) return [...git('diff', '--name-only', filter, 'HEAD'), ...untracked];
  return git('diff-tree', '--no-commit-id', '--name-only', '-r', filter, 'HEAD');
}

/** Runs Node; prints what it says where it fails. */
function run(name, args, env = {}) {
  const from = Date.now();
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}});
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (text += data));
    child.on('close', code => {
      const seconds = ((Date.now() - from) / 1000).toFixed(1);
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)${code === 0 ? '' : `\n${text.trim()}`}`);
      resolve(code === 0);
    });
  });
}
