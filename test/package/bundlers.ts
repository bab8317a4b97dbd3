/** What bundlers make of a program for pages: minified, in one text. */
import {writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {build as buildByEsbuild} from 'esbuild';
import {build as buildByVite} from 'vite';

const bundlers = {
  async esbuild(file: string): Promise<string> {
    const {outputFiles} = await buildByEsbuild({
      entryPoints: [file],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'error',
    });
    return outputFiles[0]!.text;
  },
  async vite(file: string): Promise<string> {
    const built = await buildByVite({
      root: dirname(file),
      logLevel: 'error',
      configFile: false,
      build: {write: false, minify: true, target: 'es2022', modulePreload: false, rollupOptions: {input: file}},
    });
    const [first] = [built].flat();
    if (first === undefined || !('output' in first)) throw new Error('vite: no output');
    return first.output.map(chunk => ('code' in chunk ? chunk.code : '')).join('');
  },
};

export type Bundler = keyof typeof bundlers;

/** The program as the bundler makes it, with the packages that are installed in `folder`; `name` is of its file there. */
export async function bundle(bundler: Bundler, folder: string, name: string, program: string): Promise<string> {
  const file = join(folder, `${bundler}-${name}.js`);
  await writeFile(file, program);
  return bundlers[bundler](file);
}
