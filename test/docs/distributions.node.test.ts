/** The documentation of the distributions is what the code gives. */
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {familyNames} from '../../scripts/distributions/table.js';

const root = new URL('../../', import.meta.url);

describe('docs/distributions.md', () => {
  it('is the one that `npm run docs` makes, with its pictures', () => {
    // in a process of its own: the library that draws looks for globals of test runners
    const script = fileURLToPath(new URL('scripts/docs.ts', root));
    const {status, stderr} = spawnSync(process.execPath, ['--import', 'tsx', script, '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter(line => line.startsWith('out of date'))).toEqual([]);
    expect(status).withContext(stderr).toBe(0);
  });

  it('has a row and a picture that shows something for every family', () => {
    const text = readFileSync(new URL('docs/distributions.md', root), 'utf8');
    for (const name of familyNames()) {
      expect(text).toContain(`| [${name}](#${name.toLowerCase()}) |`);
      expect(readFileSync(new URL(`docs/distributions/${name}.svg`, root), 'utf8')).toMatch(
        /<path[^>]* d="M.{40,}|<circle/,
      );
    }
  });
});
