/** The lint rules of this repository, on texts that do not exist as files. */
import {ESLint} from 'eslint';
import tseslint from 'typescript-eslint';

// The order of CONTRIBUTING.md, written out again so that a change of either is noticed.
const order = [
  'util',
  'math',
  'simd',
  'keys',
  'kernels',
  'functions',
  'constraints',
  'attention',
  'random',
  'distributions',
  'graph',
  'baselines',
  'estimators',
  'critics',
  'objectives',
  'optimizers',
  'compile',
  'diagnostics',
  'surface',
];

// The rules that need types read files from the disk, so they are off here.
const eslint = new ESLint({
  overrideConfig: {
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {parserOptions: {projectService: false, program: null}},
  },
});

/** The rules and lines that ESLint reports for `lines` as the text of `filePath`. */
async function report(
  filePath: string,
  ...lines: string[]
): Promise<Array<{rule: string | null; line: number; message: string}>> {
  const [result] = await eslint.lintText(lines.join('\n') + '\n', {filePath});
  return result!.messages.map(m => ({rule: m.ruleId, line: m.line, message: m.message}));
}

async function expectReport(filePath: string, line: string, rule: string | null): Promise<void> {
  const found = await report(filePath, line);
  expect(found.map(m => m.rule))
    .withContext(`${filePath}: ${line}`)
    .toEqual(rule === null ? [] : [rule]);
}

describe('the import direction', () => {
  for (const [i, folder] of order.entries()) {
    it(`lets src/${folder} import ${order.slice(0, i + 1).join(', ')} and nothing below`, async () => {
      for (const [file, up] of [
        [`src/${folder}/a.ts`, '../'],
        [`src/${folder}/deeper/a.ts`, '../../'],
      ] as const) {
        const found = await report(file, ...order.map(other => `export * from '${up}${other}/b.js';`));
        expect(found.map(m => m.line))
          .withContext(file)
          .toEqual(order.slice(i + 1).map((_, j) => i + j + 2));
        expect(new Set(found.map(m => m.rule))).toEqual(new Set(i + 1 < order.length ? ['no-restricted-imports'] : []));
      }
    });
  }

  it('holds for every form of import', async () => {
    await expectReport('src/math/a.ts', "import {x} from '../graph/b.js'; x();", 'no-restricted-imports');
    await expectReport(
      'src/math/a.ts',
      "import type {x} from '../graph/b.js'; export const y: x = 1;",
      'no-restricted-imports',
    );
    await expectReport('src/math/a.ts', "import '../graph/b.js';", 'no-restricted-imports');
    await expectReport('src/math/a.ts', "export {x} from '../graph/index.js';", 'no-restricted-imports');
    await expectReport('src/math/a.ts', "export const x = import('../graph/b.js');", 'no-restricted-syntax');
    await expectReport('src/math/a.ts', "export type X = import('../graph/b.js').X;", 'no-restricted-syntax');
  });

  it('keeps a folder from the index of src, not from its own', async () => {
    await expectReport('src/math/a.ts', "export * from '../index.js';", 'no-restricted-imports');
    await expectReport('src/kernels/cpu/a.ts', "export * from '../../index.js';", 'no-restricted-imports');
    await expectReport('src/kernels/cpu/a.ts', "export * from '../index.js';", null);
    await expectReport('src/math/a.ts', "export * from './index.js';", null);
  });

  it('keeps the folders of functions behind their doors', async () => {
    for (const file of [
      'src/distributions/a.ts',
      'src/random/a.ts',
      'src/functions/beta/functions.ts',
      'src/functions/beta/kernels.ts',
    ]) {
      const up = file.startsWith('src/functions') ? '../' : '../functions/';
      await expectReport(file, `export * from '${up}gamma/index.js';`, null);
      await expectReport(file, `export * from '${up}gamma/kernels.js';`, 'no-restricted-imports');
      await expectReport(file, `export * from '${up}gamma/functions.js';`, 'no-restricted-imports');
    }
    await expectReport(
      'src/distributions/a.ts',
      "export * from '../functions/gamma/scalar.js';",
      'no-restricted-imports',
    );
    await expectReport(
      'src/distributions/deeper/a.ts',
      "export * from '../../functions/gamma/shader.js';",
      'no-restricted-imports',
    );
    await expectReport('src/random/elements/a.ts', "export * from '../../functions/gamma/shader.js';", null);
    for (const name of ['scalar', 'tailScalar']) {
      await expectReport(`src/functions/beta/${name}.ts`, "export * from '../gamma/scalar.js';", null);
      await expectReport(`src/functions/beta/${name}.ts`, "export * from './tailScalar.js';", null);
      for (const other of ['../gamma/index.js', '../gamma/shader.js', './kernels.js', './functions.js'])
        await expectReport(`src/functions/beta/${name}.ts`, `export * from '${other}';`, 'no-restricted-imports');
    }
    await expectReport('src/functions/beta/shader.ts', "export * from '../gamma/tailShader.js';", null);
    await expectReport('src/functions/beta/shader.ts', "export * from './scalar.js';", null);
    await expectReport('src/functions/beta/shader.ts', "export * from '../gamma/index.js';", 'no-restricted-imports');
    await expectReport(
      'src/functions/beta/shader.ts',
      "export * from '../../graph/index.js';",
      'no-restricted-imports',
    );
  });

  it('does not take a file for the folder of the same name', async () => {
    await expectReport('src/util/a.ts', "export * from './graph.js';", null);
    await expectReport('src/distributions/transforms/a.ts', "export * from '../graphs.js';", null);
  });

  it('lets src/index.ts import every folder', async () => {
    expect(await report('src/index.ts', ...order.map(folder => `export * from './${folder}/index.js';`))).toEqual([]);
  });
});

