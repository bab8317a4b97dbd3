/**
 * Packs what `npm run build` made, installs it with tfjs in an empty folder, and uses it in every way that a user can.
 */
import {execFile} from 'node:child_process';
import {copyFile, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {runPage} from './runPage.js';

interface Exercised {
  sample: number[];
  value: number;
  grad: number;
  losses: number[];
  layer: Record<string, unknown>;
  names: {core: string[]; layers: string[]};
}

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const exec = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const minutes = 60_000;

describe('the package', () => {
  let folder: string;
  let packed: string[];
  let exercise: string;
  let fromModule: Exercised;

  async function runText(name: string, text: string): Promise<Exercised> {
    await writeFile(join(folder, name), text);
    const {stdout} = await exec(process.execPath, [name], {cwd: folder});
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as Exercised; // what exercise.js returns
  }

  /** Compiles a file of the installed folder; what tsc prints, '' where it is content. */
  async function compile(file: string, ...options: string[]): Promise<string> {
    await copyFile(join(here, 'consumer.ts'), join(folder, file));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', ...options, file];
    // Where it finds errors, tsc exits with 1 or 2 and prints them to stdout.
    return exec(process.execPath, args, {cwd: folder}).then(
      () => '',
      (error: {stdout: string}) => error.stdout,
    );
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tfjs-stochastic-'));
    const {stdout} = await exec(npm, ['pack', '--json', '--pack-destination', folder], {cwd: root});
    // npm pack --json
    const [{filename, files}] = JSON.parse(stdout) as [{filename: string; files: Array<{path: string}>}];
    packed = files.map(file => file.path).sort();
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    const install = [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `./${filename}`,
      '@tensorflow/tfjs@4.22.0',
    ];
    await exec(npm, install, {cwd: folder});
    exercise = await readFile(join(here, 'exercise.js'), 'utf8');
    fromModule = await runText(
      'run.mjs',
      `
      import * as tf from '@tensorflow/tfjs';
      import * as st from 'tfjs-stochastic';
      import * as stl from 'tfjs-stochastic/layers';
      ${exercise}
      console.log('\\n' + JSON.stringify(await globalThis.exercise(tf, st, stl)));`,
    );
  }, 5 * minutes);

  afterAll(() => rm(folder, {recursive: true, force: true}));

  it('holds the two entries in three formats with maps and types, and nothing else', () => {
    const built = ['index', 'layers'].flatMap(name =>
      ['.js', '.js.map', '.cjs', '.cjs.map', '.d.ts', '.d.cts'].map(end => `dist/${name}${end}`),
    );
    const umd = ['stochastic', 'stochastic-layers'].flatMap(name =>
      ['.umd.min.js', '.umd.min.js.map'].map(end => `dist/${name}${end}`),
    );
    expect(packed).toEqual([...built, ...umd, 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].sort());
  });

  it('holds ASCII alone in the scripts for pages, which may state no charset', async () => {
    for (const name of ['stochastic', 'stochastic-layers']) {
      const script = await readFile(
        join(folder, 'node_modules', 'tfjs-stochastic', 'dist', `${name}.umd.min.js`),
        'utf8',
      );
      const others = [...script.matchAll(/[^\x00-\x7f].{0,20}/g)].map(([text]) => text);
      expect(others).withContext(name).toEqual([]);
    }
  });

  it('brings one tfjs-core, and no package of its own', async () => {
    const {stdout} = await exec(npm, ['ls', '--all', '--parseable', '@tensorflow/tfjs-core'], {cwd: folder});
    expect(new Set(stdout.trim().split('\n')).size).toBe(1);
    expect(await readdir(join(folder, 'node_modules', 'tfjs-stochastic'))).not.toContain('node_modules');
  });

  it('works as an ES module in Node', () => {
    expect(fromModule.sample.length).toBe(6);
    expect(new Set(fromModule.sample).size).toBe(6);
    // E z² = 1.5² + 1; the estimates z² (z - loc) have a standard deviation of 8.8.
    expect(Math.abs(fromModule.value - 3.25)).toBeLessThan((4.5 * 3.32) / Math.sqrt(20000));
    expect(Math.abs(fromModule.grad - 3)).toBeLessThan((4.5 * 8.8) / Math.sqrt(20000));
    expect(fromModule.losses.length).toBe(3);
    expect(fromModule.losses.every(Number.isFinite)).toBeTrue();
    expect(new Set(fromModule.losses).size).toBeGreaterThan(1);
    expect(fromModule.layer['seed']).toBe(3);
  });

  it('works as CommonJS in Node, with the same names and the same numbers', async () => {
    const fromCommonJs = await runText(
      'run.cjs',
      `
      const tf = require('@tensorflow/tfjs');
      const st = require('tfjs-stochastic');
      const stl = require('tfjs-stochastic/layers');
      ${exercise}
      globalThis.exercise(tf, st, stl).then(result => console.log('\\n' + JSON.stringify(result)));`,
    );
    expect(fromCommonJs).toEqual(fromModule);
  });

  // tfjs's tf.min.js evaluates text itself (regenerator); its es2017 build does not.
  for (const [title, tfjs, policy] of [
    ['works from script tags', 'tf.min.js', undefined],
    [
      'works from script tags under a content security policy that forbids eval',
      'tf.es2017.min.js',
      "default-src 'self'",
    ],
  ] as const) {
    it(
      title,
      async () => {
        const files = [
          `@tensorflow/tfjs/dist/${tfjs}`,
          'tfjs-stochastic/dist/stochastic.umd.min.js',
          'tfjs-stochastic/dist/stochastic-layers.umd.min.js',
        ];
        const scripts: Record<string, string> = {};
        for (const file of files) scripts[`/${file}`] = await readFile(join(folder, 'node_modules', file), 'utf8');
        scripts['/exercise.js'] = exercise;
        // what exercise.js returns
        const fromPage = (await runPage(scripts, 'exercise(tf, stochastic, stochasticLayers)', policy)) as Exercised;
        expect(fromPage.names).toEqual(fromModule.names);
        expect(fromPage.layer).toEqual(fromModule.layer);
        // Math.log and its kind may differ in the last digits between engines.
        for (const field of ['sample', 'losses'] as const) {
          expect(fromPage[field].length).toBe(fromModule[field].length);
          fromPage[field].forEach((x, i) => expect(x).toBeCloseTo(fromModule[field][i]!, 4));
        }
        expect(fromPage.grad).toBeCloseTo(fromModule.grad, 3);
      },
      2 * minutes,
    );
  }

  it(
    'has types for TypeScript: node16 as a module and as CommonJS, and bundler',
    async () => {
      const node16 = ['--module', 'node16', '--moduleResolution', 'node16', '--skipLibCheck'];
      expect(await compile('consumer.mts', ...node16)).toBe('');
      expect(await compile('consumer.cts', ...node16)).toBe('');
      expect(
        await compile('consumer.ts', '--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck'),
      ).toBe('');
    },
    2 * minutes,
  );

  it(
    'has declarations without errors of their own',
    async () => {
      const printed = await compile('whole.mts', '--module', 'node16', '--moduleResolution', 'node16');
      expect(printed.split('\n').filter(line => line.includes('tfjs-stochastic'))).toEqual([]);
    },
    2 * minutes,
  );

  it('has one copy of the library, which the layers import by its name', async () => {
    const dist = join(folder, 'node_modules', 'tfjs-stochastic', 'dist');
    expect(await readFile(join(dist, 'layers.js'), 'utf8')).toMatch(/from 'tfjs-stochastic'/);
    expect(await readFile(join(dist, 'layers.cjs'), 'utf8')).toMatch(/require\('tfjs-stochastic'\)/);
    for (const file of ['layers.js.map', 'layers.cjs.map', 'stochastic-layers.umd.min.js.map']) {
      const {sources} = JSON.parse(await readFile(join(dist, file), 'utf8')) as {sources: string[]}; // a source map
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.filter(source => !source.startsWith('../layers/')))
        .withContext(file)
        .toEqual([]);
    }
  });
});
