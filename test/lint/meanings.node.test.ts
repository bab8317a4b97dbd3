/** A name means one thing: a type, a function, a file. */
import {basename, dirname} from 'node:path';
import {declarationsOf, readSources} from './sourceFiles.js';

/**
 * Public names that mean two things, each reached by another entry or namespace: the estimator `leaveOneOut` is the score
 * function with the baseline `leaveOneOut`, and the layer `sampleValue` gives out what that value type says.
 */
const DECLARED_TWICE = {
  leaveOneOut: ['src/baselines/leaveOneOut.ts', 'src/estimators/leaveOneOut.ts'],
  movingAverage: ['src/baselines/movingAverage.ts', 'src/estimators/movingAverage.ts'],
  sampleValue: ['layers/values/sampleValue.ts', 'src/graph/valueTypes.ts'],
  meanValue: ['layers/values/meanValue.ts', 'src/graph/valueTypes.ts'],
};

/** Of a family, `random.normal` draws, and the layer `normal` holds a random node. */
const isSamplerAndLayer = (name: string, places: readonly string[]): boolean =>
  places.length === 2 && places[0] === `layers/families/${name}.ts` && places[1]!.startsWith('src/random/');

/** Files of one name that no rule below makes one thing. */
const NAMED_TWICE = {
  errors: ['src/surface/errors.ts', 'src/util/errors.ts'], // what users see of it
  families: ['layers/families', 'src/functions/families'], // layers of them, and functions made for them
  estimators: ['src/estimators', 'src/surface/estimators.ts'], // what users see of them
  leaveOneOut: DECLARED_TWICE.leaveOneOut,
  movingAverage: DECLARED_TWICE.movingAverage,
  softplus: ['src/distributions/transforms/softplus.ts', 'src/functions/logarithms/softplus.ts'], // map and function
  tanh: ['src/distributions/transforms/tanh.ts', 'src/kernels/wasm/tanh.ts'], // map and function
};

/** Names that differ in an s alone: two estimators, called so by their authors; an estimator, and what users see of all. */
const PLURALS = ['src/estimators/arm.ts', 'src/graph/estimator.ts'];

const nameOf = (path: string): string => basename(path, '.ts');