describe('what may be imported from outside', () => {
  const packages = [
    '@tensorflow/tfjs',
    '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-core/dist/engine',
    'tfjs-stochastic',
    'tfjs-stochastic/layers',
    'tfjs-stochastic/control',
    'node:fs',
    'lodash',
  ];

  it('src: tfjs-core only', async () => {
    for (const file of ['src/index.ts', 'src/util/a.ts', 'src/diagnostics/deeper/a.ts']) {
      for (const name of packages) await expectReport(file, `export * from '${name}';`, 'no-restricted-imports');
      await expectReport(file, "export * from '@tensorflow/tfjs-core';", null);
    }
    await expectReport('src/index.ts', "export * from '../layers/index.js';", 'no-restricted-imports');
    await expectReport('src/math/a.ts', "export * from '../../layers/index.js';", 'no-restricted-imports');
    await expectReport('src/math/a.ts', "export * from '../../control/index.js';", 'no-restricted-imports');
    await expectReport('src/math/a.ts', "export * from '../../test/helpers/backends.js';", 'no-restricted-imports');
  });

  it('layers: the package by its public name, tfjs-core and tfjs-layers', async () => {
    const allowed = [
      'tfjs-stochastic',
      'tfjs-stochastic/random',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
      './b.js',
    ];
    const forbidden = packages.filter(name => !allowed.includes(name));
    for (const name of allowed) await expectReport('layers/a.ts', `export * from '${name}';`, null);
    for (const name of [
      ...forbidden,
      '../src/index.js',
      '../src/util/errors.js',
      '@tensorflow/tfjs-layers/dist/engine/topology',
    ]) {
      await expectReport('layers/a.ts', `export * from '${name}';`, 'no-restricted-imports');
    }
    await expectReport('layers/deeper/a.ts', "export * from '../../src/index.js';", 'no-restricted-imports');
    await expectReport('layers/deeper/a.ts', "export * from '../b.js';", null);
  });

  it('control: the package by its public name and tfjs-core; nothing imports control', async () => {
    const allowed = ['tfjs-stochastic', 'tfjs-stochastic/random', '@tensorflow/tfjs-core', './b.js'];
    for (const name of allowed) await expectReport('control/a.ts', `export * from '${name}';`, null);
    for (const name of [...packages, '../src/index.js', '../layers/index.js'].filter(n => !allowed.includes(n)))
      await expectReport('control/deeper/a.ts', `export * from '${name}';`, 'no-restricted-imports');
    await expectReport('control/deeper/a.ts', "export * from '../b.js';", null);
    await expectReport('layers/a.ts', "export * from '../control/index.js';", 'no-restricted-imports');
  });

  it('elsewhere: anything but the inside of tfjs packages', async () => {
    for (const file of ['test/math/a.test.ts', 'examples/a.ts', 'bench/a.ts']) {
      await expectReport(
        file,
        "export * from '@tensorflow/tfjs-layers/dist/engine/topology';",
        'no-restricted-imports',
      );
      await expectReport(file, "export * from '@tensorflow/tfjs-layers';", null);
      await expectReport(file, "export * from '../../src/index.js';", null);
    }
  });
});

