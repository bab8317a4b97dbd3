/** Builds both entries, `.` and `./layers`, as ESM, CommonJS and minified UMD, with their type declarations. */
import {copyFileSync} from 'node:fs';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import {transform} from 'esbuild';
import dts from 'rollup-plugin-dts';

// Never bundled; the value is the global that the UMD builds read. The union package extends one `tf` with core and
// layers.
const globals = {
  '@tensorflow/tfjs-core': 'tf',
  '@tensorflow/tfjs-layers': 'tf',
  'tfjs-stochastic': 'stochastic',
};

const entries = [
  {input: 'src/index.ts', name: 'index', umd: 'stochastic', global: 'stochastic'},
  {input: 'layers/index.ts', name: 'layers', umd: 'stochastic-layers', global: 'stochasticLayers'},
];

/** Strips the types. */
const typescript = {
  name: 'typescript',
  transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    return transform(code, {loader: 'ts', target: 'es2022', sourcemap: 'external', sourcefile: id});
  },
};

/** TypeScript tells the declarations of a CommonJS file by the ending .d.cts. */
const commonJsTypes = {
  name: 'commonjs-types',
  writeBundle({file}) {
    copyFileSync(file, file.replace(/\.d\.ts$/, '.d.cts'));
  },
};

/** In ASCII alone: a page without a charset takes scripts for Latin-1, and messages would show as "â€¦". */
const minify = () => terser({format: {ascii_only: true}});

const shared = {
  external: Object.keys(globals),
  onwarn(warning, warn) {
    if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message);
    warn(warning);
  },
};

export default entries.flatMap(({input, name, umd, global}) => [
  {
    ...shared,
    input,
    plugins: [nodeResolve({extensions: ['.ts']}), typescript],
    output: [
      {file: `dist/${name}.js`, format: 'es', sourcemap: true},
      {file: `dist/${name}.cjs`, format: 'cjs', sourcemap: true, interop: 'esModule'},
      {
        file: `dist/${umd}.umd.min.js`,
        format: 'umd',
        sourcemap: true,
        interop: 'esModule',
        name: global,
        globals,
        plugins: [minify()],
      },
    ],
  },
  {
    ...shared,
    input,
    plugins: [dts(), commonJsTypes],
    output: {file: `dist/${name}.d.ts`, format: 'es'},
  },
]);
