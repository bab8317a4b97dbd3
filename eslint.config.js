/** Lint: TypeScript's own rules, and who may import and call what (CONTRIBUTING.md says why). */
import {defineConfig, globalIgnores} from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The folders of src: each imports only from itself and from those before it. */
const folders = [
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

const deepImport = {
  regex: '^@tensorflow/[^/]+/',
  message: 'Import tfjs packages by name: deep imports break in Node and in bundlers.',
};
const outside = {
  regex: '^(\\.\\./)+(src|layers|control|test|examples|bench|scripts|dist|node_modules)(/|$)',
  message: 'Library code imports only from its own tree.',
};
const onlyCore = {
  regex: '^(?!\\.{1,2}/|@tensorflow/tfjs-core$)',
  message: 'src depends on @tensorflow/tfjs-core and on nothing else.',
};
const onlyPublic = {
  regex: '^(?!\\.{1,2}/|tfjs-stochastic(/random)?$|@tensorflow/tfjs-(core|layers)$)',
  message:
    'layers depends on tfjs-stochastic, @tensorflow/tfjs-core and @tensorflow/tfjs-layers, by their public names.',
};

const onlyPublicCore = {
  regex: '^(?!\\.{1,2}/|tfjs-stochastic(/random)?$|@tensorflow/tfjs-core$)',
  message: 'control depends on tfjs-stochastic and @tensorflow/tfjs-core, by their public names.',
};

const imports = patterns => ({'no-restricted-imports': ['error', {patterns}]});

/** A folder of src/functions is entered by its index; shaders of samplers are made of shaders of functions too. */
function door(folder, up) {
  const inside = folder === 'random' ? '(?!index\\.js$|\\w*[sS]hader\\.js$)' : '(?!index\\.js$)';
  return {regex: `^${up}functions/\\w+/${inside}`, message: 'A folder of src/functions is imported by its index.'};
}

/**
 * Among the folders of src/functions: scalars are made of scalars, shaders of shaders and constants of scalars, and
 * only functions call kernels.
 */
function doors(rules) {
  const [, {patterns}] = rules['no-restricted-imports'];
  const among = (files, allowed, message) => ({
    files: files.map(name => `src/functions/*/${name}.ts`),
    rules: imports([...patterns, {regex: `^\\.{1,2}/(\\w+/)?(?!${allowed}\\.js$)\\w+\\.js$`, message}]),
  });
  const beside = {
    regex: '^\\.\\./\\w+/(?!(index|\\w*[sS]calar|\\w*[sS]hader)\\.js$)',
    message: 'Import the index, a scalar or a shader of another function.',
  };
  return [
    {files: ['src/functions/*/*.ts'], rules: imports([...patterns, beside])},
    among(['*calar'], '\\w*[sS]calar', 'A scalar is made of scalars.'),
    among(['*hader'], '\\w*[sS](calar|hader)', 'A shader is made of shaders, with constants of scalars.'),
  ];
}

/** For each folder, what lies after it in the list, and the index of src, are out of bounds. */
const direction = folders.flatMap((folder, i) => {
  const later = folders.slice(i + 1).join('|');
  const rules = up =>
    imports([
      onlyCore,
      outside,
      door(folder, up),
      {regex: `^${up}index(\\.js)?$`, message: 'src/index.ts is for users; import the file that defines the name.'},
      ...(later === ''
        ? []
        : [
            {
              regex: `^${up}(${later})(/|$)`,
              message: `src/${folder} imports only from itself and ${folders.slice(0, i).join(', ') || 'nothing else'}.`,
            },
          ]),
    ]);
  return [
    {files: [`src/${folder}/*.ts`], rules: rules('\\.\\./')},
    {files: [`src/${folder}/*/*.ts`], rules: rules('\\.\\./\\.\\./')},
    ...(folder === 'functions' ? doors(rules('\\.\\./\\.\\./')) : []),
  ];
});

// Static imports are checked above; the other ways to import would slip past.
const otherImports = {
  selector: 'ImportExpression, TSImportType, TSImportEqualsDeclaration',
  message: 'Use a static import at the top of the file.',
};
const registration = {
  selector: 'Identifier[name=/^((un)?register(Kernel|Gradient)|copyRegisteredKernels)$/]',
  message: 'Only src/kernels registers kernels and gradients.',
};
const tape = {
  selector: ['.property.name', '.name']
    .flatMap(name => [
      `MemberExpression[property.name="state"][object.callee${name}="engine"]`,
      `VariableDeclarator[id.type="ObjectPattern"][init.callee${name}="engine"]`,
    ])
    .concat('Identifier[name="activeTape"]')
    .join(', '),
  message: 'Only src/graph/tape.ts reads the state of the engine.',
};
const syntax = (...rules) => ({'no-restricted-syntax': ['error', ...rules]});

export default defineConfig(
  globalIgnores(['dist/', '.cache/', 'out/', 'node_modules/', 'assembly/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      ...imports([deepImport]),
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'no-eval': 'error',
      'no-new-func': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // Interfaces that others add to.
      '@typescript-eslint/no-empty-object-type': [
        'error',
        {allowInterfaces: 'with-single-extends', allowWithName: 'Configs$'},
      ],
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `!` after an index is how strict indexing is met where the bound is known.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'layers/**/*.ts', 'control/**/*.ts'],
    rules: {
      ...syntax(otherImports, registration, tape),
      // The library runs in browsers and in Node alike.
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'require',
        'module',
        '__dirname',
        '__filename',
        'global',
        'window',
        'document',
      ],
    },
  },
  {files: ['src/**/*.ts'], rules: imports([onlyCore, outside])},
  ...direction,
  {
    files: ['src/distributions/*.ts'],
    // What a family lacks its type says by an interface merged with the class; nothing there promises what the class
    // does not have.
    rules: {'@typescript-eslint/no-unsafe-declaration-merging': 'off'},
  },
  {files: ['layers/**/*.ts'], rules: imports([onlyPublic, outside])},
  {files: ['control/**/*.ts'], rules: imports([onlyPublicCore, outside])},
  {files: ['src/kernels/**/*.ts'], rules: syntax(otherImports, tape)},
  {files: ['src/graph/tape.ts'], rules: syntax(otherImports, registration)},
  {
    files: ['**/*.js', '**/*.mjs'],
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-unused-vars': 'error',
      'no-undef': 'off',
      'prefer-const': 'error',
    },
  },
);
