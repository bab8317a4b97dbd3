/** What runs at load: nothing but in the modules that package.json names. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import ts from 'typescript';
import {root} from './installed.js';

const {sideEffects} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {sideEffects: string[]}; // as it stands

/** Statements and static blocks that run for their effect when the module loads. */
function effects(text: string): string[] {
  const {statements} = ts.createSourceFile('module.js', text, ts.ScriptTarget.ES2022);
  return statements.flatMap(statement => {
    if (ts.isClassDeclaration(statement)) {
      return statement.members.filter(ts.isClassStaticBlockDeclaration).map(() => 'static block');
    }
    const isQuiet =
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isVariableStatement(statement);
    return isQuiet ? [] : [text.slice(statement.pos, statement.end).trim()];
  });
}

describe('sideEffects in package.json', () => {
  it('names files that are there', () => {
    const files = sideEffects.filter(file => !file.includes('*'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(file => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names each module that does something at load, but those that only who uses them needs', () => {
    const modules = readdirSync(join(root, 'dist/esm'), {recursive: true, encoding: 'utf8'})
      .filter(file => file.endsWith('.js'))
      .map(file => `./dist/esm/${file.replaceAll('\\', '/')}`);
    expect(modules.length).toBeGreaterThan(100);
    const found = modules.flatMap(file =>
      effects(readFileSync(join(root, file), 'utf8')).map(effect => [file, effect] as const),
    );
    expect(found.map(([file]) => file)).toContain('./dist/esm/src/names.js');
    // a family of layers gives itself its name: who reads saved models of it has its function
    const namesItself = (file: string, effect: string): boolean => {
      const [, name] = /layers\/(?:families|values)\/(\w+)\.js$/.exec(file) ?? [];
      return name !== undefined && effect.startsWith(`nameFamily("${name}", family`);
    };
    const unnamed = found.filter(([file, effect]) => !sideEffects.includes(file) && !namesItself(file, effect));
    expect(unnamed).toEqual([
      // whoever uses such layers has them; `layers/classes.ts` says so to others who read saved models of them
      ['./dist/esm/layers/values/meanValue.js', 'tf.serialization.registerClass(MeanValueLayer);'],
      [
        './dist/esm/layers/variational/gaussianDropout.js',
        'tf.serialization.registerClass(LearnedGaussianDropoutLayer);',
      ],
      ['./dist/esm/layers/variational/variationalLayer.js', 'tf.serialization.registerClass(VariationalLayer);'],
      // whoever uses it has its name, and the registry tells others
      ['./dist/esm/src/critics/critic.js', 'nameLarge(WHO, byName);'],
      // whoever makes such an optimizer has it, and nobody else needs to read one
      ['./dist/esm/src/optimizers/stochasticOptimizer.js', 'tf.serialization.registerClass(StochasticOptimizer);'],
    ]);
  });

  it('tells what runs at load', () => {
    expect(effects('const a = f(); export {a};')).toEqual([]);
    expect(effects('import "x"; register("a", a); class C { static { register(C); } }')).toEqual([
      'register("a", a);',
      'static block',
    ]);
  });
});
