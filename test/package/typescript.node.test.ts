/** What compilers say of the declarations, library checks included: the one that is installed, and with FULL=1 others. */
import {execFile} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {installed, root} from './installed.js';

const exec = promisify(execFile);
const minutes = 60_000;

const program = `
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as core from 'tfjs-stochastic/core';
import * as stl from 'tfjs-stochastic/layers';
import {key} from 'tfjs-stochastic/random';
import {lgamma} from 'tfjs-stochastic/math';
import {Normal} from 'tfjs-stochastic/distributions';
import {movingAverage, relax, scoreFunction} from 'tfjs-stochastic/estimators';

const q: st.Normal = new Normal({loc: 0, scale: [1, 2]});
export const x: tf.Tensor = lgamma(q.sample([5], {key: key(3)}));
export const e: st.Estimator = scoreFunction({baseline: movingAverage()});
export const made = [relax(), stl.bernoulli({estimator: 'relax'})];
// @ts-expect-error: a misspelt parameter
export const misspelt = new core.Normal({loc: 0, scal: 1});
`;

/** Ways to resolve modules, by the file that is compiled. */
const ways = [
  ['a.mts', 'node16', 'node16'],
  ['a.cts', 'node16', 'node16'],
  ['a.mts', 'nodenext', 'nodenext'],
  ['a.ts', 'esnext', 'bundler'],
  ['a.ts', 'commonjs', 'node10'],
] as const;

describe('the declarations', () => {
  const older = process.env.FULL ? ['5.0.4', '5.4.5', '5.9.3', '7.0.2'] : [];
  for (const version of ['installed', ...older]) {
    it(
      `compile with every way to resolve modules, TypeScript ${version}`,
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
        for (const [file, module, resolution] of ways) {
          if (resolution === 'node10' && major > 6) continue; // it was taken out
          await writeFile(join(folder, file), program);
          const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
          const args = [
            ...['--noEmit', ...options, '--module', module, '--moduleResolution', resolution],
            ...(resolution === 'node10' && major === 6 ? ['--ignoreDeprecations', '6.0'] : []),
          ];
          const printed = await exec(process.execPath, [join(home, 'node_modules/typescript/bin/tsc'), ...args, file], {
            cwd: folder,
          }).then(
            () => '',
            (error: {stdout: string}) => error.stdout, // tsc exits with 1 or 2 and prints to stdout
          );
          // tfjs has errors of its own
          const ours = printed.split('\n').filter(line => /^a\.|^node_modules\/tfjs-stochastic|^error/.test(line));
          expect(ours).withContext(`${found}, ${file}, ${resolution}`).toEqual([]);
        }
      },
      5 * minutes,
    );
  }
});
