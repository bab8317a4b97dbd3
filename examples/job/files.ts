/**
 * Results on the disk: the place for them is made sure of before the work begins, and a file is there whole or not at
 * all.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {hostname} from 'node:os';
import path from 'node:path';
import {check, fail} from '../../src/util/errors.js';

/** Bytes that must fit on the disk before the work begins: more than a report takes. */
const reserve = 1 << 20;
const lockName = '.running';

/** A folder for results that is this process's alone until `release`. */
export interface ResultFolder {
  /** Writes a file of the folder, and gives its path. */
  write(name: string, text: string): string;
  release(): void;
}

/**
 * Writes `file` whole or not at all: into another file beside it, through to the disk, which then takes its name. A
 * link to a file stays one.
 * @throws what the system says; then `file` is as it was
 */
export function writeWhole(file: string, text: string | Uint8Array): void {
  const target = linkEnd(file);
  const partial = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.partial`);
  try {
    const fd = openSync(partial, 'w');
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, {force: true});
    throw error;
  }
}

/** The file behind a link, or `file` itself. */
function linkEnd(file: string): string {
  return lstatSync(file, {throwIfNoEntry: false})?.isSymbolicLink() === true ? realpathSync(file) : file;
}

/**
 * Makes the folder, and finds out now whether the files `names` could be written there.
 * @param who the option that named it, for errors
 * @throws one sentence, if it is no folder, cannot be written to, has no space left, or another process writes there
 */
export function claimFolder(who: string, folder: string, names: readonly string[]): ResultFolder {
  check(folder !== '', who, 'must be a folder that exists or can be made', folder);
  const place = path.resolve(folder); // wherever the process goes
  try {
    makeFolder(place);
  } catch {
    fail(who, 'must be a folder that exists or can be made', folder);
  }
  let release: () => void = () => undefined;
  try {
    for (const name of names) checkTarget(who, path.join(place, name));
    release = lock(who, place);
    removePartial(place, names);
    for (const name of names) probe(path.dirname(linkEnd(path.join(place, name))));
  } catch (error) {
    release();
    if (isExpected(error)) throw error;
    const code = codeOf(error);
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    fail(
      who,
      isFull
        ? `must have ${reserve} bytes of space left (${code})`
        : `must be a folder that can be written to (${code})`,
      folder,
    );
  }
  return {
    write(name, text) {
      writeWhole(path.join(place, name), text);
      return path.join(folder, name);
    },
    release,
  };
}

/** With `recursive`, Node 20 tries for ever in a file system that refuses new folders with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  const above = path.dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolder(above);
  if (!existsSync(folder)) mkdirSync(folder);
  if (!statSync(folder).isDirectory()) throw new Error('no folder');
}

/** What is there already must be a file, or a link to one. */
function checkTarget(who: string, file: string): void {
  const rule = `${file} must be a file, or not be there`;
  const link = lstatSync(file, {throwIfNoEntry: false});
  if (link === undefined) return;
  const found = statSync(file, {throwIfNoEntry: false});
  check(found !== undefined, who, rule, 'a link to nothing');
  check(found.isFile(), who, rule, found.isDirectory() ? 'a folder' : 'something that is no file');
}

/** Writes and removes a file of the size of a large result. */
function probe(folder: string): void {
  const file = path.join(folder, `.probe.${process.pid}.partial`);
  writeWhole(file, new Uint8Array(reserve));
  rmSync(file);
}

/** What a process that was killed in the middle of writing left behind. */
function removePartial(folder: string, names: readonly string[]): void {
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.partial') && ['probe', ...names].some(name => file.startsWith(`.${name}.`)))
      rmSync(path.join(folder, file), {force: true});
  }
}

/** A process that may write to a folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it began, as far as the system tells; process numbers come again. */
  readonly began: string;
}

/** Makes the folder this process's own; the lock of a process that is gone is taken over. */
function lock(who: string, folder: string): () => void {
  const file = path.join(folder, lockName);
  const own = JSON.stringify({pid: process.pid, host: hostname(), began: beginning(process.pid)} satisfies Owner);
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, own, {flag: 'wx'});
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const owner = readOwner(file);
      if (owner !== null && mayRun(owner)) {
        fail(
          who,
          `another run writes to this folder (process ${owner.pid} on ${owner.host}); name another folder, or remove ${file} if that run is over`,
          folder,
        );
      }
      if (attempt === 3) throw error;
      if (owner !== null || attempt > 0) rmSync(file, {force: true, recursive: true});
      else sleep(50); // it may be just being written
    }
  }
  const release = (): void => {
    process.off('exit', release);
    if (readText(file) === own) rmSync(file, {force: true});
  };
  process.on('exit', release);
  return release;
}

function readOwner(file: string): Owner | null {
  try {
    // as written below; anything else is no owner
    const {pid, host, began} = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof host === 'string' && typeof began === 'string' ? {pid, host, began} : null;
  } catch {
    return null;
  }
}

/** Whether the process may still run: of another machine that is not known. */
function mayRun({pid, host, began}: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const now = beginning(pid);
  return began === now || began === '' || now === '';
}

/** The time at which a process began, in the system's own words; empty where it does not say. */
function beginning(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  // the 22nd field; the second, the name, may hold spaces
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Whether an error is a sentence for the user. */
export function isExpected(error: unknown): boolean {
  return error instanceof Error && error.name === 'StochasticError';
}

/** The system's name of an error. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? String(error);
}