/** A special function is its scalar, its shader, its kernels and its function of tensors: one thing in one folder. */
const homeOf = (path: string): string => (/^src\/functions\/\w+\//.test(path) ? dirname(path) : path);

/** The names of types, and of functions and values that a file exports, which other files declare as theirs too. */
function declaredTwice(sources: ReadonlyMap<string, string>): Record<string, string[]> {
  const places = new Map<string, Array<{path: string; counts: boolean}>>();
  for (const [path, text] of sources) {
    for (const {name, kind, isExported} of declarationsOf(path, text)) {
      if (kind === 'value' && !isExported) continue; // a constant of one file
      places.set(name, [...(places.get(name) ?? []), {path, counts: kind === 'type' || isExported}]);
    }
  }
  return Object.fromEntries(
    [...places]
      .filter(([, list]) => list.some(({counts}) => counts) && new Set(list.map(({path}) => homeOf(path))).size > 1)
      .map(([name, list]) => [name, list.map(({path}) => path).sort()] as const)
      .filter(([name, list]) => !isSamplerAndLayer(name, list)),
  );
}

/** Files that mirror one another by rule may have one name: the same word for each kind, if their name is of it. */
const RULES: ReadonlyArray<(path: string, sources: ReadonlyMap<string, string>) => boolean> = [
  path => /\/index\.ts$/.test(path), // the door of a folder
  path => /^src\/(baselines|estimators)\/all\.ts$/.test(path), // the table of their names
  // the parts of a special function
  path => /^src\/(functions\/\w+|kernels\/linalg)\/(functions|kernels|\w*[sS]calar|\w*[sS]hader)\.ts$/.test(path),
  // the samplers, and what they do for one element
  path => /^src\/random\/(elements\/)?\w+\.ts$/.test(path),
  // a family of distributions: the class, its samplers, its weak derivative, its layer and the special functions made for it
  (path, sources) =>
    /^(layers\/families|src\/(distributions|random|random\/elements|estimators\/measures))\/\w+\.ts$|^src\/functions\/\w+$/.test(
      path,
    ) && sources.has(`src/distributions/${nameOf(path)}.ts`),
  // a group of tfjs's kernels: whose axes they follow, their gradients, and what is mended in them
  path => /^src\/(graph\/axes|kernels\/(gradients|ranks|wasm|webgl|webgpu))\/\w+\.ts$/.test(path),
];

/** Files and folders of one name, unless all of them are one thing by a rule. */
function namedTwice(sources: ReadonlyMap<string, string>): Record<string, string[]> {
  const isPart = RULES[2]!;
  const folders = new Set([...sources.keys()].map(dirname));
  const places = new Map<string, string[]>();
  for (const path of [...sources.keys(), ...folders])
    places.set(nameOf(path), [...(places.get(nameOf(path)) ?? []), path]);
  return Object.fromEntries(
    [...places]
      // src/functions and src/kernels hold such parts, and more
      .map(
        ([name, paths]) =>
          [name, paths.some(p => isPart(p, sources)) ? paths.filter(p => !folders.has(p)) : paths] as const,
      )
      .filter(([, paths]) => paths.length > 1 && !RULES.some(rule => paths.every(path => rule(path, sources))))
      .map(([name, paths]) => [name, paths.sort()]),
  );
}

/** Files X.ts of a project that has Xs.ts as well. */
function plurals(sources: ReadonlyMap<string, string>): string[] {
  const names = new Set([...sources.keys()].map(nameOf));
  return [...sources.keys()].filter(path => names.has(`${nameOf(path)}s`)).sort();
}

describe('in src, layers and control', () => {
  const sources = readSources('src', 'layers', 'control');

  it('a type is declared once, and what a file exports nowhere else', () => {
    expect(declaredTwice(sources)).toEqual(DECLARED_TWICE);
  });

  it('a file has a name of its own, unless it mirrors another by rule', () => {
    expect(namedTwice(sources)).toEqual(NAMED_TWICE);
  });

  it('no two files differ in a plural alone', () => {
    expect(plurals(sources)).toEqual(PLURALS);
  });
});

describe('a second meaning', () => {
  const of = (files: Record<string, string>): Map<string, string> => new Map(Object.entries(files));

  it('is found of types, also of those that are not exported', () => {
    expect(
      declaredTwice(
        of({
          'src/a.ts': 'export interface Objective {}\ntype Own = 1;',
          'src/b.ts': 'type Objective = () => number;',
          'src/c.ts': 'class Own {}',
          'layers/d.ts': "import {type Objective} from 'tfjs-stochastic';\nexport {type Objective as Again};",
        }),
      ),
    ).toEqual({Objective: ['src/a.ts', 'src/b.ts'], Own: ['src/a.ts', 'src/c.ts']});
  });

  it('is found of functions and values that one of the files exports, and of a type and a function', () => {
    expect(
      declaredTwice(
        of({
          'src/a.ts': 'export function draw(): void {}\nexport const TABLE = [1];\nfunction local(): void {}',
          'src/b.ts': 'const draw = (): number => 1;\nconst TABLE = [2];\nconst local = (): number => 1;',
          'src/c.ts': 'export const TABLE = [3];\nexport abstract class Door {}\nexport type Pair = [1, 2];',
          'src/d.ts': 'export async function Door(): Promise<void> {}',
        }),
      ),
    ).toEqual({draw: ['src/a.ts', 'src/b.ts'], TABLE: ['src/a.ts', 'src/c.ts'], Door: ['src/c.ts', 'src/d.ts']});
  });

  it('is none where overloads, or a class and the interface merged with it, stand in one file', () => {
    expect(
      declaredTwice(
        of({
          'src/a.ts':
            'export function f(x: 1): void;\nexport function f(x: 2): void;\nexport function f(): void {}\nexport class A {}\nexport interface A {}',
        }),
      ),
    ).toEqual({});
  });

  it('is none where a special function has its value for numbers and for tensors in its folder', () => {
    const files = (other: string) =>
      of({
        'src/functions/gamma/scalar.ts': 'export function lgamma(x: number): number { return x; }',
        [`src/functions/${other}/functions.ts`]: 'export const lgamma = 1;',
      });
    expect(declaredTwice(files('gamma'))).toEqual({});
    expect(Object.keys(declaredTwice(files('beta')))).toEqual(['lgamma']);
  });

  it('is found of files, and of a file and a folder', () => {
    expect(
      namedTwice(
        of({
          'src/graph/costs.ts': '',
          'src/optimizers/costs.ts': '',
          'src/graph/objectives.ts': '',
          'src/objectives/elbo.ts': '',
          'src/functions/gamma/kernels.ts': '',
          'src/functions/beta/kernels.ts': '',
          'src/functions/beta/quantileScalar.ts': '',
          'src/functions/gamma/quantileScalar.ts': '',
          'src/graph/kernels.ts': '',
        }),
      ),
    ).toEqual({
      costs: ['src/graph/costs.ts', 'src/optimizers/costs.ts'],
      objectives: ['src/graph/objectives.ts', 'src/objectives'],
      kernels: ['src/functions/beta/kernels.ts', 'src/functions/gamma/kernels.ts', 'src/graph/kernels.ts'],
    });
  });

  it('is none of files that are parts of a family, or of a group of kernels', () => {
    const samplers = {
      'src/random/elements/normal.ts': '',
      'src/estimators/measures/normal.ts': '',
      'src/functions/normal/scalar.ts': '',
    };
    expect(namedTwice(of({'src/distributions/normal.ts': '', ...samplers}))).toEqual({});
    expect(Object.keys(namedTwice(of(samplers)))).toEqual(['normal']);
    expect(namedTwice(of({'src/kernels/wasm/gather.ts': '', 'src/kernels/gradients/gather.ts': ''}))).toEqual({});
    expect(Object.keys(namedTwice(of({'src/kernels/wasm/gather.ts': '', 'src/math/gather.ts': ''})))).toEqual([
      'gather',
    ]);
  });

  it('is found of a plural', () => {
    expect(plurals(of({'src/graph/cost.ts': '', 'src/graph/costs.ts': '', 'src/graph/reach.ts': ''}))).toEqual([
      'src/graph/cost.ts',
    ]);
  });
});
