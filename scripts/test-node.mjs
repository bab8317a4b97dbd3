/**
 * Runs the specs in Node: `npm run test:node -- [files] [--grep text [--invert]] [--times]`; without files, all but the
 * package test. Prints `N passed, N failed`; with RESULT_FILE set, also writes `{passed, failed}` there.
 */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import Jasmine from 'jasmine';
import {grepPattern} from './grep.mjs';
import {Outcome} from './outcome.mjs';

const {values, positionals} = parseArgs({
  options: {grep: {type: 'string'}, invert: {type: 'boolean'}, times: {type: 'boolean'}},
  allowPositionals: true,
});
const files =
  positionals.length > 0
    ? positionals
    : readdirSync('test', {recursive: true})
        .filter(name => name.endsWith('.test.ts') && !name.startsWith('package'))
        .map(name => join('test', name))
        .sort();

const jasmine = new Jasmine({projectBaseDir: process.cwd()});
jasmine.jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000;
const chosen = values.grep === undefined ? /(?:)/ : new RegExp(grepPattern(values.grep, values.invert));
jasmine.env.configure({random: false, specFilter: spec => chosen.test(spec.getFullName())});
jasmine.exitOnCompletion = false;
jasmine.showColors(process.stdout.isTTY === true);
jasmine.addHelperFile('test/helpers/setup-node.ts');
for (const file of files) jasmine.addSpecFile(file);

const outcome = new Outcome();
const suites = []; // those around the spec that runs
jasmine.addReporter({
  suiteStarted: ({description}) => void suites.push(description),
  suiteDone: () => void suites.pop(),
  specDone({status, fullName, duration}) {
    outcome.add(['passed', 'failed'].includes(status) ? status : 'skipped', duration / 1000, suites[0] ?? '', fullName);
  },
});
// A suite can fail outside its specs: a file that does not load, an afterAll, no spec at all.
const {overallStatus} = await jasmine.execute();
process.exitCode = outcome.end(overallStatus === 'passed', values.times);
