/** Makes sure that what a command needs is installed. Plain Node: it runs before the packages are there. */
import {spawnSync} from 'node:child_process';
import {accessSync, constants, readFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `npm ci` unless node_modules holds what package-lock.json asks for. Throws where it fails. */
export function ensurePackages() {
  if (packagesAreCurrent()) return;
  console.error('Installing packages (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci failed; see what it printed above.');
}

/** The path of a Chromium; installs it where apt-get and the rights for it are at hand. Throws where there is none. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== null) return found;
  const isRoot = process.getuid?.() === 0;
  const advice =
    'No Chromium found: install it (on Debian: `sudo apt-get install chromium`) or set CHROME_BIN to a Chrome binary.';
  if (!isRoot || onPath('apt-get') === null) throw new Error(advice);
  console.error('Installing Chromium (apt-get) …');
  run('apt-get', ['update', '-qq'], advice);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], advice);
  const installed = findChromium();
  if (installed === null) throw new Error(advice);
  return installed;
}

/** CHROME_BIN, or the first Chromium or Chrome on the PATH, or null. */
export function findChromium() {
  if (process.env.CHROME_BIN) {
    if (isExecutable(process.env.CHROME_BIN)) return process.env.CHROME_BIN;
    throw new Error(`CHROME_BIN must name an executable file, got ${process.env.CHROME_BIN}`);
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const path = onPath(name);
    if (path !== null) return path;
  }
  return null;
}

/** Every package of the lock file, at its version, is in the list that npm writes once it has installed everything. */
function packagesAreCurrent() {
  let installed;
  try {
    installed = readLock('node_modules/.package-lock.json');
  } catch {
    return false;
  }
  const wanted = Object.entries(readLock('package-lock.json')).filter(([path]) => path !== '');
  return wanted.every(([path, {version, optional}]) =>
    installed[path] === undefined ? optional === true : installed[path].version === version,
  );
}

function readLock(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
}

function run(command, args, advice) {
  // npm is a .cmd file on Windows, which only a shell starts.
  const {status} = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(advice);
}

function onPath(name) {
  return (
    (process.env.PATH ?? '')
      .split(delimiter)
      .map(folder => join(folder, name))
      .find(isExecutable) ?? null
  );
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
