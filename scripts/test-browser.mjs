/**
 * Runs the specs in headless Chromium on every backend: `npm run test:browser -- [files] [--grep text [--invert]]
 * [--times]`. `BACKENDS=webgl,webgpu` restricts the backends, `--invert` takes the specs that `--grep` would leave out,
 * `--times` says how long each suite took. Prints `N passed, N failed`; with RESULT_FILE set, also writes it there.
 */
import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {build} from 'esbuild';
import karma from 'karma';
import {ensureChromium, root} from './ensure.mjs';
import {grepPattern} from './grep.mjs';
import {Outcome} from './outcome.mjs';

const {values, positionals} = parseArgs({
  options: {grep: {type: 'string'}, invert: {type: 'boolean'}, times: {type: 'boolean'}},
  allowPositionals: true,
});
process.env.CHROME_BIN = ensureChromium();
const files =
  positionals.length > 0
    ? positionals
    : readdirSync(join(root, 'test'), {recursive: true})
        .filter(name => name.endsWith('.test.ts') && !name.endsWith('.node.test.ts'))
        .map(name => join('test', name))
        .sort();

// One bundle a run, so that two runs at a time do not meet.
const bundle = join(root, '.cache', `specs-${process.pid}.js`);
process.env.SPEC_BUNDLE = bundle;
process.on('exit', () => rmSync(bundle, {force: true}));

await build({
  stdin: {
    contents: ['test/helpers/setup-browser.ts', ...files]
      .map(file => `import ${JSON.stringify(`./${file.replaceAll('\\', '/')}`)};`)
      .join('\n'),
    resolveDir: root,
  },
  outfile: bundle,
  define: {'process.env.FULL': JSON.stringify(process.env.FULL ?? '')},
  bundle: true,
  format: 'iife',
  target: 'es2022',
  platform: 'browser',
  logLevel: 'warning',
  ignoreAnnotations: true, // specs and their helpers act when they are loaded, whatever package.json says of the library
});

const config = await karma.config.parseConfig(
  join(root, 'karma.conf.js'),
  {
    logLevel: 'WARN',
    client: {
      args: [
        `--backends=${process.env.BACKENDS ?? ''}`,
        ...(values.grep === undefined ? [] : ['--grep', `/${grepPattern(values.grep, values.invert)}/`]),
      ],
    },
  },
  {promiseConfig: true, throwErrors: true},
);

const outcome = new Outcome();
const server = new karma.Server(config, exitCode => {
  // Karma's own failures (a page that crashes, a suite that fails outside its specs, no spec at all) show in the exit
  // code only.
  process.exit(outcome.end(exitCode === 0, values.times));
});
server.on('spec_complete', (browser, {success, skipped, time, suite, description, log}) => {
  outcome.add(
    skipped ? 'skipped' : success ? 'passed' : 'failed',
    time / 1000,
    suite[0] ?? '',
    [...suite, description].join(' '),
    log?.[0],
  );
});
server.on('run_complete', (browsers, {disconnected, error}) => {
  if (!disconnected && !error) return;
  const total = browsers.map(browser => browser.lastResult.total)[0] ?? 'all';
  outcome.stop(
    disconnected
      ? `the browser crashed or fell silent after ${outcome.done} of ${total} specs`
      : `the page failed after ${outcome.done} of ${total} specs`,
  );
});
await server.start();