describe('what may be called where', () => {
  const registering = [
    "import * as tf from '@tensorflow/tfjs-core'; tf.registerGradient({kernelName: 'Exp', gradFunc: () => ({})});",
    "import * as tf from '@tensorflow/tfjs-core'; tf.registerKernel(x);",
    "import {unregisterKernel as u} from '@tensorflow/tfjs-core'; u('Exp', 'cpu');",
    "import {unregisterGradient} from '@tensorflow/tfjs-core'; unregisterGradient('Exp');",
  ];
  const reading = [
    "import * as tf from '@tensorflow/tfjs-core'; export const x = tf.engine().state;",
    "import {engine} from '@tensorflow/tfjs-core'; export const x = engine().state;",
    "import * as tf from '@tensorflow/tfjs-core'; export const {state} = tf.engine();",
    "import * as tf from '@tensorflow/tfjs-core'; const e = tf.engine(); export const t = e['state'].activeTape;",
  ];

  it('only src/kernels registers kernels and gradients', async () => {
    for (const text of registering) {
      for (const file of ['src/math/a.ts', 'src/graph/tape.ts', 'layers/a.ts', 'control/a.ts']) {
        const found = await report(file, text);
        expect(new Set(found.map(m => m.rule)))
          .withContext(`${file}: ${text}`)
          .toEqual(new Set(['no-restricted-syntax']));
      }
      await expectReport('src/kernels/a.ts', text, null);
      await expectReport('src/kernels/wasm/a.ts', text, null);
    }
  });

  it('only src/graph/tape.ts reads the state of the engine', async () => {
    for (const text of reading) {
      for (const file of ['src/graph/other.ts', 'src/kernels/a.ts', 'layers/a.ts'])
        await expectReport(file, text, 'no-restricted-syntax');
      await expectReport('src/graph/tape.ts', text, null);
    }
    await expectReport(
      'src/graph/other.ts',
      "import * as tf from '@tensorflow/tfjs-core'; export const n = tf.engine().memory();",
      null,
    );
  });

  it('nothing in the library reaches for Node or the page, and nothing at all evaluates text', async () => {
    await expectReport('src/util/a.ts', 'export const x = process.env;', 'no-restricted-globals');
    await expectReport('layers/a.ts', 'export const x = document.title;', 'no-restricted-globals');
    await expectReport('control/a.ts', 'export const x = document.title;', 'no-restricted-globals');
    await expectReport('examples/a.ts', 'export const x = process.env;', null);
    await expectReport('examples/a.ts', "export const f: unknown = new Function('return 1');", 'no-new-func');
    await expectReport('test/a.test.ts', "eval('1');", 'no-eval');
  });
});

describe('types', () => {
  it('has no any and nothing unused', async () => {
    await expectReport(
      'src/util/a.ts',
      'export const x = (y: any): number => y.z;',
      '@typescript-eslint/no-explicit-any',
    );
    await expectReport('layers/a.ts', 'const unused = 1;', '@typescript-eslint/no-unused-vars');
    await expectReport('src/util/a.ts', 'export const f = (_ignored: number, x: number): number => x;', null);
  });
});
