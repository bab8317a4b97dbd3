/**
 * All checks, from nothing: `npm test`. Installs what is missing, then runs types, lint, the specs in Node, the build with
 * the test of the package, and the specs in the browser. The last line is `N passed, N failed`; types and lint count as
 * one each. `--full` (or FULL=1) also runs what takes long.
 */
import {spawn} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {ensureChromium, ensurePackages, root} from './ensure.mjs';

const resultFile = join(root, '.cache', `result-${process.pid}.json`);
const total = {passed: 0, failed: 0};
const summary = [];
let running = null; // the child at work
let interrupted = false;
let seconds = 0; // that the last child took

if (process.argv.includes('--full')) process.env.FULL = '1';
process.on('exit', () => {
  rmSync(resultFile, {force: true});
  console.log(`${total.passed} passed, ${total.failed} failed`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true; // what runs is told to stop, and nothing is started after it
    running?.kill();
  });
}

try {
  process.chdir(root);
  ensurePackages();
  process.env.CHROME_BIN = ensureChromium();
  mkdirSync(join(root, '.cache'), {recursive: true});
  await check('types', 'node_modules/typescript/bin/tsc', '--noEmit');
  await check('lint', 'node_modules/eslint/bin/eslint.js', '.');
  await specs('Node', '--import', 'tsx', 'scripts/test-node.mjs');
  if (await node('build', 'node_modules/rollup/dist/bin/rollup', '-c', '--silent')) {
    await specs('package', '--import', 'tsx', 'scripts/test-node.mjs', 'test/package/package.node.test.ts');
  } else {
    count('build', 0, 1);
  }
  await specs('browser', 'scripts/test-browser.mjs');
} catch (error) {
  console.error(error.message);
  total.failed++;
}
console.log(`\n${summary.join('\n')}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Something that passes or fails as a whole. */
async function check(name, ...args) {
  const ok = await node(name, ...args);
  count(name, ok ? 1 : 0, ok ? 0 : 1);
}

/** A runner that writes `{passed, failed}`; one that crashes, or that finds nothing to run, has failed. */
async function specs(name, ...args) {
  rmSync(resultFile, {force: true});
  const ok = await node(name, ...args);
  let result = {passed: 0, failed: 1};
  try {
    result = JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    console.error(`${name}: the runner ended without a result.`);
  }
  const {passed, failed} = result;
  count(name, passed, (!ok || passed === 0) && failed === 0 ? 1 : failed);
}

/** Runs Node with `args`, shows what it prints, and tells whether it exited with 0. */
function node(name, ...args) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'inherit', 'inherit'], env: {...process.env, RESULT_FILE: resultFile}});
  running = child;
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', code => {
      if (interrupted) reject(new Error('Interrupted.'));
      seconds = (Date.now() - started) / 1000;
      resolve(code === 0);
    });
  });
}

function count(name, passed, failed) {
  total.passed += passed;
  total.failed += failed;
  summary.push(`${name.padEnd(8)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed  ${seconds.toFixed(0).padStart(5)} s`);
}
