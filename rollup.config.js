/**
 * Builds the package: every module as a file of its own, in dist/esm and dist/cjs with its types, so that bundlers take
 * what is used; the same in a few larger files for Node, which opens files one by one; and three scripts for pages.
 */
import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {transformAsync} from '@babel/core';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import annotatePureCalls from 'babel-plugin-annotate-pure-calls';
import {transform} from 'esbuild';
import {tightShaders} from './scripts/shaders.mjs';

// Never bundled; the value is the global that the UMD builds read. The union package extends one `tf` with core and layers.
const globals = {
  '@tensorflow/tfjs-core': 'tf',
  '@tensorflow/tfjs-layers': 'tf',
  'tfjs-stochastic': 'stochastic',
  // layers and control take what they use from there: of a namespace within the main entry esbuild keeps everything
  'tfjs-stochastic/random': 'stochastic.random',
};

/** The entry points, by the names of their files. */
const entries = {
  index: 'src/index.ts',
  core: 'src/core.ts',
  random: 'src/random/index.ts',
  math: 'src/functions/index.ts',
  distributions: 'src/distributions/index.ts',
  estimators: 'src/surface/byFunction.ts',
  layers: 'layers/index.ts',
  control: 'control/index.ts',
};

/** What the plugin below has made, by file: each of the four builds asks for most of them. */
const scripts = new Map();

/**
 * Strips the types, and marks calls at the top of a module as free of effects: what nobody uses may be left out. Shaders
 * lose what is there to be read.
 */
const typescript = {
  name: 'typescript',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    if (!scripts.has(id)) scripts.set(id, scriptOf(code, id));
    return {code: await scripts.get(id), moduleSideEffects: true}; // package.json speaks of what is built, not of the sources
  },
};

async function scriptOf(code, id) {
  const {code: script} = await transform(code, {loader: 'ts', target: 'es2022', sourcefile: id});
  const options = {
    plugins: [annotatePureCalls, tightShaders],
    configFile: false,
    babelrc: false,
    sourceType: 'module',
  };
  const {code: annotated} = await transformAsync(script, options);
  return annotated;
}

/** The modules that must run, however little of them is used: they give names, and tfjs's classes by their names. */
const {sideEffects} = JSON.parse(readFileSync('package.json', 'utf8'));

/**
 * From the ES modules: CommonJS, by esbuild, whose exports are there before a module's own imports run, as modules that
 * refer to each other need; declarations, beside both; and for resolvers that do not read `exports` a folder for each
 * entry that says where it is.
 */
