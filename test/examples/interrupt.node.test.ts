import path from 'node:path';
import {root, runScript, temporaryFolder, writeFile} from './helpers.js';

describe('Ctrl-C', () => {
  const folder = temporaryFolder();
  const script = (): string =>
    writeFile(
      folder(),
      'waits.mts',
      Buffer.from(`
    import {watchInterrupt} from ${JSON.stringify(path.join(root, 'examples/job/interrupt.ts'))};
    const forever = setInterval(() => undefined, 1000);
    const interrupt = watchInterrupt({onFirst: () => console.log('first'), onSecond: () => console.log('second')});
    process.on('SIGUSR2', () => { console.log('requested', interrupt.requested); clearInterval(forever); interrupt.close(); });
    console.log('ready');
  `),
    );
  const sendAt = (plan: ReadonlyArray<readonly [after: number, signal: NodeJS.Signals]>) => {
    let started = false;
    return (text: string, kill: (signal: NodeJS.Signals) => void): void => {
      if (started || !text.includes('ready')) return;
      started = true;
      for (const [after, signal] of plan) setTimeout(() => kill(signal), after);
    };
  };

  it('asks once, though the signal comes twice at once', async () => {
    const {code, stdout} = await runScript(
      [script()],
      sendAt([
        [0, 'SIGINT'],
        [50, 'SIGINT'],
        [800, 'SIGUSR2'],
      ]),
    );
    expect(stdout).toBe('ready\nfirst\nrequested true\n');
    expect(code).toBe(0);
  });

  it('ends the program at once the second time, with exit code 130', async () => {
    const {code, stdout} = await runScript(
      [script()],
      sendAt([
        [0, 'SIGINT'],
        [1500, 'SIGINT'],
        [9000, 'SIGUSR2'],
      ]),
    );
    expect(stdout).toBe('ready\nfirst\nsecond\n');
    expect(code).toBe(130);
  });
});
