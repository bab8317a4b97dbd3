/** The commands that run examples, each in a process of its own. */
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {exampleNames} from '../../examples/frame/names.js';
import {runScript, temporaryFolder} from './helpers.js';

describe('npm run example', () => {
  it('names what there is where the name is unknown or missing', async () => {
    const [unknown, none] = await Promise.all(
      [['nvli'], []].map(args => runScript(['examples/commands/example.ts', ...args])),
    );
    expect(unknown!.code).toBe(1);
    expect(unknown!.stderr).toBe('npm run example -- NAME: unknown example "nvli"; did you mean "nvil"?\n');
    expect(none!.code).toBe(1);
    for (const name of exampleNames()) expect(none!.stderr).toContain(name);
    expect(none!.stderr.split('\n').length).toBe(2);
  });
});

describe('npm run examples', () => {
  const folder = temporaryFolder();

  it('runs what is asked for and puts every figure on one page', async () => {
    const out = path.join(folder(), 'all');
    const {code, stdout, stderr} = await runScript([
      ...['examples/commands/examples.ts', '--only', 'mixture-density,iwae', '--out', out],
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/mixture-density[^]*passed[^]*iwae[^]*passed[^]*Wrote .*index\.html/);
    const page = readFileSync(path.join(out, 'index.html'), 'utf8');
    for (const name of ['mixture-density', 'iwae']) {
      expect(page).toContain(`href="${name}/report.html"`);
      expect(existsSync(path.join(out, name, 'report.json'))).toBeTrue();
    }
    expect(page.match(/<svg/g)!.length).toBe(5);
    expect(page.match(/<img/g)!.length).toBe(3);
    expect(page).not.toMatch(/<script|<link|src="http/);
  });

  it('refuses unknown names and a place where nothing can be written', async () => {
    const run = (...args: string[]) => runScript(['examples/commands/examples.ts', ...args]);
    const [unknown, place] = await Promise.all([run('--only', 'nvli'), run('--out', 'package.json')]);
    expect([unknown.code, unknown.stderr]).toEqual([1, '--only: unknown example "nvli"; did you mean "nvil"?\n']);
    expect([place.code, place.stderr]).toEqual([
      1,
      '--out: must be a folder that exists or can be made, got "package.json"\n',
    ]);
  });
});
