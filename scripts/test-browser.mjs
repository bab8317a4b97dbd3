/**
 * Runs the specs in headless Chromium on every backend: `npm run test:browser -- [files] [--grep text]`.
 * `BACKENDS=webgl,webgpu` restricts the backends, `--share 1/2` takes one half of the files. Prints `N passed, N failed`; with RESULT_FILE set, also writes it there.
 */
import {readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {build} from 'esbuild';
import karma from 'karma';
import {ensureChromium, root} from './ensure.mjs';

const {values, positionals} = parseArgs({options: {grep: {type: 'string'}, share: {type: 'string'}}, allowPositionals: true});
process.env.CHROME_BIN = ensureChromium();
const every = positionals.length > 0 ? positionals : readdirSync(join(root, 'test'), {recursive: true})
  .filter(name => name.endsWith('.test.ts') && !name.endsWith('.node.test.ts')).map(name => join('test', name)).sort();

// `--share 1/2`: the first, third, … of the files
const [share, shares] = (values.share ?? '1/1').split('/').map(Number);
const files = every.filter((_, i) => i % shares === share - 1);

// One bundle a run, so that two runs at a time do not meet.
const bundle = join(root, '.cache', `specs-${process.pid}.js`);
process.env.SPEC_BUNDLE = bundle;
process.on('exit', () => rmSync(bundle, {force: true}));

await build({
  stdin: {
    contents: ['test/helpers/setup-browser.ts', ...files].map(file => `import ${JSON.stringify(`./${file.replaceAll('\\', '/')}`)};`).join('\n'),
    resolveDir: root,
  },
  outfile: bundle,
  define: {'process.env.FULL': JSON.stringify(process.env.FULL ?? '')},
  bundle: true,
  format: 'iife',
  target: 'es2022',
  platform: 'browser',
  logLevel: 'warning',
});

const config = await karma.config.parseConfig(join(root, 'karma.conf.js'), {
  logLevel: 'WARN',
  client: {args: [`--backends=${process.env.BACKENDS ?? ''}`, ...(values.grep === undefined ? [] : ['--grep', values.grep])]},
}, {promiseConfig: true, throwErrors: true});

let passed = 0;
let failed = 0;
const slow = [];
const server = new karma.Server(config, exitCode => {
  // Karma's own failures (a page that crashes, a suite that fails outside its specs, no spec at all) show in the exit code only.
  if ((exitCode !== 0 || passed === 0) && failed === 0) failed = 1;
  if (slow.length > 0) console.log(`Slow specs:\n${slow.join('\n')}`);
  console.log(`${passed} passed, ${failed} failed`);
  if (process.env.RESULT_FILE) writeFileSync(process.env.RESULT_FILE, JSON.stringify({passed, failed}));
  process.exit(failed > 0 ? 1 : 0);
});
server.on('browser_complete', browser => {
  passed += browser.lastResult.success;
  failed += browser.lastResult.failed;
});
server.on('spec_complete', (browser, {time, suite, description}) => {
  if (time > 5000) slow.push(`${(time / 1000).toFixed(1)} s  ${[...suite, description].join(' ')}`);
});
await server.start();
