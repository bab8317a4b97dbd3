/** What this library adds to small programs for pages, minified and gzipped: those that test/package weighs. */
import {existsSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {bundle} from '../test/package/bundlers.js';
import {installed} from '../test/package/installed.js';
import {programs} from '../test/package/sizePrograms.js';
import type {BenchContext} from './context.js';

export async function benchSizes({report, quick}: BenchContext): Promise<void> {
  if (!existsSync('dist/esm')) {
    console.error('bench: sizes needs the built package: npm run build');
    return;
  }
  const {folder} = await installed();
  let count = 0;
  const sizeOf = async (program: string): Promise<number> =>
    gzipSync(await bundle('esbuild', folder, `size${count++}`, program), {level: 9}).length;
  for (const {title, before, program} of quick ? programs.slice(0, 1) : programs) {
    const ours = (await sizeOf(before + program)) - (await sizeOf(before));
    report({name: `size ${title}`, size: 1, unit: 'bytes', ours});
  }
}
