/**
 * Runs the specs in Node: `npm run test:node -- [files] [--grep text]`; without files, all but the package test.
 * Prints `N passed, N failed`; with RESULT_FILE set, also writes `{passed, failed}` there.
 */
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import Jasmine from 'jasmine';

const {values, positionals} = parseArgs({options: {grep: {type: 'string'}}, allowPositionals: true});
const files = positionals.length > 0 ? positionals : readdirSync('test', {recursive: true})
  .filter(name => name.endsWith('.test.ts') && !name.startsWith('package'))
  .map(name => join('test', name)).sort();

const jasmine = new Jasmine({projectBaseDir: process.cwd()});
jasmine.jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000;
jasmine.env.configure({random: false});
jasmine.exitOnCompletion = false;
jasmine.showColors(process.stdout.isTTY === true);
jasmine.addHelperFile('test/helpers/setup-node.ts');
for (const file of files) jasmine.addSpecFile(file);

let passed = 0;
let failed = 0;
const slow = [];
jasmine.addReporter({
  specDone({status, fullName, duration}) {
    if (status === 'passed') passed++;
    if (status === 'failed') failed++;
    if (duration > 5000) slow.push(`${(duration / 1000).toFixed(1)} s  ${fullName}`);
  },
});
const result = await jasmine.execute(undefined, values.grep);
if (slow.length > 0) console.log(`Slow specs:\n${slow.join('\n')}`);
// A suite can fail outside its specs: a file that does not load, an afterAll, no spec at all.
if ((result.overallStatus !== 'passed' || passed === 0) && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
if (process.env.RESULT_FILE) writeFileSync(process.env.RESULT_FILE, JSON.stringify({passed, failed}));
process.exitCode = failed > 0 ? 1 : 0;
