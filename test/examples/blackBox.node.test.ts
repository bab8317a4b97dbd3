import path from 'node:path';
import {runHere, runScript, temporaryFolder} from './helpers.js';

describe('a cost from a black box', () => {
  const folder = temporaryFolder();

  it('is lowered by every search, whether it waits or not', async () => {
    const {code, report} = await runHere('black-box', ['--steps', '60', '--delay', '4']);
    expect(code).toBe(0);
    for (const {what, here} of report!.comparisons) expect(here).withContext(what).toBeLessThan(8); // from 15
    const best = Math.min(...report!.comparisons.map(({here}) => here));
    expect(best).toBeLessThan(1);
  });

  it('is missed in one sentence where the worker fails, and the others go on', async () => {
    spyOn(process.stderr, 'write').and.returnValue(true);
    spyOn(console, 'warn');
    const {code, report} = await runHere('black-box', [
      '--smoke',
      '--sigma',
      '3e38',
      '--searches',
      'leaveOneOut,critic',
    ]);
    expect(code).toBe(1);
    expect(report!.errors.length).toBe(2);
    expect(report!.errors[0]).toMatch(
      /^leaveOneOut: the worker: must answer, but failed: it takes 8 finite numbers, got/,
    );
    expect(report!.errors[1]).toMatch(/^critic: cost "cost": the promise was rejected: the worker: must answer, but /);
  });

  it('leaves no worker behind that keeps the process alive, also after Ctrl-C', async () => {
    let isSent = false;
    const args = [
      'examples/commands/example.ts',
      'black-box',
      '--steps',
      '100000',
      '--out',
      path.join(folder(), 'out'),
    ];
    const {code, stdout} = await runScript(args, (text, kill) => {
      if (isSent || !text.includes('A cost from')) return;
      isSent = true;
      setTimeout(() => kill('SIGINT'), 300);
    });
    expect(code).toBe(130);
    expect(stdout).toContain('Wrote ');
  });
});
