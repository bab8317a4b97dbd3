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
const child = spawn(process.execPath, ['--import', 'tsx', ...process.argv.slice(2)], {stdio: 'inherit', cwd: root, detached: ownGroup});

const last = {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    const now = Date.now();
    if (ownGroup && now - (last[signal] ?? 0) > 500) child.kill(signal);
    last[signal] = now;
  });
}

child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
