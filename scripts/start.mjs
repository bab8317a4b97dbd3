/** `node scripts/start.mjs FILE [args]`: installs what is missing, then runs a TypeScript file of this repository. */
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {constants} from 'node:os';
import {ensurePackages, root} from './ensure.mjs';

try {
  ensurePackages();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// One Ctrl-C arrives several times here (from the terminal, from npm). In a group of its own the child hears only from
// us, once.
const ownGroup = process.platform !== 'win32';
const child = spawn(
  process.execPath,
  ['--import', new URL('guard.mjs', import.meta.url).href, '--import', 'tsx', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    cwd: root,
    detached: ownGroup,
    env: {...process.env, STOCHASTIC_PARENT: String(process.pid)},
  },
);

const last = {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    const now = Date.now();
    if (ownGroup && now - (last[signal] ?? 0) > 500) child.kill(signal);
    last[signal] = now;
  });
}

// npm that is killed takes nobody with it; its shell may stand between. Whoever starts this script without npm may
// leave it to itself.
const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
const before = process.env.npm_lifecycle_event === undefined ? null : ancestors();
const watch = setInterval(() => {
  if (before === null || ancestors() === before) return;
  clearInterval(watch);
  child.kill('SIGHUP');
}, 300).unref();

/** The parent of another process, where the system tells. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]; // the name before it may hold spaces
  } catch {
    return '';
  }
}

child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
