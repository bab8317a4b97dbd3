/** Shaders in the package, which lose comments and spaces on the way there. */
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {ShaderFunction} from '../../src/kernels/elementwise/definition.js';
import * as dialect from '../../src/kernels/elementwise/dialect.js';
import {root} from './installed.js';

/** Words and signs, without comments. */
const wordsOf = (text: string): string[] =>
  text.replace(/\/\/[^\n]*/g, '').match(/[\w.]+|--|\+\+|->|<=|>=|==|!=|&&|\|\||<<|>>|\S/g) ?? [];

const isShader = (value: unknown): value is ShaderFunction =>
  typeof value === 'object' && value !== null && 'source' in value && 'name' in value;

/** What a module of that path exports. */
const load = async (path: string) => (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;

describe('shaders in the package', () => {
  it('have the words and signs of the sources, in both languages, and fewer letters', async () => {
    const built = (await load('dist/esm/src/kernels/elementwise/dialect.js')) as typeof dialect;
    const sourceOf = (file: string): string => join('src', file.replace(/\.js$/, '.ts'));
    const files = readdirSync(join(root, 'dist/esm/src'), {recursive: true, encoding: 'utf8'})
      .filter(file => /shaders?\.js$/i.test(file))
      .filter(file => existsSync(join(root, sourceOf(file)))); // builds leave the files of renamed sources behind
    let [count, before, after] = [0, 0, 0];
    for (const file of files) {
      const [own, shipped] = await Promise.all([load(sourceOf(file)), load(join('dist/esm/src', file))]);
      for (const [name, shader] of Object.entries(shipped)) {
        const source = own[name];
        if (!isShader(shader) || !isShader(source)) continue;
        for (const translate of ['toWgsl', 'toGlsl'] as const) {
          const [is, was] = [built[translate](shader), dialect[translate](source)];
          expect(wordsOf(is)).withContext(`${file}: ${name}`).toEqual(wordsOf(was));
          [count, before, after] = [count + 1, before + was.length, after + is.length];
        }
      }
    }
    expect(count).toBeGreaterThan(200);
    expect(after).toBeLessThan(0.9 * before);
  });
});
