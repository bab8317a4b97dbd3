/** What compilers say of the declarations, library checks included: the one that is installed, and with FULL=1 others. */
import {execFile} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {installed, root} from './installed.js';

const exec = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const minutes = 60_000;

const program = `
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as core from 'tfjs-stochastic/core';
import * as ctl from 'tfjs-stochastic/control';
import * as stl from 'tfjs-stochastic/layers';
import {key} from 'tfjs-stochastic/random';
import {lgamma} from 'tfjs-stochastic/math';
import {Normal} from 'tfjs-stochastic/distributions';
import {movingAverage, relax, scoreFunction} from 'tfjs-stochastic/estimators';

const q: st.Normal = new Normal({loc: 0, scale: [1, 2]});
export const x: tf.Tensor = lgamma(q.sample([5], {key: key(3)}));
export const e: st.Estimator = scoreFunction({baseline: movingAverage()});
export const made = [relax(), stl.bernoulli({estimator: 'relax'})];
export const step: ctl.EnvironmentStep = ctl.cartPoleV1().step([1]);
// @ts-expect-error: a misspelt parameter
export const misspelt = new core.Normal({loc: 0, scal: 1});
`;

interface Way {
  readonly module: string;
  readonly resolution: string;
  readonly extensions: readonly string[];
  /** Only with FULL=1. */
  readonly full?: boolean;
}

/** Ways to resolve modules. */
const ways: readonly Way[] = [
  {module: 'node16', resolution: 'node16', extensions: ['mts', 'cts']},
  {module: 'nodenext', resolution: 'nodenext', extensions: ['mts', 'cts'], full: true},
  {module: 'esnext', resolution: 'bundler', extensions: ['ts']},
  {module: 'commonjs', resolution: 'node10', extensions: ['ts']},
];

const isFull = Boolean(process.env.FULL);

describe('the declarations', () => {
  const older = isFull ? ['5.0.4', '5.4.5', '5.9.3', '7.0.2'] : [];
  for (const version of ['installed', ...older]) {
    it(
      `compile with every way to resolve modules, and have no errors of their own, TypeScript ${version}`,
      async () => {
        const {folder} = await installed();
        const home = version === 'installed' ? root : join(folder, `typescript-${version}`);
        if (home !== root) {
          await mkdir(home, {recursive: true});
          await writeFile(join(home, 'package.json'), '{"private": true}');
          await exec('npm', ['install', '--no-audit', '--no-fund', `typescript@${version}`], {cwd: home});
        }
        const {version: found} = JSON.parse(
          await readFile(join(home, 'node_modules/typescript/package.json'), 'utf8'),
        ) as {version: string}; // as every package.json has it
        const major = Number(found.split('.')[0]);
        const consumer = home === root ? await readFile(join(here, 'consumer.ts'), 'utf8') : '';
        for (const {module, resolution, extensions, full} of ways) {
          if (full === true && !isFull) continue;
          if (resolution === 'node10' && major > 6) continue; // it was taken out
          const files: string[] = [];
          for (const [name, text] of Object.entries({entries: program, consumer})) {
            for (const extension of extensions) {
              if (text === '') continue;
              files.push(`${name}.${extension}`);
              await writeFile(join(folder, `${name}.${extension}`), text);
            }
          }
          const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
          const args = [
            ...['--noEmit', ...options, '--module', module, '--moduleResolution', resolution],
            ...(resolution === 'node10' ? ['--esModuleInterop'] : []),
            ...(resolution === 'node10' && major === 6 ? ['--ignoreDeprecations', '6.0'] : []),
          ];
          const tsc = join(home, 'node_modules/typescript/bin/tsc');
          const printed = await exec(process.execPath, [tsc, ...args, ...files], {cwd: folder}).then(
            () => '',
            (error: {stdout: string}) => error.stdout, // tsc exits with 1 or 2 and prints to stdout
          );
          // tfjs has errors of its own
          const ours = printed
            .split('\n')
            .filter(line => /^(entries|consumer)\.|^node_modules\/tfjs-stochastic|^error/.test(line));
          expect(ours).withContext(`${found}, ${files.join()}, ${resolution}`).toEqual([]);
        }
      },
      5 * minutes,
    );
  }
});
