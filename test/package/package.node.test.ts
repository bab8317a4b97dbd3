/**
 * Packs what `npm run build` made, installs it with tfjs in an empty folder, and uses it in every way that a user can.
 */
import {execFile} from 'node:child_process';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {installed, runNode} from './installed.js';
import {runPage} from './runPage.js';

interface Exercised {
  sample: number[];
  value: number;
  grad: number;
  losses: number[];
  layer: Record<string, unknown>;
  control: number[];
  names: {core: string[]; layers: string[]; control: string[]};
}

const here = dirname(fileURLToPath(import.meta.url));
const exec = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const minutes = 60_000;

describe('the package', () => {
  let folder: string;
  let packed: readonly string[];
  let exercise: string;
  let fromModule: Exercised;

  async function runText(name: string, text: string): Promise<Exercised> {
    await writeFile(join(folder, name), text);
    const {stdout} = await exec(process.execPath, [name], {cwd: folder});
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as Exercised; // what exercise.js returns
  }

  beforeAll(async () => {
    ({folder, files: packed} = await installed());
    exercise = await readFile(join(here, 'exercise.js'), 'utf8');
    fromModule = await runText(
      'run.mjs',
      `
      import * as tf from '@tensorflow/tfjs';
      import * as st from 'tfjs-stochastic';
      import * as stl from 'tfjs-stochastic/layers';
      import * as ctl from 'tfjs-stochastic/control';
      ${exercise}
      console.log('\\n' + JSON.stringify(await globalThis.exercise(tf, st, stl, ctl)));`,
    );
  }, 5 * minutes);

  it('holds a file for each module, in two formats with types, a few for Node and three scripts for pages', () => {
    const within = (folder: string) => packed.filter(file => file.startsWith(folder));
    const modules = within('dist/esm/')
      .filter(file => file.endsWith('.js'))
      .map(file => file.slice('dist/esm/'.length, -'.js'.length));
    expect(modules).toContain('src/distributions/normal');
    expect(modules).toContain('layers/index');
    expect(modules).toContain('control/index');
    const ofModules = ['esm', 'cjs'].flatMap(format => modules.map(name => `dist/${format}/${name}`));
    const missing = ofModules.flatMap(name => [`${name}.js`, `${name}.d.ts`]).filter(file => !packed.includes(file));
    expect(missing).toEqual([]);
    for (const format of ['esm', 'cjs']) expect(packed).toContain(`dist/node/${format}/index.js`);
    for (const name of ['stochastic', 'stochastic-layers', 'stochastic-control'])
      expect(packed).toContain(`dist/${name}.umd.min.js`);
    const known =
      /^(dist\/(esm|cjs|node\/(esm|cjs))\/|dist\/stochastic(-layers|-control)?\.umd\.min\.js$|docs\/|\w+\/package\.json$)/;
    const others = packed.filter(file => !known.test(file));
    expect(others).toEqual(['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package.json']);
    expect(packed.filter(file => file.endsWith('.map'))).toEqual([]);
  });

  it('holds what the README links to', async () => {
    const readme = await readFile(join(folder, 'node_modules', 'tfjs-stochastic', 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, file]) => file!);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter(file => !packed.includes(file))).toEqual([]);
  });

  it('holds ASCII alone in the scripts for pages, which may state no charset', async () => {
    for (const name of ['stochastic', 'stochastic-layers', 'stochastic-control']) {
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
    expect(new Set(fromModule.control).size).toBe(8);
    expect(fromModule.layer['seed']).toBe(3);
  });

  it('works as CommonJS in Node, with the same names and the same numbers', async () => {
    const fromCommonJs = await runText(
      'run.cjs',
      `
      const tf = require('@tensorflow/tfjs');
      const st = require('tfjs-stochastic');
      const stl = require('tfjs-stochastic/layers');
      const ctl = require('tfjs-stochastic/control');
      ${exercise}
      globalThis.exercise(tf, st, stl, ctl).then(result => console.log('\\n' + JSON.stringify(result)));`,
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
          'tfjs-stochastic/dist/stochastic-control.umd.min.js',
        ];
        const scripts: Record<string, string> = {};
        for (const file of files) scripts[`/${file}`] = await readFile(join(folder, 'node_modules', file), 'utf8');
        scripts['/exercise.js'] = exercise;
        // what exercise.js returns
        const fromPage = (await runPage(scripts, 'exercise(tf, stochastic, stochasticLayers, stochasticControl)', {
          policy,
        })) as Exercised;
        expect(fromPage.names).toEqual(fromModule.names);
        expect(fromPage.layer).toEqual(fromModule.layer);
        // Math.log and its kind may differ in the last digits between engines.
        for (const field of ['sample', 'losses', 'control'] as const) {
          expect(fromPage[field].length).toBe(fromModule[field].length);
          fromPage[field].forEach((x, i) => expect(x).toBeCloseTo(fromModule[field][i]!, 4));
        }
        expect(fromPage.grad).toBeCloseTo(fromModule.grad, 3);
      },
      2 * minutes,
    );
  }

  it('has one copy of the library, which the layers import by its name', async () => {
    const dist = join(folder, 'node_modules', 'tfjs-stochastic', 'dist');
    expect(await readFile(join(dist, 'esm/layers/families/bernoulli.js'), 'utf8')).toMatch(/from 'tfjs-stochastic'/);
    expect(await readFile(join(dist, 'cjs/layers/families/bernoulli.js'), 'utf8')).toMatch(
      /require\("tfjs-stochastic"\)/,
    );
    for (const format of ['esm', 'cjs']) {
      expect(await readFile(join(dist, 'node', format, 'layers.js'), 'utf8')).toMatch(/['"]tfjs-stochastic['"]/);
    }
  });

  it('is one library, however it is imported', async () => {
    const text = `
      import {createRequire} from 'node:module';
      import '@tensorflow/tfjs';
      import * as whole from 'tfjs-stochastic';
      import * as core from 'tfjs-stochastic/core';
      import * as distributions from 'tfjs-stochastic/distributions';
      import * as estimators from 'tfjs-stochastic/estimators';
      import * as random from 'tfjs-stochastic/random';
      import * as math from 'tfjs-stochastic/math';
      const required = createRequire(import.meta.url)('tfjs-stochastic');
      console.log(JSON.stringify([
        core.Normal === whole.Normal, distributions.Normal === whole.Normal, estimators.relax === whole.relax,
        estimators.leaveOneOut === whole.leaveOneOut, random.normal === whole.random.normal,
        math.lgamma === whole.math.lgamma, !process.features.require_module || required.Normal === whole.Normal,
      ]));`;
    await writeFile(join(folder, 'one.mjs'), text);
    const printed = await runNode(folder, 'one.mjs');
    expect(JSON.parse(printed.trim().split('\n').at(-1)!)).toEqual(Array.from({length: 7}, () => true));
  });

  it('shares tfjs with the program that it is bundled into for Node', async () => {
    const text = `
      import * as tf from '@tensorflow/tfjs';
      import * as st from 'tfjs-stochastic';
      st.random.setSeed(1);
      const before = tf.memory().numTensors;
      const drawn = new st.Normal({loc: 0, scale: 1}).sample([3]);
      console.log(JSON.stringify([tf.memory().numTensors - before, drawn instanceof tf.Tensor]));`;
    await writeFile(join(folder, 'server.mjs'), text);
    const [outfile, entryPoints] = [join(folder, 'server.cjs'), [join(folder, 'server.mjs')]];
    await build({entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error'});
    expect(await readFile(outfile, 'utf8')).not.toMatch(/require\w*\(["']@tensorflow/);
    const printed = await runNode(folder, 'server.cjs');
    expect(JSON.parse(printed.trim().split('\n').at(-1)!)).toEqual([1, true]);
  });

  it('names nothing in its core, and says so', async () => {
    const text = `
      import * as tf from '@tensorflow/tfjs';
      import * as st from 'tfjs-stochastic/core';
      const w = tf.variable(tf.scalar(0.3));
      const said = [];
      for (const make of [
        () => new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'relax'}),
        () => st.scoreFunction({baseline: 'learned'}),
      ]) try { make(); } catch (error) { said.push(error.message); }
      const {grads} = st.variableGrads(() => {
        const z = new st.DistributionTensor(new st.Bernoulli({logits: w}));
        return tf.mul(z.value, new st.DistributionTensor(new st.Normal({loc: w, scale: 1})).value);
      });
      console.log(JSON.stringify([st.estimators.names(), said, Object.keys(grads).length]));`;
    await writeFile(join(folder, 'core.mjs'), text);
    const printed = await runNode(folder, 'core.mjs');
    const [names, said, grads] = JSON.parse(printed.trim().split('\n').at(-1)!) as [string[], string[], number];
    expect(names).toEqual([]);
    expect(said).toEqual([
      'DistributionTensor: the names of estimators come with the main entry: import tfjs-stochastic beside ' +
        'tfjs-stochastic/core, or give the estimator itself, got "relax"',
      'scoreFunction: the names of baselines come with the main entry: import tfjs-stochastic, or give the baseline ' +
        'itself, got "learned"',
    ]);
    expect(grads).toBe(1);
  });

  it('loads where text may not be evaluated', async () => {
    const program = `await import('tfjs-stochastic'); await import('tfjs-stochastic/layers'); await import('tfjs-stochastic/control'); console.log('loaded')`;
    await writeFile(join(folder, 'strict.mjs'), `import '@tensorflow/tfjs';\n${program};\n`);
    expect(await runNode(folder, '--disallow-code-generation-from-strings', 'strict.mjs')).toMatch(/loaded/);
  });

  it('refuses an entry that there is not', async () => {
    await writeFile(
      join(folder, 'unknown.mjs'),
      `import('tfjs-stochastic/dist/index.js').catch(e => console.log(e.message));`,
    );
    expect(await runNode(folder, 'unknown.mjs')).toMatch(/'\.\/dist\/index\.js' is not defined by "exports"/);
  });
});
