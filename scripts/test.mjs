/**
 * All checks, from nothing: `npm test`. Installs what is missing, then runs types, lint, format, the build with the test
 * of the package, API reports, and beside them the specs in Node and in the browser, two shares of each. The last line
 * is `N passed, N failed`; types, format, API reports and lint count as one each. `--full` (or FULL=1) also runs what
 * takes long.
 */
import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {ensureChromium, ensurePackages, root} from './ensure.mjs';
import {nodeShares, shares} from './grep.mjs';

/** How often specs may go on in a new process, where a trap has left the wasm backend in ruins. */
const RESTARTS = 2;

const total = {passed: 0, failed: 0};
const summary = [];
const failures = []; // told again at the end, where they are found
const notes = [];
const running = new Set(); // the children at work
let interrupted = false;

/** One chain of child processes; `quiet` ones keep what they print in `output`. */
class Part {
  output = '';
  #quiet;
  #seconds = 0; // that the last child took
  #resultFile = join(root, '.cache', `result-${process.pid}-${Math.random().toString(36).slice(2)}.json`);

  constructor(quiet) {
    this.#quiet = quiet;
  }

  /** Something that passes or fails as a whole. */
  async check(name, ...args) {
    const ok = await this.node(name, ...args);
    this.count(name, ok ? 1 : 0, ok ? 0 : 1);
  }

  /**
   * A runner that writes what it came to, which is returned; one that crashes, or that finds nothing to run, has
   * failed.
   */
  async specs(name, ...args) {
    let result = await this.#runner(name, ...args);
    for (let i = 0; i < RESTARTS && result.brokenOff; i++) {
      notes.push(`${name}: ${result.brokenOff}. That spec and the rest had a new process.`);
      const before = {...result, failed: result.failed - 1, failures: result.failures.slice(0, -1)};
      const done = before.passed + before.failed;
      result = await this.#runner(name, ...args, '--after', String(done));
      result = {
        ...result,
        passed: before.passed + result.passed,
        failed: before.failed + result.failed,
        skipped: result.skipped - done,
        failures: [...before.failures, ...result.failures],
      };
    }
    const {passed, failed} = result;
    for (const spec of result.failures ?? []) failures.push(`${name}: ${spec}`);
    this.count(name, passed, failed);
    return result;
  }

  async #runner(name, ...args) {
    const ok = await this.node(name, ...args);
    let result = {passed: 0, failed: 0, skipped: 0, failures: [], complete: false};
    try {
      result = JSON.parse(readFileSync(this.#resultFile, 'utf8'));
    } catch {
      this.#print(`${name}: the runner ended without a result.\n`);
    }
    rmSync(this.#resultFile, {force: true});
    if ((!ok || result.passed === 0) && result.failed === 0) result.failed = 1;
    return result;
  }

  /** Runs Node with `args`, shows or keeps what it prints, and tells whether it exited with 0. */
  node(name, ...args) {
    if (interrupted) throw new Error('Interrupted.');
    this.#print(`\n── ${name}\n`);
    const started = Date.now();
    const io = this.#quiet ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', io, io],
      env: {...process.env, RESULT_FILE: this.#resultFile},
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', text => this.#print(String(text)));
    running.add(child);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', code => {
        running.delete(child);
        if (interrupted) reject(new Error('Interrupted.'));
        this.#seconds = (Date.now() - started) / 1000;
        resolve(code === 0);
      });
    });
  }

  count(name, passed, failed) {
    total.passed += passed;
    total.failed += failed;
    summary.push(
      `${name.padEnd(8)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed  ${this.#seconds.toFixed(0).padStart(5)} s`,
    );
  }

  #print(text) {
    if (this.#quiet) this.output += text;
    else process.stdout.write(text);
  }
}

if (process.argv.includes('--full')) process.env.FULL = '1';
process.on('exit', () => {
  console.log(`${total.passed} passed, ${total.failed} failed`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true; // what runs is told to stop, and nothing is started after it
    running.forEach(child => child.kill());
  });
}

try {
  process.chdir(root);
  ensurePackages();
  process.env.CHROME_BIN = ensureChromium();
  mkdirSync(join(root, '.cache'), {recursive: true});
  // A software GPU keeps one core busy, and most of the time goes there: so each has a browser, beside what runs in
  // Node.
  const inNode = nodeShares.map(() => new Part(true));
  const browsers = shares.map((_, i) => new Part(i > 0));
  const nodeSpecs = i => inNode[i].specs('Node', '--import', 'tsx', 'scripts/test-node.mjs', ...nodeShares[i]);
  // The package is built from code whose types are right, and judged by the lane that has less to do.
  const built = build(inNode[0]);
  const [first, second, ...results] = await Promise.all([
    built.then(() => nodeSpecs(0)),
    checkFormat(inNode[1])
      .then(() => nodeSpecs(1))
      .then(async result => {
        await testPackage(inNode[1], await built);
        return result;
      }),
    ...browsers.map((part, i) => part.specs('browser', 'scripts/test-browser.mjs', ...shares[i])),
  ]);
  process.stdout.write([...inNode, ...browsers].map(part => part.output).join(''));
  checkShares('Node', [first, second]);
  checkShares('The browsers', results);
} catch (error) {
  console.error(error.message);
  total.failed++;
}
console.log(`\n${summary.join('\n')}`);
for (const note of notes) console.log(note);
if (failures.length > 0) console.log(`Failed:\n${failures.join('\n')}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Every share skips what the others run: together they have run each spec once. */
function checkShares(who, results) {
  if (!results.every(result => result.complete)) return; // counted as a failure already
  const ran = results.reduce((sum, {passed, failed}) => sum + passed + failed, 0);
  for (const {passed, failed, skipped} of results) {
    if (passed + failed + skipped === ran) continue;
    console.error(`${who} ran ${ran} specs between them, and one of them knows ${passed + failed + skipped}.`);
    total.failed++;
    return;
  }
}

/** Types and lint, and then the build; tells whether there is one. */
async function build(part) {
  await part.specs('code', 'scripts/code.mjs');
  const ok = await part.node('build', 'node_modules/rollup/dist/bin/rollup', '-c', '--silent');
  if (!ok) part.count('build', 0, 1);
  return ok;
}

function checkFormat(part) {
  return part.check('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.');
}

/** What the package shows, and what it does where it could be built. */
async function testPackage(part, isBuilt) {
  await part.check('api', 'scripts/api.mjs', '--check', ...(isBuilt ? ['--built'] : []));
  if (!isBuilt) return;
  const specs = readdirSync('test/package')
    .filter(name => name.endsWith('.node.test.ts'))
    .map(name => `test/package/${name}`);
  await part.specs('package', '--import', 'tsx', 'scripts/test-node.mjs', ...specs);
}
