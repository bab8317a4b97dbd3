/** What small programs pay for what they import: minified and gzipped, with this library less without it, in bytes. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {bundle} from './bundlers.js';
import {installed, root} from './installed.js';
import {kB, programs} from './sizePrograms.js';

const minutes = 60_000;

describe('what a program pays for', () => {
  let folder: string;

  beforeAll(async () => {
    ({folder} = await installed());
  }, 5 * minutes);

  for (const bundler of ['esbuild', 'vite'] as const) {
    const sizes = new Map<string, Promise<number>>();
    const sizeOf = (program: string): Promise<number> => {
      const known = sizes.get(program);
      if (known !== undefined) return known;
      const size = bundle(bundler, folder, `size${sizes.size}`, program).then(
        text => gzipSync(text, {level: 9}).length,
      );
      sizes.set(program, size);
      return size;
    };

    for (const {title, before, program, most, goal = most, alsoByVite = false} of programs) {
      if (bundler === 'vite' && !alsoByVite && !process.env.FULL) continue;
      it(
        `of ${title}: at most ${most / kB} kB${goal < most ? ` (goal ${goal / kB})` : ''}, by ${bundler}`,
        async () => {
          const added = (await sizeOf(before + program)) - (await sizeOf(before));
          if (process.env.SIZES) console.log(`${bundler}: ${title}: ${added}`);
          expect(added).toBeLessThan(most);
          expect(added).toBeGreaterThan(15 * kB); // or it was not there
        },
        2 * minutes,
      );
    }
  }

  it('of everything, as a script for pages: at most 222 kB (goal 125)', async () => {
    const script = gzipSync(await readFile(join(root, 'dist/stochastic.umd.min.js')), {level: 9}).length;
    if (process.env.SIZES) console.log(`UMD: ${script}`);
    expect(script).toBeLessThan(222 * kB);
  });
});