const commonJsAndTypes = {
  name: 'commonjs-and-types',
  async closeBundle() {
    for (const file of readdirSync('dist/esm', {recursive: true}).filter(name => name.endsWith('.js'))) {
      const {code} = await transform(readFileSync(join('dist/esm', file), 'utf8'), {format: 'cjs', target: 'es2022'});
      mkdirSync(dirname(join('dist/cjs', file)), {recursive: true});
      // what is required is made of ES modules, all of it: there is nothing to translate
      writeFileSync(join('dist/cjs', file), code.replace(/__toESM\((require\("[^"]+"\))\)/g, '$1'));
    }
    const own = sideEffects.filter(file => file.startsWith('./dist/cjs/')).map(file => file.replace('dist/cjs/', ''));
    writeFileSync('dist/cjs/package.json', `${JSON.stringify({type: 'commonjs', sideEffects: own})}\n`);
    mkdirSync('dist/node/cjs', {recursive: true});
    writeFileSync('dist/node/cjs/package.json', '{"type":"commonjs"}\n');

    for (const [name, source] of Object.entries(entries).filter(([entry]) => entry !== 'index')) {
      const file = source.replace(/\.ts$/, '');
      const [main, module, types] = [`cjs/${file}.js`, `esm/${file}.js`, `cjs/${file}.d.ts`].map(f => `../dist/${f}`);
      mkdirSync(name, {recursive: true});
      writeFileSync(`${name}/package.json`, `${JSON.stringify({type: 'module', main, module, types})}\n`);
    }

    const [out, tsc] = ['.cache/types', 'node_modules/typescript/bin/tsc'];
    rmSync(out, {recursive: true, force: true});
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', out], {stdio: 'inherit'});
    for (const format of ['esm', 'cjs']) cpSync(out, `dist/${format}`, {recursive: true});
  },
};

/** Errors instead of warnings, and nothing from elsewhere in a file. */
const shared = {
  external: Object.keys(globals),
  plugins: [nodeResolve({extensions: ['.ts']}), typescript],
  onwarn(warning, warn) {
    if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message);
    if (warning.code !== 'CIRCULAR_DEPENDENCY') warn(warning);
  },
};

/** One file for a module. */
const modules = {
  dir: 'dist/esm',
  format: 'es',
  preserveModules: true,
  preserveModulesRoot: '.',
  entryFileNames: '[name].js',
};

/** A few files. */
const chunks = format => ({
  dir: `dist/node/${format}`,
  format,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunk-[name].js',
  interop: 'esModule',
  exports: 'named',
});

/**
 * For ES modules in Node: takes tfjs, which is CommonJS there, by `require`. Node reads every name of a CommonJS module
 * before it imports it, which takes longer for tfjs than for all of this library.
 */
const requiredTfjs = {
  name: 'required-tfjs',
  resolveId: id => (id.startsWith('@tensorflow/') ? {id: `\0${id}`, syntheticNamedExports: true} : null),
  load(id) {
    if (!id.startsWith('\0@tensorflow/')) return null;
    const name = JSON.stringify(id.slice(1));
    return `import {createRequire} from 'node:module';
      export default /* @__PURE__ */ createRequire(import.meta.url)(${name});`;
  },
};

/** What a script for pages says where a script that must stand before it does not: `needs` has a sentence for each global. */
const afterOthers = needs => {
  const isPage = `(typeof exports !== 'object' || typeof module === 'undefined') && !(typeof define === 'function' && define.amd)`;
  const asks = Object.entries(needs).map(([is, text]) => `if (!(${is})) throw new Error(${JSON.stringify(text)});`);
  return `if (${isPage}) { ${asks.join(' ')} }`;
};

/** In ASCII alone: a page without a charset takes scripts for Latin-1, and messages would show as "â€¦". */
const umd = (input, file, name, needs) => ({
  ...shared,
  input,
  output: {
    file: `dist/${file}.umd.min.js`,
    format: 'umd',
    interop: 'esModule',
    name,
    globals,
    banner: afterOthers(needs),
    plugins: [terser({ecma: 2020, compress: {passes: 2}, format: {ascii_only: true}})],
  },
});

export default [
  {
    ...shared,
    input: Object.values(entries),
    output: modules,
    treeshake: false,
    plugins: [...shared.plugins, commonJsAndTypes],
  },
  {...shared, input: entries, output: chunks('cjs')},
  {
    ...shared,
    input: entries,
    external: [...shared.external.filter(name => !name.startsWith('@tensorflow/')), 'node:module'],
    output: chunks('esm'),
    plugins: [requiredTfjs, ...shared.plugins],
  },
  umd('src/index.ts', 'stochastic', 'stochastic', {
    'globalThis.tf': 'tfjs-stochastic: the script of @tensorflow/tfjs must be loaded before stochastic.umd.min.js',
  }),
  umd('layers/index.ts', 'stochastic-layers', 'stochasticLayers', {
    'globalThis.tf && globalThis.tf.layers':
      'tfjs-stochastic: the script of @tensorflow/tfjs, with its layers, must be loaded before stochastic-layers.umd.min.js',
    'globalThis.stochastic':
      'tfjs-stochastic: stochastic.umd.min.js must be loaded before stochastic-layers.umd.min.js',
  }),
  umd('control/index.ts', 'stochastic-control', 'stochasticControl', {
    'globalThis.tf':
      'tfjs-stochastic: the script of @tensorflow/tfjs must be loaded before stochastic-control.umd.min.js',
    'globalThis.stochastic':
      'tfjs-stochastic: stochastic.umd.min.js must be loaded before stochastic-control.umd.min.js',
  }),
];
