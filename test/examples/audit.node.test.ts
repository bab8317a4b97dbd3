/** `npm run audit`: its problems, its command line, and what it prints. */
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {problems} from '../../examples/audit/problems.js';

const root = new URL('../../', import.meta.url);

/** Runs the command in a process of its own. */
function run(...args: string[]): {status: number | null; stdout: string; stderr: string} {
  return spawnSync(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('examples/commands/audit.ts', root)), ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
}

describe('the problems of npm run audit', () => {
  beforeAll(() => tf.setBackend('cpu'));

  for (const [name, {parameters, costs}] of Object.entries(problems)) {
    const exact = ['toy', 'wheels', 'vae'].includes(name);
    it(`${name} ${exact ? 'is' : 'cannot be'} enumerated, and keeps its samples`, async () => {
      const variables = Object.fromEntries(
        Object.entries(parameters).map(([label, values]) => [label, tf.tidy(() => tf.variable(tf.tensor(values)))]),
      );
      const warn = spyOn(console, 'warn');
      const {reference, estimators} = await st.auditEstimators({
        program: estimator => costs(variables, estimator),
        variables,
        estimators: ['scoreFunction', 'vimco'],
        samples: 3,
        key: st.random.key(1),
      });
      expect(reference!.kind).toBe(exact ? 'exact' : 'estimator');
      expect(estimators.map(({error}) => error)).toEqual([null, null]);
      expect(warn).not.toHaveBeenCalled();
      tf.dispose(variables);
    });
  }
});

describe('npm run audit', () => {
  it('prints JSON if asked', () => {
    const {stdout, status} = run(
      '--problem',
      'toy',
      '--estimators',
      'disarm, pathwise',
      '--samples',
      '4',
      '--warmup',
      '0',
      '--json',
    );
    const {problem, samples, estimators} = JSON.parse(stdout) as st.EstimatorAudit & {problem: string};
    expect([problem, samples, status]).toEqual(['toy', 4, 0]);
    expect(estimators.map(({label, error}) => [label, error === null])).toEqual([
      ['disarm', true],
      ['pathwise', false],
    ]);
  });

  it('refuses what it does not know, in one line', () => {
    const {stderr, status} = run('--estimators', 'relx');
    expect(stderr).toMatch(/^error: unknown estimator "relx"; known: .*relax/);
    expect(status).toBe(1);
  });
});
