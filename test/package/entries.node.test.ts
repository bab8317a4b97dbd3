/** What tools that judge packages say of this one. */
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {publint} from 'publint';
import {formatMessage} from 'publint/utils';
import {installed, root} from './installed.js';

const minutes = 60_000;

describe('the entries of the package', () => {
  it('leave publint nothing to say', async () => {
    const {folder} = await installed();
    const pkgDir = join(folder, 'node_modules/tfjs-stochastic');
    const {messages, pkg} = await publint({pkgDir, pack: false, strict: true});
    expect(messages.map(message => formatMessage(message, pkg))).toEqual([]);
  });

  it(
    'have the types that are meant, in every way to resolve them',
    async () => {
      const {tarball} = await installed();
      const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
      const {stdout} = await promisify(execFile)(process.execPath, [attw, tarball, '--format', 'json'], {
        maxBuffer: 1 << 27,
      }).catch((error: {stdout: string}) => error); // it exits with 1 where it finds something, and prints that
      const {problems} = JSON.parse(stdout) as {problems: Record<string, unknown>}; // attw's report
      expect(problems).toEqual({});
    },
    2 * minutes,
  );
});
