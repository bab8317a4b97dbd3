/**
 * What a job does when something goes wrong: it loses nothing that it has, and refuses at once what it could not do at
 * the end.
 */
import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {claimFolder, writeWhole} from '../../examples/job/files.js';
import {save} from '../../examples/job/save.js';
import {makersOf} from '../../examples/start/save.js';
import {errorOf, freshFolders, root, runScript, temporaryFolder, writeFile} from './helpers.js';

const job = (name: string): string => JSON.stringify(path.join(root, `examples/job/${name}.ts`));

describe('files of results', () => {
  const folder = temporaryFolder();
  const fresh = freshFolders(folder);

  it('are there whole or not at all', () => {
    const out = fresh();
    const file = writeFile(out, 'a.txt', Buffer.from('before'));
    writeWhole(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    mkdirSync(path.join(out, 'b.txt'));
    expect(() => writeWhole(path.join(out, 'b.txt'), 'x')).toThrowError(/EISDIR|EEXIST|ENOTEMPTY/);
    expect(() => writeWhole(path.join(out, 'nowhere', 'c.txt'), 'x')).toThrowError(/ENOENT/);
    expect(readdirSync(out)).toEqual(['a.txt', 'b.txt']);
  });

  it('keep a link to another file', () => {
    const out = fresh();
    const file = writeFile(fresh(), 'real', Buffer.from('before'));
    symlinkSync(file, path.join(out, 'a'));
    const claimed = claimFolder('--out', out, ['a']);
    claimed.write('a', 'after');
    claimed.release();
    expect(readFileSync(file, 'utf8')).toBe('after');
  });

  it('belong to one process while it runs, also to one that was killed and has gone', () => {
    const out = fresh();
    const first = claimFolder('--out', out, ['a']);
    expect(errorOf(() => claimFolder('--out', out, ['a']))).toMatch(
      new RegExp(`^--out: another run writes to this folder \\(process ${process.pid} on .*\\); name another`),
    );
    first.release();
    expect(readdirSync(out)).toEqual([]);
    for (const stale of ['', '{', JSON.stringify({pid: 2 ** 22 + 1, host: ''}), 'null']) {
      writeFileSync(path.join(out, '.running'), stale);
      writeFileSync(path.join(out, '.a.7.partial'), 'half of');
      claimFolder('--out', out, ['a']).release();
      expect(readdirSync(out)).withContext(stale).toEqual([]);
    }
  });

  it('are refused before the work where they could not be written', () => {
    const [out, file] = [fresh(), writeFile(fresh(), 'file', new Uint8Array(1))];
    mkdirSync(path.join(out, 'is-folder'));
    symlinkSync(path.join(out, 'nothing'), path.join(out, 'dangling'));
    const cases: Array<[folder: string, name: string, message: RegExp]> = [
      [file, 'a', /^--out: must be a folder that exists or can be made, got ".*file"$/],
      [path.join(file, 'deep'), 'a', /^--out: must be a folder that exists or can be made, got/],
      ['', 'a', /^--out: must be a folder that exists or can be made, got ""$/],
      [path.join(out, 'dangling'), 'a', /^--out: must be a folder that exists or can be made, got ".*dangling"$/],
      [out, 'is-folder', /^--out: .*is-folder must be a file, or not be there, got "a folder"$/],
      [out, 'dangling', /^--out: .*dangling must be a file, or not be there, got "a link to nothing"$/],
      [`/${'x'.repeat(300)}`, 'a', /^--out: must be a folder that exists or can be made, got/],
    ];
    if (process.platform === 'linux') {
      cases.push(
        // Node’s own recursive mkdir never returns from here
        ['/proc/nothing-here/x', 'a', /^--out: must be a folder that exists or can be made, got/],
        ['/proc/self', 'a', /^--out: must be a folder that can be written to \(E[A-Z]+\), got/],
        ['/dev/null', 'a', /^--out: must be a folder that exists or can be made, got/],
      );
    }
    for (const [where, name, message] of cases)
      expect(errorOf(() => claimFolder('--out', where, [name])))
        .withContext(where)
        .toMatch(message);
    expect(readdirSync(out).sort()).toEqual(['dangling', 'is-folder']);
  });

  it('do not need each other: a page that cannot be drawn costs the page', () => {
    const out = fresh();
    const broken = {originals: [null as unknown as Float32Array], reconstructions: [], samples: []};
    const report = {
      dataset: 'x',
      batch: 1,
      runs: [{estimator: 'nvil', steps: 1, elbo: [[1, -2]] as Array<[number, number]>, logVariance: [], msPerStep: 1}],
    };
    const write = (name: string, text: string): string => {
      writeWhole(path.join(out, name), text);
      return name;
    };
    const saved = save({write}, makersOf({report, pictures: [broken], note: ''}));
    expect(saved.files).toEqual(['report.json']);
    expect(saved.failures.map(f => f.replace(/:.*/s, ''))).toEqual(['report.html could not be written']);
    expect(JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'))).toEqual(report);
    const full = (name: string): string => {
      if (name === 'report.json') throw new Error('ENOSPC');
      return name;
    };
    expect(save({write: full}, makersOf({report, pictures: [null], note: ''}))).toEqual({
      files: ['report.html'],
      failures: ['report.json could not be written: ENOSPC'],
    });
  });
});

describe('a job that prints', () => {
  const folder = temporaryFolder();
  const script = (): string =>
    writeFile(
      folder(),
      'prints.mts',
      Buffer.from(`
    import {runTables} from ${job('tables')};
    import {inTurns} from ${job('interrupt')};
    import {say} from ${job('output')};
    import {writeFileSync} from 'node:fs';
    function* work(stop) { let n = 0; for (; n < 1e9 && !stop(); n++) yield; return n; }
    await runTables(async interrupt => {
      say('ready\\n');
      const tick = setInterval(() => say('tick\\n'), 20);
      const n = await inTurns(work(() => interrupt.requested));
      clearInterval(tick);
      say(\`did \${n > 0 ? 'some' : 'none'}\\n\`);
      if (process.argv[2] !== undefined) writeFileSync(process.argv[2], 'over');
    });
  `),
    );

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`prints what there is on ${signal}, and exits with ${expected}`, async () => {
      let sent = false;
      const {code, stdout, stderr} = await runScript([script()], (text, kill) => {
        if (!sent && text.includes('ready')) kill(signal);
        sent = sent || text.includes('ready');
      });
      expect(stdout).toMatch(/Stopping: .*\n[^]*did some\n$/);
      expect(stderr).toBe('');
      expect(code).toBe(expected);
    });
  }

  it('ends when nobody reads it any more', async () => {
    const over = path.join(folder(), 'over');
    const child = spawn(process.execPath, ['--import', 'tsx', script(), over], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise(resolve => child.on('close', resolve));
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(readFileSync(over, 'utf8')).toBe('over');
  });
});

describe('scripts/start.mjs', () => {
  const folder = temporaryFolder();
  const started = (name: string, text: string, env: NodeJS.ProcessEnv = {}) => {
    const file = writeFile(folder(), name, Buffer.from(text));
    const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs'), file], {
      cwd: root,
      env: {...process.env, ...env},
    });
    let stdout = '';
    /** Resolves with what was printed once that matches. */
    const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
      new Promise(resolve => {
        const look = (): void => {
          const found = pattern.exec(stdout);
          if (found !== null) resolve(found);
        };
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    // once nobody holds its pipes any more
    const over = new Promise<number | null>(resolve => child.on('close', resolve));
    return {child, printed, over};
  };

  it('hands on SIGTERM, and the exit code that it leads to', async () => {
    const {child, printed, over} = started(
      'term.mts',
      `
      const forever = setInterval(() => undefined, 1000);
      process.on('SIGTERM', () => { clearInterval(forever); process.exitCode = 143; console.log('heard'); });
      console.log('ready');`,
    );
    await printed(/ready/);
    child.kill('SIGTERM');
    expect(await over).toBe(143);
    await printed(/heard/);
  });

  for (const [what, work] of [
    ['that waits', 'setInterval(() => undefined, 1000);'],
    ['in the middle of a computation', 'for (;;) Math.random();'],
  ] as const) {
    it(`leaves no process ${what} behind when it is killed`, async () => {
      const {child, printed, over} = started(`orphan-${what.length}.mts`, `console.log('ready', process.pid); ${work}`);
      const pid = Number((await printed(/ready (\d+)/))[1]);
      child.kill('SIGKILL');
      await over;
      let isGone = false;
      for (let i = 0; i < 100 && !isGone; i++) {
        await new Promise(resolve => setTimeout(resolve, 20));
        try {
          process.kill(pid, 0);
        } catch {
          isGone = true;
        }
      }
      expect(isGone).toBeTrue();
    });
  }

  it('lets a process whose starter was killed print and write what there is', async () => {
    const result = path.join(folder(), 'result');
    const {child, printed, over} = started(
      'orphan.mts',
      `
      import {writeWhole} from ${job('files')};
      import {watchInterrupt, yieldToEvents} from ${job('interrupt')};
      const interrupt = watchInterrupt({onFirst: () => undefined});
      console.log('ready');
      while (!interrupt.requested) await yieldToEvents();
      writeWhole(${JSON.stringify(result)}, 'kept');
      interrupt.close();`,
    );
    await printed(/ready/);
    child.kill('SIGKILL');
    await over;
    expect(readFileSync(result, 'utf8')).toBe('kept');
    renameSync(result, `${result}.seen`);
  });
});
