/** Temporary folders, small idx files, and child processes for the tests of the examples. */
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type Outcome, runExample} from '../../examples/frame/run.js';

/** The root of this repository. */
export const root = path.resolve(import.meta.dirname, '../..');

/** A new folder, removed after the suite that asks for it. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'stochastic-examples-'));
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  return () => folder;
}

/** Makes a new folder in that one each time. */
export function freshFolders(folder: () => string): () => string {
  return () => mkdtempSync(path.join(folder(), 'case-'));
}

/** The message of what `fn` throws. */
export function errorOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/** The bytes of an idx file of images; `header` replaces parts of a right one. */
export function idxBytes(
  pixels: Uint8Array,
  header: {magic?: number; count?: number; rows?: number; columns?: number} = {},
): Buffer {
  const {magic = 0x803, count = pixels.length / 784, rows = 28, columns = 28} = header;
  const bytes = Buffer.alloc(16 + pixels.length);
  [magic, count, rows, columns].forEach((word, i) => bytes.writeUInt32BE(word, 4 * i));
  bytes.set(pixels, 16);
  return bytes;
}

export function writeFile(folder: string, name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript file with tsx; `onOutput` sees all of stdout so far whenever more comes, and may send signals. */
export function runScript(
  args: readonly string[],
  onOutput: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {cwd: root, env: {...process.env, CI: 'true'}});
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      onOutput(stdout, signal => void child.kill(signal));
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', code => resolve({code, stdout, stderr}));
  });
}

/** The message of what the promise of `work` is rejected with. */
export async function errorOfAsync(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/**
 * Runs an example in this process, without what it prints; its report goes to a folder that is removed. `interrupted`:
 * by a signal soon after its start.
 */
export async function runHere(
  name: string,
  args: readonly string[],
  {interrupted = false}: {interrupted?: boolean} = {},
): Promise<Outcome> {
  const out = mkdtempSync(path.join(tmpdir(), 'stochastic-example-'));
  const silence = {value: () => true, configurable: true};
  Object.defineProperty(process.stdout, 'write', silence);
  const timer = setInterval(() => {
    if (!interrupted || process.listenerCount('SIGHUP') === 0) return; // it does not listen yet
    process.emit('SIGHUP', 'SIGHUP');
    clearInterval(timer);
  }, 50);
  try {
    return await runExample(name, ['--out', out, ...args]);
  } finally {
    clearInterval(timer);
    Reflect.deleteProperty(process.stdout, 'write'); // that of its prototype shows again
    rmSync(out, {recursive: true, force: true});
  }
}
