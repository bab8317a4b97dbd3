/**
 * Runs the specs in Node: `npm run test:node -- [files] [--grep text [--invert]] [--times]`; without files, all but the
 * package test. Prints `N passed, N failed`; with RESULT_FILE set, also writes `{passed, failed}` there. `--after N` leaves
 * out the first N of those chosen.
 *
 * Where a spec fails and leaves the wasm backend unable to add two numbers, as a trap does, all that follow would fail
 * too: the run ends there, and its result says after how many specs, so that it can go on in a new process.
 */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Jasmine from 'jasmine';
import {grepPattern} from './grep.mjs';
import {Outcome} from './outcome.mjs';

const {values, positionals} = parseArgs({
  options: {grep: {type: 'string'}, invert: {type: 'boolean'}, times: {type: 'boolean'}, after: {type: 'string'}},
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
let toLeaveOut = Number(values.after ?? 0);
jasmine.env.configure({
  random: false,
  specFilter: spec => chosen.test(spec.getFullName()) && toLeaveOut-- <= 0,
});
jasmine.exitOnCompletion = false;
jasmine.showColors(process.stdout.isTTY === true);
jasmine.addHelperFile('test/helpers/setup-node.ts');
for (const file of files) jasmine.addSpecFile(file);

const outcome = new Outcome();
const suites = []; // those around the spec that runs
jasmine.addReporter({
  suiteStarted: ({description}) => void suites.push(description),
  suiteDone: () => void suites.pop(),
  specDone({status, fullName, duration, failedExpectations}) {
    const kind = ['passed', 'failed'].includes(status) ? status : 'skipped';
    const why = failedExpectations?.map(({message, stack}) => `${message} ${stack ?? ''}`)[0];
    if (kind === 'failed' && !addsOnWasm()) {
      process.exit(
        outcome.breakOff(`${fullName} left the wasm backend (heap of ${heapOfWasm()} MB) unable to add: ${why}`),
      );
    }
    outcome.add(kind, duration / 1000, suites[0] ?? '', fullName, why);
  },
});
// A suite can fail outside its specs: a file that does not load, an afterAll, no spec at all.
const {overallStatus} = await jasmine.execute();
process.exitCode = outcome.end(overallStatus === 'passed', values.times);

function heapOfWasm() {
  return tf.findBackend('wasm').wasm.HEAPU8.length / 2 ** 20;
}

/** Whether the wasm backend, where it has been started, still computes. */
function addsOnWasm() {
  if (!('wasm' in tf.engine().registry)) return true; // to look for it would start it
  const backend = tf.findBackend('wasm');
  try {
    const [shape, dtype] = [[2], 'float32'];
    const x = {dataId: backend.write(Float32Array.of(1, 2), shape, dtype), shape, dtype};
    const sum = tf.getKernel(tf.Add, 'wasm').kernelFunc({inputs: {a: x, b: x}, backend, attrs: {}});
    const values = Array.from(backend.readSync(sum.dataId));
    for (const {dataId} of [x, sum]) backend.disposeData(dataId);
    return values.join() === '2,4';
  } catch {
    return false;
  }
}
