import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {drawDigits} from '../../examples/data/digits.js';
import type {Report} from '../../examples/start/report.js';
import {idxBytes, root, runScript, temporaryFolder, writeFile} from './helpers.js';

describe('npm start', () => {
  const folder = temporaryFolder();
  const example = path.join(root, 'examples/commands/start.ts');
  const readReport = (out: string): Report => JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as Report;

  it('trains with each estimator from the same weights and writes the report', async () => {
    writeFile(folder(), 'train-images-idx3-ubyte', idxBytes(drawDigits(100, 3)));
    const out = path.join(folder(), 'all');
    const estimators = ['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax'];
    const {code, stdout, stderr} = await runScript([
      example,
      '--data',
      folder(),
      '--steps',
      '12',
      '--batch',
      '10',
      '--out',
      out,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const word of [...estimators, 'final ELBO', 'report.html', 'steps/s']) expect(stdout).toContain(word);
    const report = readReport(out);
    expect(Object.keys(report)).toEqual(['dataset', 'batch', 'runs']);
    expect(report.batch).toBe(10);
    expect(report.runs.map(r => r.estimator)).toEqual(estimators);
    for (const run of report.runs) {
      expect(Object.keys(run)).toEqual(['estimator', 'steps', 'elbo', 'logVariance', 'msPerStep']);
      expect(run.steps).toBe(12);
      expect(run.elbo.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(run.logVariance.map(([step]) => step)).toEqual([0]);
      expect([...run.elbo.flat(), ...run.logVariance.flat(), run.msPerStep].every(Number.isFinite)).toBeTrue();
    }
    const elbo = (i: number, step: number): number | undefined => report.runs[i]?.elbo[step - 1]?.[1];
    expect(elbo(1, 1)).toBe(elbo(0, 1));
    expect(elbo(2, 1)).toBe(elbo(0, 1));
    expect(elbo(1, 12)).not.toBe(elbo(0, 12));
    expect(readFileSync(path.join(out, 'report.html'), 'utf8').match(/<img/g)!.length).toBe(11);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`prints and writes what it has on ${signal}, and exits with ${expected}`, async () => {
      const out = path.join(folder(), `interrupted-${signal}`);
      let sent = false;
      const {code, stdout} = await runScript(
        [example, '--data', folder(), '--estimators', 'nvil,relax', '--steps', '100000', '--batch', '10', '--out', out],
        (text, kill) => {
          if (sent || !text.includes('steps for each')) return;
          sent = true;
          setTimeout(() => kill(signal), 1500);
        },
      );
      expect(code).toBe(expected);
      expect(stdout).toMatch(/Stopping[^]*final ELBO[^]*nvil[^]*Wrote /); // the table before the files
      expect(readdirSync(out).sort()).toEqual(['report.html', 'report.json']);
      const report = readReport(out);
      expect(report.runs.length).toBe(1);
      expect(report.runs[0]!.steps).toBeGreaterThan(0);
      expect(report.runs[0]!.steps).toBeLessThan(100000);
      expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain('interrupted');
    });

  it('writes its report though nobody reads what it prints', async () => {
    const out = path.join(folder(), 'unread');
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        example,
        '--data',
        folder(),
        '--estimators',
        'nvil',
        '--steps',
        '20',
        '--batch',
        '10',
        '--out',
        out,
      ],
      {cwd: root},
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(0);
    expect(stderr).toMatch(/^Wrote .*report\.json and .*report\.html\n$/);
    expect(readReport(out).runs[0]!.steps).toBe(20);
  });

  it('writes its report elsewhere if its folder is gone by the end', async () => {
    const out = path.join(folder(), 'gone');
    let removed = false;
    const {code, stdout, stderr} = await runScript(
      [example, '--data', folder(), '--estimators', 'nvil', '--steps', '20', '--batch', '10', '--out', out],
      text => {
        if (removed || !text.includes('steps for each')) return;
        removed = true;
        rmSync(out, {recursive: true});
      },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^report\.json could not be written: ENOENT.*\nreport\.html could not be written: ENOENT.*\n$/,
    );
    const [, json, html] = /Wrote (.*report\.json) and (.*report\.html)\n/.exec(stdout)!;
    expect((JSON.parse(readFileSync(json!, 'utf8')) as Report).runs[0]!.steps).toBe(20);
    expect(readFileSync(html!, 'utf8')).toContain('</html>');
    rmSync(path.dirname(json!), {recursive: true});
  });

  it('says in one sentence what is wrong with its arguments', async () => {
    const blocked = path.join(folder(), 'blocked');
    mkdirSync(path.join(blocked, 'report.html'), {recursive: true});
    for (const [args, message] of [
      [['--data', path.join(folder(), 'nowhere')], /^--data: the folder must exist, got ".*nowhere"\n$/],
      [['--estimators', 'relx'], /^--estimators: unknown estimator "relx"; did you mean "relax"\?\n$/],
      [['--estimators', 'pathwise'], /^--estimators: unknown estimator "pathwise"; known: .*scoreFunction.*\n$/],
      [['--data', folder(), '--batch', '101'], /^--batch: must be at most the number of images, 100, got 101\n$/],
      [['--out', blocked], /^--out: .*report\.html must be a file, or not be there, got "a folder"\n$/],
      [
        ['--out', path.join(folder(), 'train-images-idx3-ubyte')],
        /^--out: must be a folder that exists or can be made, got ".*"\n$/,
      ],
    ].filter((_, i) => process.env.FULL === '1' || i % 2 === 0) as Array<[string[], RegExp]>) {
      const {code, stderr} = await runScript([example, ...args]);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
    }
  });
});
