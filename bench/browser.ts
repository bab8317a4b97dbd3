/** The benchmarks in headless Chromium, one page each. */
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {runPage} from '../test/package/runPage.js';
import type {PageRun} from './page.js';
import type {Result} from './report.js';

/** Of a software GPU, slow and correct, where there is no other. */
const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];

/** Gives the results of one benchmark after the other. */
export async function onPages(runs: readonly PageRun[], take: (result: Result) => void): Promise<void> {
  const [page, plain] = await Promise.all([bundled('page.ts', 'bench'), bundled('peers/plainPage.ts', 'plain')]);
  for (const run of runs) {
    const options = {flags, seconds: 1800, beside: {'/plain.js': plain}};
    const results = await runPage({'/bench.js': page}, `bench.run(${JSON.stringify(run)})`, options);
    (results as Result[]).forEach(take); // what bench.run gives
  }
}

async function bundled(file: string, globalName: string): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName,
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
    ignoreAnnotations: true, // files act when they are loaded, whatever package.json says of the library
  });
  return outputFiles[0]!.text;
}
