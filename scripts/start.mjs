/** `node scripts/start.mjs FILE [args]`: installs what is missing, then runs a TypeScript file of this repository. */
import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import {ensurePackages, root} from './ensure.mjs';

try {
  ensurePackages();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// One Ctrl-C arrives several times here (from the terminal, from npm). In a group of its own the child hears only from us, once.
const ownGroup = process.platform !== 'win32';
const child = spawn(process.execPath, ['--import', new URL('guard.mjs', import.meta.url).href, '--import', 'tsx', ...process.argv.slice(2)], {
  stdio: 'inherit', cwd: root, detached: ownGroup, env: {...process.env, STOCHASTIC_PARENT: String(process.pid)},
});

const last = {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    const now = Date.now();
    if (ownGroup && now - (last[signal] ?? 0) > 500) child.kill(signal);
    last[signal] = now;
  });
}

// npm that is killed takes nobody with it. Whoever starts this script without npm may leave it to itself.
const npm = process.env.npm_lifecycle_event === undefined ? null : process.ppid;
const watch = setInterval(() => {
  if (npm === null || process.ppid === npm) return;
  clearInterval(watch);
  child.kill('SIGHUP');
}, 300).unref();

child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
