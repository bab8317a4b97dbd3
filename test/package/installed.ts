/** The package as its users have it: packed, and installed with tfjs in an empty folder. */
import {execFile} from 'node:child_process';
import {rmSync} from 'node:fs';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const exec = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

export interface Installed {
  readonly folder: string;
  readonly tarball: string;
  /** The files in the package. */
  readonly files: readonly string[];
}

let installing: Promise<Installed> | undefined;

/** Packs what `npm run build` made and installs it, once in a process; the folder goes when the process does. */
export function installed(): Promise<Installed> {
  installing ??= install();
  return installing;
}

async function install(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-stochastic-'));
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const {stdout} = await exec(npm, pack, {cwd: root, maxBuffer: 1 << 26});
  const [{filename, files}] = JSON.parse(stdout) as [{filename: string; files: Array<{path: string}>}]; // npm's report
  await writeFile(join(folder, 'package.json'), '{"private": true}');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await exec(npm, ['install', ...quiet, `./${filename}`, '@tensorflow/tfjs@4.22.0'], {cwd: folder});
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  return {folder, tarball: join(folder, filename), files: files.map(file => file.path).sort()};
}

/** Runs a Node program in the folder; what it prints. */
export async function runNode(folder: string, ...args: string[]): Promise<string> {
  const {stdout} = await exec(process.execPath, args, {cwd: folder, maxBuffer: 1 << 26});
  return stdout;
}
